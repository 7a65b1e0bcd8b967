"""A generator that says what the test wrote."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.errors import GenerationError, UnusableAnswerError
from bot.answering.generator import Message, Reply


class ScriptedGenerator:
    """Gives each reply of its script in turn, the last one again and again; raises errors in it.

    `asked` are the conversations so far, `tokens` what each is said to cost.
    """

    def __init__(self, *script: str | GenerationError) -> None:
        self._script = list(script)
        self.asked: list[tuple[Message, ...]] = []
        self.tokens: int | None = None

    async def generate(self, messages: Sequence[Message]) -> Reply:
        self.asked.append(tuple(messages))
        line = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(line, GenerationError):
            raise line
        if not line.strip():
            reason = "an empty reply"
            raise UnusableAnswerError(reason)
        return Reply(line, self.tokens)
