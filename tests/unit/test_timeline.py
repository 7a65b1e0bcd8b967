"""Which article leads, which is older, and what is said of the dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.models import Citation
from bot.answering.phrases import phrases_for
from bot.answering.timeline import is_older, leading_article, led_by, note_on_time
from corpus.models import Article, Precision, PublicationDate
from index.retrieval import Retrieval
from tests.fakes.evidence import evidence
from tests.fakes.passages import article
from tests.fakes.retrievals import retrieval

TODAY = date(2024, 5, 15)
BAN = article("Italy bans the chatbot. It is over.", number=1, published=date(2023, 4, 1))
LIFTED = article("Italy lifts the ban. The chatbot is back.", number=2, published=date(2023, 4, 29))
OTHER = article("A ferry sank. Nobody died.", number=3, published=date(2024, 1, 1))
UNDATED = article("The ban is no more.", number=4, published=None)
PRESENT = "Is the chatbot still banned in Italy?"


def found(question: str, *articles: Article, behind: float = 1.0) -> Retrieval:
    """Rank the articles in this order, each that much behind the one before."""
    made = retrieval(question, *articles)
    ranked = tuple(
        replace(
            one,
            score=-behind * place,
            passages=(replace(one.passages[0], similarity=0.8 - behind * place / 10),),
        )
        for place, one in enumerate(made.articles)
    )
    return replace(made, articles=ranked)


def note(question: str, *cited: Article, today: date = TODAY, language: str = "en") -> str | None:
    query = retrieval(question, BAN).query
    citations = [Citation(1, one, 0, len(one.text), one.url) for one in cited]
    return note_on_time(query, citations, present=None, today=today, phrases=phrases_for(language))


def test_where_the_present_is_asked_for_the_newest_of_the_likely_articles_leads() -> None:
    assert leading_article(found(PRESENT, BAN, UNDATED, LIFTED, behind=0.5)) == LIFTED
    assert leading_article(found(PRESENT, BAN, LIFTED, OTHER)) == LIFTED
    assert leading_article(found(PRESENT, BAN, LIFTED, behind=2.0)) == BAN
    [ban, lifted] = found(PRESENT, BAN, LIFTED, behind=2.0).articles
    alike = replace(lifted, passages=(replace(lifted.passages[0], similarity=0.76),))
    close = replace(found(PRESENT), articles=(ban, alike))
    assert leading_article(close) == LIFTED
    assert leading_article(found("What did Italy say of the chatbot?", BAN, LIFTED)) is None
    assert leading_article(found(PRESENT, UNDATED)) is None
    assert leading_article(found(PRESENT)) is None


def test_no_article_leads_that_lacks_a_name_which_the_best_has() -> None:
    brazil = article("The chatbot is banned in Brazil.", number=5, published=date(2024, 5, 1))
    assert leading_article(found(PRESENT, BAN, brazil, LIFTED, behind=0.5)) == LIFTED
    assert leading_article(found("Is it still banned?", BAN, LIFTED, brazil, behind=0.5)) == brazil


def test_where_a_period_is_asked_for_an_article_of_it_leads() -> None:
    asked = "What did Italy say at the end of April 2023?"
    assert leading_article(found(asked, BAN, LIFTED)) == LIFTED
    assert leading_article(found("What did Italy say in April 2023?", BAN, LIFTED)) == BAN
    assert leading_article(found("What did Italy say in 2022?", BAN, LIFTED)) is None
    assert leading_article(found("What was said before 20 April 2023?", LIFTED, BAN)) == BAN


def test_the_leading_article_brings_its_best_two_sentences_to_the_front() -> None:
    sentences = evidence((OTHER, 0, 4.0), (LIFTED, 1, 2.0), (BAN, 1, -1.0), (LIFTED, 0, -9.0))
    ranked = found(PRESENT, LIFTED, BAN, OTHER)
    led = led_by(LIFTED, sentences, ranked)
    assert [(one.article.id, one.score) for one in led] == [(2, 4.0), (2, 4.0), (1, 4.0), (3, 4.0)]
    in_period = found("What did Italy say at the end of April 2023?", LIFTED, BAN)
    assert [one.score for one in led_by(LIFTED, sentences, in_period)] == [4.0, 4.0, 4.0, -1.0]
    assert led_by(None, sentences, ranked) == sentences


def test_older_is_what_was_surely_published_before() -> None:
    assert is_older(BAN, LIFTED)
    assert not is_older(LIFTED, BAN)
    assert not is_older(UNDATED, BAN)
    month = replace(BAN, published=PublicationDate(date(2023, 4, 1), Precision.MONTH))
    assert not is_older(month, LIFTED)


@pytest.mark.parametrize(
    ("today", "language", "said"),
    [
        (date(2023, 10, 28), "en", None),
        (
            date(2023, 10, 30),
            "en",
            "The newest article that I have on this is of 29 April 2023, 6 months ago.",
        ),
        (
            date(2024, 5, 15),
            "fr",
            "L'article le plus récent que j'aie à ce sujet, du 29 avril 2023, a 12 mois.",
        ),
    ],
)
def test_the_present_is_not_told_from_old_articles_without_a_word(
    today: date, language: str, said: str | None
) -> None:
    assert note(PRESENT, LIFTED, BAN, today=today, language=language) == said


def test_of_the_past_old_articles_are_right() -> None:
    assert note("Why did Italy ban the chatbot?", BAN, today=date(2030, 1, 1)) is None
    assert note(PRESENT, UNDATED, today=date(2030, 1, 1)) is None


def test_articles_of_another_time_than_the_one_asked_for_are_named_as_such() -> None:
    said = "None of these articles is known to be of the time that you ask about."
    assert note("What happened in Italy this week?", BAN, LIFTED) == said
    assert note("What happened in March 2024?", UNDATED) == said
    assert note("What happened in April 2023?", BAN) is None
    assert note("What happened on 20 April 2023?", LIFTED) is None  # told after nine days
    assert note("What happened on 5 April 2023?", LIFTED) == said
    assert note("What happened after 2 April 2023?", BAN) == said


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Profit fell by a half in 2022, to €1.7 billion.", "Why did profit fall in 2022?"),
        ("Le 17 avril, l'agence avait écrit.", "Que disait l'agence le 17 avril 2023 ?"),
        ("The price will rise in September.", "What did it cost in September 2023?"),
    ],
)
def test_an_article_that_names_the_time_asked_for_is_of_it(text: str, question: str) -> None:
    told = article(text, number=5, published=date(2023, 5, 6))
    silent = article("Nothing is said of a day.", number=6, published=date(2023, 5, 6))
    assert note(question, silent, told) is None
    assert note(question, silent) is not None
