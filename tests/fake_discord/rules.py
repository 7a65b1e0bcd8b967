"""What Discord refuses, as far as a bot of this kind can run into it; pure.

Lengths are counted in UTF-16 units, the strictest of the counts that Discord is known to use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Payload = dict[str, Any]

MENTION = re.compile(r"@(?:everyone|here)|<@[!&]?\d+>")
_ROW, _BUTTON, _SELECTS, _TEXT_INPUT, _LABEL = 1, 2, {3, 5, 6, 7, 8}, 4, 18
_LINK_BUTTON = 5


class Refused(Exception):  # noqa: N818 - what Discord does, not what went wrong here
    """A request that Discord answers with an error."""

    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(f"{status} (code {code}): {text}")
        self.status = status
        self.code = code
        self.text = text


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_message(payload: Payload) -> None:
    """Refuse a message that Discord would not take."""
    embeds = payload.get("embeds") or []
    components = payload.get("components") or []
    content = payload.get("content") or ""
    if not (content or embeds or components or payload.get("attachments")):
        raise Refused(400, 50006, "Cannot send an empty message")
    problems = [*_embed_problems(embeds), *_component_problems(components)]
    if units(content) > 2000:
        problems.append(f"content: {units(content)} > 2000")
    if problems:
        raise Refused(400, 50035, "; ".join(problems))


def check_modal(payload: Payload) -> None:
    """Refuse a modal that Discord would not open."""
    problems = []
    if not 1 <= units(payload.get("title", "")) <= 45:
        problems.append("modal title: 1 to 45")
    if not 1 <= units(payload.get("custom_id", "")) <= 100:
        problems.append("modal custom_id: 1 to 100")
    rows = payload.get("components", [])
    if not 1 <= len(rows) <= 5:
        problems.append("modal: 1 to 5 components")
    for row in rows:
        problems += _modal_row_problems(row)
    if problems:
        raise Refused(400, 50035, "; ".join(problems))


def _modal_row_problems(row: Payload) -> Iterator[str]:
    item = row["component"] if row["type"] == _LABEL else row["components"][0]
    if row["type"] == _LABEL:
        if not 1 <= units(row["label"]) <= 45:
            yield "label: 1 to 45"
        if units(row.get("description") or "") > 100:
            yield "label description: at most 100"
    if item["type"] in _SELECTS:
        yield from _select_problems(item)
    if not 1 <= units(item.get("custom_id", "")) <= 100:
        yield "custom_id: 1 to 100"
    if item["type"] == _TEXT_INPUT:
        yield from _text_input_problems(item)


def _text_input_problems(item: Payload) -> Iterator[str]:
    if units(item.get("placeholder") or "") > 100:
        yield "placeholder: at most 100"
    least, most = item.get("min_length", 0), item.get("max_length", 4000)
    if not 0 <= least <= 4000 or not 1 <= most <= 4000 or least > most:
        yield f"a text of {least} to {most}"
    if units(item.get("value") or "") > most:
        yield f"value: {units(item['value'])} > {most}"


def _select_problems(item: Payload) -> Iterator[str]:
    least, most = item.get("min_values", 1), item.get("max_values", 1)
    if not 0 <= least <= most <= 25:
        yield f"a select with {least} to {most} values"
    if item.get("required", True) and least == 0:
        yield "a required select with no least value"
    if not least <= len(item.get("default_values") or []) <= most and item.get("default_values"):
        yield "default_values outside of min_values to max_values"


def check_choices(choices: list[Payload]) -> None:
    """Refuse what Discord would not offer to somebody who types."""
    problems = []
    if len(choices) > 25:
        problems.append(f"{len(choices)} choices > 25")
    for number, choice in enumerate(choices):
        texts = {"name": choice.get("name")}
        if not isinstance(choice.get("value"), int | float):
            texts["value"] = choice.get("value")
        for key, text in texts.items():
            if not (text or "").strip() or units(text) > 100:
                problems.append(f"choice {number} {key}: 1 to 100")
    if problems:
        raise Refused(400, 50035, "; ".join(problems))


def check_commands(commands: list[Payload]) -> None:
    """Refuse a set of commands that Discord would not register."""
    problems = []
    for command in commands:
        options = command.get("options", [])
        named = [command, *options, *(one for o in options for one in o.get("options", []))]
        for thing in named:
            names = [thing["name"], *(thing.get("name_localizations") or {}).values()]
            if command.get("type", 1) == 1 and not all(
                re.fullmatch(r"[-_'\w]{1,32}", name) and name == name.lower() for name in names
            ):
                problems.append(f"name: {names}")
            if not all(1 <= units(name) <= 32 for name in names):
                problems.append(f"name too long: {names}")
            texts = [
                thing.get("description"),
                *(thing.get("description_localizations") or {}).values(),
            ]
            if command.get("type", 1) == 1 and not all(
                text and units(text) <= 100 for text in texts
            ):
                problems.append(f"description of {thing['name']}: 1 to 100")
    if problems:
        raise Refused(400, 50035, "; ".join(problems))


def pings(payload: Payload, *, replied_to: int | None = None) -> list[str]:
    """Tell whom a message would ping; without `allowed_mentions`, everybody it names."""
    allowed = payload.get("allowed_mentions")
    found = MENTION.findall(payload.get("content") or "")
    if allowed is None:
        return found + ([f"<@{replied_to}>"] if replied_to else [])
    kinds = set(allowed.get("parse", []))
    hit = []
    for mention in found:
        kind = "everyone" if mention.startswith("@") else "roles" if "&" in mention else "users"
        named = re.sub(r"\D", "", mention) in allowed.get(kind, [])
        if kind in kinds or named:
            hit.append(mention)
    if replied_to and allowed.get("replied_user", False):
        hit.append(f"<@{replied_to}>")
    return hit


def _embed_problems(embeds: list[Payload]) -> Iterator[str]:
    if len(embeds) > 10:
        yield f"{len(embeds)} embeds > 10"
    total = 0
    for embed in embeds:
        parts = {
            "title": (embed.get("title"), 256),
            "description": (embed.get("description"), 4096),
            "footer": ((embed.get("footer") or {}).get("text"), 2048),
            "author": ((embed.get("author") or {}).get("name"), 256),
        }
        fields = embed.get("fields") or []
        if len(fields) > 25:
            yield f"{len(fields)} fields > 25"
        for number, one in enumerate(fields):
            for key, limit in (("name", 256), ("value", 1024)):
                if not one.get(key):
                    yield f"field {number}: no {key}"
                parts[f"field {number} {key}"] = (one.get(key), limit)
        for name, (text, limit) in parts.items():
            size = units(text or "")
            total += size
            if size > limit:
                yield f"embed {name}: {size} > {limit}"
    if total > 6000:
        yield f"embeds together: {total} > 6000"


def _component_problems(rows: list[Payload]) -> Iterator[str]:
    if len(rows) > 5:
        yield f"{len(rows)} rows > 5"
    if not all(row.get("type") == _ROW and 1 <= len(row["components"]) <= 5 for row in rows):
        yield "a row holds 1 to 5 components"
    items = [item for row in rows for item in row.get("components", [])]
    for item in items:
        yield from _item_problems(item)
    ids = [item["custom_id"] for item in items if "custom_id" in item]
    if len(ids) != len(set(ids)):
        yield f"a custom_id used twice: {ids}"


def _item_problems(item: Payload) -> Iterator[str]:
    label = item.get("label") or ""
    if item["type"] == _BUTTON:
        if not (label or item.get("emoji")) or units(label) > 80:
            yield "button label: 1 to 80"
    elif item["type"] not in _SELECTS:
        yield f"component of type {item['type']} in a message"
    if item["type"] == _BUTTON and item.get("style") == _LINK_BUTTON:
        if units(item.get("url", "")) > 512:
            yield "link button: at most 512"
    elif not 1 <= units(item.get("custom_id", "")) <= 100:
        yield "custom_id: 1 to 100"
