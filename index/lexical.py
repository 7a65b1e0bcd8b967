"""Search by words: BM25 over tantivy, each passage analysed in its own language."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final, Self

import tantivy

from corpus.models import ArticleId
from index.analysis import LANGUAGES, passage_terms
from index.lexical_document import LexicalDocument
from index.models import LexicalHit, PassageId, Period

_K1: Final = 1.2
_OTHER: Final = "xx"
_UNKNOWN_DAY: Final = -1
_WRITER_BYTES: Final = 32_000_000
TITLE_WEIGHT: Final = 1.0
META: Final = "meta.json"
"""The file of an index that lists its segments."""


class LexicalIndex:
    """A tantivy index in a directory of its own; one writer at a time, readers at any."""

    def __init__(self, index: tantivy.Index, directory: Path) -> None:
        self._index = index
        self._directory = directory
        self._schema = index.schema

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the index in `directory`, or create an empty one.

        Raises:
            ValueError: what lies there cannot be read as such an index.
        """
        directory.mkdir(parents=True, exist_ok=True)
        return cls(tantivy.Index(_schema(), path=str(directory)), directory)

    def __len__(self) -> int:
        return self._index.searcher().num_docs

    def close(self) -> None:
        """Let go of the files."""
        del self._index

    def reload(self) -> None:
        """See what another process has committed."""
        self._index.reload()

    def apply(
        self, *, removed: Sequence[ArticleId] = (), added: Sequence[LexicalDocument] = ()
    ) -> None:
        """Replace whole articles in one durable commit.

        All passages of `removed`, and of the articles in `added`, are deleted before `added` is
        written, so that applying the same change twice is the same as once.

        Raises:
            OSError: the disk is full, the directory cannot be written, or another is writing.
        """
        with self._committed() as writer:
            for article_id in dict.fromkeys([*removed, *(d.article_id for d in added)]):
                writer.delete_documents_by_term("article", article_id)
            for document in added:
                writer.add_document(_as_tantivy(document))

    def rewrite(self, batches: Iterable[Sequence[LexicalDocument]]) -> Iterator[int]:
        """Put these in the place of everything, in one durable commit, a batch at a step.

        Yields how many are written. If it does not come to its end, nothing has changed.

        Raises:
            OSError: as `apply` does.
        """
        written = 0
        with self._committed() as writer:
            writer.delete_all_documents()
            for batch in batches:
                for document in batch:
                    writer.add_document(_as_tantivy(document))
                written += len(batch)
                yield written

    def removed(self) -> int:
        """Count the removed passages whose words still weigh in the shares of all others.

        They do so until tantivy happens to merge their segment, or `rewrite`.
        """
        listed = json.loads((self._directory / META).read_bytes())
        deletions = (segment["deletes"] for segment in listed["segments"])
        return sum(one["num_deleted_docs"] for one in deletions if one)

    def rarity(self, term: str, language: str) -> float:
        """The weight that BM25 gives to a term among the passages of a language, above 0."""
        return self._idf(self._index.searcher(), _field(language), term)

    def search(
        self,
        words: Sequence[Mapping[str, float]],
        *,
        language: str,
        limit: int,
        period: Period | None = None,
    ) -> list[LexicalHit]:
        """Find the passages of one language that share most with the words of a question.

        Args:
            words: For each word the terms that stand for it, with weights above 0: its own stem,
                or translations of it. Of the alternatives only the best counts in a passage.
            language: ISO 639-1; languages without an analyser of their own share one field.
            limit: Most hits to return, at least 1.
            period: Only articles whose publication may lie in it; undated ones lie in none.

        Returns:
            At most `limit` hits, best share first, ties by ascending id. Empty without words.
        """
        searcher = self._index.searcher()
        field = _field(language)
        parts = []
        reachable = 0.0
        for alternatives in words:
            rarities = (w * self._idf(searcher, field, t) for t, w in alternatives.items())
            reachable += max(rarities, default=0.0) * (_K1 + 1)
            for name, boost in ((field, 1.0), (f"{field}_title", TITLE_WEIGHT)):
                either = [
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(self._schema, name, term, "freq"), weight * boost
                    )
                    for term, weight in alternatives.items()
                ]
                parts.append((tantivy.Occur.Should, tantivy.Query.disjunction_max_query(either)))
        if not reachable:
            return []
        query = tantivy.Query.boolean_query(parts)
        if period is not None:
            musts = [(tantivy.Occur.Must, query), *self._within(period)]
            query = tantivy.Query.boolean_query(musts)
        found = searcher.search(query, limit=limit, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in found])
        hits = [
            LexicalHit(PassageId(int(passage_id)), min(1.0, score / reachable))
            for (score, _), passage_id in zip(found, ids, strict=True)
            if passage_id is not None
        ]
        return sorted(hits, key=lambda hit: (-hit.share, hit.passage_id))

    @contextmanager
    def _committed(self) -> Iterator[tantivy.IndexWriter]:
        """Write in one commit what the context writes, or nothing if that fails."""
        try:
            writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
            try:
                # What a full disk or a crash left half written would be in the way for good.
                writer.garbage_collect_files()
                yield writer
                writer.commit()
            finally:
                writer.wait_merging_threads()
            self._index.reload()
        except ValueError as error:  # how tantivy says whatever the system says
            raise OSError(str(error)) from error

    def _idf(self, searcher: tantivy.Searcher, field: str, term: str) -> float:
        """Inverse document frequency, in the form that is never 0, so that shares stay defined."""
        # Deleted passages count in `doc_freq` until their segment is merged, in `num_docs` never.
        containing = min(searcher.doc_freq(field, term), searcher.num_docs)
        return math.log1p((searcher.num_docs - containing + 0.5) / (containing + 0.5))

    def _within(self, period: Period) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        bounds = (
            ("last_day", _day(period.since) if period.since else 0, None),
            ("first_day", 0, _day(period.until) if period.until else None),
        )
        integer = tantivy.FieldType.Integer
        return [
            (
                tantivy.Occur.Must,
                tantivy.Query.const_score_query(
                    tantivy.Query.range_query(self._schema, name, integer, lower, upper), 0.0
                ),
            )
            for name, lower, upper in bounds
        ]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", fast=True)
    builder.add_integer_field("article", indexed=True)
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    for language in (*LANGUAGES, _OTHER):
        for name in (language, f"{language}_title"):
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _field(language: str) -> str:
    return language if language in LANGUAGES else _OTHER


def _day(day: date) -> int:
    return day.toordinal()


def _as_tantivy(document: LexicalDocument) -> tantivy.Document:
    made = tantivy.Document()
    made.add_unsigned("passage", document.passage_id)
    made.add_integer("article", document.article_id)
    published = document.published
    made.add_integer("first_day", _day(published.first) if published else _UNKNOWN_DAY)
    made.add_integer("last_day", _day(published.last) if published else _UNKNOWN_DAY)
    field = _field(document.language)
    title = f"{document.title} {document.outlet or ''}"
    made.add_text(field, " ".join(passage_terms(document.text, document.language)))
    made.add_text(f"{field}_title", " ".join(passage_terms(title, document.language)))
    return made
