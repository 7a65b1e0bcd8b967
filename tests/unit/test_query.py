"""What a question asks for: its language, kind, period, and whether it wants the newest."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models import Period
from index.query import Event, Kind, Query, understand

TODAY = date(2024, 5, 15)


def asked(question: str, *, detected: str | None = None) -> Query:
    return understand(question, today=TODAY, detect_language=lambda _: detected)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Why did Microsoft leave Twitter?", "en"),
        ("Pourquoi Microsoft a-t-il quitté Twitter ?", "fr"),
        ("pourquoi microsoft quitte twitter", "fr"),
        ("amende Google données", "fr"),
        ("l’iPhone d’Apple", "fr"),
        ("the fine", "en"),
        ("Microsoft Twitter", "en"),
        ("", "en"),
    ],
)
def test_few_words_tell_the_language(question: str, language: str) -> None:
    assert asked(question, detected="de").language == language


def test_a_long_question_of_neither_language_is_detected() -> None:
    german = "Warum verlangt Twitter Geld von Microsoft"
    assert asked(german, detected="de").language == "de"
    assert asked(german, detected=None).language == "en"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Why did Microsoft leave?", Kind.WHY),
        ("Pourquoi Microsoft part-il ?", Kind.WHY),
        ("Pour quelle raison part-il ?", Kind.WHY),
        ("How much does it cost?", Kind.QUANTITY),
        ("Combien coûte l'abonnement ?", Kind.QUANTITY),
        ("When does it open?", Kind.TIME),
        ("Quand ouvre-t-il ?", Kind.TIME),
        ("Who bought Twitter?", Kind.PERSON),
        ("Qui a racheté Twitter ?", Kind.PERSON),
        ("How does it work?", Kind.HOW),
        ("Comment cela marche-t-il ?", Kind.HOW),
        ("What is Mastodon?", Kind.OTHER),
        ("Qu'est-ce que Mastodon ?", Kind.OTHER),
    ],
)
def test_the_kind_of_answer_is_understood(question: str, kind: Kind) -> None:
    assert asked(question).kind == kind


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest on the merger?",
        "Who is the current CEO?",
        "Quelles sont les dernières nouvelles de la fusion ?",
        "Où en est la fusion ?",
        "Qui est le patron actuel ?",
        "Que dit-on pour l’instant ?",
    ],
)
def test_some_questions_want_the_newest(question: str) -> None:
    assert asked(question).wants_latest


@pytest.mark.parametrize("question", ["Why did Microsoft leave?", "Qui a racheté Twitter ?"])
def test_others_do_not(question: str) -> None:
    assert not asked(question).wants_latest


@pytest.mark.parametrize(
    "question",
    [
        "What is the fee today?",
        "Combien coûte l'accès aujourd'hui ?",
        "Has the ban been lifted yet?",
        "Does the company sell phones?",
        "L'accès est payant ?",
    ],
)
def test_some_ask_for_the_present_state(question: str) -> None:
    assert asked(question).asks_present
    assert asked(question).period is None


@pytest.mark.parametrize(
    "question",
    [
        "What did the company say?",
        "Was the fee high?",
        "Why is the chatbot banned?",
        "Que disait la CNIL ?",
        "Qui avait racheté Twitter ?",
    ],
)
def test_others_ask_for_what_was(question: str) -> None:
    assert not asked(question).asks_present


@pytest.mark.parametrize(
    "question",
    [
        "Which companies dropped their fees, and when?",
        "List the lawsuits against OpenAI",
        "What did Google and Amazon announce?",
        "Quels services sont arrivés en Europe ?",
        "Qui a quitté l'entreprise, et quand ?",
        "Compare les amendes de Meta et d'Apple",
    ],
)
def test_some_ask_for_several_things(question: str) -> None:
    assert asked(question).asks_several


@pytest.mark.parametrize(
    "question",
    [
        "Why did Microsoft and Google leave?",
        "What is the fee?",
        "Quel est le montant de l'amende ?",
        "Which day was the service stopped?",
        "When does it open and close?",
    ],
)
def test_others_ask_for_one(question: str) -> None:
    assert not asked(question).asks_several


def test_today_is_the_present_and_no_period() -> None:
    today = asked("Where does the case stand today?")
    assert (today.period, today.wants_latest) == (None, True)
    assert asked("What happened on 15 May 2024?").period == Period(TODAY, TODAY)


@pytest.mark.parametrize(
    "question",
    [
        "What is planned for next month?",
        "What will Apple launch in September?",
        "Is the plant still due in 2025?",
        "Que sortira Apple la semaine prochaine ?",
        "Qu'est-ce qui est prévu pour l'été prochain ?",
    ],
)
def test_of_what_is_to_come_the_newest_is_asked_and_no_article_of_its_days(question: str) -> None:
    query = asked(question)
    assert (query.period, query.event) == (None, None)
    assert query.wants_latest
    assert query.asks_present


@pytest.mark.parametrize(
    "question",
    ["What was announced for next month?", "Pourquoi la sortie est-elle repoussée à 2025 ?"],
)
def test_what_was_said_of_it_and_why_may_be_old(question: str) -> None:
    query = asked(question)
    assert (query.period, query.wants_latest) == (None, False)


def test_the_period_is_relative_to_the_day_of_the_question() -> None:
    assert asked("Who left yesterday?").period == Period(date(2024, 5, 14), date(2024, 5, 14))
    assert asked("Who left?").period is None


@pytest.mark.parametrize(
    ("question", "event"),
    [
        (
            "Who left after the merger with Activision?",
            Event("the merger with Activision", is_after=True),
        ),
        (
            "Qui est parti avant le rachat de Twitter ?",
            Event("le rachat de Twitter", is_after=False),
        ),
        ("jusqu'à la vente de Twitter", Event("la vente de Twitter", is_after=False)),
        ("D'après le Wall Street Journal, qui part ?", None),
        ("D’après le Wall Street Journal, qui part ?", None),
        ("How does Apple look after its customers' data?", None),
        ("Who was looking after its customers' data?", None),
        ("jusqu'à 10 millions d'euros d'amende", None),
        ("until 10 million users signed up", None),
        ("Who left since the beginning of the year?", None),
        ("Qui est parti depuis le début de l'année ?", None),
        ("Qui est parti depuis l'été dernier ?", None),
        ("How many accounts opened after the first three months?", None),
        ("Combien de comptes ouverts après les trois premiers mois ?", None),
        ("Qui partira avant la fin de la décennie ?", None),
        ("Since when has the law been in force?", None),
        ("Depuis quand la loi est-elle en vigueur ?", None),
        ("Depuis combien de temps la loi est-elle en vigueur ?", None),
    ],
)
def test_a_question_may_date_itself_by_an_event(question: str, event: Event | None) -> None:
    assert asked(question).event == event


@given(question=st.text(max_size=200), today=st.dates())
def test_every_text_is_understood(question: str, today: date) -> None:
    query = understand(question, today=today, detect_language=lambda _: None)
    assert query.text == question
    assert query.language in {"fr", "en"}
