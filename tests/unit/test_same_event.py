"""Articles on the same event are near in time and in meaning, and of different outlets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from corpus.models import Article, Precision, PublicationDate
from index.models import Vectors
from index.same_event import same_event
from tests.fakes.passages import article

WIRE = article("Fee withdrawn.", number=1, outlet="The Wire", published=date(2024, 2, 20))
POST = article("No fee.", number=2, outlet="Le Carnet", published=date(2024, 2, 22))
OTHER = article("A ferry.", number=3, outlet="The Ledger", published=date(2024, 2, 21))


def vectors(*angles: float) -> Vectors:
    return np.array([[np.cos(a), np.sin(a)] for a in angles], dtype=np.float32)


def grouped(*articles: Article, angles: tuple[float, ...]) -> dict[int, list[int]]:
    found = same_event(articles, vectors(*angles))
    return {int(one): [int(other.id) for other in others] for one, others in found.items()}


def test_what_is_alike_and_of_the_same_days_is_one_event() -> None:
    assert grouped(WIRE, POST, OTHER, angles=(0.0, 0.3, 1.5)) == {1: [2], 2: [1]}
    assert grouped(WIRE, POST, OTHER, angles=(0.0, 0.1, 0.2)) == {1: [2, 3], 2: [1, 3], 3: [1, 2]}
    assert grouped(WIRE, POST, angles=(0.0, 1.0)) == {}
    assert grouped(WIRE, angles=(0.0,)) == {}


def test_later_or_undated_articles_and_the_same_outlet_are_not() -> None:
    later = replace(POST, published=PublicationDate(date(2024, 2, 24), Precision.DAY))
    month = replace(POST, published=PublicationDate(date(2024, 2, 1), Precision.MONTH))
    assert grouped(WIRE, later, angles=(0.0, 0.0)) == {}
    assert grouped(WIRE, month, angles=(0.0, 0.0)) == {1: [2], 2: [1]}
    assert grouped(WIRE, replace(POST, published=None), angles=(0.0, 0.0)) == {}
    assert grouped(WIRE, replace(POST, outlet="The Wire"), angles=(0.0, 0.0)) == {}
