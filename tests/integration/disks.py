"""Newsdesk at work where the disk ends: run in a process of its own, which may be limited."""

from __future__ import annotations

import ctypes
import io
import os
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from bot.app import App
from bot.cli import run
from bot.settings import Settings
from corpus.errors import CorpusError
from corpus.ingest import Added
from corpus.models import ArticleId
from index.errors import IndexBusyError, NothingToRollBackError, SearchError
from index.indexer import finish
from tests.fakes.embedder import HashingEmbedder
from tests.integration.indexing import contents, draft

_PAGE = 4_096
_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_MS_RDONLY, _MS_REMOUNT, _MS_REC, _MS_PRIVATE = 1, 1 << 5, 1 << 14, 1 << 18
_DISK_BYTES = 24_000_000
_FIRST = 8

Limit = Callable[[int | None], None]
"""Leaves so many pages to write; None for as many as there are."""


def mount(folder: Path) -> bool:
    """Put a small disk in memory at `folder`, for this process alone; say whether that can be."""
    libc, user = ctypes.CDLL(None), os.getuid()
    if libc.unshare(_CLONE_NEWNS) != 0:
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNS) != 0:
            return False
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="ascii")
    libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)  # or others would see it
    options = f"size={_DISK_BYTES}".encode()
    return bool(libc.mount(b"none", os.fsencode(folder), b"tmpfs", 0, options) == 0)


def free_pages_of(folder: Path) -> Limit:
    """Limit the space that is free on a disk, with a file that takes the rest."""
    ballast = folder / "ballast"

    def limit(pages: int | None) -> None:
        ballast.unlink(missing_ok=True)
        if pages is not None:
            free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, free - pages * _PAGE)

    return limit


def file_size(pages: int | None) -> None:
    """Limit how large this process may make a file: beyond that, the system refuses a write."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if pages is None else pages * _PAGE, most))


def app_in(data: Path) -> App:
    app = App(Settings.from_env({"NEWSDESK_DATA": str(data)}))
    vars(app)["embedder"] = HashingEmbedder()
    return app


def fill_up_everywhere(data: Path, limit: Limit, pages: list[int]) -> dict[str, int]:
    """Let each job run out of space at each place, and check what is left.

    Returns:
        How often each job failed, always with an error that has its sentence.
    """
    failed: dict[str, int] = {}
    number = _FIRST
    with app_in(data) as app:
        list(app.ingest.add([draft(n, external_id=str(n)) for n in range(_FIRST)]))
        app.indexer.open()
    for left in pages:
        for job in ("add", "edit", "remove", "rebuild", "full rebuild", "rollback", "backup"):
            number += 1
            with app_in(data) as app:
                app.indexer.open()
                expected = {article.id: article.title for article in app.store.articles()}
                limit(left)
                try:
                    for change in _steps(app, job, number):
                        expected |= change
                except (CorpusError, SearchError):  # each of which has its sentence
                    failed[job] = failed.get(job, 0) + 1
                _check_present(app, expected, job)
                limit(None)
                app.indexer.catch_up()  # no restart is needed
                _check(app, expected, job)
            with app_in(data) as app:
                app.indexer.open()
                app.indexer.catch_up()
                _check(app, expected, job)
    return failed


def _steps(app: App, job: str, number: int) -> Iterator[dict[ArticleId, str | None]]:
    """Do a job, and yield each change of the articles as it is acknowledged."""
    first = next(app.store.articles())
    match job:
        case "add":
            for outcome in app.ingest.add([draft(number, external_id=str(number))]):
                assert isinstance(outcome, Added)
                yield {outcome.article.id: outcome.article.title}
        case "edit":
            edited = draft(int(first.external_id or 0), title=f"Edited {number}")
            yield {first.id: app.ingest.edit(first.id, edited).title}
        case "remove":
            app.store.remove(first.id)
            yield {first.id: None}
        case "rebuild" | "full rebuild":
            finish(app.indexer.rebuild(full=job != "rebuild"))
        case "rollback":
            with suppress(NothingToRollBackError):
                app.indexer.rollback()
        case _:
            app.store.backup(app.settings.newsdesk_data / "backup.db")
    app.indexer.catch_up()
    app.indexer.tidy()


def _check_present(app: App, expected: dict[ArticleId, str | None], job: str) -> None:
    """Check, while there is no space, that the articles are there and questions are answered."""
    there = {article.id: article.title for article in app.store.articles()}
    assert there == {key: title for key, title in expected.items() if title is not None}, job
    app.indexer.refresh()
    query = HashingEmbedder().embed_query("badan kegop")
    assert app.indexer.snapshot.vectors.search(query, limit=1)


def _check(app: App, expected: dict[ArticleId, str | None], job: str) -> None:
    _check_present(app, expected, job)
    held = contents(app.indexer.snapshot)
    assert held["articles"] == sum(title is not None for title in expected.values()), job


def on_a_read_only_disk(folder: Path) -> list[str] | None:
    """Return what commands say on a disk that cannot be written; None where none can be mounted.

    Checks that all is there as before when it can be written again.
    """
    if not mount(folder):
        return None
    data = folder / "data"
    with app_in(data) as app:
        list(app.ingest.add([draft(n) for n in range(_FIRST)]))
        before = contents(app.indexer.open())
    told = []
    _remount(folder, _MS_RDONLY)
    for command in ("status", "ask why", "articles remove 1 --yes", "rebuild", "backup x.db"):
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = run(
                command.split(),
                read_settings=lambda: Settings.from_env({"NEWSDESK_DATA": str(data)}),
            )
        told.append(f"{code} {said.getvalue()}")
    _remount(folder, 0)
    with app_in(data) as app:
        assert contents(app.indexer.open()) == before
        list(app.ingest.add([draft(_FIRST)]))
        assert app.indexer.catch_up().articles == 1
    return told


def _remount(folder: Path, flags: int) -> None:
    libc = ctypes.CDLL(None)
    assert libc.mount(b"none", os.fsencode(folder), None, _MS_REMOUNT | flags, None) == 0


def add_and_rebuild(data: Path, first: int, last: int) -> list[int]:
    """Add articles one by one, with a rebuild now and then; return their ids."""
    added = []
    with app_in(data) as app:
        app.indexer.open()
        for number in range(first, last + 1):
            (outcome,) = app.ingest.add([draft(number)])
            assert isinstance(outcome, Added)
            added.append(int(outcome.article.id))
            with suppress(IndexBusyError):  # the other's turn; later catching up makes up for it
                app.indexer.catch_up()
                if number % 4 == 0:
                    finish(app.indexer.rebuild(full=number % 8 == 0))
    return added


def on_a_small_disk(folder: Path, pages: list[int]) -> dict[str, int] | None:
    """Run where the disk is full; None where no disk can be mounted."""
    if not mount(folder):
        return None
    return fill_up_everywhere(folder / "data", free_pages_of(folder), pages)


def with_limited_files(folder: Path, pages: list[int]) -> dict[str, int]:
    """Run where files may not grow beyond a size."""
    return fill_up_everywhere(folder / "data", file_size, pages)
