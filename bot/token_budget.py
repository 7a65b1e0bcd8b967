"""How many tokens of the language model are spent today, by all and by each person.

Kept in a file, so that a restart gives nobody a second share. People are in it as a keyed hash of
their Discord id, under a key that is made anew and forgotten with each day.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, Self

from sqlalchemy import Connection, Engine, Text, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.answering.errors import BudgetSpentError, OwnBudgetSpentError
from bot.answering.language_model import Reserved, Spent
from bot.sqlite_file import opened_alone
from bot.workers import Worker
from corpus.database import translated

_ALL: Final = ""


class _Table(DeclarativeBase):
    type_annotation_map = {str: Text}  # noqa: RUF012 - SQLAlchemy wants a plain dict


class _Tokens(_Table):
    __tablename__ = "tokens"

    day: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[int]


class _Key(_Table):
    __tablename__ = "keys"

    day: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]


class TokenFile:
    """Tokens of today (UTC) in one SQLite file; blocking. Several processes may count in it.

    Every method may raise `StoreUnavailableError`.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        with translated(path), engine.begin() as connection:
            _Table.metadata.create_all(connection)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, making it if needed."""
        return opened_alone(path, lambda engine: cls(engine, path))

    def add(
        self, day: date, person: int | None, tokens: int, *, per_day: int = 0, per_person: int = 0
    ) -> None:
        """Count tokens of today, or none if they would be too many; 0 is any number.

        What is of days before is forgotten.

        Raises:
            BudgetSpentError: With them it would be more than `per_day`.
            OwnBudgetSpentError: With them it would be more than `per_person` for this person.
        """
        today = day.isoformat()
        # The first statement writes, so that no other process counts in between.
        with translated(self._path), self._engine.begin() as connection:
            connection.execute(delete(_Key).where(_Key.day < today))
            connection.execute(delete(_Tokens).where(_Tokens.day < today))
            spent = _added(connection, today, _ALL, tokens)
            if per_day and spent > per_day:
                raise BudgetSpentError(per_day=per_day)
            if person is not None:
                spent = _added(connection, today, _hashed(connection, today, person), tokens)
                if per_person and spent > per_person:
                    raise OwnBudgetSpentError(per_day=per_person)

    def spent(self, day: date) -> int:
        """Return how many tokens of today are spent."""
        with translated(self._path), self._engine.begin() as connection:
            found = connection.execute(
                select(_Tokens.tokens).filter_by(day=day.isoformat(), who=_ALL)
            )
            return found.scalar_one_or_none() or 0

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()


class TokenBudget:
    """The budget of `bot.answering.language_model`, kept in a file.

    Args:
        path: The file; opened when it is first needed.
        worker: The thread that does so.
        today: The day that it is, in UTC.
        per_day: Most tokens of a day (UTC), by all together; 0 for any number.
        per_person: Most tokens of a day, by each person; 0 for any number.
    """

    def __init__(
        self,
        path: Path,
        *,
        worker: Worker,
        today: Callable[[], date],
        per_day: int,
        per_person: int,
    ) -> None:
        self._path = path
        self._worker = worker
        self._today = today
        self._per_day = per_day
        self._per_person = per_person
        self._opened: TokenFile | None = None

    async def reserve(self, person: int | None, tokens: int) -> Reserved:
        """Count tokens before they are spent; see `Budget`."""
        day = self._today()
        await self._worker.run(self._add, day, person, tokens)
        return Reserved(day, tokens)

    async def settle(self, person: int | None, reserved: Reserved, tokens: int) -> None:
        """Count what was really spent; see `Budget`."""
        # Spent is spent, also beyond the budget; what was of yesterday is forgotten by now.
        if reserved.day == self._today():
            await self._worker.run(self._correct, reserved.day, person, tokens - reserved.tokens)

    async def spent(self) -> Spent:
        """Tell what is spent of today; see `Budget`."""
        day = self._today()
        return Spent(await self._worker.run(lambda: self._file().spent(day)), self._per_day)

    def close(self) -> None:
        """Release the file; its thread has to have ended."""
        if self._opened is not None:
            self._opened.close()

    def _add(self, day: date, person: int | None, tokens: int) -> None:
        self._file().add(day, person, tokens, per_day=self._per_day, per_person=self._per_person)

    def _correct(self, day: date, person: int | None, tokens: int) -> None:
        self._file().add(day, person, tokens)

    def _file(self) -> TokenFile:
        if self._opened is None:
            self._opened = TokenFile.open(self._path)
        return self._opened


def _added(connection: Connection, day: str, who: str, tokens: int) -> int:
    statement = insert(_Tokens).values(day=day, who=who, tokens=tokens)
    return connection.execute(
        statement.on_conflict_do_update(
            index_elements=["day", "who"], set_={"tokens": _Tokens.tokens + tokens}
        ).returning(_Tokens.tokens)
    ).scalar_one()


def _hashed(connection: Connection, day: str, person: int) -> str:
    connection.execute(
        insert(_Key).values(day=day, key=secrets.token_hex(32)).on_conflict_do_nothing()
    )
    key = connection.execute(select(_Key.key).filter_by(day=day)).scalar_one()
    return hmac.new(bytes.fromhex(key), str(person).encode(), hashlib.sha256).hexdigest()
