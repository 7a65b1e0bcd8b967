"""What can go wrong with finding. Errors carry values; the bot owns the words.

SearchError
├── ModelUnavailableError    the embedding model or the reranker cannot be loaded
├── IndexBusyError           another process is writing to the index
├── IndexMismatchError       another model built the index, and it may not be built anew now
├── IndexUnavailableError    the index files cannot be read or written (disk full, read-only)
└── NothingToRollBackError   there is no earlier generation
"""

from __future__ import annotations


class SearchError(Exception):
    """Anything that this room raises on purpose."""


class ModelUnavailableError(SearchError):
    """A model cannot be loaded. `setting` names it; `reason` is one short phrase."""

    def __init__(self, model: str, reason: str, *, setting: str) -> None:
        super().__init__(f"{setting} {model}: {reason}")
        self.model = model
        self.reason = reason
        self.setting = setting


class IndexBusyError(SearchError):
    """Another process is writing to the index."""

    def __init__(self, directory: str) -> None:
        super().__init__(f"{directory} is locked by another process")
        self.directory = directory


class IndexMismatchError(SearchError):
    """Another model built the index, and it may not be built anew now."""

    def __init__(self, *, built_with: str, wanted: str) -> None:
        super().__init__(f"built with {built_with!r}, {wanted!r} wanted")
        self.built_with = built_with
        self.wanted = wanted


class IndexUnavailableError(SearchError):
    """The index files cannot be read or written. `reason` is one short phrase."""

    def __init__(self, directory: str, reason: str) -> None:
        super().__init__(f"{directory}: {reason}")
        self.directory = directory
        self.reason = reason


class NothingToRollBackError(SearchError):
    """There is no earlier generation."""


class RebuildCheckError(SearchError):
    """A new generation found too few of the articles it was asked for, and is not published."""

    def __init__(self, *, asked: int, found: int) -> None:
        super().__init__(f"{found} of {asked} questions found their article")
        self.asked = asked
        self.found = found
