"""What the work on the index comes to: values that tell of it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.models import Revision
from index.generations import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """What catching up took in: articles written, their passages, and articles removed."""

    articles: int
    passages: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A published rebuild.

    `written` of the `articles` were cut and analysed anew, the others were taken over; `embedded`
    of the `passages` had no vector yet.
    """

    generation: int
    articles: int
    passages: int
    written: int
    embedded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """Where the index stands.

    `outdated` names what it was built with and is set otherwise now: "model", "chunker",
    "analyser". `previous` is the generation that can be rolled back to. `behind` counts the changes
    of the corpus that are not covered.
    """

    manifest: Manifest
    previous: int | None
    revision: Revision
    behind: int
    articles: int
    passages: int
    languages: dict[str, int]
    approximate: bool
    outdated: tuple[str, ...]
