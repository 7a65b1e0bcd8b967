"""Made-up news of any amount: sentences of the samples, with names and numbers of their own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from corpus.models import Article, Draft, Precision, PublicationDate
from index.sentences import sentences

_SYLLABLES: Final = "ba co di fa ge lu mi no pe ra so ti va xe zo kra tel vin dor sym".split()
_SENTENCES_PER_ARTICLE: Final = 16
_FIRST_DAY: Final = date(2015, 1, 1)
_DAYS: Final = 3_600
_NAMES_PER_ARTICLE: Final = 4


def synthetic_drafts(samples: list[Article], count: int, *, seed: int) -> Iterator[Draft]:
    """Make articles in the languages of the samples, each with names that no other has."""
    dice = random.Random(seed)  # noqa: S311 - the same articles each time
    by_language: dict[str, list[str]] = {}
    for article in samples:
        spans = sentences(article.text)
        by_language.setdefault(article.language, []).extend(
            article.text[span.start : span.end] for span in spans
        )
    languages = sorted(by_language)
    for number in range(count):
        language = languages[number % len(languages)]
        names = [_name(dice) for _ in range(_NAMES_PER_ARTICLE)]
        chosen = dice.sample(by_language[language], _SENTENCES_PER_ARTICLE)
        told = [f"{dice.choice(names)}, {dice.randrange(10**6)}: {one}" for one in chosen]
        paragraphs = [" ".join(told[i : i + 4]) for i in range(0, len(told), 4)]
        published = _FIRST_DAY + timedelta(days=dice.randrange(_DAYS))
        yield Draft(
            text="\n\n".join(paragraphs),
            origin=f"synthetic {number}",
            title=f"{names[0]} {names[1]} {number}",
            outlet=f"Outlet {number % 40}",
            published=PublicationDate(published, Precision.DAY),
            language=language,
            external_id=f"synthetic-{number}",
        )


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))).capitalize()
