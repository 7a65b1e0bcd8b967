"""What must be stored after a crash: everything acknowledged, and nothing that never was."""

from __future__ import annotations

from collections.abc import Mapping

from tests.crash.life import Acknowledged, Begun


class LostError(AssertionError):
    """Articles are not as they were acknowledged."""


class Book:
    """The title of each article that was acknowledged, by external id, and what is still open."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.acknowledged = 0
        self._open: dict[str, str | None] = {}

    def note(self, told: Begun | Acknowledged) -> None:
        """Take down what a process told."""
        if isinstance(told, Begun):
            self._open |= told.titles
            return
        self.acknowledged += len(told.titles)
        for name, title in told.titles.items():
            self._open.pop(name, None)
            self._set(name, title)

    def settle(self, stored: Mapping[str, str]) -> set[str]:
        """Compare with what is stored; a deed that was open may have been done or not.

        Returns:
            The external ids of the articles that were open.

        Raises:
            LostError: Something acknowledged is not there, or something else is.
        """
        wrong = {
            name: (self.titles.get(name), stored.get(name))
            for name in {*self.titles, *stored, *self._open}
            if stored.get(name) not in self._allowed(name)
        }
        if wrong:
            msg = f"acknowledged and stored: {wrong}"
            raise LostError(msg)
        opened = set(self._open)
        self.titles, self._open = dict(stored), {}
        return opened

    def _allowed(self, name: str) -> set[str | None]:
        allowed = {self.titles.get(name)}
        if name in self._open:
            allowed.add(self._open[name])
        return allowed

    def _set(self, name: str, title: str | None) -> None:
        if title is None:
            self.titles.pop(name, None)
        else:
            self.titles[name] = title
