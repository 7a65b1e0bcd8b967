"""Below what a model wrote stands what it should not have left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from bot.answering.completing import completed
from bot.answering.concluding import Asking, Found
from bot.answering.models import Citation, Mode, unseen
from bot.answering.proving import GeneratedAnswer
from corpus.models import Article
from tests.fakes.answers import a_context
from tests.fakes.evidence import evidence
from tests.fakes.passages import article
from tests.fakes.retrievals import retrieval

BAN = article("Italy bans the chatbot. It is over.", number=1, published=date(2023, 4, 1))
LIFTED = article("Italy lifts the ban. The chatbot is back.", number=2, published=date(2024, 5, 1))
PRESENT = "Is the chatbot still banned in Italy?"
RECALL = article("Volta recalls 12,000 scooters in Paris.", number=3, outlet="The Ledger")
OTHER = article("Volta recalls 15,000 scooters in Paris.", number=4, outlet="The Post")
SAME = article("In Paris, Volta recalls 12,000 scooters.", number=5, outlet="Le Carnet")
RECALLED = "How many scooters did Volta recall in Paris?"


def asking(
    question: str,
    *articles: Article,
    quotable: Sequence[Article] = (),
    on_one_event: Sequence[Article] = (),
) -> Asking:
    same_event = {
        one.id: [other for other in on_one_event if other.id != one.id] for one in on_one_event
    }
    return Asking(
        found=Found(
            replace(retrieval(question, *articles), same_event=same_event),
            evidence(*((one, 0, 1.0) for one in quotable or articles)),
            0.9,
        ),
        context=a_context(),
        on=date(2024, 5, 15),
        person=None,
        show=unseen,
        started=perf_counter(),
    )


def written(*cited: Article) -> GeneratedAnswer:
    citations = tuple(
        Citation(number, one, 0, one.text.index(".") + 1, one.url)
        for number, one in enumerate(cited, 1)
    )
    return GeneratedAnswer(" ".join(f"{c.quote} [{c.number}]" for c in citations), citations)


def test_the_newest_on_the_present_state_is_quoted_if_only_older_ones_are_cited() -> None:
    answer = completed(asking(PRESENT, BAN, LIFTED), written(BAN))
    assert answer.mode is Mode.GENERATED
    assert answer.text == (
        "Italy bans the chatbot. [1]\n\n"
        "More recently, The Wire (1 May 2024): “Italy lifts the ban.” [2]"
    )
    assert [one.article for one in answer.citations] == [BAN, LIFTED]


def test_nothing_is_quoted_that_is_cited_cannot_be_quoted_or_was_not_asked_for() -> None:
    assert completed(asking(PRESENT, BAN, LIFTED), written(BAN, LIFTED)).text.count("[") == 2
    assert len(completed(asking(PRESENT, BAN, LIFTED, quotable=[BAN]), written(BAN)).citations) == 1
    past = asking("Why was the chatbot banned?", BAN, LIFTED)
    assert completed(past, written(BAN)).text == "Italy bans the chatbot. [1]"


def test_who_contradicts_what_is_cited_is_quoted_and_who_says_the_same_is_named() -> None:
    event = (RECALL, OTHER, SAME)
    answer = completed(asking(RECALLED, *event, on_one_event=event), written(RECALL))
    assert answer.text == (
        "Volta recalls 12,000 scooters in Paris. [1]\n\n"
        "The Post (19 April 2023): “Volta recalls 15,000 scooters in Paris.” [2]\n\n"
        "These sources do not agree.\n\n"
        "Also reported by Le Carnet (19 April 2023)."
    )
    assert [one.article for one in answer.citations] == [RECALL, OTHER]


def test_another_event_neither_contradicts_nor_tells_the_same() -> None:
    answer = completed(asking(RECALLED, RECALL, OTHER, SAME), written(RECALL))
    assert answer.text == "Volta recalls 12,000 scooters in Paris. [1]"
