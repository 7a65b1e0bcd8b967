"""What training ships is the mean of its late weights."""

from __future__ import annotations

import torch

from training.encoders import RunningMean


def test_each_weight_moves_by_its_share_and_the_first_ones_stay_as_they_were() -> None:
    first = {"a": torch.tensor([0.0, 8.0])}
    mean = RunningMean(first, keeps=0.75)
    mean.add({"a": torch.tensor([4.0, 8.0])})
    assert mean.weights["a"].tolist() == [1.0, 8.0]
    mean.add({"a": torch.tensor([1.0, 0.0])})
    assert mean.weights["a"].tolist() == [1.0, 6.0]
    assert first["a"].tolist() == [0.0, 8.0]
