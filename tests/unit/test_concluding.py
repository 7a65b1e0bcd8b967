"""What is cited of the present state is the newest that was found, or the newest is quoted, too."""

from __future__ import annotations

from datetime import date
from time import perf_counter

from bot.answering.concluding import Asking, Found, quoted, untold
from bot.answering.models import Answered, Citation, Mode, unseen
from bot.answering.proving import GeneratedAnswer
from corpus.models import Article
from tests.fakes.answers import a_context
from tests.fakes.evidence import evidence
from tests.fakes.passages import article
from tests.fakes.retrievals import retrieval

BAN = article("Italy bans the chatbot. It is over.", number=1, published=date(2023, 4, 1))
LIFTED = article("Italy lifts the ban. All is well.", number=2, published=date(2024, 5, 1))
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


def test_the_newest_on_the_present_state_is_untold_if_only_older_ones_are_cited() -> None:
    both = asking(PRESENT, BAN, LIFTED, quotable=(BAN, LIFTED))
    assert untold(both, [cited(BAN, 23)]) == LIFTED
    assert untold(both, [cited(BAN, 23), cited(LIFTED, 20)]) is None
    assert untold(asking(PRESENT, BAN, LIFTED, quotable=(BAN,)), [cited(BAN, 23)]) is None
    past = asking("Why was the chatbot banned?", BAN, LIFTED, quotable=(BAN, LIFTED))
    assert untold(past, [cited(BAN, 23)]) is None


def test_what_is_untold_is_quoted_behind_what_was_written() -> None:
    written = GeneratedAnswer("Italy bans the chatbot. [1]", (cited(BAN, 23),))
    both = asking(PRESENT, BAN, LIFTED, quotable=(BAN, LIFTED))
    answer = quoted(both, behind=written, only=LIFTED)
    assert isinstance(answer, Answered)
    assert answer.mode is Mode.GENERATED
    assert answer.text == (
        "Italy bans the chatbot. [1]\n\nThe Wire (1 May 2024): “Italy lifts the ban.” [2]"
    )


def test_the_newest_found_is_told_even_if_it_is_not_cited() -> None:
    old = asking(PRESENT, BAN, LIFTED, quotable=(BAN,))
    assert old.dated("Italy bans the chatbot. [1]", [cited(BAN, 23)]).endswith("[1]")
    alone = asking(PRESENT, BAN, quotable=(BAN,))
    assert "13 months ago" in alone.dated("Italy bans the chatbot. [1]", [cited(BAN, 23)])
