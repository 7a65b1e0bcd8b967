"""Made-up news of any amount: sentences of the samples, told of names and numbers of their own.

As in real news, a few names are in most articles and most names in a few (Zipf's law), and several
outlets tell the same story within days, in either language, with the same names and numbers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from corpus.models import Article, Draft, Precision, PublicationDate
from index.sentences import sentences

_SYLLABLES: Final = "ba co di fa ge lu mi no pe ra so ti va xe zo kra tel vin dor sym".split()
_SENTENCES_PER_ARTICLE: Final = 16
_FIRST_DAY: Final = date(2015, 1, 1)
_DAYS: Final = 3_600
_STORY_DAYS: Final = 10
_OUTLETS: Final = 40
_NAMES: Final = 5_000
_NAMES_PER_STORY: Final = 4
_NUMBERS_PER_STORY: Final = 8
_MOST_PER_STORY: Final = 8


@dataclass(frozen=True, slots=True)
class _Story:
    """What its articles have in common."""

    names: list[str]
    numbers: list[int]
    began: date


def synthetic_drafts(samples: list[Article], count: int, *, seed: int) -> Iterator[Draft]:
    """Make articles in the languages of the samples by turns, story by story."""
    dice = random.Random(seed)  # noqa: S311 - the same articles each time
    by_language: dict[str, list[str]] = {}
    for article in samples:
        spans = sentences(article.text)
        by_language.setdefault(article.language, []).extend(
            article.text[span.start : span.end] for span in spans
        )
    languages = sorted(by_language)
    for number, story in zip(range(count), _stories(dice), strict=False):
        language = languages[number % len(languages)]
        chosen = dice.sample(by_language[language], _SENTENCES_PER_ARTICLE)
        told = [f"{dice.choice(story.names)}, {dice.choice(story.numbers)}: {s}" for s in chosen]
        paragraphs = [" ".join(told[i : i + 4]) for i in range(0, len(told), 4)]
        published = story.began + timedelta(days=dice.randrange(_STORY_DAYS))
        yield Draft(
            text="\n\n".join(paragraphs),
            origin=f"synthetic {number}",
            title=f"{story.names[0]} {story.names[1]} {number}",
            outlet=f"Outlet {number % _OUTLETS}",
            published=PublicationDate(published, Precision.DAY),
            language=language,
            external_id=f"synthetic-{number}",
        )


def _stories(dice: random.Random) -> Iterator[_Story]:
    """Give each story as often as articles tell it: half of them once, few often."""
    names = [_name(dice) for _ in range(_NAMES)]
    often = list(accumulate(1 / rank for rank in range(1, _NAMES + 1)))
    sizes = range(1, _MOST_PER_STORY + 1)
    while True:
        story = _Story(
            names=dice.choices(names, cum_weights=often, k=_NAMES_PER_STORY),
            numbers=[dice.randrange(10**6) for _ in range(_NUMBERS_PER_STORY)],
            began=_FIRST_DAY + timedelta(days=dice.randrange(_DAYS)),
        )
        [told] = dice.choices(sizes, weights=[size**-1.5 for size in sizes])
        yield from [story] * told


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))).capitalize()
