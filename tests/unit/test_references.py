"""What a question says by itself, and what only the talk before it tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import references
from bot.conversation import in_context
from index.analysis import fold

BEFORE = "Why did Borealis close Northlight?"
SAMPLES = Path("corpus/samples/questions.jsonl")
_MOST_MISTAKEN = 0.04


@pytest.mark.parametrize(
    "question",
    [
        "why did that happen?",
        "Why did they leave the country?",
        "combien leur a coûté le procès ?",
        "quelle est leur amende ?",
        "how many people work there?",
        "pourquoi l'a-t-il racheté ?",
        "quel prix a-t-il demandé pour partir ?",
        "what did its boss say about the date?",
        "combien coûte celui de Google ?",
        "Is that legal in France?",
        "so why did Google appeal?",
        "mais c'est pour quand ?",
        "ou bien chez Google ?",
    ],
)
def test_what_refers_to_an_earlier_question_takes_it_along(question: str) -> None:
    assert "Borealis" in in_context([BEFORE], question)


@pytest.mark.parametrize(
    "question",
    [
        "wait so how much could you make a day with that TikTok Lite points thing?",
        "Which was the meeting that fired Altman from OpenAI?",
        "How many patients had their data stolen in the Medlance breach?",
        "Quand les premiers acheteurs ont reçu leur Steam Deck ?",
        "Où Shein veut-il être coté désormais ?",
        "ou ont eu lieu les coupures de courant en Espagne",
        "Combien le testeur a-t-il payé une course Waymo par rapport à Uber ?",
        "il y a combien de clients chez Revolut au Royaume-Uni ?",
        "Is there a date for the Google Maps trial in Germany?",
        "i don't get it: why did the appeal judges cut what Hanseol owes Corvane?",
        "comment ça se fait que Netflix perd des abonnés",
        "quand est ce que la camera d'Andes Horizon a été livrée au Chili ?",
        "qui préside le nouveau CA d'OpenAI après le retour d'Altman ?",
        "what can subscribers of Deezer listen to this week?",
        "pourquoi ceux qui avaient réservé la Fjord avant septembre doivent payer ?",
        "so what prison term did Binance's founder end up with in the end?",
        "mais pourquoi les fans de Ledger étaient si fâchés par la sauvegarde de la phrase ?",
    ],
)
def test_what_stands_alone_takes_nothing_along(question: str) -> None:
    assert in_context([BEFORE], question) == question


@pytest.mark.parametrize("word", ["ce ", "that ", "son ", "a-t-il "])
def test_a_question_is_not_read_anew_for_each_of_its_words(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0

    def counted(text: str) -> str:
        nonlocal read
        read += len(text)
        return fold(text)

    monkeypatch.setattr(references, "fold", counted)
    in_context([BEFORE], (word * 2_000)[:2_000])
    assert read < 400_000


def test_few_of_the_sample_questions_are_taken_for_follow_ups() -> None:
    """All of them stand alone."""
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()
    asked = [str(json.loads(line)["question"]).strip() for line in lines]
    mistaken = [one for one in asked if in_context([BEFORE], one) != one]
    assert len(mistaken) <= _MOST_MISTAKEN * len(asked), mistaken
