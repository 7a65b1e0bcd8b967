"""Which generation is published: opening it, putting another in its place, and the locks."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Final

import filelock

from corpus.durability import sync_files
from index.checkpoints import verify
from index.errors import IndexBusyError, NothingToRollBackError
from index.generation_writer import Phase, Progress
from index.generations import (
    LEXICAL,
    PASSAGES,
    DamagedGenerationError,
    Generations,
    Manifest,
    Pointer,
)
from index.snapshot import Snapshot, VectorSource

log = logging.getLogger(__name__)

_ATTEMPTS: Final = 3
_WAITING_STEP_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Makers:
    """What decides the contents of a generation beside the articles."""

    model: str
    chunker: str
    analyser: str

    def outdated(self, manifest: Manifest) -> tuple[str, ...]:
        """Name those that were others when the generation was built."""
        built = {
            "model": manifest.model_id == self.model,
            "chunker": manifest.chunker == self.chunker,
            "analyser": manifest.analyser == self.analyser,
        }
        return tuple(name for name, same in built.items() if not same)


class Publisher:
    """Opens and publishes the generations of one directory."""

    def __init__(
        self,
        generations: Generations,
        makers: Makers,
        source: VectorSource,
        *,
        lock_seconds: float,
    ) -> None:
        self._generations = generations
        self._makers = makers
        self._source = source
        self._lock_seconds = lock_seconds
        self.foreign: Manifest | None = None
        """What is published, if another model built it: it cannot be searched with this one."""
        self._damaged: int | None = None

    def is_news(self, snapshot: Snapshot) -> bool:
        """Say whether another generation than this one is published that may be opened."""
        pointer = self._generations.pointer()
        foreign = self.foreign.generation if self.foreign else None
        return pointer is not None and pointer.current not in (snapshot.generation, foreign)

    def open_current(self) -> Snapshot | None:
        """Open what is published; None if it is missing, damaged, or another model's."""
        number, damage = 0, ""
        for _ in range(_ATTEMPTS):
            if (pointer := self._generations.pointer()) is None:
                return None
            number = pointer.current
            path = self._generations.path(number)
            try:
                manifest = Manifest.read(path)
                if manifest.model_id != self._makers.model:
                    log.warning("another model built generation %d", number)
                    self.foreign = manifest
                    return None
                opened = Snapshot.open(path, self._source)
                if opened.is_whole():
                    return opened
                opened.close()
                damage = "the lexical index lacks passages"
            except DamagedGenerationError as error:
                # Or another process has just published, or renewed the checkpoint: look again.
                damage = str(error)
        log.warning("generation %d is damaged: %s", number, damage)
        self._damaged = number
        return None

    def republish_previous(self) -> Snapshot:
        """Publish the previous generation again, the present one becoming the previous.

        Raises:
            NothingToRollBackError: there is none, or it cannot be used as things are set now.
        """
        pointer = self._generations.pointer()
        if pointer is None or pointer.previous is None:
            raise NothingToRollBackError
        path = self._generations.path(pointer.previous)
        try:
            if self._makers.outdated(Manifest.read(path)):
                raise NothingToRollBackError
            opened = Snapshot.open(path, self._source)
        except DamagedGenerationError as error:
            raise NothingToRollBackError from error
        self._generations.point(Pointer(pointer.previous, pointer.current))
        return opened

    def begin(self, copied: Snapshot | None) -> int:
        """Make the directory of a new generation, and return its number.

        Args:
            copied: What it is to begin as a copy of, if that is published, and was made by the
                same makers, and no crash has left a change of it half written.
        """
        self._generations.sweep()
        pointer = self._generations.pointer()
        if pointer is not None:
            self._generations.drop_others((pointer.current, pointer.previous))
        number = self._generations.create()
        if (
            copied is not None
            and pointer is not None
            and pointer.current == copied.generation
            and not self._makers.outdated(copied.manifest)
            and not copied.table.state().writing
        ):
            path = self._generations.path(number)
            copied.table.copy_to(path / PASSAGES)
            ignore = shutil.ignore_patterns("*.lock")
            shutil.copytree(copied.path / LEXICAL, path / LEXICAL, ignore=ignore)
            sync_files(path / LEXICAL)
        return number

    def checked(
        self, number: int, check: Callable[[Snapshot], Iterator[Progress]]
    ) -> Iterator[Progress]:
        """Run a check on a generation that is not published yet."""
        made = Snapshot.open(self._generations.path(number), self._source)
        try:
            yield from check(made)
        finally:
            made.close()

    def publish(self, number: int) -> Snapshot:
        """Check a generation and publish it; keep the one before it that is sound, drop others."""
        made = Snapshot.open(self._generations.path(number), self._source)
        earlier = self._generations.pointer()
        previous = earlier.current if earlier else None
        if earlier is not None and previous == self._damaged:
            previous = earlier.previous
        try:
            verify(made)
            self._generations.point(Pointer(number, previous))
        except BaseException:
            made.close()
            raise
        self._generations.drop_others((number, previous))
        return made

    def locked(
        self, name: str, *, patient: bool = False
    ) -> Generator[Progress, None, AbstractContextManager[object]]:
        """Keep others, in this process or another, from doing the same; leave it to let them.

        Waits in short steps, so that whoever takes them can do something else in between, or
        stop: if `patient`, there is no other end to it, for where giving up would lose much work.

        Raises:
            IndexBusyError: the others did not end in time.
        """
        given_up_at = inf if patient else monotonic() + self._lock_seconds
        while True:
            try:
                return self.free(name, within_s=_WAITING_STEP_SECONDS)
            except IndexBusyError:
                if monotonic() >= given_up_at:
                    raise
            yield Progress(0, 0, Phase.WAITING)

    def free(self, name: str, *, within_s: float = 0.0) -> AbstractContextManager[object]:
        """Take a lock as `locked` does, but raise `IndexBusyError` if it is not free soon."""
        directory = self._generations.directory
        # An object each time: one object may be locked again by whoever has it.
        lock = filelock.FileLock(directory / f"{name}.lock", thread_local=False)
        try:
            return lock.acquire(timeout=within_s)
        except filelock.Timeout as error:
            raise IndexBusyError(str(directory)) from error
