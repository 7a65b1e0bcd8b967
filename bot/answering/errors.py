"""What can go wrong with answering. Errors carry values; the bot owns the words.

AnsweringError
├── QuestionError                what was asked is no question
│   ├── EmptyQuestionError       no word in it
│   ├── SmallTalkError           a greeting or thanks
│   └── QuestionTooLongError     more characters than the limit
├── GenerationError              the language model gave no answer that can be shown
│   ├── GeneratorUnreachableError  no connection, a cut one, or the server failed
│   ├── GeneratorTimeoutError      no answer within the time limit
│   ├── GeneratorRefusedError      the server refused: key, quota, model name
│   ├── UnusableAnswerError        a reply in which nothing is proven
│   ├── ModelRestingError          it failed before, and is left alone for a while
│   ├── BudgetSpentError           the tokens of today are spent, by all together
│   ├── OwnBudgetSpentError        the tokens of today are spent, by this person
│   └── BudgetUnknownError         nobody knows how many tokens are left
├── ReaderUnavailableError       the shipped reader cannot be loaded
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


class SmallTalkError(QuestionError):
    """A greeting or thanks."""

    def __init__(self) -> None:
        super().__init__("nothing is asked")


class QuestionTooLongError(QuestionError):
    """More characters than the limit."""

    def __init__(self, *, length: int, limit: int) -> None:
        super().__init__(f"{length} characters, at most {limit} taken")
        self.length = length
        self.limit = limit


class ReaderUnavailableError(AnsweringError):
    """The shipped reader cannot be loaded. `reason` is one short phrase."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


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
    """The server refused; `status` is its HTTP status (401 key, 404 model, 429 quota).

    `retry_after_s` is for how long it asks to be left alone, None if it does not say.
    """

    def __init__(self, *, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(f"refused with status {status}")
        self.status = status
        self.retry_after_s = retry_after_s


class UnusableAnswerError(GenerationError):
    """A reply in which nothing is proven."""


class ModelRestingError(GenerationError):
    """The model failed before, and is not asked for `rests_s` more seconds."""

    def __init__(self, *, rests_s: float) -> None:
        super().__init__(f"not asked for {rests_s:.0f} s more")
        self.rests_s = rests_s


class BudgetSpentError(GenerationError):
    """Of the tokens of today, `per_day` for all together, not enough are left."""

    def __init__(self, *, per_day: int) -> None:
        super().__init__(f"the {per_day} tokens of today are spent")
        self.per_day = per_day


class OwnBudgetSpentError(GenerationError):
    """Of the tokens of today, `per_day` for each person, this one has not enough left."""

    def __init__(self, *, per_day: int) -> None:
        super().__init__(f"the {per_day} tokens of one person today are spent")
        self.per_day = per_day


class BudgetUnknownError(GenerationError):
    """Nobody knows how many tokens are left: the file cannot be used."""


class GeneratorSettingsError(AnsweringError):
    """`setting` names the setting that no language model can be built from; never its value."""

    def __init__(self, *, setting: str, reason: str) -> None:
        super().__init__(f"{setting}: {reason}")
        self.setting = setting
        self.reason = reason


class CitationMismatchError(AnsweringError):
    """Marks and citations of an answer disagree: a bug of ours, never the member's doing."""
