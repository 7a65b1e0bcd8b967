"""The last, this and the next of what recurs, on any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.periods.recurring import RECURRING, Now, Which, choose, months_from

NAMES = st.sampled_from(sorted(RECURRING))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(name=NAMES, today=DAYS, looks_ahead=st.booleans())
def test_the_last_is_over_the_next_to_come_and_nothing_lies_between(
    name: str, today: date, looks_ahead: bool
) -> None:
    now = Now(today, looks_ahead)
    last, this, coming = (choose(RECURRING[name], which, now) for which in Which)
    assert last.until is not None
    assert this.since is not None
    assert coming.since is not None
    assert last.until < today < coming.since
    assert this in (last, coming) or this.since <= today


@given(name=NAMES, today=DAYS)
def test_what_is_named_alone_has_begun_or_is_to_come_if_that_is_asked(
    name: str, today: date
) -> None:
    begun = choose(RECURRING[name], None, Now(today, looks_ahead=False))
    coming = choose(RECURRING[name], None, Now(today, looks_ahead=True))
    assert begun.since is not None
    assert coming.until is not None
    assert begun.since <= today <= coming.until


@given(name=NAMES, today=DAYS, place=st.integers(-30, 30))
def test_one_follows_the_other(name: str, today: date, place: int) -> None:
    first, last = RECURRING[name](today, place)
    following, _ = RECURRING[name](today, place + 1)
    assert first <= last < following
    assert RECURRING[name](first, 0) == (first, last)
    assert RECURRING[name](following - timedelta(days=1), 0) == (first, last)


@pytest.mark.parametrize(
    ("year", "month", "count", "last"),
    [
        (2024, 2, 1, date(2024, 2, 29)),
        (2023, 12, 3, date(2024, 2, 29)),
        (2023, 1, 12, date(2023, 12, 31)),
        (2023, 10, 3, date(2023, 12, 31)),
    ],
)
def test_months_end_where_they_end(year: int, month: int, count: int, last: date) -> None:
    assert months_from(year, month, count) == (date(year, month, 1), last)
