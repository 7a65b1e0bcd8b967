"""Quotes are found where they stand or not at all; links name them; marks agree with citations."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.citations import (
    check_citations,
    find_quote,
    normalized_quote,
    text_fragment_link,
)
from bot.answering.errors import CitationMismatchError
from bot.answering.models import Citation
from corpus.models import Article
from index.models import Span
from tests.fakes.passages import article

FRENCH = (
    "Elon Musk l’a dit : « Twitter est à moi », et l’action a pris 10\u202f% — un record…\n\n"
    "Le cours n’a pas tenu. Le prix final, 44 milliards de dollars, n’a pas bougé."
)

WORDS = st.sampled_from(["la", "Le", "prix", "10 %", "l’API", "«", "»", "fin.", "e…", "x-y", "ﬁn"])
TEXTS = st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=80)
ARTICLES = TEXTS.map(lambda text: unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Twitter est à moi", "Twitter est à moi"),
        ("twitter  EST\nà moi", "Twitter est à moi"),
        ('Elon Musk l\'a dit: "Twitter est à moi"', "Elon Musk l’a dit : « Twitter est à moi »"),
        ("a pris 10 % - un record...", "a pris 10\u202f% — un record…"),
        ("Twitter est a\u0300 moi", "Twitter est à moi"),  # decomposed
        ("Twit\u00adter est\u200b à moi", "Twitter est à moi"),
        ("un record… Le cours", "un record…\n\nLe cours"),
    ],
)
def test_finds_words_however_they_were_typed(quote: str, found: str) -> None:
    span = find_quote(quote, FRENCH)
    assert span is not None
    assert FRENCH[span.start : span.end] == found


@pytest.mark.parametrize(
    "quote",
    [
        "Twitter est à lui",
        "44 milliards d'euros",
        "4 milliards de dollars",  # the article says 44
        "witter est à mo",
        "Twitter est moi",
        "Twitterest à moi",
        "Twitter est a moi",  # another word in French
        "",
        " … ",
        "»",
    ],
)
def test_finds_nothing_that_is_not_there(quote: str) -> None:
    assert find_quote(quote, FRENCH) is None


def test_of_several_places_the_passage_comes_first_then_what_is_near() -> None:
    text = "one two. " * 4
    assert find_quote("one two.", text) == Span(0, 8)
    assert find_quote("one two.", text, prefer=Span(17, 27)) == Span(18, 26)
    assert find_quote("one two.", text, prefer=Span(30, 30)) == Span(27, 35)


@given(text=ARTICLES, quote=TEXTS, start=st.integers(0, 80), length=st.integers(1, 60))
@example(text="la ﬁn…", quote="in", start=0, length=1)
@example(text="e…", quote="e..", start=0, length=1)
def test_what_is_found_are_the_words_of_the_quote(
    text: str, quote: str, start: int, length: int
) -> None:
    for wanted in (quote, text[start : start + length]):
        span = find_quote(wanted, text)
        if span is not None:
            found = text[span.start : span.end]
            assert normalized_quote(found) == normalized_quote(wanted)
            assert found == found.strip()


@given(text=ARTICLES, start=st.integers(0, 30), count=st.integers(1, 30))
def test_whole_words_of_the_text_are_found_in_it(text: str, start: int, count: int) -> None:
    words = [word.span() for word in re.finditer(r"\S+", text)][start : start + count]
    if not words:
        return
    quote = text[words[0][0] : words[-1][1]]
    if any(sign.isalnum() for sign in normalized_quote(quote)):
        assert find_quote(quote, text) is not None


def _follow(link: str, text: str) -> str:
    """Find what a browser would mark, as the text fragment specification says, in outline."""
    directive = link.partition(":~:text=")[2]
    parts = directive.split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else ""
    terms = [re.escape(unquote(part)) for part in parts]
    pattern = (re.escape(prefix) + r"\s*" if prefix else "") + "(" + ".*?".join(terms) + ")"
    found = re.search(pattern, text, re.IGNORECASE | re.DOTALL)
    assert found is not None
    return found[1]


def _link(text: str, quote: str, *, nth: int = 0, url: str | None = "https://a.example/b") -> str:
    start = [m.start() for m in re.finditer(re.escape(quote), text)][nth]
    link = text_fragment_link(url, quote, text=text, start=start, end=start + len(quote))
    assert link is not None
    return link


def test_a_short_quote_is_named_whole_and_encoded() -> None:
    text = "She said: yes, mid-day & night, 10 %."
    assert _link(text, "yes, mid-day & night, 10 %.") == (
        "https://a.example/b#:~:text=yes%2C%20mid%2Dday%20%26%20night%2C%2010%20%25."
    )


def test_a_long_quote_is_named_by_its_ends() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    assert _link(text, text).endswith(
        "#:~:text=one%20two%20three%20four%20five,eight%20nine%20ten%20eleven%20twelve"
    )


def test_no_term_spans_paragraphs() -> None:
    text = "Alone here.\n\nSecond one."
    assert _link(text, text).endswith("#:~:text=Alone%20here.,Second%20one.")


def test_words_that_came_before_get_a_prefix() -> None:
    text = "It grew fast. Then sales fell. In May it grew fast."
    assert _link(text, "It grew fast.").endswith("#:~:text=It%20grew%20fast.")
    assert _link(text, "it grew fast.").endswith("#:~:text=In%20May-,it%20grew%20fast.")


def test_a_prefix_grows_until_it_tells_the_places_apart() -> None:
    text = "He said in May it grew fast. She said in May it grew fast."
    assert _link(text, "it grew fast.", nth=1).endswith(
        "#:~:text=She%20said%20in%20May-,it%20grew%20fast."
    )


def test_the_last_words_grow_until_they_do_not_come_too_early() -> None:
    text = (
        "First of all the sales of phones in the year fell, then in spring "
        "the sales of phones in the year rose, and after it the sales of phones in the year fell"
    )
    assert _follow(_link(text, text), text) == text
    assert _link(text, text).endswith(",sales%20of%20phones%20in%20the%20year%20fell")


def test_an_existing_fragment_is_kept_and_an_existing_text_directive_replaced() -> None:
    for url in ("https://a.example/b#part", "https://a.example/b#part:~:text=old"):
        assert _link("Some words.", "words", url=url) == "https://a.example/b#part:~:text=words"


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "file:///etc/passwd", "https://[", "http://a b", "//x"]
)
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert text_fragment_link(url, "words", text="words", start=0, end=5) is None


def test_a_quote_that_is_not_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        text_fragment_link("https://a.example", "other", text="words", start=0, end=5)


UNLIKE_WORDS = st.lists(
    st.sampled_from("alpha beta gamma, delta-one «epsilon» zéta. été & 10\u00a0% l’eta".split(" ")),
    min_size=1,
    max_size=40,
)


@given(words=UNLIKE_WORDS, breaks=st.sets(st.integers(1, 39)), data=st.data())
def test_following_a_link_leads_to_the_quoted_words(
    words: list[str], breaks: set[int], data: st.DataObject
) -> None:
    # Numbered, so that no words are repeated: those are the next test's.
    numbered = [f"{word}{number}" for number, word in enumerate(words)]
    text = "".join(
        ("\n\n" if i in breaks else " " if i else "") + word for i, word in enumerate(numbered)
    )
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = text.index(numbered[first])
    end = text.index(numbered[last], start) + len(numbered[last])
    link = text_fragment_link(
        "https://a.example/b", text[start:end], text=text, start=start, end=end
    )
    assert link is not None
    assert re.fullmatch(r"[\w.~!*'();:@&=+$,/?%#-]+", link, re.ASCII)
    assert _follow(link, text) == text[start:end]


@given(repeats=st.integers(0, 3), lead=st.sampled_from(["In May", "Later on,", "Again:"]))
def test_following_a_link_leads_to_the_right_one_of_repeated_words(repeats: int, lead: str) -> None:
    quote = (
        "sales of the new phone fell by half, the company said on Tuesday, and margins with them"
    )
    text = f"{quote}. " * repeats + f"{lead} {quote}!"
    start = text.rindex(quote)
    link = text_fragment_link(
        "https://a.example", quote, text=text, start=start, end=start + len(quote)
    )
    assert link is not None
    directive = link.partition("text=")[2]
    assert ("-," in directive) == (repeats > 0)
    if repeats:
        assert unquote(directive.partition("-,")[0]).endswith(lead)


def _citation(number: int, of: Article, quote: str) -> Citation:
    start = of.text.index(quote)
    return Citation(number, of, start, start + len(quote), None)


STORY = article("It fell by half [3]. Then it rose.")
FELL, ROSE = _citation(1, STORY, "It fell by half [3]."), _citation(2, STORY, "Then it rose.")


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("Down [1], then up. [2] Down, again. [1]", [FELL, ROSE]),
        ("« It fell by half (3). » [1]", [FELL]),
    ],
)
def test_marks_that_agree_pass(text: str, citations: list[Citation]) -> None:
    check_citations(text, citations)


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("No marks, no citations.", []),
        ("« It fell by half [3]. » [1]", [FELL]),
        ("Down. [1]", []),
        ("Down.", [FELL]),
        ("Down. [1][2]", [FELL]),
        ("Down. [1]", [FELL, ROSE]),
        ("Up. [2] Down. [1]", [FELL, ROSE]),
        ("Up. [2]", [ROSE]),
        ("Down. [1]", [FELL, FELL]),
        ("Down. [0][1]", [FELL]),
        ("Down. [1]", [Citation(1, STORY, 0, 10_000, None)]),
        ("Down. [1]", [Citation(1, STORY, 5, 5, None)]),
        ("Down. [1]", [Citation(1, STORY, -4, 3, None)]),
        ("Down. [1]", [Citation(1, STORY, 2, 7, None)]),  # begins with a space
    ],
)
def test_marks_that_disagree_are_a_bug(text: str, citations: list[Citation]) -> None:
    with pytest.raises(CitationMismatchError):
        check_citations(text, citations)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("500,000 euros", "Google paid 1,500,000 euros."),
        ("5 million users", "Twitter lost 3.5 million users."),
        ("Twitter lost 3", "Twitter lost 3.5 million users."),
        ("500 euros", "L'amende est de 10\u00a0500 euros."),
        ("L'amende est de 10", "L'amende est de 10\u202f500 euros."),
        ("5 % sur un an", "Les ventes évoluent de −5 % sur un an."),
    ],
)
def test_a_part_of_a_number_is_no_quote(quote: str, text: str) -> None:
    assert find_quote(quote, text) is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("1,500,000 euros", "Google paid 1,500,000 euros."),
        ("500 people came", "In 2023, 500 people came."),
        ("In 2023", "In 2023, 500 people came."),
        ("It fell by 12", "It fell by 12. Then it rose."),
        ("4 is a model", "GPT-4 is a model."),
    ],
)
def test_a_whole_number_at_the_edge_of_a_quote_is_found(quote: str, text: str) -> None:
    found = find_quote(quote, text)
    assert found is not None
    assert text[found.start : found.end] == quote


def test_words_that_stand_everywhere_are_found_without_reading_the_text_for_each() -> None:
    text = "no " * 14_000
    span = find_quote("no " * 190, text, prefer=Span(30_000, 36_000))
    assert span is not None
    assert span.start == 30_000
