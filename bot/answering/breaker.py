"""A breaker between us and a language model that fails: quotes at once, instead of after a wait.

Our own, because the libraries for it (purgatory, aiobreaker) read the wall clock, which jumps, and
let everybody through as soon as one attempt is due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from bot.answering.errors import (
    GeneratorRefusedError,
    GeneratorTimeoutError,
    GeneratorUnreachableError,
    ModelRestingError,
    UnusableAnswerError,
)

log = logging.getLogger(__name__)

_FAILURES: Final = (
    GeneratorRefusedError,
    GeneratorTimeoutError,
    GeneratorUnreachableError,
    UnusableAnswerError,
)
_TOO_MANY_REQUESTS: Final = 429
_LONGEST_ASKED_S: Final = 86_400.0


class Breaker:
    """Opens after failures in a row, or when the server asks for a pause; then one attempt decides.

    While it is open, nothing gets through. When the pause is over, one attempt does: if it
    succeeds, all is as before; if it fails, the next pause is twice as long.

    Args:
        clock: Seconds that only ever grow.
        most_failures: As many in a row open it.
        rest_s: The first pause.
        longest_rest_s: Pauses do not grow beyond this, unless the server asks for a longer one.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        most_failures: int = 3,
        rest_s: float = 30.0,
        longest_rest_s: float = 600.0,
    ) -> None:
        self._clock = clock
        self._most_failures = most_failures
        self._first_rest_s = self._rest_s = rest_s
        self._longest_rest_s = longest_rest_s
        self._failures = 0
        self._open_until: float | None = None
        self._is_probing = False

    @property
    def rests_s(self) -> float | None:
        """For how many seconds nothing gets through; 0 if an attempt is due, None if closed."""
        if self._open_until is None:
            return None
        return max(0.0, self._open_until - self._clock())

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Run a block that asks the model, and learn from how it ends.

        Raises:
            ModelRestingError: It is not to be asked now.
        """
        is_probe = self._open_until is not None
        if is_probe:
            rests_s = self.rests_s or 0.0
            if rests_s > 0 or self._is_probing:
                raise ModelRestingError(rests_s=rests_s)
            self._is_probing = True
        try:
            yield
        except _FAILURES as error:
            self._note_failure(error, is_probe=is_probe)
            raise
        else:
            self._close()
        finally:
            if is_probe:
                self._is_probing = False

    def _note_failure(self, error: Exception, *, is_probe: bool) -> None:
        if self._open_until is not None and not is_probe:
            return  # it was begun before the pause, and adds nothing to what is known
        asked_s = None
        if isinstance(error, GeneratorRefusedError) and error.status == _TOO_MANY_REQUESTS:
            asked_s = error.retry_after_s or 0.0
        self._failures += 1
        if is_probe or asked_s is not None or self._failures >= self._most_failures:
            pause_s = max(self._rest_s, min(asked_s or 0.0, _LONGEST_ASKED_S))
            log.warning("the language model rests for %.0f s: %s", pause_s, error)
            self._open_until = self._clock() + pause_s
            self._rest_s = min(2 * self._rest_s, max(self._longest_rest_s, self._first_rest_s))

    def _close(self) -> None:
        if self._open_until is not None:
            log.warning("the language model is back")
        self._open_until = None
        self._failures = 0
        self._rest_s = self._first_rest_s
