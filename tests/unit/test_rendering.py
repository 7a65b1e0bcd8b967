from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering import concluding
from bot.locales import ENGLISH, FRENCH, Words, words_for
from bot.locales.commands import FRENCH_COMMANDS
from bot.markdown import PAGE_LIMIT, masked_link, plain, shortened, split_plain, units
from bot.rendering import Page, answer_pages
from bot.replying import embed_of
from corpus.models import Precision, PublicationDate
from tests.fake_discord import rules
from tests.fakes.answers import a_context, abstained, an_article, answered

# Rich in what Discord gives a meaning to, and in what is longer than it looks.
SIGNS = st.one_of(
    st.sampled_from(["@everyone", "@here", "<@1>", "<@&2>", "<#3>", "<t:1>", "https://e.example/"]),
    st.sampled_from(list("\\*_~`|>#[]()<:+-.@ \n\t!")),
    st.sampled_from(["\n\n", "[1]", "1. ", "🦊", "é", "\u202e", "\x00", "\u200b", "\ud800"]),
    st.characters(),
)
TEXT = st.lists(SIGNS, max_size=200).map("".join)
LONG = st.builds(lambda text, times: text * times, TEXT, st.integers(1, 200))
URL = st.one_of(st.none(), TEXT, TEXT.map(lambda tail: f"https://e.example/{tail}"))


def unescaped(text: str) -> str:
    """What Discord shows of text that has no formatting left."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace("\u200b", "")


def taken(page: Page) -> None:
    rules.check_message({"embeds": [embed_of(page).to_dict()]})


@given(TEXT)
@example("a @everyone b")
@example("@\u0000everyone")
@example("1. one\n2) two\n- three\n# four\n> five")
@example("[text](https://evil.example) https://evil.example <https://evil.example>")
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    written = plain(text)
    assert rules.MENTION.search(written) is None
    # Outside of escapes nothing is left that formats or links.
    rest = re.sub(r"\\[^0-9A-Za-z\s]", "x", written)
    assert re.search(r"[\\*_~`|\[\]<]|://", rest) is None
    assert re.search(r"^[^\S\n]*([-+#>]|\d+[.)])", rest, re.MULTILINE) is None


@given(TEXT)
def test_plain_text_loses_no_word(text: str) -> None:
    def words(of: str) -> str:
        return "".join(sign for sign in of if sign.isalnum())

    assert words(unescaped(plain(text))) == words(text)


def test_ordinary_sentences_are_left_alone() -> None:
    sentence = "Apple's €3.5 billion (non-binding) bid: “yes”, said AT&T; c'est fini !"
    assert plain(sentence) == sentence


@given(LONG, st.integers(20, PAGE_LIMIT))
def test_pieces_fit_and_lose_only_whitespace(text: str, limit: int) -> None:
    pieces = split_plain(text, limit)
    assert all(0 < units(piece) <= limit for piece in pieces)
    whole = "".join(plain(text).split())
    together = "".join("".join(pieces).split())
    assert unescaped(together) == unescaped(whole)


def test_cuts_are_made_at_the_strongest_border_near_the_end() -> None:
    assert split_plain("One two. Three four. Five", 24) == ["One two. Three four.", "Five"]
    assert split_plain("aaaa bbbb\n\ncccc dddd eeee", 15) == ["aaaa bbbb", "cccc dddd eeee"]
    assert split_plain("x" * 50, 20) == ["x" * 20, "x" * 20, "x" * 10]


@given(
    text=LONG,
    question=TEXT,
    title=TEXT,
    outlet=TEXT,
    url=URL,
    fallback=TEXT,
    sources=st.integers(1, 30),
)
@example(text="word " * 3000, question="Q", title="T", outlet="O", url=None, fallback="", sources=1)
def test_no_answer_is_over_discords_limits_or_names_anybody(
    text: str, question: str, title: str, outlet: str, url: str | None, fallback: str, sources: int
) -> None:
    article = an_article(title=title, outlet=outlet, url=url)
    said = answered(
        text, articles=(article,) * sources, context=a_context(question), fallback=fallback
    )
    unsaid = abstained(text, nearest=(article,) * sources)
    for answer in (said, unsaid):
        for words in (ENGLISH, FRENCH):
            pages = answer_pages(answer, words, question=question)
            assert pages
            for page in pages:
                taken(page)
                assert rules.MENTION.search(page.text) is None


@given(label=TEXT, url=URL)
def test_a_link_leads_where_the_code_says_and_nowhere_else(label: str, url: str | None) -> None:
    written = masked_link(label, url, ENGLISH)
    rest = re.sub(r"\\[^0-9A-Za-z\s]", "", written)
    links = re.findall(r"\]\(([^()\s]*)\)", rest)
    assert len(links) <= 1
    assert all(link.startswith(("http://", "https://")) for link in links)
    assert rest.count("](") == len(links)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.b/c", "", "https://", "//a.b"])
def test_what_a_browser_should_not_open_is_no_link(url: str) -> None:
    assert masked_link("Title", url, ENGLISH) == "Title"


def test_brackets_in_an_address_do_not_end_the_link() -> None:
    written = masked_link("Wiki", "https://e.example/a_(b) c", ENGLISH)
    assert written == "[Wiki](https://e.example/a_%28b%29%20c)"


def test_a_link_too_long_loses_its_fragment_first_and_then_says_so() -> None:
    page = "https://e.example/a"
    assert masked_link("T", f"{page}#:~:text={'x' * 2000}", ENGLISH) == f"[T]({page})"
    assert masked_link("T", page + "x" * 2000, ENGLISH) == "T (its link is too long for Discord)"


def test_a_bracket_in_a_title_cannot_break_its_link() -> None:
    assert masked_link("a [b", "https://e.example", ENGLISH) == "[a (b](https://e.example)"


def test_quotes_of_one_article_share_a_line() -> None:
    other = an_article(2, title="Other", outlet=None, url="https://e.example/other")
    said = answered(articles=(an_article(), other, an_article()))
    [page] = answer_pages(said, ENGLISH)
    quote = "https://example.org/microsoft#:~:text=Microsoft"
    assert page.text.splitlines()[-2:] == [
        rf"\[[1]({quote})\] \[[3]({quote})\] [Microsoft drops Twitter](https://example.org/microsoft)"
        " · The Verge · 19 April 2023",
        r"\[2\] [Other](https://e.example/other#:~:text=Microsoft) · 19 April 2023",
    ]


def test_a_title_is_cut_where_it_can_be_seen() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcde…"


def test_an_empty_corpus_says_so_below() -> None:
    context = a_context(newest=None)
    empty = replace(context, index=replace(context.index, articles=0))
    said = concluding.abstained(empty)
    [page] = answer_pages(said, ENGLISH)
    assert page == Page("I have no article yet, so I cannot answer.", "No articles are stored yet")


def test_articles_without_a_date_are_articles() -> None:
    said = concluding.abstained(a_context(newest=None))
    [page] = answer_pages(said, ENGLISH)
    assert page == Page("I have found nothing that answers this.", "From 1,234 articles")
    [page] = answer_pages(answered(context=a_context(newest=None)), FRENCH)
    assert page.footer == "D'après 1\N{NARROW NO-BREAK SPACE}234 articles"


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_commands_are_called_what_the_reader_knows_them_by(words: Words) -> None:
    told = [getattr(words, field.name) for field in fields(Words) if field.type == "str"]
    text = " ".join([*told, *words.errors.values()])
    named = [one.split() for one in re.findall(r"(?<=[\s`])/[^\W\d][\w-]*(?: [\w-]+(?=`))?", text)]
    known = FRENCH_COMMANDS.values() if words is FRENCH else FRENCH_COMMANDS.keys()
    assert ["/forget-me" if words is ENGLISH else "/oublie-moi"] in named
    assert {name.removeprefix("/") for parts in named for name in parts} <= set(known)


@pytest.mark.parametrize(
    ("published", "english", "french"),
    [
        (PublicationDate(date(2023, 4, 1), Precision.DAY), "1 April 2023", "1er avril 2023"),
        (PublicationDate(date(2023, 8, 19), Precision.DAY), "19 August 2023", "19 août 2023"),
        (PublicationDate(date(2023, 4, 1), Precision.MONTH), "April 2023", "avril 2023"),
        (PublicationDate(date(2023, 1, 1), Precision.YEAR), "2023", "2023"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(
    published: PublicationDate, english: str, french: str
) -> None:
    assert ENGLISH.date(published) == english
    assert FRENCH.date(published) == french


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 s"),
        (2.1, "3 s"),
        (99, "99 s"),
        (100, "2 min"),
        (3600, "1 h"),
        (3601, "1 h 1 min"),
        (12000, "3 h 20 min"),
    ],
)
def test_times_to_wait_are_rounded_up(seconds: float, said: str) -> None:
    assert ENGLISH.duration(seconds) == said


def test_other_languages_get_english() -> None:
    assert words_for("fr") is FRENCH
    assert words_for("en-GB") is ENGLISH
    assert words_for("fy") is ENGLISH
