"""What can go wrong with answering. Errors carry values; the bot owns the words.

AnsweringError
├── QuestionError                what was asked is no question
│   ├── EmptyQuestionError       no word in it
│   └── QuestionTooLongError     more characters than the limit
├── GenerationError              the language model gave no answer that can be shown
│   ├── GeneratorUnreachableError  no connection, a cut one, or the server failed
│   ├── GeneratorTimeoutError      no answer within the time limit
│   ├── GeneratorRefusedError      the server refused: key, quota, model name
│   └── UnusableAnswerError        a reply in which nothing is proven
├── GeneratorSettingsError       a setting that no language model can be built from
└── CitationMismatchError        marks and citations of an answer disagree: a bug of ours
"""

from __future__ import annotations


class AnsweringError(Exception):
    """Anything that this room raises on purpose."""


class QuestionError(AnsweringError):
    """What was asked is no question."""


class EmptyQuestionError(QuestionError):
    """No word in it."""

    def __init__(self) -> None:
        super().__init__("no word in the question")


class QuestionTooLongError(QuestionError):
    """More characters than the limit."""

    def __init__(self, *, length: int, limit: int) -> None:
        super().__init__(f"{length} characters, at most {limit} taken")
        self.length = length
        self.limit = limit


class GenerationError(AnsweringError):
    """The language model gave no answer that can be shown. `reason` is one short phrase.

    The phrase never holds what the server wrote: servers repeat keys and prompts in their errors.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GeneratorUnreachableError(GenerationError):
    """No connection, a cut one, or the server failed (5xx)."""


class GeneratorTimeoutError(GenerationError):
    """No answer within the time limit, all attempts together."""

    def __init__(self, *, timeout_s: float) -> None:
        super().__init__(f"no answer within {timeout_s:g} s")
        self.timeout_s = timeout_s


class GeneratorRefusedError(GenerationError):
    """The server refused; `status` is its HTTP status (401 key, 404 model, 429 quota)."""

    def __init__(self, *, status: int) -> None:
        super().__init__(f"refused with status {status}")
        self.status = status


class UnusableAnswerError(GenerationError):
    """A reply in which nothing is proven."""


class GeneratorSettingsError(AnsweringError):
    """`setting` names the setting that no language model can be built from; never its value."""

    def __init__(self, *, setting: str, reason: str) -> None:
        super().__init__(f"{setting}: {reason}")
        self.setting = setting
        self.reason = reason


class CitationMismatchError(AnsweringError):
    """Marks and citations of an answer disagree: a bug of ours, never the member's doing."""
