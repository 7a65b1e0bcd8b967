"""The SQLite file: connections, transactions, schema, and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import DamagedDatabaseError, DiskFullError, StoreUnavailableError
from corpus.normalizing import fold

_BUSY_SECONDS = 30
_REASONS = {
    sqlite3.SQLITE_BUSY: "locked by another program",
    sqlite3.SQLITE_LOCKED: "locked by another program",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_PERM: "not permitted",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
}


def open_engine(path: Path) -> Engine:
    """Open the database, creating or upgrading it first.

    The engine may be used from several threads, and the file by several processes.

    Raises:
        StoreUnavailableError: The file cannot be opened, is no database, or a newer Newsdesk
            made it.
    """
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            URL.create("sqlite", database=str(path)), connect_args={"timeout": _BUSY_SECONDS}
        )
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        try:
            with alone(path):
                _upgrade(writing(engine), path)
        except BaseException:
            engine.dispose()
            raise
        return engine


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep others, in this process or another, from opening the same database for the first time.

    Two that switch one file to the write-ahead log at once do not wait for each other: SQLite
    tells one of them that the file is locked.
    """
    lock = filelock.FileLock(
        f"{path}.lock", timeout=_BUSY_SECONDS, poll_interval=0.01, thread_local=False
    )
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise StoreUnavailableError(str(path), _REASONS[sqlite3.SQLITE_BUSY]) from error
    try:
        yield
    finally:
        lock.release()


def writing(engine: Engine) -> Engine:
    """Return the engine for transactions that write: they take the write lock as they begin.

    Taking it later would fail at once, without waiting, if another had written in between.
    """
    return engine.execution_options(immediate=True)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise what goes wrong with the database at `path` as a `StoreUnavailableError`."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None)
        if not isinstance(cause, sqlite3.Error):
            raise
        raise _translation(path, cause) from error
    except sqlite3.Error as error:
        raise _translation(path, error) from error
    except OSError as error:
        raise StoreUnavailableError(str(path), error.strerror or "cannot be opened") from error


def schema_versions() -> tuple[str, ...]:
    """Return the versions of the schema that this Newsdesk knows, the newest first."""
    scripts = ScriptDirectory.from_config(_alembic())
    return tuple(script.revision for script in scripts.walk_revisions())


def _translation(path: Path, error: sqlite3.Error) -> StoreUnavailableError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits only refine it
    if code == sqlite3.SQLITE_FULL:
        return DiskFullError(str(path), "the disk is full")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedDatabaseError(str(path), "damaged, or not a database")
    return StoreUnavailableError(str(path), _REASONS.get(code, str(error)))


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin in `_begin`, not at the driver's will
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # macOS would else leave it to the drive when to write.
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is removed is overwritten, not only unlinked, however SQLite was built.
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _upgrade(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        config = _alembic()
        if present == ScriptDirectory.from_config(config).get_current_head():
            return
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreUnavailableError(str(path), "made by a newer Newsdesk") from error


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "corpus:migrations")
    return config
