"""Conditional logit: weights under which the right items of each list score highest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize


@dataclass(frozen=True, slots=True)
class RankedList:
    """One question's items.

    `inputs` has shape (items, weights), `right` are the rows of right items, `weight` says how much
    the question counts.
    """

    inputs: NDArray[np.float64]
    right: NDArray[np.intp]
    weight: float


def fit_listwise(
    lists: Sequence[RankedList], *, ridge: float, prior: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Maximise the log probability that softmax gives to the right items, less a ridge penalty.

    ListNet with the right items as the only relevant ones (Cao et al. 2007).

    Args:
        lists: Each with at least one right item.
        ridge: Half of this times the squared distance of the weights from `prior` is taken off.
        prior: What weights are that nothing is known of; 0 if None.

    Returns:
        Weights of shape (weights,).
    """
    total = sum(one.weight for one in lists)
    expected_weights = np.zeros(lists[0].inputs.shape[1]) if prior is None else prior

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value = 0.0
        slope = np.zeros_like(weights)
        for one in lists:
            scores = one.inputs @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            right = chances[one.right]
            value -= one.weight * np.log(right.sum())
            expected = (right / right.sum()) @ one.inputs[one.right]
            slope -= one.weight * (expected - chances @ one.inputs)
        away = weights - expected_weights
        return value / total + ridge * away @ away / 2, slope / total + ridge * away

    fitted: NDArray[np.float64] = minimize(loss, expected_weights, jac=True, method="L-BFGS-B").x
    return fitted
