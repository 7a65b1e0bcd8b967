"""Articles to index, and what an index holds in a form that can be compared with another's."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from corpus.models import ArticleId, Draft, Precision, PublicationDate
from index.indexer import Indexer, finish
from index.models import Passage
from index.snapshot import Snapshot
from tests.fakes.embedder import HashingEmbedder

WORDS = [
    f"{first}{last}" for first in ("ba", "ke", "lo", "mu", "ri") for last in ("dan", "gop", "sti")
]
QUERIES = ["badan kegop", "lodan", "mugop ridan bagop", "absent"]


def draft(number: int, **changes: object) -> Draft:
    """Make an article that is the same whenever its number is; of one to some passages."""
    seeded = random.Random(number)
    sentences = (
        " ".join(seeded.choices(WORDS, k=seeded.randint(4, 20))).capitalize() + f" {number}."
        for _ in range(seeded.randint(2, 24))
    )
    given: dict[str, object] = {
        "text": " ".join(sentences),
        "origin": "test",
        "title": f"Title {number}",
        "language": seeded.choice(["en", "fr"]),
        "outlet": seeded.choice(["The Ledger", "Le Carnet", None]),
        "published": PublicationDate(date(2023, 1 + number % 12, 1 + number % 28), Precision.DAY),
    }
    return Draft(**{**given, **changes})  # type: ignore[arg-type]  # the keys are Draft's


def drafts(first: int, last: int) -> list[Draft]:
    return [draft(number) for number in range(first, last + 1)]


def indexer_of(store: object, folder: Path, **changes: object) -> Indexer:
    """Make an indexer whose files are in `folder`, with a hashing embedder if no other is given."""
    asked = {"embedder": HashingEmbedder(), "directory": folder / "index", **changes}
    return Indexer(store=store, **asked)  # type: ignore[arg-type]  # passed on as it came


def contents(snapshot: Snapshot) -> dict[str, object]:
    """Tell all that can be found, without the ids of passages, which differ from build to build."""
    everything = list(range(snapshot.position.passage + 1))
    passages = {passage.id: passage for passage in snapshot.passages(everything)}
    assert len(passages) == len(snapshot) == len(snapshot.vectors) == len(snapshot.lexical)
    limit = len(passages) + 1
    embedder = HashingEmbedder()

    def place(passage: Passage) -> tuple[int, int, int, int]:
        return passage.article_id, passage.ordinal, passage.span.start, passage.span.end

    found: dict[str, object] = {
        "articles": snapshot.articles,
        "newest": snapshot.newest,
        "languages": snapshot.languages(),
        "outlets": snapshot.outlets(),
        "passages": sorted((*place(passage), passage.language) for passage in passages.values()),
    }
    for query in QUERIES:
        hits = snapshot.vectors.search(embedder.embed_query(query), limit=limit)
        found[f"close to {query}"] = sorted(
            (-round(hit.similarity, 4), place(passages[hit.passage_id])) for hit in hits
        )
        for language in ("en", "fr"):
            words = [{word: 1.0} for word in query.split()]
            by_words = snapshot.lexical.search(words, language=language, limit=limit)
            found[f"{language} words of {query}"] = sorted(
                place(passages[hit.passage_id]) for hit in by_words
            )
    return found


def rebuilt_contents(indexer: Indexer) -> dict[str, object]:
    """Tell what a build of everything anew holds."""
    finish(indexer.rebuild(full=True))
    return contents(indexer.snapshot)


def ranked(snapshot: Snapshot) -> dict[str, list[tuple[float, ArticleId, int]]]:
    """Tell what the words of each query find in each language, with its share, best first."""
    found = {}
    for query in QUERIES:
        for language in ("en", "fr"):
            words = [{word: 1.0} for word in query.split()]
            hits = snapshot.lexical.search(words, language=language, limit=len(snapshot) + 1)
            places = snapshot.passages([hit.passage_id for hit in hits])
            found[f"{language} {query}"] = sorted(
                (-round(hit.share, 5), place.article_id, place.ordinal)
                for hit, place in zip(hits, places, strict=True)
            )
    return found
