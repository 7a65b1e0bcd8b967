"""What can go wrong with articles. Errors carry values; the bot owns the words.

CorpusError
├── ArticleNotFoundError        no article has that reference
├── RejectedArticleError        what came in is not an article that can be kept
│   ├── DuplicateArticleError   the same URL or the same words are here already
│   ├── TooShortError           fewer words than an article has
│   ├── TooLongError            more characters than an article has
│   ├── NoTextError             nothing readable in it
│   ├── UnknownTypeError        neither text, Markdown, HTML nor PDF
│   ├── TooLargeError           more bytes than the limit
│   ├── DamagedFileError        a file that its own format's reader cannot read
│   ├── ExtractionFailedError   it takes too much time or memory, or breaks what reads it
│   └── UnreadableFileError     a file or folder that the system does not let us read
├── FetchError                  a URL could not be fetched
│   ├── ForbiddenAddressError   the address is private, or not http(s)
│   └── ForbiddenByRobotsError  the site's robots.txt asks not to
├── ImportLineError             a line of an import is not an article
└── StoreUnavailableError       the database cannot be read or written
    ├── DiskFullError
    └── DamagedDatabaseError
"""

from __future__ import annotations


class CorpusError(Exception):
    """Anything that this room raises on purpose."""


class ArticleNotFoundError(CorpusError):
    """No article has that reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"no article {reference!r}")
        self.reference = reference


class RejectedArticleError(CorpusError):
    """What came in is not an article that can be kept. `origin` says where it came from."""

    def __init__(self, origin: str, detail: str) -> None:
        super().__init__(f"{origin}: {detail}")
        self.origin = origin


class DuplicateArticleError(RejectedArticleError):
    """The same canonical URL (`same="url"`) or the same words (`same="text"`) are here already."""

    def __init__(self, origin: str, *, existing_id: int, existing_title: str, same: str) -> None:
        super().__init__(origin, f"has the same {same} as article {existing_id}")
        self.existing_id = existing_id
        self.existing_title = existing_title
        self.same = same


class TooShortError(RejectedArticleError):
    """Fewer words than an article has."""

    def __init__(self, origin: str, *, words: int, least: int) -> None:
        super().__init__(origin, f"{words} words, at least {least} wanted")
        self.words = words
        self.least = least


class TooLongError(RejectedArticleError):
    """More characters than an article has."""

    def __init__(self, origin: str, *, characters: int, limit: int) -> None:
        super().__init__(origin, f"{characters} characters, at most {limit} taken")
        self.characters = characters
        self.limit = limit


class NoTextError(RejectedArticleError):
    """Nothing readable in it."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin, "no text")


class UnknownTypeError(RejectedArticleError):
    """Neither text, Markdown, HTML nor PDF."""

    def __init__(self, origin: str, *, kind: str) -> None:
        super().__init__(origin, f"type {kind!r} is not known")
        self.kind = kind


class TooLargeError(RejectedArticleError):
    """More bytes than the limit; `size` is None where reading stopped at the limit."""

    def __init__(self, origin: str, *, size: int | None, limit: int) -> None:
        super().__init__(origin, f"{size or 'more'} bytes, at most {limit} taken")
        self.size = size
        self.limit = limit


class DamagedFileError(RejectedArticleError):
    """A file that its own format's reader cannot read."""

    def __init__(self, origin: str, *, kind: str) -> None:
        super().__init__(origin, f"a damaged {kind} file")
        self.kind = kind


class ExtractionFailedError(RejectedArticleError):
    """Reading it takes too much time or memory, or breaks the program. `reason` is one phrase."""

    def __init__(self, origin: str, *, reason: str) -> None:
        super().__init__(origin, reason)
        self.reason = reason


class UnreadableFileError(RejectedArticleError):
    """A file or folder that the system does not let us read. `reason` is one short phrase."""

    def __init__(self, origin: str, *, reason: str) -> None:
        super().__init__(origin, reason)
        self.reason = reason


class FetchError(CorpusError):
    """A URL could not be fetched. `reason` is one short phrase without private details."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class ForbiddenAddressError(FetchError):
    """The address is private, or not http(s)."""


class ForbiddenByRobotsError(FetchError):
    """The site's robots.txt asks not to be fetched."""


class ImportLineError(CorpusError):
    """A line of an import is not an article. `line` counts from 1."""

    def __init__(self, origin: str, *, line: int, reason: str) -> None:
        super().__init__(f"{origin}, line {line}: {reason}")
        self.origin = origin
        self.line = line
        self.reason = reason


class StoreUnavailableError(CorpusError):
    """The database cannot be read or written. `reason` is one short phrase."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class DiskFullError(StoreUnavailableError):
    """No room is left for what was to be written; nothing of it was kept."""


class DamagedDatabaseError(StoreUnavailableError):
    """The file is not a database that can be read."""
