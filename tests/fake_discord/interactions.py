"""Replies to interactions, with the rules that need to know what was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.fake_discord import rules
from tests.fake_discord.rules import Payload, Refused
from tests.fake_discord.wire import json_response, payload_of
from tests.fake_discord.world import EPHEMERAL, LOADING, Message, Reply

if TYPE_CHECKING:
    from tests.fake_discord.server import FakeDiscord

_FIRST_REPLY_S = 3.0
_TOKEN_LIFE_S = 15 * 60.0
_MESSAGE, _THINKING, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_COMMAND, _COMPONENT, _AUTOCOMPLETE, _SUBMIT = 2, 3, 4, 5
_FITTING = {
    _COMMAND: {_MESSAGE, _THINKING, _MODAL},
    _COMPONENT: {_MESSAGE, _THINKING, _DEFERRED_UPDATE, _UPDATE, _MODAL},
    _AUTOCOMPLETE: {_CHOICES},
    _SUBMIT: {_MESSAGE, _THINKING, _DEFERRED_UPDATE, _UPDATE},
}


class Interactions:
    """The first reply within its deadline, follow-ups after it, edits of both."""

    def __init__(self, discord: FakeDiscord) -> None:
        self.discord = discord

    def routes(self, api: str) -> list[web.RouteDef]:
        hook = f"{api}/webhooks/{self.discord.application_id}/{{token}}"
        return [
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self.callback),
            web.post(hook, self.follow_up),
            web.get(f"{hook}/messages/{{message}}", self.get_message),
            web.patch(f"{hook}/messages/{{message}}", self.edit_message),
            web.delete(f"{hook}/messages/{{message}}", self.delete_message),
        ]

    async def callback(self, request: web.Request) -> web.Response:
        reply = self.discord.replies.get(request.match_info["token"])
        if reply is None or self._is_over(reply, _FIRST_REPLY_S):
            raise Refused(404, 10062, "Unknown interaction")
        body = await payload_of(request)
        kind, data = body["type"], body.get("data") or {}
        if reply.response is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged")
        if kind not in _FITTING[reply.kind]:
            raise Refused(
                400, 50035, f"reply of type {kind} to an interaction of type {reply.kind}"
            )
        reply.original = self._respond(reply, kind, data)
        reply.response = kind
        reply.first_reply_after = self.discord.clock() - reply.begun
        message = reply.original if kind in {_MESSAGE, _THINKING} else None
        answer: Payload = {
            "interaction": {
                "id": str(reply.id),
                "type": reply.kind,
                "response_message_id": str(message.id) if message else None,
                "response_message_loading": kind == _THINKING,
                "response_message_ephemeral": bool(message and message.is_private),
            }
        }
        if message is not None:
            answer["resource"] = {"type": kind, "message": message.payload}
        return json_response(answer)

    async def follow_up(self, request: web.Request) -> web.Response:
        reply = self._answered(request)
        data = await payload_of(request)
        original = reply.original
        if original is not None and original.is_thinking:
            self.discord.change(original, data)
            message = original
        else:
            message = self.discord.post(reply.channel_id, data, reply=reply)
        return json_response(message.payload)

    async def get_message(self, request: web.Request) -> web.Response:
        return json_response(self._hook_message(request).payload)

    async def edit_message(self, request: web.Request) -> web.Response:
        message = self._hook_message(request)
        self.discord.change(message, await payload_of(request))
        return json_response(message.payload)

    async def delete_message(self, request: web.Request) -> web.Response:
        message = self._hook_message(request)
        del self.discord.messages[message.id]
        reply = self._answered(request)
        if reply.original is message:
            reply.original = None
        return web.Response(status=204)

    def _answered(self, request: web.Request) -> Reply:
        reply = self.discord.replies.get(request.match_info["token"])
        if reply is None or reply.response is None:
            raise Refused(404, 10015, "Unknown Webhook: a follow-up before the first reply")
        if self._is_over(reply, _TOKEN_LIFE_S):
            raise Refused(401, 50027, "Invalid Webhook Token")
        return reply

    def _is_over(self, reply: Reply, life_s: float) -> bool:
        return self.discord.clock() - reply.begun > life_s

    def _hook_message(self, request: web.Request) -> Message:
        reply = self._answered(request)
        wanted = request.match_info["message"]
        if wanted == "@original":
            if reply.original is None:
                raise Refused(404, 10008, "Unknown Message")
            return reply.original
        return self.discord.message(wanted)

    def _respond(self, reply: Reply, kind: int, data: Payload) -> Message | None:
        """Do what a first reply asks for; return the message that it made or took over."""
        asked_from = reply.asked_from
        match kind:
            case 4:
                return self.discord.post(reply.channel_id, data, reply=reply)
            case 5:
                flags = (data.get("flags", 0) & EPHEMERAL) | LOADING
                return self.discord.post(
                    reply.channel_id, {"flags": flags}, reply=reply, check=False
                )
            case 6:
                return asked_from
            case 7:
                assert asked_from is not None
                self.discord.change(asked_from, data)
                return asked_from
            case 8:
                rules.check_choices(data["choices"])
                reply.choices = data["choices"]
            case 9:
                rules.check_modal(data)
                reply.modal = data
        return None
