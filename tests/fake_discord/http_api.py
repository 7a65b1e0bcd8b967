"""The part of the HTTP API that has nothing to do with interactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.fake_discord import rules
from tests.fake_discord.payloads import user_payload
from tests.fake_discord.rules import Payload, Refused
from tests.fake_discord.wire import json_response, payload_of
from tests.fake_discord.world import Message

if TYPE_CHECKING:
    from tests.fake_discord.server import FakeDiscord


class HttpApi:
    """Who the bot is, its commands, and messages in channels."""

    def __init__(self, discord: FakeDiscord) -> None:
        self.discord = discord
        self.loses_next_send = False
        self._by_nonce: dict[str, Message] = {}

    def routes(self, api: str) -> list[web.RouteDef]:
        messages = f"{api}/channels/{{channel}}/messages"
        return [
            web.get(f"{api}/users/@me", self.me),
            web.get(f"{api}/oauth2/applications/@me", self.application),
            web.get(f"{api}/gateway/bot", self.gateway_bot),
            web.put(f"{api}/applications/{self.discord.application_id}/commands", self.sync),
            web.post(messages, self.send),
            web.get(f"{messages}/{{message}}", self.get_message),
            web.patch(f"{messages}/{{message}}", self.edit),
            web.post(f"{api}/channels/{{channel}}/typing", self.typing),
            web.post(f"{api}/users/@me/channels", self.open_dm),
            web.delete(f"{api}/users/@me/guilds/{{guild}}", self.leave),
            web.get(f"{api}/files/{{file}}", self.file),
        ]

    async def me(self, _: web.Request) -> web.Response:
        return json_response(self.discord.bot_user)

    async def application(self, _: web.Request) -> web.Response:
        return json_response(
            {
                "id": str(self.discord.application_id),
                "name": "Newsdesk",
                "description": "",
                "icon": None,
                "bot_public": True,
                "bot_require_code_grant": False,
                "owner": user_payload(1, "Owner"),
                "verify_key": "",
                "team": None,
                "flags": 0,
            }
        )

    async def gateway_bot(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return json_response(
            {"url": self.discord.gateway_url, "shards": 1, "session_start_limit": limit}
        )

    async def sync(self, request: web.Request) -> web.Response:
        commands = await request.json()
        rules.check_commands(commands)
        self.discord.command_syncs += 1
        self.discord.commands = [
            {
                **command,
                "id": str(self.discord.new_id()),
                "application_id": str(self.discord.application_id),
                "version": "1",
                "description": command.get("description", ""),
            }
            for command in commands
        ]
        return json_response(self.discord.commands)

    async def send(self, request: web.Request) -> web.Response:
        channel_id = int(request.match_info["channel"])
        if channel_id not in self.discord.channels:
            raise Refused(404, 10003, "Unknown Channel")
        data = await payload_of(request)
        message = self._sent_before(data) or self.discord.post(channel_id, data)
        if data.get("nonce"):
            self._by_nonce[data["nonce"]] = message
        if self.loses_next_send:
            self.loses_next_send = False
            return json_response({"message": "planned", "code": 0}, status=502)
        return json_response(message.payload)

    async def get_message(self, request: web.Request) -> web.Response:
        return json_response(self.discord.message(request.match_info["message"]).payload)

    async def edit(self, request: web.Request) -> web.Response:
        message = self.discord.message(request.match_info["message"])
        if message.payload["author"]["id"] != self.discord.bot_user["id"]:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        self.discord.change(message, await payload_of(request))
        return json_response(message.payload)

    async def typing(self, _: web.Request) -> web.Response:
        return web.Response(status=204)

    async def open_dm(self, request: web.Request) -> web.Response:
        recipient = (await request.json())["recipient_id"]
        channel_id = self.discord.dm_with(user_payload(int(recipient), "Somebody"))
        return json_response(self.discord.channels[channel_id])

    async def leave(self, request: web.Request) -> web.Response:
        self.discord.left_guilds.append(int(request.match_info["guild"]))
        return web.Response(status=204)

    async def file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.discord.files[int(request.match_info["file"])])

    def _sent_before(self, data: Payload) -> Message | None:
        nonce = data.get("nonce", "")
        if len(nonce) > 25:
            raise Refused(400, 50035, "nonce: at most 25")
        return self._by_nonce.get(nonce) if data.get("enforce_nonce") else None
