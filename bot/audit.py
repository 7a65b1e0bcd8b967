"""Who changed what: kept for good, by the Discord id of the person."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from sqlalchemy import Engine, Text, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.sqlite_file import opened_alone
from corpus.database import translated
from corpus.errors import StoreUnavailableError

log = logging.getLogger(__name__)


class Deed(StrEnum):
    """What somebody did."""

    ADDED = "added"
    REMOVED = "removed"
    RESTORED = "restored"
    EDITED = "edited"
    REBUILT = "rebuilt"
    CANCELLED_REBUILD = "cancelled rebuild"
    ROLLED_BACK = "rolled back"
    CHANGED_SETTINGS = "changed settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """That somebody did something; `subject` names what it was done to."""

    at: datetime
    person: int
    deed: Deed
    subject: str


class _Table(DeclarativeBase):
    type_annotation_map = {str: Text}  # noqa: RUF012 - SQLAlchemy wants a plain dict


class _Line(_Table):
    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    person: Mapped[int]
    deed: Mapped[str]
    subject: Mapped[str]


class AuditLog:
    """Audit lines in one SQLite file; blocking. `lines` may raise `StoreUnavailableError`."""

    def __init__(self, engine: Engine, path: Path, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._path = path
        self._clock = clock
        with translated(path), engine.begin() as connection:
            _Table.metadata.create_all(connection)

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], datetime]) -> Self:
        """Open the file, making it if needed; `clock` is the time now, in UTC."""
        return opened_alone(path, lambda engine: cls(engine, path, clock))

    def record(self, person: int, deed: Deed, subject: str) -> AuditLine:
        """Keep that this person did this just now.

        It is done by then, so that what cannot be kept is only logged: with the number that the
        subject begins with, and no title.
        """
        line = AuditLine(at=self._clock(), person=person, deed=deed, subject=subject)
        values = {"at": line.at.isoformat(), "person": person, "deed": deed, "subject": subject}
        try:
            with translated(self._path), self._engine.begin() as connection:
                connection.execute(insert(_Line).values(**values))
        except StoreUnavailableError as error:
            number = subject.partition(":")[0]
            log.error("not audited: %d %s %s: %s", person, deed, number, error.reason)  # noqa: TRY400 - the reason says it all
        return line

    def lines(self) -> list[AuditLine]:
        """Return all lines, oldest first."""
        with translated(self._path), self._engine.begin() as connection:
            rows = connection.execute(select(_Line.__table__).order_by(_Line.number)).all()
        return [
            AuditLine(
                at=datetime.fromisoformat(row.at),
                person=row.person,
                deed=Deed(row.deed),
                subject=row.subject,
            )
            for row in rows
        ]

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()
