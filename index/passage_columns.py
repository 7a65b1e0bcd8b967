"""The passages of a generation in memory: 34 bytes each, so that masks cost next to nothing.

Each column is an array of its own: through rows of all columns, a mask of a million passages took
ten times as long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.models import ArticleId
from index.models import Passage, PassageId, PassageMask, Span
from index.passage_table import ArticleRow, PassageRow

Columns: TypeAlias = dict[str, NDArray[np.integer]]

_TYPES: Final[dict[str, type[np.integer]]] = {
    "article": np.int64,
    "ordinal": np.int32,
    "start": np.int32,
    "end": np.int32,  # 0 where there is no passage: a passage has at least one character
    "language": np.int16,
    "outlet": np.int32,
    "first_day": np.int32,
    "last_day": np.int32,
}
_NO_OUTLET: Final = ""
_CODED_AT_ONCE: Final = 50_000


class PassageColumns:
    """Columns in which a passage's place is its id."""

    def __init__(self) -> None:
        self._room: Columns = {name: np.zeros(1, dtype=kind) for name, kind in _TYPES.items()}
        self._length = 1
        self._languages: dict[str, int] = {}
        self._outlets: dict[str, int] = {_NO_OUTLET: 0}
        self._counts: dict[str, dict[str, int]] = {}

    def __len__(self) -> int:
        return int(np.count_nonzero(self._column("end")))

    @property
    def highest(self) -> PassageId:
        """The highest id ever taken in, 0 if there was none."""
        return PassageId(self._length - 1)

    def coded(self, rows: Iterable[PassageRow], articles: Iterable[ArticleRow]) -> list[Columns]:
        """Turn rows into what `extend` takes in, which is a tenth as large.

        Args:
            rows: Passages.
            articles: Those of the passages, by ascending id.
        """
        described, rest = self._described(articles), iter(rows)
        batches = iter(lambda: list(islice(rest, _CODED_AT_ONCE)), [])
        return [_coded(batch, described) for batch in batches]

    def extend(self, coded: Iterable[Columns]) -> None:
        """Take in passages with ascending ids above `highest`."""
        self._counts.clear()
        for batch in coded:
            self._grow(int(batch["id"][-1]) + 1)
            for name, column in self._room.items():
                column[batch["id"]] = batch[name]

    def remove(self, passage_ids: Iterable[PassageId]) -> None:
        """Forget these ids; those that are not there are passed over."""
        self._counts.clear()
        gone = np.fromiter((i for i in passage_ids if i <= self.highest), dtype=np.int64)
        for column in self._room.values():
            column[gone] = 0

    def count_after(self, passage_id: PassageId) -> int:
        """Count the passages with ids above `passage_id`."""
        return int(np.count_nonzero(self._column("end")[passage_id + 1 :]))

    def passages(self, passage_ids: Sequence[PassageId]) -> list[Passage]:
        """Return the passages in the given order; ids that are not there are passed over."""
        names = list(self._languages)
        found = []
        for passage_id in passage_ids:
            if not 0 <= passage_id <= self.highest:
                continue
            article, ordinal, start, end, language = (
                column.item(passage_id) for column in islice(self._room.values(), 5)
            )
            if end:
                span = Span(start, end)
                found.append(
                    Passage(passage_id, ArticleId(article), ordinal, span, names[language])
                )
        return found

    def passages_of(self, article_id: ArticleId) -> list[Passage]:
        """Return the passages of an article in its order; empty if it has none."""
        places = np.flatnonzero(self._column("article") == article_id).tolist()
        return self.passages([PassageId(place) for place in places])

    def languages(self) -> dict[str, int]:
        """Count the passages of each language, most first."""
        return self._counted("language", self._languages)

    def outlets(self) -> dict[str, int]:
        """Count the passages of each outlet, most first; those without one are left out."""
        return self._counted("outlet", {n: c for n, c in self._outlets.items() if n != _NO_OUTLET})

    def mask(
        self,
        *,
        languages: Collection[str] | None,
        since: date | None,
        until: date | None,
        outlet: str | None,
    ) -> PassageMask | None:
        """Say which passages fit; None if nothing is asked. See `Snapshot.mask`."""
        fits = []
        if languages is not None:
            codes = [code for name, code in self._languages.items() if name in languages]
            fits.append(self._is_one_of("language", codes))
        if outlet is not None:
            wanted = outlet.casefold()
            codes = [
                code for name, code in self._outlets.items() if name and name.casefold() == wanted
            ]
            fits.append(self._is_one_of("outlet", codes))
        if since is not None:
            fits.append(self._column("last_day") >= since.toordinal())
        if until is not None:
            first_day = self._column("first_day")
            fits.append((first_day <= until.toordinal()) & (first_day > 0))
        if not fits:
            return None
        fitting: PassageMask = np.logical_and.reduce([self._column("end") > 0, *fits])
        return fitting

    def _described(self, articles: Iterable[ArticleRow]) -> Columns:
        rows = [
            (
                article_id,
                self._languages.setdefault(language, len(self._languages)),
                self._outlets.setdefault(outlet or _NO_OUTLET, len(self._outlets)),
                *days,
            )
            for article_id, language, outlet, *days in articles
        ]
        names = ("id", "language", "outlet", "first_day", "last_day")
        return dict(
            zip(names, np.array(rows, dtype=np.int64).reshape(-1, len(names)).T, strict=True)
        )

    def _column(self, name: str) -> NDArray[np.integer]:
        return self._room[name][: self._length]

    def _grow(self, length: int) -> None:
        """Make the columns this long, twice as long if they have to be copied for it."""
        if length > len(self._room["end"]):
            for name, column in self._room.items():
                self._room[name] = np.zeros(2 * length, dtype=column.dtype)
                self._room[name][: len(column)] = column
        self._length = length

    def _is_one_of(self, name: str, codes: Iterable[int]) -> NDArray[np.bool_]:
        column = self._column(name)
        found = np.zeros(len(column), dtype=bool)
        for code in codes:
            found |= column == code
        return found

    def _counted(self, name: str, codes: Mapping[str, int]) -> dict[str, int]:
        if name not in self._counts:
            present = self._column(name)[self._column("end") > 0]
            counts = np.bincount(present, minlength=max(codes.values(), default=0) + 1)
            found = {named: int(counts[code]) for named, code in codes.items() if counts[code]}
            self._counts[name] = dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
        return self._counts[name]


def _coded(batch: Sequence[PassageRow], described: Columns) -> Columns:
    names = ("id", "article", "ordinal", "start", "end")
    columns: Columns = dict(zip(names, np.array(batch, dtype=np.int64).T, strict=True))
    places = np.searchsorted(described["id"], columns["article"])
    for name in ("language", "outlet", "first_day", "last_day"):
        columns[name] = described[name][places]
    return {name: values.astype(_TYPES.get(name, np.int64)) for name, values in columns.items()}
