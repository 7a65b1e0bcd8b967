"""The SQLite files of what the bot keeps beside the articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Engine, create_engine, event

from corpus.database import alone, translated

Opened = TypeVar("Opened")


def open_file(path: Path) -> Engine:
    """Open a file, making it if needed; what is deleted in it is overwritten."""
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _configure)
    return engine


def opened_alone(path: Path, make: Callable[[Engine], Opened]) -> Opened:
    """Open a file and make of it what uses it, while no other process does the same.

    Raises:
        StoreUnavailableError: The file cannot be used.
    """
    engine = open_file(path)
    try:
        with translated(path), alone(path):
            return make(engine)
    except BaseException:
        engine.dispose()
        raise


def empty_log(engine: Engine) -> None:
    """Move the write-ahead log into the file and empty it: it still has what was deleted.

    If somebody reads just now, it is left for the next time.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What a person wants forgotten is overwritten, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")
