"""A checksum in each row of an SQLite table, since SQLite itself does not notice a changed byte.

Every table that is guarded has an integer column `checksum`; triggers keep it, whoever writes.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Mapping


def register(connection: sqlite3.Connection) -> None:
    """Make the connection able to write and to check guarded tables."""
    connection.create_function("checksum", -1, _checksum, deterministic=True)


def triggers(tables: Mapping[str, str]) -> str:
    """Return the SQL that guards tables.

    Args:
        tables: For each table its columns, with commas between them.
    """
    return "".join(
        f"CREATE TRIGGER {table}_{event.split()[0]} AFTER {event} ON {table} BEGIN"  # noqa: S608 - names from the code
        f" UPDATE {table} SET checksum = checksum({_of_new(columns)})"
        " WHERE rowid = new.rowid; END;\n"
        for table, columns in tables.items()
        for event in ("INSERT", f"UPDATE OF {columns}")
    )


def check(connection: sqlite3.Connection, tables: Mapping[str, str]) -> None:
    """Raise `sqlite3.DatabaseError` if a row is not what was written."""
    for table, columns in tables.items():
        (wrong,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE checksum IS NOT checksum({columns})"  # noqa: S608 - names from the code
        ).fetchone()
        if wrong:
            msg = f"{wrong} rows of {table} are not what was written"
            raise sqlite3.DatabaseError(msg)


def _of_new(columns: str) -> str:
    return ", ".join(f"new.{column.strip()}" for column in columns.split(","))


def _checksum(*values: object) -> int:
    return zlib.crc32(repr(values).encode())
