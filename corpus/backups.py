"""Copies of the database: writing one, and putting one back."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.database import open_engine, schema_versions, translated
from corpus.durability import move_durably
from corpus.errors import DamagedDatabaseError, StoreUnavailableError

_PREFIX = ".newsdesk-"
_LEFT_BEHIND_S = 86_400.0


def write_backup(source: Path, target: Path) -> None:
    """Copy the live database at `source` to the file `target`, replacing that when done."""
    with translated(target), _beside(target) as temporary:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(temporary)) as copy:
            live.backup(copy)
            # One file without companions, which can be read where nothing can be written.
            copy.execute("PRAGMA journal_mode = DELETE")
        move_durably(temporary, target)


def restore(source: Path, target: Path) -> None:
    """Put the backup `source` in the place of the database at `target`.

    Other processes may have `target` open: they see the restored articles from their next call.
    Ids and revisions go on from the higher of both databases, and the outbox names every article
    of both, so that whoever follows the revisions (the index) catches up with what has changed.
    A `target` of which not even that can be read is replaced by a new file, which only those see
    who open it from then on; revisions then are those of the backup.

    Raises:
        DamagedDatabaseError: `source` is no sound database of Newsdesk.
        StoreUnavailableError: A newer Newsdesk made `source`, or `target` cannot be written.
    """
    with translated(source):
        check_backup(source)
    with translated(target), _beside(target) as staged:
        with closing(sqlite3.connect(_read_only(source), uri=True)) as backup:
            _copy(backup, staged)
        open_engine(staged).dispose()  # upgrades the schema
        if not (target.exists() and _is_overwritten(target, staged)):
            with closing(sqlite3.connect(staged)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE")
            for companion in ("-wal", "-shm"):
                Path(f"{target}{companion}").unlink(missing_ok=True)
            move_durably(staged, target)


def check_backup(source: Path) -> None:
    """Raise a `StoreUnavailableError` unless `source` is a sound database of Newsdesk."""
    with translated(source), closing(sqlite3.connect(_read_only(source), uri=True)) as backup:
        if backup.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise DamagedDatabaseError(str(source), "damaged")
        _check_schema(backup, source)


def _check_schema(database: sqlite3.Connection, path: Path) -> None:
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    if not {"alembic_version", "articles", "changes"} <= tables:
        raise DamagedDatabaseError(str(path), "not a database of Newsdesk")
    versions = {version for (version,) in database.execute("SELECT * FROM alembic_version")}
    if not versions <= set(schema_versions()):
        raise StoreUnavailableError(str(path), "made by a newer Newsdesk")


class _ChangedMeanwhileError(Exception):
    """Somebody wrote to the database that is to be overwritten."""


def _continue_from(restored: sqlite3.Connection, target: Path) -> int:
    """Let ids and revisions of `restored` go on where those of `target` ended.

    Returns:
        The last revision of `target`.
    """
    restored.execute("ATTACH ? AS present", (str(target),))
    with restored:
        revision = _revision(restored, "present")
        for table in ("articles", "changes"):
            ended = restored.execute(
                """SELECT max(seq) FROM (SELECT name, seq FROM main.sqlite_sequence
                   UNION ALL SELECT name, seq FROM present.sqlite_sequence) WHERE name = ?""",
                (table,),
            ).fetchone()[0]
            restored.execute("DELETE FROM main.sqlite_sequence WHERE name = ?", (table,))
            restored.execute("INSERT INTO main.sqlite_sequence VALUES (?, ?)", (table, ended or 0))
        restored.execute(
            """INSERT INTO main.changes (article_id)
               SELECT id FROM main.articles UNION SELECT id FROM present.articles"""
        )
    restored.execute("DETACH present")
    return revision


def _revision(database: sqlite3.Connection, schema: str = "main") -> int:
    query = f"SELECT max(seq) FROM {schema}.sqlite_sequence WHERE name = 'changes'"  # noqa: S608
    (last,) = database.execute(query).fetchone()
    return last or 0


def _is_continued(copy: sqlite3.Connection, live: sqlite3.Connection, target: Path) -> bool:
    """Let `copy` go on from the database at `target`, which `live` has open, and overwrite that.

    Nobody can be kept from writing between the two: SQLite would keep `live` from it, too. But who
    was quicker is seen as soon as nobody can be any more.

    Returns:
        False if somebody was: nothing was written.
    """
    after = _continue_from(copy, target)
    is_alone = False

    def check(status: int, _left: int, _pages: int) -> None:
        nonlocal is_alone
        if status != sqlite3.SQLITE_OK or is_alone:
            return
        # The first page is written: until that is kept or taken back, only `live` may write.
        is_alone = True
        with closing(sqlite3.connect(_read_only(target), uri=True)) as present:
            if _revision(present) != after:
                raise _ChangedMeanwhileError

    try:
        copy.backup(live, pages=1, progress=check)
    except _ChangedMeanwhileError:
        return False
    return True


def _is_overwritten(target: Path, staged: Path) -> bool:
    """Write `staged` into the file at `target`, so that who has it open sees that.

    Returns:
        False if `target` is none of Newsdesk, or damaged too much: nothing was written.
    """
    try:
        with translated(target), closing(sqlite3.connect(_read_only(target), uri=True)) as present:
            _check_schema(present, target)
        open_engine(target).dispose()
        with (
            translated(target),
            closing(sqlite3.connect(staged)) as copy,
            closing(sqlite3.connect(target)) as live,
        ):
            while not _is_continued(copy, live, target):
                pass
    except DamagedDatabaseError:
        return False
    return True


def _copy(source: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield a file name in a temporary folder on the same disk as `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f"{_PREFIX}*"):  # by a process that was killed
        with suppress(FileNotFoundError):  # another may delete it, too
            if left.stat().st_mtime < time.time() - _LEFT_BEHIND_S:
                shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(dir=target.parent, prefix=_PREFIX) as folder:
        yield Path(folder) / "copy.sqlite"
