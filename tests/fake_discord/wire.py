"""JSON in and out, as Discord speaks it."""

from __future__ import annotations

import json

from aiohttp import web

from tests.fake_discord.rules import Payload


def json_response(
    data: object, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Answer as Discord does: without a charset, which discord.py would not take for JSON."""
    return web.Response(
        body=json.dumps(data).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


async def payload_of(request: web.Request) -> Payload:
    """The JSON of a request, also where it came with files."""
    if not request.content_type.startswith("multipart/"):
        body: Payload = await request.json()
        return body
    form = await request.post()
    body = json.loads(str(form["payload_json"]))
    files = [part for name, part in form.items() if name.startswith("files[")]
    target = body.get("data", body)
    target["attachments"] = [
        {
            "id": str(number),
            "filename": part.filename,
            "size": len(part.file.read()),
            "url": "",
            "proxy_url": "",
        }
        for number, part in enumerate(files)
        if isinstance(part, web.FileField)
    ]
    return body
