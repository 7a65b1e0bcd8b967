"""What speaks for an article, and that it does speak for it; fitted weights are not repeated."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Precision, PublicationDate
from index.models import Period
from index.query import Kind, Query
from index.ranking import (
    FEATURE_NAMES,
    WEIGHT_NAMES,
    Features,
    coverage,
    in_period,
    inputs,
    recency,
    score,
    time_features,
)

NOTHING = Features(**dict.fromkeys(FEATURE_NAMES, 0.0))
SHARES = st.floats(0, 1)
WORDS = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.floats(0.01, 10), min_size=1), max_size=5
)
DATES = st.builds(
    PublicationDate,
    st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(lambda day: day.replace(month=1, day=1)),
    st.sampled_from(Precision),
)
PERIODS = st.tuples(st.dates(date(1990, 1, 1)), st.dates(date(1990, 1, 1))).map(
    lambda days: Period(min(days), max(days))
)


def on(day: date) -> PublicationDate:
    return PublicationDate(day, Precision.DAY)


@pytest.mark.parametrize(
    ("words", "terms", "share"),
    [
        ([{"a": 2.0}, {"b": 1.0}, {"c": 1.0}], {"a"}, 0.5),
        ([{"a": 2.0}, {"b": 1.0}, {"c": 1.0}], {"a", "b", "c", "d"}, 1.0),
        ([{"a": 2.0, "b": 1.0}], {"b"}, 0.5),
        ([{"a": 2.0, "b": 1.0}], {"a", "b"}, 1.0),
        ([{"a": 2.0}], set(), 0.0),
        ([], {"a"}, 0.0),
    ],
)
def test_coverage_is_the_share_of_worth_that_is_found(
    words: list[dict[str, float]], terms: set[str], share: float
) -> None:
    assert coverage(words, terms) == pytest.approx(share)


@given(words=WORDS, terms=st.sets(st.sampled_from("abcd")), more=st.sampled_from("abcd"))
def test_coverage_is_a_share_that_grows_with_the_terms(
    words: list[dict[str, float]], terms: set[str], more: str
) -> None:
    assert 0 <= coverage(words, terms) <= coverage(words, terms | {more}) <= 1 + 1e-9


@given(published=st.none() | DATES, period=st.none() | PERIODS, newest=st.none() | DATES)
def test_times_are_shares(
    published: PublicationDate | None, period: Period | None, newest: PublicationDate | None
) -> None:
    assert 0 <= in_period(published, period) <= 1
    assert 0 <= recency(published, newest) <= 1


def test_a_period_fades_on_both_sides_and_news_may_come_late() -> None:
    april = Period(date(2023, 4, 1), date(2023, 4, 30))
    by_day = [in_period(on(date(2023, 4, 15) + timedelta(n)), april) for n in (0, 15, 29, 60, 200)]
    assert by_day[:3] == [1, 1, 1]
    assert 1 > by_day[3] > by_day[4] > 0
    assert 1 > in_period(on(date(2023, 3, 31)), april) > in_period(on(date(2022, 3, 31)), april)
    assert in_period(on(date(1990, 1, 1)), Period(None, date(2023, 1, 1))) == 1
    assert in_period(on(date(2024, 1, 1)), Period(date(2023, 1, 1), None)) == 1


def test_a_date_known_by_its_month_or_year_lies_in_what_it_overlaps() -> None:
    april = Period(date(2023, 4, 10), date(2023, 4, 12))
    for precision in (Precision.MONTH, Precision.YEAR):
        first = date(2023, 4 if precision is Precision.MONTH else 1, 1)
        assert in_period(PublicationDate(first, precision), april) == 1


def test_the_newest_has_full_recency_and_the_undated_none() -> None:
    newest = on(date(2024, 5, 15))
    assert recency(newest, newest) == 1
    assert 1 > recency(on(date(2024, 1, 1)), newest) > recency(on(date(2020, 1, 1)), newest)
    assert recency(None, newest) == recency(newest, None) == 0


def test_age_counts_only_where_no_period_is_named() -> None:
    query = Query(text="", language="en", kind=Kind.OTHER, period=None, wants_latest=True)
    newest = on(date(2024, 5, 15))
    assert time_features(query, newest, newest) == (0, 1, 1)
    assert time_features(replace(query, wants_latest=False), newest, newest) == (0, 1, 0)
    named = replace(query, period=Period(date(2024, 5, 1), date(2024, 5, 31)))
    assert time_features(named, newest, newest) == (1, 0, 0)


def test_every_feature_has_its_weight() -> None:
    names = [field.name for field in fields(Features)]
    assert list(FEATURE_NAMES) == names
    for place, name in enumerate(names):
        alone = replace(NOTHING, **{name: 2.0 + place})
        for same in (True, False):
            spread = dict(zip(WEIGHT_NAMES, inputs(alone, same_language=same), strict=True))
            weight = f"{name}_{'same' if same else 'cross'}"
            weight = weight if weight in spread else name
            assert spread.pop(weight) == 2.0 + place
            assert spread.pop("same_language") == float(same)
            assert not any(spread.values())


@pytest.mark.parametrize("name", ["passage", "coverage", "in_period", "latest"])
@pytest.mark.parametrize("same_language", [True, False])
@given(more=st.floats(0.01, 1))
def test_what_speaks_for_an_article_raises_its_score(
    name: str, same_language: bool, more: float
) -> None:
    better = replace(NOTHING, **{name: more})
    assert score(better, same_language=same_language) > score(NOTHING, same_language=same_language)
