"""How old the newest article on the present state is."""

from __future__ import annotations

from datetime import date
from time import perf_counter

from bot.answering.concluding import Asking, Found
from bot.answering.models import Citation, unseen
from corpus.models import Article
from tests.fakes.answers import a_context
from tests.fakes.evidence import evidence
from tests.fakes.passages import article
from tests.fakes.retrievals import retrieval

BAN = article("Italy bans the chatbot. It is over.", number=1, published=date(2023, 4, 1))
LIFTED = article("Italy lifts the ban. The chatbot is back.", number=2, published=date(2024, 5, 1))
PRESENT = "Is the chatbot still banned in Italy?"


def asking(question: str, *articles: Article, quotable: tuple[Article, ...]) -> Asking:
    sentences = evidence(*((one, 0, 1.0) for one in quotable))
    return Asking(
        found=Found(retrieval(question, *articles), sentences, 0.9),
        context=a_context(),
        on=date(2024, 5, 15),
        person=None,
        show=unseen,
        started=perf_counter(),
    )


def cited(of: Article, end: int) -> Citation:
    return Citation(1, of, 0, end, of.url)


def test_the_newest_found_is_told_even_if_it_is_not_cited() -> None:
    old = asking(PRESENT, BAN, LIFTED, quotable=(BAN,))
    assert old.dated("Italy bans the chatbot. [1]", [cited(BAN, 23)]).endswith("[1]")
    alone = asking(PRESENT, BAN, quotable=(BAN,))
    assert "13 months ago" in alone.dated("Italy bans the chatbot. [1]", [cited(BAN, 23)])
