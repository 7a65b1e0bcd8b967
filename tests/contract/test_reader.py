"""What every `Reader` promises."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.joint_reader import JointReader
from bot.answering.reader import Reader
from tests.fakes.reader import WordReader

READERS: dict[str, Callable[[], Reader]] = {"fake": WordReader, "shipped": cache(JointReader.load)}
FEWER = settings(max_examples=20)  # a real model takes its time
FERRIES = "Ferries of Brest\nThe council of Brest ordered two electric ferries for the harbour."
STORM = "Une tempête\nUne tempête a fermé l'aéroport de Lisbonne pendant deux jours."


@pytest.fixture(params=READERS, scope="session")
def reader(request: pytest.FixtureRequest) -> Reader:
    return READERS[request.param]()


@FEWER
@given(question=st.text(max_size=100), sentences=st.lists(st.text(max_size=200), max_size=5))
def test_each_sentence_is_judged_whatever_is_beside_it(
    reader: Reader, question: str, sentences: list[str]
) -> None:
    judged = reader.read(question, sentences)
    assert len(judged) == len(sentences)
    for sentence, judgement in zip(sentences, judged, strict=True):
        assert isinstance(judgement, float)
        assert reader.read(question, [sentence]) == [pytest.approx(judgement, abs=0.2)]


def test_a_sentence_that_answers_is_likelier_than_one_that_does_not(reader: Reader) -> None:
    question = "Which ferries has the council of Brest ordered?"
    ferries, storm = reader.read(question, [FERRIES, STORM])
    assert ferries > storm


def test_a_sentence_longer_than_what_is_read_is_judged_all_the_same(reader: Reader) -> None:
    long = "The council of Brest ordered ferries. " * 2_000
    assert len(reader.read("Which ferries?" * 100, [long, STORM])) == 2
