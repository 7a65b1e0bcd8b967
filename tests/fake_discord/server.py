"""The fake as a whole: its state, what tests do with it, and the way in for requests."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import web

from tests.fake_discord import rules
from tests.fake_discord.gateway import Gateway
from tests.fake_discord.http_api import HttpApi
from tests.fake_discord.interactions import Interactions
from tests.fake_discord.payloads import (
    channel_payload,
    dm_payload,
    group_payload,
    guild_payload,
    message_payload,
    user_payload,
)
from tests.fake_discord.rules import Payload, Refused
from tests.fake_discord.wire import json_response
from tests.fake_discord.world import LOADING, Message, Reply

_EPOCH_MS = 1_420_070_400_000
_API = "/api/v10"
_CUT = 599

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FakeDiscord:
    """One Discord with one application, one server and one channel in it.

    Use as an async context manager; `url` is what `DISCORD_API_URL` is set to. `clock` counts
    seconds and decides on deadlines.
    """

    def __init__(
        self,
        *,
        token: str = "the.right.token",  # noqa: S107 - nothing is behind it
        clock: Callable[[], float] = time.monotonic,
        heartbeat_ms: int = 41_250,
    ) -> None:
        self.token = token
        self.clock = clock
        self.application_id = 1000
        self.bot_user = user_payload(1000, "Newsdesk", bot=True)
        self.guilds: dict[int, Payload] = {}
        self.channels: dict[int, Payload] = {}
        self.messages: dict[int, Message] = {}
        self.replies: dict[str, Reply] = {}
        self.commands: list[Payload] = []
        self.command_syncs = 0
        self.files: dict[int, bytes] = {}
        self.breaches: list[str] = []
        self.requests: list[str] = []
        self.left_guilds: list[int] = []
        self.gateway = Gateway(self, heartbeat_ms)
        self.api = HttpApi(self)
        self.interactions = Interactions(self)
        self.sockets: set[web.WebSocketResponse] = set()
        self._failures: list[tuple[re.Pattern[str], int, Payload, dict[str, str]]] = []
        self._condition = asyncio.Condition()
        self._ids = 0
        self._base = ""
        self.guild_id = self.add_guild("Tech talk")
        self.channel_id = self.add_channel(self.guild_id, "news")

    @property
    def url(self) -> str:
        return f"http://{self._base}{_API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{self._base}/gateway"

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/gateway", self.gateway.serve)
        app.add_routes([*self.api.routes(_API), *self.interactions.routes(_API)])
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._base = f"{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()

    # What tests do and look at

    def new_id(self) -> int:
        """Make a snowflake of this moment."""
        self._ids += 1
        return ((int(time.time() * 1000) - _EPOCH_MS) << 22) | (self._ids & 0x3FFFFF)

    def add_guild(self, name: str) -> int:
        guild_id = self.new_id()
        self.guilds[guild_id] = guild_payload(guild_id, name, self.bot_user)
        return guild_id

    def add_role(self, guild_id: int, name: str) -> int:
        role_id = self.new_id()
        everyone = self.guilds[guild_id]["roles"][0]
        self.guilds[guild_id]["roles"].append({**everyone, "id": str(role_id), "name": name})
        return role_id

    def add_channel(self, guild_id: int, name: str) -> int:
        channel_id = self.new_id()
        channel = channel_payload(channel_id, guild_id, name)
        self.channels[channel_id] = channel
        self.guilds[guild_id]["channels"].append(channel)
        return channel_id

    def dm_with(self, user: Payload) -> int:
        for channel_id, channel in self.channels.items():
            if channel["type"] == 1 and channel["recipients"][0]["id"] == user["id"]:
                return channel_id
        channel_id = self.new_id()
        self.channels[channel_id] = dm_payload(channel_id, user)
        return channel_id

    def add_group(self, user: Payload) -> int:
        """Make a message of several people, which no bot can be in."""
        channel_id = self.new_id()
        self.channels[channel_id] = group_payload(channel_id, user)
        return channel_id

    def fail(
        self, path: str, status: int, *, retry_after: float | None = None, times: int = 1
    ) -> None:
        """Answer the next `times` requests whose "METHOD path" matches with an error.

        The status 0 is no answer at all: the connection is cut.
        """
        headers = {"Via": "1.1 google"} if status == 429 else {}
        body: Payload = {"message": "planned", "code": 0}
        if retry_after is not None:
            body |= {"retry_after": retry_after, "global": False}
        self._failures += [(re.compile(path), status, body, headers)] * times

    def lose_next_send(self) -> None:
        """Post the bot's next channel message, but answer as if that had failed."""
        self.api.loses_next_send = True

    def from_bot(self, channel_id: int | None = None) -> list[Message]:
        """The messages that the bot has in a channel, oldest first."""
        wanted = str(channel_id or self.channel_id)
        return [
            message
            for message in self.messages.values()
            if message.payload["channel_id"] == wanted
            and message.payload["author"]["id"] == self.bot_user["id"]
        ]

    async def changed(self) -> None:
        async with self._condition:
            self._condition.notify_all()

    async def until(self, there: Callable[[], bool], what: str, *, within_s: float = 30.0) -> None:
        """Wait until `there()`; fail the test if it does not come."""
        try:
            async with asyncio.timeout(within_s), self._condition:
                await self._condition.wait_for(there)
        except TimeoutError:
            msg = f"no {what} within {within_s} s; breaches: {self.breaches}"
            raise AssertionError(msg) from None

    async def connected(self) -> None:
        await self.until(lambda: self.gateway.is_connected, "gateway session")

    # Requests

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        line = f"{request.method} {request.path}"
        if request.path.startswith("/gateway"):
            return await handler(request)
        response = self._planned_failure(line) or await self._handled(line, request, handler)
        if response.status == _CUT and request.transport is not None:
            request.transport.abort()
        self.requests.append(line)
        await self.changed()
        return response

    def _planned_failure(self, line: str) -> web.Response | None:
        for number, (pattern, status, body, headers) in enumerate(self._failures):
            if pattern.search(line):
                del self._failures[number]
                return json_response(body, status=status or _CUT, headers=headers)
        return None

    async def _handled(
        self, line: str, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        # The token of an interaction is in the path.
        is_known = request.headers.get("Authorization") == f"Bot {self.token}"
        is_known = is_known or "file" in request.match_info
        if not is_known and "token" not in request.match_info:
            return json_response({"message": "401: Unauthorized", "code": 0}, status=401)
        try:
            return await handler(request)
        except Refused as refusal:
            self.breaches.append(f"{line} -> {refusal}")
            body = {"message": refusal.text, "code": refusal.code}
            return json_response(body, status=refusal.status)

    # Messages

    def message(self, message_id: str) -> Message:
        message = self.messages.get(int(message_id))
        if message is None:
            raise Refused(404, 10008, "Unknown Message")
        return message

    def post(
        self, channel_id: int, data: Payload, *, reply: Reply | None = None, check: bool = True
    ) -> Message:
        if check:
            rules.check_message(data)
            self._check_mentions(data)
        reference = data.get("message_reference")
        replied = self.message(str(reference["message_id"])) if reference else None
        payload = message_payload(self.new_id(), self.channels[channel_id], self.bot_user, data)
        if replied is not None:
            payload |= {
                "type": 19,
                "message_reference": {
                    "message_id": str(reference["message_id"]),
                    "channel_id": str(channel_id),
                },
                "referenced_message": replied.payload,
            }
        author = int(replied.payload["author"]["id"]) if replied else None
        message = Message(payload, rules.pings(data, replied_to=author))
        self.messages[message.id] = message
        if reply is not None:
            reply.messages.append(message)
        return message

    def change(self, message: Message, data: Payload) -> None:
        merged = {**message.payload, **data}
        rules.check_message(merged)
        self._check_mentions(data)
        for key in ("content", "embeds", "components"):
            if key in data:
                message.payload[key] = data[key] or ("" if key == "content" else [])
        message.payload["flags"] &= ~LOADING
        message.payload["edited_timestamp"] = "2024-01-01T00:00:00+00:00"
        message.pings += rules.pings(data)
        message.edits += 1

    def _check_mentions(self, data: Payload) -> None:
        text = json.dumps([data.get("content"), data.get("embeds")], ensure_ascii=False)
        if "allowed_mentions" not in data and rules.MENTION.search(text):
            self.breaches.append("a message that names somebody, without allowed_mentions")
