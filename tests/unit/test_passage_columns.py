"""What is in memory of each passage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

import pytest

from corpus.models import ArticleId
from index.models import PassageId
from index.passage_columns import Columns, PassageColumns
from index.passage_table import ArticleRow, PassageRow

DAY = date(2023, 4, 19)

Row: TypeAlias = tuple[PassageRow, ArticleRow]


def row(passage_id: int, language: str = "en", outlet: str | None = None, day: int = 1) -> Row:
    published = day and DAY.toordinal() + passage_id
    article_id = ArticleId(1_000 + passage_id)
    return (
        (PassageId(passage_id), article_id, 0, 0, 9),
        (article_id, language, outlet, published, published),
    )


def coded(columns: PassageColumns, *rows: Row) -> list[Columns]:
    return columns.coded([one for one, _ in rows], [article for _, article in rows])


def columns_of(*rows: Row) -> PassageColumns:
    columns = PassageColumns()
    columns.extend(coded(columns, *rows))
    return columns


def fitting(columns: PassageColumns, **asked: object) -> list[int]:
    bounds = {"languages": None, "since": None, "until": None, "outlet": None}
    mask = columns.mask(**{**bounds, **asked})  # type: ignore[arg-type]  # the keys are those of `mask`
    assert mask is not None
    assert len(mask) == columns.highest + 1
    return list(mask.nonzero()[0])


def test_a_mask_fits_what_is_there_and_no_more() -> None:
    columns = columns_of(row(1, "en", "The Ledger"), row(3, "fr"), row(4, "en", "the ledger"))
    assert fitting(columns, languages=["en"]) == [1, 4]
    assert fitting(columns, languages=["fr", "de"]) == [3]
    assert fitting(columns, languages=[]) == []
    assert fitting(columns, outlet="THE LEDGER") == [1, 4]
    assert fitting(columns, since=date(2023, 4, 22), until=date(2023, 4, 22)) == [3]
    columns.extend(coded(columns, row(5, day=0)))
    assert fitting(columns, until=date(2024, 1, 1)) == [1, 3, 4]
    columns.remove([PassageId(1), PassageId(99)])
    assert fitting(columns, languages=["en"]) == [4, 5]


def test_counts_follow_what_comes_and_goes() -> None:
    columns = columns_of(row(1, "fr", "The Ledger"), row(2))
    assert list(columns.languages().items()) == [("en", 1), ("fr", 1)]
    columns.extend(coded(columns, row(3, "fr")))
    assert list(columns.languages().items()) == [("fr", 2), ("en", 1)]
    columns.remove([PassageId(2), PassageId(1)])
    assert (columns.languages(), columns.outlets(), len(columns)) == ({"fr": 1}, {}, 1)


def test_what_is_only_coded_is_not_there_yet() -> None:
    columns = columns_of(row(1))
    coded(columns, row(2, "fr"))
    assert (columns.highest, columns.languages()) == (1, {"en": 1})


def test_one_more_passage_does_not_copy_all_others() -> None:
    columns = columns_of(*(row(number) for number in range(1, 101)))

    def kept() -> Iterator[int]:
        for number in range(101, 1_001):
            columns.extend(coded(columns, row(number)))
            yield id(columns._room["end"])

    assert len(set(kept())) == pytest.approx(3, abs=2)
    assert len(columns) == 1_000
