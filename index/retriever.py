"""From a question to ranked passages: understand, search by meaning and by words, rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Protocol

import numpy as np

from corpus.languages import detect_language
from corpus.models import Article, ArticleId
from corpus.store import ArticleStore
from index.analysis import LANGUAGES, fold, passage_terms, tokens
from index.embedder import Embedder
from index.lexicon import query_words
from index.models import IndexState, Passage, PassageId, Period, RetrievedPassage, Vector
from index.query import Event, Query, understand
from index.ranking import LEXICAL_WEIGHT, Features, coverage, score, time_features
from index.reranker import Reranker
from index.retrieval import RankedArticle, Retrieval, Words
from index.same_event import same_event
from index.snapshot import Snapshot

_PASSAGES_PER_SEARCH: Final = 48
_CANDIDATES_PER_LANGUAGE: Final = 14
_MOST_PER_ARTICLE: Final = 3
_RERANKED_ARTICLES: Final = 10
_GROUPED_ARTICLES: Final = 8
_LEAST_EVENT_COVERAGE: Final = 0.6
_MOST_GROUPS: Final = 4
_REMEMBERED_ARTICLES: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Search:
    """Where to search: a snapshot, and what of it may be found."""

    snapshot: Snapshot
    bounds: Period | None
    outlet: str | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    similarity: float
    share: float

    @property
    def strength(self) -> float:
        return self.similarity + LEXICAL_WEIGHT * self.share


class Searched(Protocol):
    """What is searched; `index.indexer.Indexer` is it."""

    @property
    def snapshot(self) -> Snapshot:
        """The generation to search."""

    def refresh(self) -> None:
        """Follow what others published or wrote."""


class OneSnapshot:
    """Always the same generation, whatever is published."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def refresh(self) -> None:
        """Follow nothing."""


class Retriever:
    """Finds the passages that answer a question. Blocking; one thread at a time."""

    def __init__(
        self,
        *,
        store: ArticleStore,
        indexer: Searched,
        embedder: Embedder,
        today: Callable[[], date],
        reranker: Reranker | None = None,
    ) -> None:
        """Search what `indexer` has published.

        `today` is the clock of relative dates. A `reranker` puts the best articles in order anew.
        """
        self._store = store
        self._indexer = indexer
        self._embedder = embedder
        self._today = today
        self._reranker = reranker
        self._terms: dict[tuple[ArticleId, str], frozenset[str]] = {}

    def retrieve(
        self,
        question: str,
        *,
        asked_at: date | None = None,
        since: date | None = None,
        until: date | None = None,
        outlet: str | None = None,
        limit: int = 20,
    ) -> Retrieval:
        """Find and rank.

        Args:
            question: As typed.
            asked_at: The day of the question, today if None; what was published later is hidden.
            since: Only articles that may be published on this day or later.
            until: Only articles that may be published on this day or earlier.
            outlet: Only articles of this outlet.
            limit: Most articles to return.

        Returns:
            At most `limit` articles, each with at most three passages. None if nothing is indexed.
            The newest that `index` names is the newest that `asked_at` may know.
        """
        query = understand(
            question, today=asked_at or self._today(), detect_language=detect_language
        )
        last = min((day for day in (until, asked_at) if day), default=None)
        self._indexer.refresh()
        search = _Search(
            snapshot=self._indexer.snapshot,
            bounds=Period(since, last) if since or last else None,
            outlet=outlet,
        )
        if query.event is not None:
            query = replace(query, period=self._period_of(query.event, query, search))
        vector, words, ranked = self._search(query, search)
        snapshot = search.snapshot
        newest = snapshot.newest_until(asked_at) if asked_at else snapshot.newest
        state = IndexState(snapshot.generation, snapshot.revision, snapshot.articles, newest)
        best = self._reranked(question, ranked)[:limit]
        grouped = best[:_GROUPED_ARTICLES]
        return Retrieval(
            query=query,
            articles=tuple(best),
            same_event=same_event(
                [one.article for one in grouped],
                snapshot.vectors_of([one.passages[0].passage.id for one in grouped]),
            ),
            words=words,
            vector=vector,
            index=state,
        )

    def _search(
        self, query: Query, search: _Search
    ) -> tuple[Vector, dict[str, Words], list[RankedArticle]]:
        """Search by meaning and by words, and rank the articles; give the question's forms, too."""
        snapshot = search.snapshot
        words: dict[str, Words] = {
            language: query_words(
                query.text, question_language=query.language, passage_language=language
            )
            for language in snapshot.languages()
        }
        vector = self._embedder.embed_query(query.text)
        candidates = self._candidates(search, vector, words)
        worth: dict[str, Words] = {
            language: [
                {t: w * snapshot.lexical.rarity(t, language) for t, w in alternatives.items()}
                for alternatives in words[language]
            ]
            for language in words
        }
        return vector, worth, self._rank(query, worth, candidates)

    def _period_of(self, event: Event, query: Query, search: _Search) -> Period | None:
        """The days before or after an event, by the date of the article that tells of it.

        None if no article has most of the event's words, or the one that does has no date.
        """
        asked = replace(query, text=event.words, event=None, wants_latest=False)
        _, _, ranked = self._search(asked, search)
        if not ranked or ranked[0].features.coverage < _LEAST_EVENT_COVERAGE:
            return None
        published = ranked[0].article.published
        if published is None:
            return None
        if event.is_after:
            return Period(published.first, None)
        return Period(None, published.first - timedelta(days=1))

    def _candidates(
        self, search: _Search, vector: Vector, words: Mapping[str, Words]
    ) -> list[_Candidate]:
        """Search languages on their own, so that none crowds out another."""
        snapshot, bounds = search.snapshot, search.bounds
        similarities: dict[PassageId, float] = {}
        shares: dict[PassageId, float] = {}
        groups = _searched_together(list(words))
        for group in groups:
            allowed = snapshot.mask(
                languages=group if len(groups) > 1 else None,
                since=bounds.since if bounds else None,
                until=bounds.until if bounds else None,
                outlet=search.outlet,
            )
            for hit in snapshot.vectors.search(vector, limit=_PASSAGES_PER_SEARCH, allowed=allowed):
                similarities[hit.passage_id] = hit.similarity
            for found in snapshot.lexical.search(
                words[group[0]], language=group[0], limit=_PASSAGES_PER_SEARCH, period=bounds
            ):
                # Another process may have added passages since the mask was made.
                if allowed is None or (
                    found.passage_id < len(allowed) and allowed[found.passage_id]
                ):
                    shares[found.passage_id] = found.share
        unseen = [passage_id for passage_id in shares if passage_id not in similarities]
        products = snapshot.vectors_of(unseen) @ vector if unseen else np.empty(0)
        similarities.update(zip(unseen, map(float, products), strict=True))
        return [
            _Candidate(passage, similarities[passage.id], shares.get(passage.id, 0.0))
            for passage in snapshot.passages(sorted(similarities))
        ]

    def _rank(
        self,
        query: Query,
        words: Mapping[str, Words],
        candidates: Sequence[_Candidate],
    ) -> list[RankedArticle]:
        by_article: dict[ArticleId, list[_Candidate]] = defaultdict(list)
        for candidate in sorted(candidates, key=lambda c: (-c.strength, c.passage.id)):
            by_article[candidate.passage.article_id].append(candidate)
        chosen = _best_of_each_language(by_article)
        articles = self._store.get_many(chosen)
        newest = max(
            (article.published for article in articles.values() if article.published),
            key=lambda published: published.first,
            default=None,
        )
        question = _folded_words(query.text)
        ranked = []
        for article_id, article in articles.items():
            found = chosen[article_id]
            terms = words.get(article.language, ())
            in_period, recency, latest = time_features(query, article.published, newest)
            features = Features(
                passage=found[0].strength,
                coverage=coverage(terms, self._terms_of(article)),
                title_coverage=coverage(terms, _title_terms(article)),
                in_period=in_period,
                recency=recency,
                latest=latest,
                outlet=float(
                    bool(article.outlet) and _folded_words(article.outlet or "") in question
                ),
            )
            same_language = article.language == query.language
            total = score(features, same_language=same_language)
            ranked.append(
                RankedArticle(
                    article=article,
                    features=features,
                    same_language=same_language,
                    score=total,
                    passages=tuple(
                        RetrievedPassage(
                            passage=candidate.passage,
                            article=article,
                            similarity=candidate.similarity,
                            score=total + candidate.strength - found[0].strength,
                        )
                        for candidate in found[:_MOST_PER_ARTICLE]
                    ),
                )
            )
        return sorted(ranked, key=lambda r: (-r.score, r.article.id))

    def _reranked(self, question: str, ranked: list[RankedArticle]) -> list[RankedArticle]:
        """Let the reranker decide the order of the best; scores keep their scale and fall on."""
        if self._reranker is None:
            return ranked
        best, rest = ranked[:_RERANKED_ARTICLES], ranked[_RERANKED_ARTICLES:]
        texts = [f"{p.article.title}\n{p.text}" for one in best for p in one.passages]
        judged = iter(self._reranker.judge(question, texts))
        judgement = {one.article.id: max(next(judged) for _ in one.passages) for one in best}
        order = sorted(best, key=lambda one: (-judgement[one.article.id], one.article.id))
        scores = [one.score for one in best]
        return [replace(one, score=s) for one, s in zip(order, scores, strict=True)] + rest

    def _terms_of(self, article: Article) -> frozenset[str]:
        """All terms of an article, remembered for a while since popular articles come again."""
        key = (article.id, article.content_hash)
        if key not in self._terms:
            if len(self._terms) >= _REMEMBERED_ARTICLES:
                self._terms.clear()
            text = f"{article.title}\n{article.text}"
            self._terms[key] = frozenset(passage_terms(text, article.language))
        return self._terms[key]


def _searched_together(languages: Sequence[str]) -> list[list[str]]:
    """Group languages, those with most passages first: the rest of those without an analyser.

    Such languages share words anyway, and an article may be in one only by a mistake.
    """
    own = [code for code in languages if code in LANGUAGES]
    others = [code for code in languages if code not in LANGUAGES]
    alone = max(0, _MOST_GROUPS - 1 - len(own))
    groups = [[code] for code in (*own, *others[:alone])]
    return [*groups, others[alone:]] if others[alone:] else groups


def _folded_words(text: str) -> str:
    """The words alone, each between spaces, so that one name can be looked for in a question."""
    return f" {' '.join(fold(token) for token in tokens(text))} "


def _best_of_each_language(
    by_article: Mapping[ArticleId, list[_Candidate]],
) -> dict[ArticleId, list[_Candidate]]:
    """Keep as many articles of each language, so that no language crowds out another."""
    kept: dict[ArticleId, list[_Candidate]] = {}
    counts: dict[str, int] = defaultdict(int)
    for article_id, found in by_article.items():
        language = found[0].passage.language
        counts[language] += 1
        if counts[language] <= _CANDIDATES_PER_LANGUAGE:
            kept[article_id] = found
    return kept


def _title_terms(article: Article) -> frozenset[str]:
    return frozenset(passage_terms(f"{article.title} {article.outlet or ''}", article.language))
