from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import parse_date
from corpus.models import Precision, PublicationDate


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2023", "2023"),
        (2023, "2023"),
        ("2023-04", "2023-04"),
        ("2023-04-19", "2023-04-19"),
        ("2023-4-9", "2023-04-09"),
        ("2023/04/19", "2023-04-19"),
        ("20230419", "2023-04-19"),
        ("2023-04-19T23:30:00-05:00", "2023-04-19"),
        ("2023-04-19 10:00:00", "2023-04-19"),
        (date(2023, 4, 19), "2023-04-19"),
        (datetime(2023, 4, 19, 23, 59, tzinfo=UTC), "2023-04-19"),
        ("19 avril 2023", "2023-04-19"),
        ("1er mai 2023", "2023-05-01"),
        ("avril 2023", "2023-04"),
        ("April 19, 2023", "2023-04-19"),
        ("04/03/2023", "2023-03-04"),
        ("3.4.2023", "2023-04-03"),
        ("12/25/2023", "2023-12-25"),
        ("Wed, 19 Apr 2023 10:00:00 GMT", "2023-04-19"),
        ("3 août 2022 à 10h30", "2022-08-03"),
    ],
)
def test_dates_keep_the_precision_that_they_are_given_in(written: object, iso: str) -> None:
    assert str(parse_date(written)) == iso


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "soon",
            "yesterday",
            "2023-13",
            "2023-02-30",
            "0000-00-00",
            "0012",
            "n/a",
            "２０２３",
        ),
        *("99999", "1681862400", "2023-04-19 or so", "x" * 10_000, 7, True, None, [2023]),
    ],
)
def test_what_is_no_date_is_none(written: object) -> None:
    assert parse_date(written) is None


@given(st.dates(min_value=date(1700, 1, 1), max_value=date(2200, 1, 1)), st.sampled_from(Precision))
def test_what_was_written_is_read_again(day: date, precision: Precision) -> None:
    first = {
        Precision.YEAR: day.replace(month=1, day=1),
        Precision.MONTH: day.replace(day=1),
        Precision.DAY: day,
    }[precision]
    published = PublicationDate(first, precision)
    assert parse_date(str(published)) == published
