"""A server on loopback that speaks the OpenAI chat completions protocol, also badly."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self

from aiohttp import web


class Conduct(Enum):
    """How the server treats the next requests."""

    NORMAL = auto()
    SILENT = auto()  # takes the request and never answers
    DRIPPING = auto()  # sends white space for ever, so that no single read takes long
    UNAUTHORIZED = auto()
    OUT_OF_QUOTA = auto()
    UNKNOWN_MODEL = auto()
    FAILING = auto()
    GARBAGE = auto()  # 200, and a web page
    NO_CHOICES = auto()  # 200, and JSON that is no completion
    HALF_A_BODY = auto()
    CUT = auto()  # closes the connection without a word


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
    """Answers every conversation with `reply`; an asynchronous context manager."""

    def __init__(self, reply: str = "", conduct: Conduct = Conduct.NORMAL) -> None:
        self.reply = reply
        self.conduct = conduct
        self.retry_after: str | None = None
        self.usage: dict[str, int] | None = {"total_tokens": 2}
        self.received: list[Received] = []
        self.asked = asyncio.Event()
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
        if self.conduct in _STATUS:
            # Real servers, too, repeat what they were sent.
            message = f"refused: {authorization} {json.dumps(body)}"
            error = {"error": {"message": message, "type": "x", "code": "x"}}
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return web.json_response(error, status=_STATUS[self.conduct], headers=headers)
        match self.conduct:
            case Conduct.SILENT:
                await self._closing.wait()
            case Conduct.CUT:
                self._cut(request)
            case Conduct.GARBAGE:
                return web.Response(text="<html>It works!</html>", content_type="text/html")
            case Conduct.NO_CHOICES:
                return web.json_response({"id": "1", "object": "chat.completion"})
            case Conduct.HALF_A_BODY | Conduct.DRIPPING:
                return await self._stream(request)
        return web.json_response(self._completion(body))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.content_length = 1_000_000
        await response.prepare(request)
        await response.write(b'{"id": "1", "choices": [')
        while self.conduct is Conduct.DRIPPING and not self._closing.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.01)
        self._cut(request)
        return response

    @staticmethod
    def _cut(request: web.Request) -> None:
        if request.transport is not None:
            request.transport.abort()

    def _completion(self, body: dict[str, Any]) -> dict[str, Any]:
        message = {"role": "assistant", "content": self.reply}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": body.get("model", ""),
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": self.usage,
        }
