"""The passages of a generation in memory: 34 bytes each, so that masks cost next to nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.models import ArticleId
from index.models import Passage, PassageId, PassageMask, Span
from index.passage_table import PassageRow

Rows: TypeAlias = NDArray[np.void]

_COLUMNS: Final = np.dtype(
    [
        ("article", np.int64),
        ("ordinal", np.int32),
        ("start", np.int32),
        ("end", np.int32),  # 0 where there is no passage: a passage has at least one character
        ("language", np.int16),
        ("outlet", np.int32),
        ("first_day", np.int32),
        ("last_day", np.int32),
    ]
)
_NO_OUTLET: Final = ""
_TAKEN_AT_ONCE: Final = 50_000


class PassageColumns:
    """Rows whose place is the passage's id."""

    def __init__(self) -> None:
        self._rows: Rows = np.zeros(1, dtype=_COLUMNS)
        self._languages: dict[str, int] = {}
        self._outlets: dict[str, int] = {_NO_OUTLET: 0}

    def __len__(self) -> int:
        return int(np.count_nonzero(self._rows["end"]))

    @property
    def highest(self) -> PassageId:
        """The highest id ever taken in, 0 if there was none."""
        return PassageId(len(self._rows) - 1)

    def extend(self, rows: Iterable[PassageRow]) -> None:
        """Take in passages with ascending ids above `highest`."""
        parts, highest, rest = [self._rows], self.highest, iter(rows)
        while batch := list(islice(rest, _TAKEN_AT_ONCE)):
            part = np.zeros(batch[-1][0] - highest, dtype=_COLUMNS)
            places = np.array([row[0] for row in batch], dtype=np.int64) - highest - 1
            part[places] = np.array([self._coded(row) for row in batch], dtype=_COLUMNS)
            highest = batch[-1][0]
            parts.append(part)
        self._rows = np.concatenate(parts)

    def remove(self, passage_ids: Iterable[PassageId]) -> None:
        """Forget these ids; those that are not there are passed over."""
        gone = np.fromiter((i for i in passage_ids if i <= self.highest), dtype=np.int64)
        self._rows[gone] = 0

    def count_after(self, passage_id: PassageId) -> int:
        """Count the passages with ids above `passage_id`."""
        return int(np.count_nonzero(self._rows["end"][passage_id + 1 :]))

    def passages(self, passage_ids: Sequence[PassageId]) -> list[Passage]:
        """Return the passages in the given order; ids that are not there are passed over."""
        names = list(self._languages)
        found = []
        for passage_id in passage_ids:
            if not 0 <= passage_id <= self.highest:
                continue
            article, ordinal, start, end, language, *_ = self._rows[passage_id].item()
            if end:
                span = Span(start, end)
                found.append(
                    Passage(passage_id, ArticleId(article), ordinal, span, names[language])
                )
        return found

    def passages_of(self, article_id: ArticleId) -> list[Passage]:
        """Return the passages of an article in its order; empty if it has none."""
        places = np.flatnonzero(self._rows["article"] == article_id).tolist()
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
        rows, fits = self._rows, []
        if languages is not None:
            codes = [code for name, code in self._languages.items() if name in languages]
            fits.append(np.isin(rows["language"], codes))
        if outlet is not None:
            wanted = outlet.casefold()
            codes = [
                code for name, code in self._outlets.items() if name and name.casefold() == wanted
            ]
            fits.append(np.isin(rows["outlet"], codes))
        if since is not None:
            fits.append(rows["last_day"] >= since.toordinal())
        if until is not None:
            fits.append((rows["first_day"] <= until.toordinal()) & (rows["first_day"] > 0))
        if not fits:
            return None
        fitting: PassageMask = np.logical_and.reduce([rows["end"] > 0, *fits])
        return fitting

    def _coded(self, row: PassageRow) -> tuple[int, ...]:
        _, article, ordinal, start, end, language, outlet, first_day, last_day = row
        language_code = self._languages.setdefault(language, len(self._languages))
        outlet_code = self._outlets.setdefault(outlet or _NO_OUTLET, len(self._outlets))
        return article, ordinal, start, end, language_code, outlet_code, first_day, last_day

    def _counted(self, column: str, codes: Mapping[str, int]) -> dict[str, int]:
        present = self._rows[column][self._rows["end"] > 0]
        counts = np.bincount(present, minlength=max(codes.values(), default=0) + 1)
        found = {name: int(counts[code]) for name, code in codes.items() if counts[code]}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
