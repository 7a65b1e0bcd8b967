"""What stands beside the best article's words is on the same question."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.evidence import Evidence
from bot.answering.pertinence import names_found, pertinent
from corpus.models import Article
from tests.fakes.evidence import evidence
from tests.fakes.passages import article
from tests.fakes.retrievals import retrieval

FILED = article("Wirecard files for bankruptcy. It has debts.", number=1)
TRIAL = article("The trial over Wirecard opens. A judge sits.", number=2)
OTHER = article("FTX files for bankruptcy. It has debts.", number=3)
QUESTION = "On which day did the firm Wirecard file for bankruptcy?"


def kept(*sentences: Evidence, question: str = QUESTION, on_it: tuple[Article, ...] = ()) -> list:
    made = replace(retrieval(question, FILED, TRIAL, OTHER), same_event={FILED.id: on_it})
    return [one.article.id for one in pertinent(sentences, made)]


def test_an_article_without_the_names_that_are_asked_for_is_not_quoted() -> None:
    assert kept(*evidence((FILED, 0, 5.0), (OTHER, 0, 5.0), (TRIAL, 0, 4.0))) == [1, 2]
    assert kept(*evidence((OTHER, 0, 5.0), (FILED, 0, 5.0))) == [3, 1]
    both = "Which of Wirecard and FTX went first into bankruptcy?"
    assert kept(*evidence((FILED, 0, 5.0), (OTHER, 0, 5.0)), question=both) == [1, 3]
    asked = "which firm went into bankruptcy?"
    assert kept(*evidence((FILED, 0, 5.0), (OTHER, 0, 5.0)), question=asked) == [1, 3]


def test_an_article_on_the_same_event_may_say_it_otherwise() -> None:
    assert kept(*evidence((FILED, 0, 5.0), (OTHER, 0, -1.0)), on_it=(OTHER,)) == [1, 3]


def test_what_is_far_behind_is_not_quoted_unless_the_best_article_says_it() -> None:
    assert kept(*evidence((FILED, 0, 5.0), (TRIAL, 0, -0.1), (FILED, 1, -0.1))) == [1, 1]
    first, near, far = evidence((FILED, 0, 5.0), (TRIAL, 0, 0.5), (TRIAL, 1, 0.5))
    far = replace(far, features=replace(far.features, article=-1.0))
    assert kept(first, near, far) == [1, 2]


def test_names_are_found_in_title_and_text_in_any_form() -> None:
    assert names_found("Who leads Wirecard and FTX?", "en", FILED) == 0.5
    assert names_found("who is in charge?", "en", FILED) == 1.0
