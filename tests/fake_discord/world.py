"""What a Discord holds: messages, and what came of each interaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fake_discord import rules
from tests.fake_discord.rules import Payload

if TYPE_CHECKING:
    from tests.fake_discord.server import FakeDiscord

EPHEMERAL = 1 << 6
LOADING = 1 << 7


@dataclass(eq=False)
class Message:
    """A message as it stands; `payload` is what Discord would send of it."""

    payload: Payload
    pings: list[str] = field(default_factory=list)
    edits: int = 0

    @property
    def id(self) -> int:
        return int(self.payload["id"])

    @property
    def is_private(self) -> bool:
        return bool(self.payload["flags"] & EPHEMERAL)

    @property
    def is_thinking(self) -> bool:
        return bool(self.payload["flags"] & LOADING)

    @property
    def text(self) -> str:
        """All that a person reads of it, from top to bottom."""
        parts = [self.payload["content"]]
        for embed in self.payload["embeds"]:
            parts += [embed.get("title"), embed.get("description")]
            for one in embed.get("fields", []):
                parts += [one["name"], one["value"]]
            parts.append((embed.get("footer") or {}).get("text"))
        return "\n".join(part for part in parts if part)

    @property
    def named(self) -> list[str]:
        """The people and roles that it names, which an embed shows without a ping."""
        return rules.MENTION.findall(self.text)

    @property
    def buttons(self) -> dict[str, Payload]:
        """The buttons by what stands on them."""
        return {
            (item.get("label") or item["emoji"]["name"]): item
            for row in self.payload["components"]
            for item in row["components"]
            if item["type"] == 2
        }


@dataclass(eq=False)
class Reply:
    """What the bot made of one interaction."""

    discord: FakeDiscord
    id: int
    token: str
    kind: int
    channel_id: int
    user_id: int
    begun: float
    asked_from: Message | None = None
    response: int | None = None
    first_reply_after: float | None = None
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    modal: Payload | None = None
    choices: list[Payload] | None = None

    async def message(self, number: int = 0) -> Message:
        """Wait for the bot's message with that number, once it is more than "thinking"."""

        def there() -> bool:
            return len(self.messages) > number and not self.messages[number].is_thinking

        await self.discord.until(there, f"message {number} of the reply")
        return self.messages[number]

    async def opened_modal(self) -> Payload:
        await self.discord.until(lambda: self.modal is not None, "a modal")
        assert self.modal is not None
        return self.modal

    async def acknowledged(self) -> None:
        await self.discord.until(lambda: self.response is not None, "a first reply")


def modal_inputs(modal: Payload) -> dict[str, dict[str, Any]]:
    """The inputs of a modal by their label."""
    found = {}
    for row in modal["components"]:
        item = row["component"] if row["type"] == 18 else row["components"][0]
        found[row.get("label") or item["label"]] = item
    return found
