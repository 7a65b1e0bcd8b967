"""Questions that a new index is asked before it is published. Blocking; knows no Discord."""

from __future__ import annotations

from collections.abc import Callable, Container, Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import corpus
from bot.evaluating import SetQuestion, read_questions
from bot.latest import Finder
from corpus.errors import ArticleNotFoundError
from corpus.models import Article, ArticleId
from corpus.store import ArticleStore
from index.errors import RebuildCheckError
from index.generation_writer import Phase, Progress
from index.probing import FOUND_AMONG, Probe, is_enough, spread, title_probes
from index.snapshot import Snapshot

SAMPLE_QUESTIONS: Final = Path(corpus.__file__).parent / "samples" / "questions.jsonl"

_MOST_OF_A_KIND: Final = 24


class RebuildCheck:
    """One check of one rebuild: call it with the new generation.

    It asks for stored articles by their titles, and those of the sample questions whose articles
    are stored. An index that finds fewer than four in five is published only if it finds at least
    as many as the present one: titles may be such that no index finds them.

    Attributes:
        asked: How many questions were asked.
        found: How many of them found their article.
    """

    def __init__(
        self,
        *,
        store: ArticleStore,
        finder_in: Callable[[Snapshot], Finder],
        present: Finder | None,
        questions: Path = SAMPLE_QUESTIONS,
    ) -> None:
        """Check with what is in `store`.

        `present` searches the index that is published; None where that cannot be searched.
        """
        self._store = store
        self._finder_in = finder_in
        self._present = present
        self._questions = questions
        self.asked = 0
        self.found = 0

    def __call__(self, made: Snapshot) -> Iterator[Progress]:
        """Ask question by question.

        Raises:
            RebuildCheckError: The new generation must not be published.
        """
        probes = self._probes(made)
        self.asked, self.found = len(probes), 0
        self.found = yield from _count_found(probes, self._finder_in(made))
        if is_enough(self.found, self.asked):
            return
        before = 0
        if self._present is not None:
            before = yield from _count_found(probes, self._present)
        if self.found < before or not self.found:
            raise RebuildCheckError(asked=self.asked, found=self.found)

    def _probes(self, made: Snapshot) -> list[Probe]:
        ids = made.table.entries().keys()
        articles = self._store.get_many(spread(sorted(ids), _MOST_OF_A_KIND)).values()
        return title_probes(articles) + self._sample_probes(ids)

    def _sample_probes(self, indexed: Container[ArticleId]) -> list[Probe]:
        """Take the sample questions whose quotes stand in indexed articles of that name."""
        questions = [one for one in read_questions(self._questions) if one.article_ids]
        known: dict[str, Article] = {}
        for name in {name for one in questions for name in one.article_ids}:
            with suppress(ArticleNotFoundError):
                article = self._store.find(name)
                if article.id in indexed:  # others came while it was built
                    known[name] = article
        asked = [
            Probe(one.text, frozenset(known[name].id for name in one.article_ids))
            for one in questions
            if _is_about(one, known)
        ]
        return spread(asked, _MOST_OF_A_KIND)


def _is_about(question: SetQuestion, known: dict[str, Article]) -> bool:
    if not (question.answerable and question.quotes):
        return False
    if not all(name in known for name in question.article_ids):
        return False
    texts = [known[name].text for name in question.article_ids]
    return all(any(quote in text for text in texts) for quote in question.quotes)


def _count_found(probes: Sequence[Probe], finder: Finder) -> Generator[Progress, None, int]:
    count = 0
    for done, probe in enumerate(probes):
        yield Progress(done, len(probes), Phase.CHECKING)
        found = finder.retrieve(probe.question, limit=FOUND_AMONG)
        count += probe.is_found([ranked.article.id for ranked in found.articles])
    return count
