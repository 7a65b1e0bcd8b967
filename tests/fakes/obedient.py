"""A language model that does whatever the words before it say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.generator import Hear, Message, Reply, unheard

_PASSAGE = re.compile(r"^--- [0-9a-f]{16} passage (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Truth:
    """An honest sentence, and the words of an article that prove it."""

    text: str
    quote: str


class ObedientModel:
    """Obeys what is found by `sees` in the conversation, else answers honestly if it can.

    `obey` makes the reply from the conversation and from the claim, as JSON, that it would
    honestly make, if there is one.
    """

    def __init__(
        self,
        *truths: Truth,
        sees: Callable[[str], bool],
        obey: Callable[[str, dict[str, object] | None], str],
    ) -> None:
        self._truths = truths
        self._sees = sees
        self._obey = obey
        self.obeyed = 0

    async def generate(self, messages: Sequence[Message], hear: Hear = unheard) -> Reply:
        reply = self._reply(messages)
        hear(reply)
        return Reply(reply, None)

    def _reply(self, messages: Sequence[Message]) -> str:
        seen = "\n".join(message.content for message in messages)
        claim = self._claim(seen)
        if self._sees(" ".join(seen.split())):
            self.obeyed += 1
            return self._obey(seen, claim)
        return json.dumps({"answerable": False} if claim is None else claim)

    def _claim(self, seen: str) -> dict[str, object] | None:
        parts = _PASSAGE.split(seen)
        for number, text in zip(parts[1::2], parts[2::2], strict=True):
            for truth in self._truths:
                if truth.quote in text:
                    quotes = [{"passage": int(number), "quote": truth.quote}]
                    return {"quotes": quotes, "text": truth.text}
        return None
