"""What speaks for one sentence of an article as an answer; pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from typing import Final

from bot.answering.reader import UNREAD
from index.analysis import fold, tokens
from index.query import Kind, Query

_REASONS: Final = re.compile(
    r"\b(because|due to|owing to|reasons?|in order to|so that|as a result|why|explain\w*|over"
    r" concerns?|in response|blam\w+|parce qu\w*|en raison|à cause|afin|pour que|raisons?|motifs?"
    r"|puisqu\w*|faute de|expliqu\w+|pourquoi|suite à|en réponse|grâce à|reproch\w+|justifi\w+)\b",
    re.IGNORECASE,
)
_CAUSES: Final = re.compile(
    r"\b(since|caus\w+|after|meant|accus\w+|cit(?:ed|ing)|argu\w+|say(?:s|ing)|said|car|caus\w+"
    r"|estim\w+|jug\w+|dénonc\w+|après|il s['’]agit)\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"\b(?:(?:19|20)\d\d|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february"
    r"|march|april|may|june|july|august|september|october|november|december|lundi|mardi|mercredi"
    r"|jeudi|vendredi|samedi|dimanche|janvier|février|mars|avril|mai|juin|juillet|août|septembre"
    r"|octobre|novembre|décembre|weeks?|months?|semaines?|mois|today|aujourd['’]hui|hier)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|half|third|quarter|deux|trois|quatre|cinq|sept|huit|neuf|dix"
    r"|dizaines?|centaines?|milliers?|milliards?|moitié|tiers|quart)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"(?<=[\w,;:»”)] )[A-ZÀÂÉÈÊÎÔÛÇ][\w’'-]+|^[A-ZÀÂÉÈÊÎÔÛÇ][\w’'-]+ [A-Z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceFeatures:
    """What speaks for one sentence.

    Attributes:
        reading: How likely it is to answer, by the reader, as log odds from -8 on; -8 where its
            passage was not read, since too little else speaks for it.
        words: The share of the question's words, weighted by rarity, that the sentence has.
        words_with_title: The same with the article's title.
        passage: The cosine of the best passage that holds it.
        article: The article's score below the best article's.
        kind: 1 if it has what this kind of question wants: a cause, a number, a date, a name.
        reason: 1 if a why-question meets words that announce a reason.
        asks: 1 if it is itself a question.
        length: Logarithm of its number of words.
    """

    reading: float
    words: float
    words_with_title: float
    passage: float
    article: float
    kind: float
    reason: float
    asks: float
    length: float


FEATURE_NAMES: Final = tuple(field.name for field in fields(SentenceFeatures))


def unread(
    text: str,
    query: Query,
    *,
    words: float,
    words_with_title: float,
    passage: float,
    article: float,
) -> SentenceFeatures:
    """Describe a sentence that is not read yet; the arguments are as in `SentenceFeatures`."""
    return SentenceFeatures(
        reading=UNREAD,
        words=words,
        words_with_title=words_with_title,
        passage=passage,
        article=article,
        kind=float(_has_what_is_wanted(text, query)),
        reason=float(query.kind is Kind.WHY and bool(_REASONS.search(text))),
        asks=float(text.rstrip('»”" \u00a0').endswith("?")),
        length=math.log1p(len(tokens(text))),
    )


def _has_what_is_wanted(text: str, query: Query) -> bool:
    match query.kind:
        case Kind.WHY | Kind.HOW:
            return bool(_CAUSES.search(text) or _REASONS.search(text))
        case Kind.QUANTITY:
            return bool(_NUMBER.search(text))
        case Kind.TIME:
            return bool(_DATE.search(text))
        case Kind.PERSON:
            asked = fold(query.text)
            return any(fold(match.group()) not in asked for match in _NAME.finditer(text))
        case Kind.OTHER:
            return False
