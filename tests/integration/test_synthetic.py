"""The bench's made-up news is spread as real news is."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from bench.speed import samples
from bench.synthetic import synthetic_drafts
from corpus.models import Draft


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    return list(synthetic_drafts(samples(), 3_000, seed=1))


def names(draft: Draft) -> tuple[str, ...]:
    return tuple(draft.title.split()[:2])


def test_the_same_seed_gives_the_same_articles_no_two_of_them_alike(drafts: list[Draft]) -> None:
    assert list(synthetic_drafts(samples(), 20, seed=1)) == drafts[:20]
    assert len({draft.text for draft in drafts}) == len(drafts)
    assert Counter(draft.language for draft in drafts) == {"en": 1_500, "fr": 1_500}


def test_names_follow_the_law_of_zipf(drafts: list[Draft]) -> None:
    (_, first), (_, second), *_, (_, last) = Counter(
        name for draft in drafts for name in names(draft)
    ).most_common()
    assert 1.2 < first / second < 3.5
    assert first > 300 > 10 > last


def test_stories_are_told_by_several_within_days_in_both_languages(drafts: list[Draft]) -> None:
    told: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for one, other in pairwise(drafts):
        if names(one) == names(other):
            told[names(one)] += [one, other]
    bilingual = [story for story in told.values() if len({d.language for d in story}) == 2]
    assert len(bilingual) > 300
    days = [d.published.first for story in bilingual for d in story[:2] if d.published]
    assert max(abs(a - b).days for a, b in zip(days[::2], days[1::2], strict=True)) < 10
