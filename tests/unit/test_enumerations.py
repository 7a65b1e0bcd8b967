"""What a sentence announces is found where the article names it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.enumerations import announced
from index.sentences import sentences

FRENCH = """\
L’éditeur n’a rien dit. Plusieurs raisons peuvent expliquer ce retrait. Tout d’abord, l’accès est \
devenu payant. Il coûte cher. Les clients partent.

Une autre raison tient à un procès. Enfin, le marché baisse depuis un an. La suite est ouverte."""
ENGLISH = """\
There are two conditions for the return of the service. The first condition is an age check at the \
door. The second condition is a campaign in the press, which has to begin in May at the latest.

Nobody commented. A ferry sank. Another day passed."""
LISTED = """\
The plan has three steps:
- a new law
- a new office
- and a fine.

The rest is open."""


def found(text: str, opening: str) -> list[str]:
    [span] = [one for one in sentences(text) if text.startswith(opening, one.start)]
    return [text[one.start : one.end] for one in announced(text, span)]


def test_french_reasons() -> None:
    assert found(FRENCH, "Plusieurs raisons") == [
        "Tout d’abord, l’accès est devenu payant. Il coûte cher.",
        "Une autre raison tient à un procès.",
        "Enfin, le marché baisse depuis un an. La suite est ouverte.",
    ]


def test_english_conditions() -> None:
    assert found(ENGLISH, "There are") == [
        "The first condition is an age check at the door.",
        "The second condition is a campaign in the press, which has to begin in May at the latest.",
    ]


def test_the_items_of_a_list() -> None:
    assert found(LISTED, "The plan") == ["- a new law", "- a new office", "- and a fine."]


@pytest.mark.parametrize(
    ("text", "opening"),
    [(FRENCH, "L’éditeur"), (FRENCH, "Tout d’abord"), (ENGLISH, "Nobody"), (LISTED, "- a new law")],
)
def test_other_sentences_announce_nothing(text: str, opening: str) -> None:
    assert found(text, opening) == []


def test_a_long_row_is_not_quoted_to_its_end() -> None:
    text = "There are several reasons. " + " ".join(f"Another reason is {n}." for n in range(9))
    assert len(found(text, "There are")) == 4


@given(st.text(alphabet="Plusieurs raisons. Enfin, x\n-:1", max_size=200))
def test_what_is_found_is_behind_apart_and_in_order(text: str) -> None:
    for span in sentences(text):
        end = span.end
        for one in announced(text, span):
            assert end <= one.start < one.end <= len(text)
            end = one.start + 1
