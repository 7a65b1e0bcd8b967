"""The gateway half: identify, heartbeat, events in order, resume."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fake_discord.rules import Payload

if TYPE_CHECKING:
    from tests.fake_discord.server import FakeDiscord

_DISPATCH, _HEARTBEAT, _IDENTIFY, _PRESENCE, _RESUME = 0, 1, 2, 3, 6
_RECONNECT, _INVALID_SESSION, _HELLO, _ACK = 7, 9, 10, 11
_PRIVILEGED_INTENTS = (1 << 1) | (1 << 8) | (1 << 15)
_MESSAGE_CONTENT = 1 << 15


@dataclass
class Session:
    """A session outlives its connection: `events` is all that was sent in it, in order."""

    id: str
    intents: int
    socket: web.WebSocketResponse | None
    events: list[Payload] = field(default_factory=list)

    @property
    def sees_content(self) -> bool:
        return bool(self.intents & _MESSAGE_CONTENT)


@dataclass
class Gateway:
    """Takes the bot's connections and hands it what happens."""

    discord: FakeDiscord
    heartbeat_ms: int
    allowed_intents: int = ~_PRIVILEGED_INTENTS
    sessions: list[Session] = field(default_factory=list)
    heartbeats: list[float] = field(default_factory=list)
    resumes: int = 0
    clean_closes: int = 0
    refuse_resume: bool = False
    connections: int = 0
    # What comes once in the place of HELLO or of an event, as it stands; None cuts the connection.
    instead: dict[str, str | None] = field(default_factory=dict)

    @property
    def session(self) -> Session | None:
        return self.sessions[-1] if self.sessions else None

    @property
    def is_connected(self) -> bool:
        return self.session is not None and self.session.socket is not None

    @property
    def joined(self) -> set[int]:
        """The servers that the bot is in; elsewhere it may still be installed for a person."""
        events = self.session.events if self.session else []
        return {int(one["d"]["id"]) for one in events if one["t"] == "GUILD_CREATE"}

    async def dispatch(self, event: str, data: Payload) -> None:
        """Send an event, or keep it for the resume if the bot is away."""
        session = self.session
        assert session is not None, "the bot has never connected"
        packet = {"op": _DISPATCH, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(packet)
        await self.send(self.instead.pop(event, json.dumps(packet)))

    async def send(self, frame: str | None) -> None:
        """Send a frame as it stands, if the bot is there."""
        session = self.session
        assert session is not None
        if session.socket is not None and not session.socket.closed:
            await _send(session.socket, frame)

    async def drop(self) -> None:
        """Cut the connection as a network would; the bot may resume."""
        session = self.session
        assert session is not None
        assert session.socket is not None
        socket, session.socket = session.socket, None
        await socket.close(code=WSCloseCode.GOING_AWAY)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self.discord.sockets.add(socket)
        hello = {"op": _HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}}
        await _send(socket, self.instead.pop("HELLO", json.dumps(hello)))
        try:
            async for packet in socket:
                if packet.type is WSMsgType.TEXT:
                    await self._receive(socket, json.loads(packet.data))
        finally:
            self.discord.sockets.discard(socket)
            if socket.close_code == WSCloseCode.OK:
                self.clean_closes += 1
            for session in self.sessions:
                if session.socket is socket:
                    session.socket = None
            await self.discord.changed()
        return socket

    async def _receive(self, socket: web.WebSocketResponse, packet: Payload) -> None:
        match packet["op"]:
            case 1:
                self.heartbeats.append(self.discord.clock())
                await socket.send_str(json.dumps({"op": _ACK}))
            case 2:
                await self._identify(socket, packet["d"])
            case 6:
                await self._resume(socket, packet["d"])
        await self.discord.changed()

    async def _identify(self, socket: web.WebSocketResponse, data: Payload) -> None:
        if data["token"] != self.discord.token:
            await socket.close(code=4004)
            return
        if data["intents"] & ~self.allowed_intents:
            await socket.close(code=4014)
            return
        session = Session(f"session-{len(self.sessions)}", data["intents"], socket)
        self.sessions.append(session)
        await self.dispatch(
            "READY",
            {
                "v": 10,
                "user": self.discord.bot_user,
                "guilds": [
                    {"id": guild["id"], "unavailable": True}
                    for guild in self.discord.guilds.values()
                ],
                "session_id": session.id,
                "resume_gateway_url": self.discord.gateway_url,
                "application": {"id": str(self.discord.application_id), "flags": 0},
            },
        )
        for guild in self.discord.guilds.values():
            await self.dispatch("GUILD_CREATE", guild)

    async def _resume(self, socket: web.WebSocketResponse, data: Payload) -> None:
        known = [session for session in self.sessions if session.id == data["session_id"]]
        if not known or self.refuse_resume:
            await socket.send_str(json.dumps({"op": _INVALID_SESSION, "d": False}))
            return
        self.resumes += 1
        session = known[0]
        session.socket = socket
        for packet in session.events[data["seq"] :]:
            await socket.send_str(json.dumps(packet))
        await self.dispatch("RESUMED", {})


async def _send(socket: web.WebSocketResponse, frame: str | None) -> None:
    if frame is None:
        await socket.close(code=WSCloseCode.GOING_AWAY)
    else:
        await socket.send_str(frame)
