"""What each server has set for itself, over the defaults of the environment; knows no Discord."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import JSON, Engine, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.audit import AuditLine, AuditLog, Deed
from bot.errors import BotError
from bot.rate_limit import LONGEST_COOLDOWN_S
from bot.sqlite_file import opened_alone
from bot.workers import Worker
from corpus.database import translated


class NotACooldownError(BotError):
    """What a person typed, `text`, is no number of seconds that there may be between questions."""

    def __init__(self, text: str) -> None:
        super().__init__("not a cooldown")
        self.text = text


class ChannelNotAllowedError(BotError):
    """The bot answers questions only in other channels of the server, `channel_ids`."""

    def __init__(self, channel_ids: Iterable[int]) -> None:
        super().__init__("another channel")
        self.channels = ", ".join(f"<#{number}>" for number in list(channel_ids)[:5])


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What can be set for a server. Empty is not set.

    Questions are answered in `channel_ids` only; everywhere, if there are none.
    """

    channel_ids: frozenset[int] = frozenset()
    moderator_role_ids: frozenset[int] = frozenset()
    log_channel_id: int | None = None
    cooldown_s: float | None = None

    def over(self, defaults: ServerSettings) -> ServerSettings:
        """Fill in from `defaults` what is not set."""
        return ServerSettings(
            channel_ids=self.channel_ids or defaults.channel_ids,
            moderator_role_ids=self.moderator_role_ids or defaults.moderator_role_ids,
            log_channel_id=self.log_channel_id or defaults.log_channel_id,
            cooldown_s=defaults.cooldown_s if self.cooldown_s is None else self.cooldown_s,
        )

    def __str__(self) -> str:
        """Name what is set, as the audit keeps it."""
        parts = {
            "channels": ",".join(map(str, sorted(self.channel_ids))),
            "roles": ",".join(map(str, sorted(self.moderator_role_ids))),
            "log": str(self.log_channel_id or ""),
            "cooldown": "" if self.cooldown_s is None else f"{self.cooldown_s:g}",
        }
        return " ".join(f"{name}={value}" for name, value in parts.items() if value) or "defaults"


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody speaks: a server, and a channel of it with the one that it belongs to."""

    server_id: int
    channel_ids: frozenset[int]


class Servers:
    """The settings of all servers, in memory: whoever needs them need not wait."""

    def __init__(self, defaults: ServerSettings | None = None) -> None:
        self._defaults = defaults or ServerSettings()
        self._own: dict[int, ServerSettings] = {}

    def of(self, server_id: int | None) -> ServerSettings:
        """Return what holds in a server; None is a direct message."""
        return self.own(server_id).over(self._defaults)

    def own(self, server_id: int | None) -> ServerSettings:
        """Return what a server has set for itself."""
        return ServerSettings() if server_id is None else self._own.get(server_id, ServerSettings())

    def put(self, server_id: int, settings: ServerSettings) -> None:
        """Let these be a server's own settings from now on."""
        self._own[server_id] = settings

    def allows(self, place: Place | None) -> bool:
        """Tell whether questions are answered there; None is a direct message, where they are."""
        if place is None:
            return True
        allowed = self.of(place.server_id).channel_ids
        return not allowed or not allowed.isdisjoint(place.channel_ids)

    def check(self, place: Place | None) -> None:
        """Raise `ChannelNotAllowedError` where questions are not answered."""
        if place is not None and not self.allows(place):
            raise ChannelNotAllowedError(sorted(self.of(place.server_id).channel_ids))


class _Table(DeclarativeBase):
    pass


class _Row(_Table):
    __tablename__ = "servers"

    server: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    settings: Mapped[dict[str, object]] = mapped_column(JSON)


class ServerTable:
    """Servers' own settings in one SQLite file; blocking.

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

    def read_into(self, servers: Servers) -> None:
        """Put all that is kept into `servers`."""
        with translated(self._path), self._engine.begin() as connection:
            rows = connection.execute(select(_Row.server, _Row.settings)).all()
        for row in rows:
            servers.put(row.server, _settings_of(row.settings))

    def keep(self, server_id: int, settings: ServerSettings) -> None:
        """Keep these in the place of what a server had set before."""
        values = {
            "channels": sorted(settings.channel_ids),
            "roles": sorted(settings.moderator_role_ids),
            "log": settings.log_channel_id,
            "cooldown": settings.cooldown_s,
        }
        statement = insert(_Row).values(server=server_id, settings=values)
        with translated(self._path), self._engine.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["server"], set_={"settings": values}
                )
            )

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()


class ServerDesk:
    """Changes settings: first in the file, then for everybody.

    Args:
        servers: The settings that hold.
        table: Where they are kept, only touched on `worker`, as is `audit`.
        audit: Who did what.
        worker: Their thread.
    """

    def __init__(
        self, servers: Servers, *, table: ServerTable, audit: AuditLog, worker: Worker
    ) -> None:
        self.servers = servers
        self._table = table
        self._audit = audit
        self._worker = worker

    async def change(self, server_id: int, settings: ServerSettings, person: int) -> AuditLine:
        """Let these be a server's own settings from now on, also after a restart."""
        await self._worker.run(self._table.keep, server_id, settings)
        self.servers.put(server_id, settings)
        return await self._worker.run(
            self._audit.record, person, Deed.CHANGED_SETTINGS, str(settings)
        )


def read_cooldown(text: str) -> float | None:
    """Read seconds, with a point or a comma; nothing typed is None.

    Raises:
        NotACooldownError: It is no number from 0 to a day.
    """
    typed = text.strip()
    if not typed:
        return None
    try:
        seconds = float(typed.replace(",", "."))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_COOLDOWN_S:
        raise NotACooldownError(typed)
    return seconds


def _settings_of(kept: dict[str, object]) -> ServerSettings:
    log, cooldown = kept.get("log"), kept.get("cooldown")
    return ServerSettings(
        channel_ids=_ids(kept.get("channels")),
        moderator_role_ids=_ids(kept.get("roles")),
        log_channel_id=log if isinstance(log, int) else None,
        cooldown_s=float(cooldown) if isinstance(cooldown, int | float) else None,
    )


def _ids(kept: object) -> frozenset[int]:
    return frozenset(map(int, kept)) if isinstance(kept, list) else frozenset()
