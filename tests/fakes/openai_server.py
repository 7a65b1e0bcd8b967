"""A server on loopback that speaks the OpenAI chat completions protocol, also badly."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self

from aiohttp import web


class Conduct(Enum):
    """How the server treats the next requests."""

    NORMAL = auto()
    WHOLE = auto()  # knows no streaming, and takes no notice of being asked for it
    REFUSING_TO_STREAM = auto()  # knows no streaming, and says so
    SILENT = auto()  # takes the request and never answers
    DRIPPING = auto()  # sends signs of life for ever, so that no single read takes long
    ENDLESS = auto()  # sends pieces for ever, without a word in them
    UNAUTHORIZED = auto()
    OUT_OF_QUOTA = auto()
    UNKNOWN_MODEL = auto()
    FAILING = auto()
    GARBAGE = auto()  # 200, and a web page
    NO_CHOICES = auto()  # 200, and JSON that is no completion
    HALF_A_BODY = auto()  # closes the connection in the middle of the reply
    HALF_AN_EVENT = auto()  # begins the reply, and goes on with what is no JSON
    CUT = auto()  # closes the connection without a word


_PIECE = 7
_STATUS = {
    Conduct.UNAUTHORIZED: 401,
    Conduct.OUT_OF_QUOTA: 429,
    Conduct.UNKNOWN_MODEL: 404,
    Conduct.FAILING: 500,
}


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    authorization: str
    body: dict[str, Any]


class OpenAIServer:
    """Answers every conversation with `reply`, piece by piece; an asynchronous context manager.

    `script` are replies to give before it, each once. While `free` is not set, a streamed reply
    stops after its first `held_after` characters.
    """

    def __init__(self, reply: str = "", conduct: Conduct = Conduct.NORMAL) -> None:
        self.reply = reply
        self.script: list[str] = []
        self.conduct = conduct
        self.retry_after: str | None = None
        self.usage: dict[str, object] | None = {"total_tokens": 2}
        self.received: list[Received] = []
        self.asked = asyncio.Event()
        self.held_after = 0
        self.free = asyncio.Event()
        self.free.set()
        self._closing = asyncio.Event()
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self.free.set()
        await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}/v1"

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        authorization = request.headers.get("Authorization", "")
        self.received.append(Received(authorization, body))
        self.asked.set()
        is_streamed = body.get("stream", False)
        status = _STATUS.get(self.conduct)
        if self.conduct is Conduct.REFUSING_TO_STREAM and is_streamed:
            status = 400
        if status is not None:
            # Real servers, too, repeat what they were sent.
            message = f"refused: {authorization} {json.dumps(body)}"
            error = {"error": {"message": message, "type": "x", "code": "x"}}
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return web.json_response(error, status=status, headers=headers)
        match self.conduct:
            case Conduct.SILENT:
                await self._closing.wait()
                return web.Response()
            case Conduct.CUT:
                self._cut(request)
                return web.Response()
            case Conduct.GARBAGE:
                return web.Response(text="<html>It works!</html>", content_type="text/html")
            case Conduct.NO_CHOICES:
                return web.json_response({"id": "1", "object": "chat.completion"})
        reply = self.script.pop(0) if self.script else self.reply
        if not is_streamed or self.conduct is Conduct.WHOLE:
            return web.json_response(self._completion(reply, body))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with suppress(ConnectionResetError):  # the client has heard enough
            await self._stream(request, response, reply, body)
        return response

    async def _stream(
        self,
        request: web.Request,
        response: web.StreamResponse,
        reply: str,
        body: dict[str, Any],
    ) -> None:
        pieces = _pieces(reply)
        for number, piece in enumerate(pieces):
            if _PIECE * number >= self.held_after:
                await self.free.wait()
            if self.conduct is Conduct.HALF_A_BODY and 2 * number >= len(pieces):
                break
            await self._send(response, body, choices=[_choice({"content": piece})])
            if self.conduct is Conduct.HALF_AN_EVENT:
                await response.write(b'data: {"id": "chatc\n\n')
                return
        while self.conduct is Conduct.ENDLESS and not self._closing.is_set():
            await self._send(response, body, choices=[_choice({"content": ""})])
            await asyncio.sleep(0)
        while self.conduct is Conduct.DRIPPING and not self._closing.is_set():
            await response.write(b": still here\n\n")
            await asyncio.sleep(0.01)
        if self.conduct in {Conduct.HALF_A_BODY, Conduct.DRIPPING}:
            self._cut(request)
            return
        await self._send(response, body, choices=[_choice({}, finish_reason="stop")])
        if body.get("stream_options", {}).get("include_usage"):
            await self._send(response, body, choices=[], usage=self.usage)
        await response.write(b"data: [DONE]\n\n")

    async def _send(
        self, response: web.StreamResponse, body: dict[str, Any], **event: object
    ) -> None:
        chunk = {**_head(body, "chat.completion.chunk"), **event}
        await response.write(f"data: {json.dumps(chunk)}\n\n".encode())

    @staticmethod
    def _cut(request: web.Request) -> None:
        if request.transport is not None:
            request.transport.abort()

    def _completion(self, reply: str, body: dict[str, Any]) -> dict[str, Any]:
        message = {"role": "assistant", "content": reply}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        return {**_head(body, "chat.completion"), "choices": choices, "usage": self.usage}


def _head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": body.get("model", "")}


def _choice(delta: dict[str, str], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _pieces(text: str) -> list[str]:
    """Cut a text as a model would write it, a few letters at a time."""
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
