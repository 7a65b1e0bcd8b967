"""Sentences of articles as evidence, without a model."""

from __future__ import annotations

from bot.answering.evidence import Evidence
from bot.answering.sentence_features import FEATURE_NAMES, SentenceFeatures
from corpus.models import Article
from index.sentences import sentences

NO_FEATURES = SentenceFeatures(**dict.fromkeys(FEATURE_NAMES, 0.0))


def evidence(*chosen: tuple[Article, int, float]) -> list[Evidence]:
    """Take the sentences with these numbers, at these scores."""
    return [
        Evidence(of, sentences(of.text)[number], NO_FEATURES, score) for of, number, score in chosen
    ]
