"""A generator that says what the test wrote."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.errors import GenerationError
from bot.answering.generator import (
    Hear,
    Message,
    Reply,
    check_length,
    check_not_blank,
    unheard,
)

Line = str | GenerationError | tuple[str, GenerationError]


class ScriptedGenerator:
    """Gives each reply of its script in turn, the last one again and again; raises errors in it.

    A reply with an error breaks off with it. `asked` are the conversations so far, `tokens` what
    each is said to cost.
    """

    def __init__(self, *script: Line) -> None:
        self._script = list(script)
        self.asked: list[tuple[Message, ...]] = []
        self.tokens: int | None = None

    async def generate(self, messages: Sequence[Message], hear: Hear = unheard) -> Reply:
        self.asked.append(tuple(messages))
        line = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(line, GenerationError):
            raise line
        text, broken_off = line if isinstance(line, tuple) else (line, None)
        for start in range(0, len(text), 7):
            check_length(text[: start + 7])
            hear(text[start : start + 7])
        if broken_off is not None:
            raise broken_off
        check_not_blank(text)
        return Reply(text, self.tokens)
