"""Where a person wants an answer to come from; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from bot.errors import BotError
from corpus.dates import parse_date
from corpus.models import PublicationDate


class NotADateError(BotError):
    """What a person typed, `text`, is no date."""

    def __init__(self, text: str) -> None:
        super().__init__("not a date")
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where an answer may come from; None does not limit. Both days are included."""

    since: date | None = None
    until: date | None = None
    outlet: str | None = None

    @classmethod
    def read(cls, *, since: str | None, until: str | None, outlet: str | None) -> Self:
        """Read what a person typed; a month or a year counts from its first or to its last day.

        Raises:
            NotADateError: One of the two is no date.
        """
        first, last = _date(since), _date(until)
        return cls(
            since=None if first is None else first.first,
            until=None if last is None else last.last,
            outlet=outlet,
        )


def _date(text: str | None) -> PublicationDate | None:
    if text is None:
        return None
    read = parse_date(text)
    if read is None:
        raise NotADateError(text)
    return read
