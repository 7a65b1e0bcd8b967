"""Keeps the index true to the corpus: open, follow, catch up, rebuild, roll back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from corpus.store import ArticleStore
from index.analysis import ANALYSER_VERSION
from index.article_embedder import ArticleEmbedder, Pace
from index.checkpoints import collect_vectors, seal, write_checkpoint
from index.chunking import Chunker
from index.embedder import Embedder
from index.errors import IndexMismatchError, SearchError
from index.faiss_store import FaissVectorStore
from index.generation_writer import GenerationWriter, Phase, Progress
from index.generations import LEXICAL, PASSAGES, Generations, Manifest, unavailable
from index.lexical import LexicalIndex
from index.outcomes import CaughtUp, IndexStatus, Rebuilt
from index.passage_table import PassageTable
from index.publishing import Makers, Publisher
from index.snapshot import Snapshot
from index.tidying import is_untidy, rewrite_words
from index.vector_cache import VectorCache

log = logging.getLogger(__name__)

Result = TypeVar("Result")

Report: TypeAlias = Callable[[Progress], None]

Check: TypeAlias = Callable[[Snapshot], Iterator[Progress]]
"""Asks questions of a generation before it is published; raises if that should not be."""

_LOCK_SECONDS: Final = 10


class Indexer:
    """The index of one corpus for one embedding model. Belongs to one thread.

    Others may index and search the same directory at the same time: readers need no lock, of
    writers there is one at a time. Methods raise `IndexBusyError` if that is another one,
    `IndexUnavailableError` if files cannot be read or written, and whatever the store raises.
    """

    def __init__(
        self,
        *,
        store: ArticleStore,
        embedder: Embedder,
        directory: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        lock_seconds: float = _LOCK_SECONDS,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._directory = directory
        self._clock = clock
        chunker = Chunker(embedder)
        self._makers = Makers(
            model=embedder.model_id, chunker=chunker.version, analyser=ANALYSER_VERSION
        )
        self._cache = VectorCache(directory / "vectors.sqlite")
        self._articles = ArticleEmbedder(
            store=store, embedder=embedder, chunker=chunker, cache=self._cache
        )
        self._generations = Generations(directory)
        self._publisher = Publisher(
            self._generations, self._makers, self._articles.vectors, lock_seconds=lock_seconds
        )
        self._snapshot: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        """What is published, as of the last `open`, `refresh` or change made here."""
        if self._snapshot is None:
            msg = "the index is not open"
            raise RuntimeError(msg)
        return self._snapshot

    def open(self, *, report: Report | None = None, rebuild_if_outdated: bool = True) -> Snapshot:
        """Open what is published; build it first if there is nothing, or it is damaged.

        Args:
            report: Told of the progress of a build.
            rebuild_if_outdated: Whether to build also if another model, chunker or analyser built
                what is published.

        Raises:
            IndexMismatchError: another model built what is published, and it may not be rebuilt.
        """
        with unavailable(self._directory):
            self._directory.mkdir(parents=True, exist_ok=True)
            opened = self._publisher.open_current()
            if opened is not None:
                self._show(opened)
        if self._snapshot is not None:
            outdated = self._makers.outdated(self._snapshot.manifest)
            if not outdated or not rebuild_if_outdated:
                return self._snapshot
            log.warning("the index was built with another %s, building it anew", outdated)
        elif self._publisher.foreign is not None and not rebuild_if_outdated:
            raise IndexMismatchError(
                built_with=self._publisher.foreign.model_id, wanted=self._embedder.model_id
            )
        finish(self.rebuild(pace=Pace.FAST), report)
        return self.snapshot

    def close(self) -> None:
        """Release the files."""
        if self._snapshot is not None:
            self._snapshot.close()
            self._snapshot = None
        self._cache.close()

    def refresh(self) -> None:
        """Follow what other processes published or wrote; costs two small reads if nothing.

        If that cannot be read now, what is open goes on serving.
        """
        try:
            with unavailable(self._directory):
                if self._publisher.is_news(self.snapshot):
                    opened = self._publisher.open_current()
                    if opened is not None:
                        self._show(opened)
                self.snapshot.sync()
        except SearchError as error:
            log.warning("cannot follow the published index: %s", error)

    def catch_up(self, report: Report | None = None) -> CaughtUp:
        """Take in what changed in the corpus since; cheap if nothing did."""
        return finish(self.catching_up(pace=Pace.FAST), report)

    def catching_up(self, *, pace: Pace = Pace.GENTLE) -> Generator[Progress, None, CaughtUp]:
        """Catch up in bounded steps; waiting for another writer is made of steps, too."""
        self.refresh()
        with unavailable(self._directory):
            state = self.snapshot.table.state()
        if state.revision == self._store.revision() and not state.writing:
            return CaughtUp(articles=0, passages=0, removed=0)
        with unavailable(self._directory), (yield from self._publisher.locked("write")):
            self.refresh()
            return (yield from self._written_up(pace))

    def tidy(self, report: Report | None = None) -> None:
        """Let what was removed weigh in no ranking; cheap if hardly any does."""
        finish(self.tidying(), report)

    def tidying(self) -> Generator[Progress, None, None]:
        """Tidy in bounded steps.

        What cannot be done, or not now since another writes, is left for the next time.
        """
        try:
            with unavailable(self._directory):
                if is_untidy(self.snapshot):
                    with self._publisher.free("write"):
                        self.refresh()
                        yield from rewrite_words(self.snapshot, self._store, self._articles)
        except SearchError as error:
            log.info("the words were not written anew: %s", error)

    def rebuild(
        self, *, full: bool = False, check: Check | None = None, pace: Pace = Pace.GENTLE
    ) -> Generator[Progress, None, Rebuilt]:
        """Build a new generation in bounded steps, while the old one serves and is written to.

        It begins as a copy of the published one, of which every article is compared with the
        corpus, or empty if that was built otherwise; vectors come from the cache. Closing the
        generator, or a failure, discards it.

        Args:
            full: Take nothing over: cut, embed and analyse every article anew.
            check: Runs on the new generation before it is published; what it raises is raised.
            pace: How long a step may take.
        """
        with unavailable(self._directory), (yield from self._publisher.locked("rebuild")):
            with (yield from self._publisher.locked("write")):
                number = self._publisher.begin(None if full else self._snapshot)
            try:
                made, writer = yield from self._build(number, anew=full, check=check, pace=pace)
            except BaseException:
                self._generations.drop(number)
                raise
            self._show(made)
            self._forget_unused()
        rebuilt = Rebuilt(
            generation=number,
            articles=made.articles,
            passages=len(made),
            written=writer.articles,
            embedded=writer.embedded,
        )
        log.info("published generation %d: %d passages", number, rebuilt.passages)
        return rebuilt

    def rollback(self) -> Snapshot:
        """Publish the generation before this one again, and catch up with the corpus.

        Raises:
            NothingToRollBackError: there is none, or it cannot be used as things are set now.
        """
        return finish(self.rolling_back())

    def rolling_back(self) -> Generator[Progress, None, Snapshot]:
        """Roll back in bounded steps, as `rollback` does."""
        with unavailable(self._directory), (yield from self._publisher.locked("write")):
            self._show(self._publisher.republish_previous())
            yield from self._written_up(Pace.GENTLE)
        return self.snapshot

    def status(self) -> IndexStatus:
        """Say where the index stands."""
        snapshot, pointer = self.snapshot, self._generations.pointer()
        return IndexStatus(
            manifest=snapshot.manifest,
            previous=pointer.previous if pointer else None,
            revision=snapshot.revision,
            behind=self._store.revision() - snapshot.revision,
            articles=snapshot.articles,
            passages=len(snapshot),
            languages=snapshot.languages(),
            approximate=snapshot.vectors.approximate,
            outdated=self._makers.outdated(snapshot.manifest),
        )

    def _build(
        self, number: int, *, anew: bool, check: Check | None, pace: Pace
    ) -> Generator[Progress, None, tuple[Snapshot, GenerationWriter]]:
        """Fill a new generation and publish it."""
        path = self._generations.path(number)
        with ExitStack() as opened:
            table = PassageTable(path / PASSAGES)
            opened.callback(table.close)
            lexical = LexicalIndex.open(path / LEXICAL)
            opened.callback(lexical.close)
            writer = self._writer(table, lexical, pace=pace, anew=anew)
            yield from writer.reconcile()
            vectors, position = FaissVectorStore(self._embedder.dimension), table.position()
            yield from collect_vectors(vectors, table, self._articles)
            yield Progress(len(vectors), len(vectors), Phase.PUBLISHING)
            write_checkpoint(path, self._manifest(number, table), vectors, position)
            del vectors
            if check is not None:
                yield from self._publisher.checked(number, check)
            with (yield from self._publisher.locked("write", patient=True)):
                yield from writer.catch_up()
                return self._publisher.publish(number), writer

    def _written_up(self, pace: Pace) -> Generator[Progress, None, CaughtUp]:
        """Write into the published generation what it does not cover. Needs the lock."""
        writer = self._writer(self.snapshot.table, self.snapshot.lexical, pace=pace)
        yield from writer.catch_up()
        self.snapshot.sync()
        seal(self.snapshot, self._articles)
        log.info("caught up: %d articles, %d removed", writer.articles, writer.removed)
        return CaughtUp(articles=writer.articles, passages=writer.passages, removed=writer.removed)

    def _forget_unused(self) -> None:
        """Prune the cache, where that can be done at once: what was published stays so anyway."""
        try:
            with unavailable(self._directory), self._publisher.free("write"):
                self._cache.prune(self._generations.passage_tables())
        except SearchError as error:
            log.warning("cannot prune the vector cache: %s", error)

    def _show(self, opened: Snapshot) -> None:
        if self._snapshot is not None:
            self._snapshot.close()
        self._snapshot = opened

    def _writer(
        self, table: PassageTable, lexical: LexicalIndex, *, pace: Pace, anew: bool = False
    ) -> GenerationWriter:
        return GenerationWriter(
            table, lexical, store=self._store, embedder=self._articles, pace=pace, anew=anew
        )

    def _manifest(self, number: int, table: PassageTable) -> Manifest:
        return Manifest(
            generation=number,
            model_id=self._makers.model,
            dimension=self._embedder.dimension,
            chunker=self._makers.chunker,
            analyser=self._makers.analyser,
            revision=table.state().revision,
            articles=table.articles(),
            passages=table.count(),
            created_at=self._clock().isoformat(timespec="seconds"),
        )


def finish(steps: Generator[Progress, None, Result], report: Report | None = None) -> Result:
    """Take all steps of a long job, tell each, and return the result."""
    while True:
        try:
            progress = next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        if report is not None:
            report(progress)
