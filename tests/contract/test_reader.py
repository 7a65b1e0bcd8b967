"""What every `Reader` promises."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.joint_reader import JointReader
from bot.answering.reader import UNREAD, Readable, Reader
from index.models import Span
from tests.fakes.reader import WordReader

READERS: dict[str, Callable[[], Reader]] = {"fake": WordReader, "shipped": cache(JointReader.load)}
FEWER = settings(max_examples=20)  # a real model takes its time


def passage(heading: str, *said: str) -> Readable:
    text, spans = heading, []
    for sentence in said:
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += f"{sentence} "
    return Readable(text, tuple(spans))


FERRIES = passage(
    "Ferries of Brest\n",
    "The mayor came late.",
    "The council of Brest ordered two electric ferries for the harbour.",
)
STORM = passage("Une tempête\n", "Une tempête a fermé l'aéroport de Lisbonne pendant deux jours.")


PASSAGES = st.builds(
    lambda heading, said: passage(heading, *said),
    st.text(max_size=40),
    st.lists(st.text(max_size=100), max_size=4),
)


@pytest.fixture(params=READERS, scope="session")
def reader(request: pytest.FixtureRequest) -> Reader:
    return READERS[request.param]()


@FEWER
@given(question=st.text(max_size=100), passages=st.lists(PASSAGES, max_size=4))
def test_each_sentence_is_judged_whatever_passage_is_beside_it(
    reader: Reader, question: str, passages: list[Readable]
) -> None:
    judged = reader.read(question, passages)
    assert [len(own) for own in judged] == [len(one.sentences) for one in passages]
    for one, own in zip(passages, judged, strict=True):
        assert all(isinstance(judgement, float) and judgement >= UNREAD for judgement in own)
        assert reader.read(question, [one]) == [pytest.approx(own, abs=0.2)]


def test_a_sentence_that_answers_is_likelier_than_those_that_do_not(reader: Reader) -> None:
    question = "Which ferries has the council of Brest ordered?"
    (late, ordered), (closed,) = reader.read(question, [FERRIES, STORM])
    assert ordered > late
    assert ordered > closed


def test_sentences_beyond_what_is_read_are_judged_all_the_same(reader: Reader) -> None:
    long = passage("", *["The council of Brest ordered ferries."] * 500)
    first, second = reader.read("Which ferries?" * 100, [long, STORM])
    assert (len(first), len(second)) == (500, 1)
