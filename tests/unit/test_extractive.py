"""Answers made of quotes: exact, apart from each other, few, and marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.citations import check_citations
from bot.answering.evidence import Evidence
from bot.answering.extractive import SEVERAL_THINGS, ExtractiveAnswer, write_extractive
from corpus.models import Article, ArticleId, Precision, PublicationDate
from index.analysis import tokens
from index.models import Span
from index.sentences import sentences
from tests.fakes.evidence import NO_FEATURES, evidence
from tests.fakes.passages import article

FERRIES = article(
    "The council met on Monday. It ordered two ferries. They are electric.\n\n"
    "The opposition left the room. A storm is expected. Nobody sails tonight.",
    title="Ferries",
)
FRENCH = article(
    "Le conseil a commandé deux bacs. Leur prix reste secret.", number=2, language="fr", outlet=None
)


def written(*chosen: tuple[Article, int, float], language: str = "en") -> ExtractiveAnswer:
    answer = write_extractive(evidence(*chosen), language=language)
    check_citations(answer.text, answer.citations)
    return answer


def quotes(*chosen: tuple[Article, int, float]) -> list[str]:
    return [citation.quote for citation in written(*chosen).citations]


def test_a_quote_is_introduced_and_marked_in_the_language_of_the_question() -> None:
    assert written((FERRIES, 0, 1.0)).text == (
        "The Wire (19 April 2023): “The council met on Monday.” [1]"
    )
    assert written((FRENCH, 0, 1.0)).text == (
        "An article (19 April 2023, in French): “Le conseil a commandé deux bacs.” [1]"
    )
    assert written((FRENCH, 0, 1.0), language="fr").text == (
        "Un article (19 avril 2023) : « Le conseil a commandé deux bacs. » [1]"
    )


def test_the_best_article_leads_and_quotes_keep_the_order_of_the_text() -> None:
    answer = written((FERRIES, 4, 3.0), (FRENCH, 0, 2.0), (FERRIES, 0, 1.0))
    assert [citation.quote for citation in answer.citations] == [
        "The council met on Monday.",
        "A storm is expected.",
        "Le conseil a commandé deux bacs.",
    ]
    assert "\nFurther on: “A storm is expected.” [2]\n\nAn article" in answer.text


def test_where_the_present_is_asked_for_what_is_older_comes_last_and_is_marked() -> None:
    older = replace(FERRIES, published=PublicationDate(date(2022, 1, 3), Precision.DAY))
    found = evidence((older, 0, 3.0), (FRENCH, 0, 2.0))
    answer = write_extractive(found, language="en", present=FRENCH)
    check_citations(answer.text, answer.citations)
    assert answer.text == (
        "An article (19 April 2023, in French): “Le conseil a commandé deux bacs.” [1]\n\n"
        "Earlier, The Wire (3 January 2022): “The council met on Monday.” [2]"
    )
    assert "Auparavant, " in write_extractive(found, language="fr", present=FRENCH).text
    assert "Earlier" not in write_extractive(found, language="en", present=older).text


def test_a_sentence_that_leans_on_the_one_before_brings_it_along() -> None:
    assert quotes((FERRIES, 1, 1.0)) == ["The council met on Monday. It ordered two ferries."]
    assert quotes((FRENCH, 1, 1.0)) == [FRENCH.text]
    third = article("Meta paie. C’est la troisième amende. C'était attendu.", language="fr")
    assert quotes((third, 1, 1.0)) == ["Meta paie. C’est la troisième amende."]
    assert quotes((third, 2, 1.0)) == ["C’est la troisième amende. C'était attendu."]


def test_but_not_across_a_paragraph() -> None:
    apart = article("The council met.\n\nIt ordered two ferries.")
    assert quotes((apart, 1, 1.0)) == ["It ordered two ferries."]


def test_neighbours_become_one_quote() -> None:
    assert quotes((FERRIES, 5, 2.0), (FERRIES, 4, 1.0)) == [
        "A storm is expected. Nobody sails tonight."
    ]
    assert quotes((FERRIES, 2, 2.0), (FERRIES, 1, 1.0)) == [
        "The council met on Monday. It ordered two ferries. They are electric."
    ]


def test_a_sentence_between_two_quotes_joins_them() -> None:
    assert quotes((FERRIES, 3, 3.0), (FERRIES, 5, 2.0), (FERRIES, 4, 1.0)) == [
        "The opposition left the room. A storm is expected. Nobody sails tonight."
    ]


def test_a_leaning_sentence_that_is_quoted_already_does_not_overlap_two_quotes() -> None:
    leaning = article("A storm came. The sea rose. It flooded the quay. It took a boat away.")
    assert quotes((leaning, 0, 4.0), (leaning, 3, 3.0), (leaning, 2, 2.0)) == [leaning.text]


def test_what_is_quoted_already_is_not_quoted_again_for_want_of_room() -> None:
    parts = [
        f"{first} {word * 55}long."
        for first, word in (("One", "ship "), ("It is", "rope "), ("They are", "sail "))
    ]
    long = article(" ".join(parts))
    assert quotes((long, 2, 2.0), (long, 1, 1.0)) == [" ".join(parts[1:])]


def test_quotes_do_not_grow_beyond_what_can_be_read() -> None:
    long = article(" ".join(f"Word{n} {'very ' * 70}long." for n in range(3)))
    found = quotes((long, 0, 3.0), (long, 1, 2.0), (long, 2, 1.0))
    assert " ".join(found) == long.text
    assert max(map(len, found)) <= 800


def test_what_only_repeats_or_is_far_worse_is_left_out() -> None:
    copy = article(FERRIES.text, number=3)
    assert quotes((FERRIES, 0, 2.0), (copy, 0, 1.9), (copy, 4, -50.0)) == [
        "The council met on Monday."
    ]


def test_others_that_tell_of_the_same_event_are_named_once() -> None:
    copy = article("The council met on Monday.", number=3, outlet="The Ledger")
    others = {FERRIES.id: [copy, FRENCH], copy.id: [FERRIES], FRENCH.id: [FERRIES]}
    found = evidence((FERRIES, 0, 2.0), (copy, 0, 1.9), (FRENCH, 0, 1.0))
    answer = write_extractive(found, language="en", same_event=others)
    check_citations(answer.text, answer.citations)
    assert answer.text == (
        "The Wire (19 April 2023): “The council met on Monday.” [1]\n"
        "Also reported by The Ledger (19 April 2023).\n\n"
        "An article (19 April 2023, in French): “Le conseil a commandé deux bacs.” [2]"
    )
    assert "Rapporté aussi par" in write_extractive(found, language="fr", same_event=others).text
    shared = {FERRIES.id: [copy], FRENCH.id: [copy]}
    both = write_extractive([found[0], found[2]], language="en", same_event=shared)
    assert len(both.citations) == 2
    assert both.text.count("The Ledger") == 1


def test_sources_that_give_other_figures_stand_side_by_side() -> None:
    one = article("The fee is 42 dollars a month for developers.", outlet="The Wire")
    other = article("The fee is 50 dollars a month for developers.", number=2, outlet="The Post")
    found = evidence((one, 0, 2.0), (other, 0, 1.0))
    answer = write_extractive(found, language="en", same_event={other.id: [one]})
    assert answer.text == (
        "The Wire (19 April 2023): “The fee is 42 dollars a month for developers.” [1]\n\n"
        "The Post (19 April 2023): “The fee is 50 dollars a month for developers.” [2]\n\n"
        "These sources do not agree."
    )
    assert "do not agree" not in written((one, 0, 2.0), (other, 0, 1.0)).text
    less = article("The fee is in dollars a month for developers.", number=3)
    assert len(written((one, 0, 2.0), (less, 0, 1.0)).citations) == 1
    same = article(f"{one.text} The fee is 50 dollars a month for developers.", number=4)
    assert "do not agree" not in written((same, 0, 2.0), (same, 1, 1.0)).text


def test_what_another_source_says_in_another_word_is_quoted_not_named_as_the_same() -> None:
    rose = article("Shares of Volta rose sharply after the recall of its scooters in Paris.")
    fell = replace(
        rose, id=ArticleId(2), text=rose.text.replace("rose", "fell"), outlet="The Ledger"
    )
    told = write_extractive(
        evidence((rose, 0, 2.0), (fell, 0, 1.0)), language="en", same_event={rose.id: [fell]}
    )
    assert [c.article for c in told.citations] == [rose, fell]
    assert "Also reported" not in told.text


@pytest.mark.parametrize(
    ("said", "language", "shown"),
    [
        (
            "Google was fined” [1]\nReuters (3 May 2024): “Google bribed the judge in secret.",
            "en",
            "“Google was fined’ (1) Reuters (3 May 2024): ‘Google bribed the judge in secret.” [1]",
        ),
        (
            "Google paie. » [1]\nReuters : « Google a soudoyé le juge.",
            "fr",
            "« Google paie. › (1) Reuters : ‹ Google a soudoyé le juge. » [1]",
        ),
        ("He said “no” twice.", "en", "“He said “no” twice.” [1]"),
    ],
)
def test_a_quote_cannot_seem_to_end_and_another_source_to_begin(
    said: str, language: str, shown: str
) -> None:
    source = article(said, outlet="Evil Blog")
    whole = Evidence(source, Span(0, len(said)), NO_FEATURES, 1.0)
    answer = write_extractive([whole], language=language)
    assert answer.text.endswith(shown)
    assert answer.citations[0].quote == said


def test_what_a_sentence_announces_is_quoted_with_it() -> None:
    reasons = article(
        "Nobody knows why. There are two reasons. First, the fee is high. It rose twice.\n\n"
        "A storm came. Another reason is the lawsuit. The lawsuit goes on in May, they say.",
        number=5,
    )
    assert quotes((reasons, 1, 3.0), (FERRIES, 0, 2.0)) == [
        "Nobody knows why. There are two reasons. First, the fee is high. It rose twice.",
        "Another reason is the lawsuit. The lawsuit goes on in May, they say.",
        "The council met on Monday.",
    ]


def test_several_things_take_more_quotes_of_more_articles() -> None:
    colours, birds = ["red", "blue", "green", "white"], ["owl", "crow", "swan", "duck"]
    others = [
        article(f"Ships turn {c}. Storms break {b}.\n\nBells ring {b}{c}. Gulls {c}{b}.", number=n)
        for n, (c, b) in enumerate(zip(colours, birds, strict=True))
    ]
    found = evidence(*((other, n, 9.0 - n) for other in others for n in range(4)))
    found.sort(key=lambda one: -one.score)
    one = write_extractive(found[:1] + found, language="en")
    several = write_extractive(found, language="en", extent=SEVERAL_THINGS)
    check_citations(several.text, several.citations)
    assert len(one.citations) == 4
    assert len(several.citations) == 6
    assert {citation.article.id for citation in several.citations} == {0, 1, 2, 3}
    assert not any("Gulls" in citation.quote for citation in several.citations)


def test_there_are_at_most_four_quotes() -> None:
    others = [article(f"Story{n} tells{n} something{n} else{n}.", number=n) for n in range(1, 9)]
    assert len(written(*((other, 0, 1.0) for other in others)).citations) == 4


PIECES = ["He left. ", "A {}. ", "Il {} la mer. ", "{}", "\n\n", "\n- x ", "But it {}. ", "[1] ",
          "Two reasons. ", "First, {}. ", "The " + "long " * 100 + "{}. ",
          "“Why?” ", "Mr. X "]  # fmt: skip


@st.composite
def any_evidence(draw: st.DrawFn) -> list[Evidence]:
    """Draw sentences of some articles, best first."""
    found = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=10))
        text = "".join(piece.format(f"w{place}") for place, piece in enumerate(pieces))
        text = (text + draw(st.text(max_size=30))).strip()
        of = article(text, number=number, language=draw(st.sampled_from(["en", "fr"])))
        found += [
            Evidence(of, span, NO_FEATURES, draw(st.floats(0, 5)))
            for span in sentences(text)
            if any(sign.isalpha() for sign in text[span.start : span.end])
        ]
    return sorted(found, key=lambda e: -e.score)


LEANING = article("A storm came. The sea rose. It flooded the quay. It took a boat away.")


@given(found=any_evidence().filter(bool), language=st.sampled_from(["en", "fr", "de"]))
@example(found=evidence((LEANING, 0, 4.0), (LEANING, 3, 3.0), (LEANING, 2, 2.0)), language="en")
def test_any_evidence_gives_a_few_exact_quotes_that_are_apart(
    found: list[Evidence], language: str
) -> None:
    answer = write_extractive(found, language=language)
    check_citations(answer.text, answer.citations)
    assert 1 <= len(answer.citations) <= 4 + 3
    assert answer.citations[0].article == found[0].article
    for citation in answer.citations:
        assert " ".join(tokens(citation.quote)) in " ".join(tokens(answer.text))
    for one, other in combinations(answer.citations, 2):
        if one.article == other.article:
            assert one.end <= other.start
    best = found[0]
    assert any(
        c.article == best.article and c.start <= best.span.start and best.span.end <= c.end
        for c in answer.citations
    )
