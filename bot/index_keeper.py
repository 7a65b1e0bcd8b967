"""What admins do with the index: rebuild, cancel, go back, look; knows no Discord."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import NewType

from bot.answering.language_model import LanguageModel, ModelState
from bot.audit import AuditLine, AuditLog, Deed
from bot.errors import BotError
from bot.rebuild_check import RebuildCheck
from bot.workers import Worker, drive
from corpus.models import CorpusStatistics
from corpus.store import ArticleStore
from index.generation_writer import Phase, Progress
from index.indexer import Indexer
from index.outcomes import IndexStatus, Rebuilt

log = logging.getLogger(__name__)

RebuildKey = NewType("RebuildKey", str)
GenerationKey = NewType("GenerationKey", str)
"""The number of a generation, as a button carries it."""


class RebuildRunningError(BotError):
    """The index is being rebuilt already, and that has to end first."""


class NoRebuildError(BotError):
    """The rebuild that was to be cancelled is not running any more."""


class RebuildCancelledError(BotError):
    """Somebody cancelled the rebuild; nothing was published."""


class OtherGenerationError(BotError):
    """Another generation than the one that was to be gone back from is published by now."""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a published rebuild changed. `seconds` is how long it took.

    `asked` questions were asked of the new index before, `found` of them found their article.
    """

    rebuilt: Rebuilt
    articles_before: int
    passages_before: int
    seconds: float
    asked: int
    found: int
    line: AuditLine


class Rebuild:
    """A rebuild that runs. Await `task` for its report, or for the error that ended it."""

    def __init__(self, key: RebuildKey) -> None:
        self.key = key
        self.progress: Progress | None = None
        self.is_cancelled = False
        self.task: asyncio.Task[RebuildReport]
        self._began = monotonic()
        self._phase: Phase | None = None
        self._phase_began = self._began
        self._phase_done = 0

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return monotonic() - self._began

    @property
    def seconds_left(self) -> float | None:
        """How long the phase that runs will take, by what it did so far; None if not known yet."""
        if self.progress is None:
            return None
        done = self.progress.done - self._phase_done
        elapsed = monotonic() - self._phase_began
        if done <= 0 or self.progress.total <= 0:
            return None
        return elapsed * max(0, self.progress.total - self.progress.done) / done

    async def note(self, progress: Progress) -> None:
        """Remember how far it is.

        Raises:
            RebuildCancelledError: It is to end here.
        """
        if progress.phase is not self._phase:
            self._phase, self._phase_began = progress.phase, monotonic()
            self._phase_done = progress.done
        self.progress = progress
        if self.is_cancelled:
            raise RebuildCancelledError


class IndexKeeper:
    """Rebuilds one at a time, rolls back, and tells how things are. All blocking runs on a worker.

    Args:
        indexer: The index, only touched on `index_worker`.
        index_worker: Its thread.
        store: The articles, only touched on `corpus_worker`.
        corpus_worker: Their thread.
        audit: Who did what, only touched on `audit_worker`.
        audit_worker: Its thread.
        new_check: Makes what a new index has to pass before it is published.
        model: The language model, if there is one.
        knows: The languages that the embedding model is known to know.
    """

    def __init__(
        self,
        *,
        indexer: Indexer,
        index_worker: Worker,
        store: ArticleStore,
        corpus_worker: Worker,
        audit: AuditLog,
        audit_worker: Worker,
        new_check: Callable[[], RebuildCheck],
        model: LanguageModel | None,
        knows: Sequence[str],
    ) -> None:
        self.knows = knows
        self._indexer = indexer
        self._index_worker = index_worker
        self._store = store
        self._corpus_worker = corpus_worker
        self._audit = audit
        self._audit_worker = audit_worker
        self._new_check = new_check
        self._model = model
        self._running: Rebuild | None = None
        self._rolling_back = asyncio.Lock()

    async def status(self) -> tuple[CorpusStatistics, IndexStatus, ModelState | None]:
        """Tell what is stored, what of it is searchable, and how the language model is."""
        statistics = await self._corpus_worker.run(self._store.statistics)
        index = await self._index_worker.run(self._indexer.status)
        return statistics, index, await self._model.state() if self._model else None

    def check_idle(self) -> None:
        """Raise `RebuildRunningError` if a rebuild runs."""
        if self._running is not None:
            raise RebuildRunningError

    def start(self, person: int, *, full: bool) -> Rebuild:
        """Begin a rebuild; it goes on by itself.

        Raises:
            RebuildRunningError: One runs already.
        """
        self.check_idle()
        rebuild = self._running = Rebuild(RebuildKey(secrets.token_urlsafe(12)))
        rebuild.task = asyncio.create_task(self._run(rebuild, person, full=full))
        rebuild.task.add_done_callback(self._ended)
        return rebuild

    async def cancel(self, key: RebuildKey, person: int) -> AuditLine:
        """End a rebuild after the step that it is at; what it made is discarded.

        Raises:
            NoRebuildError: It does not run any more.
        """
        rebuild = self._running
        if rebuild is None or rebuild.key != key or rebuild.is_cancelled:
            raise NoRebuildError
        rebuild.is_cancelled = True
        return await self._record(person, Deed.CANCELLED_REBUILD, "")

    async def published(self) -> GenerationKey:
        """Name the generation that is published now."""
        return await self._index_worker.run(self._published)

    async def rollback(self, person: int, *, instead_of: GenerationKey) -> tuple[int, AuditLine]:
        """Publish the generation before the present one again.

        Args:
            person: Who wants it.
            instead_of: Only if this is the present one; done twice, it would be taken back.

        Returns:
            The number of what is published now, and the audit line.

        Raises:
            RebuildRunningError: One runs.
            OtherGenerationError: Another one is published.
            NothingToRollBackError: There is no earlier generation.
        """
        self.check_idle()
        async with self._rolling_back:
            if instead_of != await self.published():
                raise OtherGenerationError
            snapshot = await drive(self._index_worker, self._indexer.rolling_back())
        number = snapshot.generation
        return number, await self._record(person, Deed.ROLLED_BACK, str(number))

    async def close(self) -> None:
        """Discard a running rebuild, and wait until that is done."""
        if self._running is not None:
            self._running.is_cancelled = True
            await asyncio.wait({self._running.task})

    async def _run(self, rebuild: Rebuild, person: int, *, full: bool) -> RebuildReport:
        before = await self._index_worker.run(self._indexer.status)
        check = self._new_check()
        steps = self._indexer.rebuild(full=full, check=check)
        rebuilt = await drive(self._index_worker, steps, rebuild.note)
        line = await self._record(person, Deed.REBUILT, str(rebuilt.generation))
        return RebuildReport(
            rebuilt=rebuilt,
            articles_before=before.articles,
            passages_before=before.passages,
            seconds=rebuild.seconds,
            asked=check.asked,
            found=check.found,
            line=line,
        )

    def _published(self) -> GenerationKey:
        self._indexer.refresh()
        return GenerationKey(str(self._indexer.snapshot.generation))

    def _ended(self, task: asyncio.Task[RebuildReport]) -> None:
        self._running = None
        if not task.cancelled() and (error := task.exception()) is not None:
            log.info("the rebuild ended: %s", type(error).__name__)

    async def _record(self, person: int, deed: Deed, subject: str) -> AuditLine:
        return await self._audit_worker.run(self._audit.record, person, deed, subject)
