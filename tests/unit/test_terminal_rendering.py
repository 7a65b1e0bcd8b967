"""What a person reads in the terminal, and what programs read."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from bot.answering.models import Mode
from bot.terminal.console import Growing, ProgressReport, harmless
from bot.terminal.documents import answer_document
from bot.terminal.rendering import answer_text, article_text
from corpus.models import Precision, PublicationDate
from index.models import Period
from tests.fakes.answers import a_context, abstained, an_article, answered

KEYS = [
    *("question", "language", "answered", "mode", "text", "citations", "nearest"),
    *("confidence", "period", "index", "elapsed_ms"),
]
CITATION_KEYS = [
    *("n", "article_id", "external_id", "title", "outlet", "author", "published_at"),
    *("published_precision", "url", "link", "quote", "start", "end", "language"),
]


def test_an_answer_is_shown_with_its_numbered_sources() -> None:
    assert answer_text(answered()).plain == (
        "The new fee was too high. [1]\n"
        "\n"
        "Sources\n"
        "[1] Microsoft drops Twitter · The Verge · 2023-04-19\n"
        "    https://example.org/microsoft#:~:text=Microsoft"
    )


def test_an_article_without_link_can_be_opened_by_a_command() -> None:
    shown = answer_text(answered(articles=(an_article(7, url=None, outlet=None),))).plain
    assert "[1] Microsoft drops Twitter · 2023-04-19\n" in shown
    assert shown.endswith("read it with: newsdesk articles show 7")


def test_the_words_around_an_answer_are_in_its_language() -> None:
    french = abstained("Je n'ai rien là-dessus.", language="fr")
    assert "Les articles les plus proches" in answer_text(french).plain
    italian = abstained("Non so.", language="it")
    assert "The closest articles" in answer_text(italian).plain


def test_a_generated_answer_shows_the_quotes_that_prove_it() -> None:
    generated = replace(answered(), mode=Mode.GENERATED)
    assert "“Microsoft dropped Twitter.”" in answer_text(generated).plain
    assert "“Microsoft dropped Twitter.”" not in answer_text(answered()).plain


def test_a_fallback_is_told() -> None:
    assert "The model is away." in answer_text(answered(fallback="The model is away.")).plain


def test_not_knowing_names_the_closest_articles() -> None:
    assert answer_text(abstained()).plain == (
        "I have nothing on this.\n"
        "\n"
        "The closest articles\n"
        "- Microsoft drops Twitter · The Verge · 2023-04-19\n"
        "    https://example.org/microsoft\n"
        "\n"
        "To let Newsdesk know it, add an article on it: newsdesk add FILE or URL"
    )
    french = answer_text(abstained(language="fr")).plain
    assert french.endswith("ajoutez-lui un article : newsdesk add FICHIER ou URL")


@given(st.text(), st.text(), st.text())
def test_no_article_can_steer_the_terminal(title: str, outlet: str, text: str) -> None:
    hostile = an_article(title=title, outlet=outlet, text=text or "x")
    for shown in (answer_text(answered(text, articles=(hostile,))), article_text(hostile)):
        assert all(c == "\n" or c == "\t" or c == harmless(c) for c in shown.plain)
        assert "\x1b" not in shown.plain


def test_what_is_harmless_stays_as_it_is() -> None:
    assert (
        harmless("« Été » — 1\u202f000 €\n\tœuvre 🤖 日本")
        == "« Été » — 1\u202f000 €\n\tœuvre 🤖 日本"
    )
    assert harmless("\x1b[2J\u202egpj.exe\x07\x9b") == "[2Jgpj.exe"


def test_the_json_of_an_answer_has_the_promised_keys_in_order() -> None:
    document = answer_document(answered())
    assert list(document) == KEYS
    (citation,) = document["citations"]
    assert list(citation) == CITATION_KEYS
    assert json.loads(json.dumps(document)) == document


def test_the_json_of_an_answer_carries_its_values() -> None:
    article = replace(
        an_article(7),
        external_id="x7",
        author="Nora",
        published=PublicationDate(date(2023, 4, 1), Precision.MONTH),
    )
    context = replace(a_context(), period=Period(date(2023, 4, 1), None))
    document = answer_document(answered(articles=(article,), context=context))
    assert document["answered"] is True
    assert document["mode"] == "extractive"
    assert document["period"] == {"since": "2023-04-01", "until": None}
    assert document["index"] == {
        "generation": 1,
        "revision": 3,
        "articles": 1234,
        "newest": "2023-12-01",
    }
    (citation,) = document["citations"]
    assert citation == {
        "n": 1,
        "article_id": 7,
        "external_id": "x7",
        "title": "Microsoft drops Twitter",
        "outlet": "The Verge",
        "author": "Nora",
        "published_at": "2023-04",
        "published_precision": "month",
        "url": "https://example.org/microsoft",
        "link": "https://example.org/microsoft#:~:text=Microsoft",
        "quote": "Microsoft dropped Twitter.",
        "start": 0,
        "end": 26,
        "language": "en",
    }
    assert article.text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_json_of_not_knowing() -> None:
    document = answer_document(abstained())
    assert list(document) == KEYS
    assert document["answered"] is False
    assert document["citations"] == []
    assert [article["article_id"] for article in document["nearest"]] == [1]
    assert document["period"] is None


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seconds = iter([0.0, 1.0, 6.0, 6.0, 7.0, 12.0, 12.0])
    with ProgressReport("Indexing", unit="passages", clock=lambda: next(seconds)) as progress:
        for done in (100, 1200, 1300, 2000):
            progress.show(done, 2000)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "Indexing: 1,200 of 2,000 passages\nIndexing: 2,000 of 2,000 passages\n"
    )


@pytest.mark.parametrize("is_terminal", [True, False])
def test_what_grows_is_shown_on_a_terminal_only_and_gone_at_the_end(is_terminal: bool) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=is_terminal, width=60, color_system=None)
    with Growing(console) as growing:
        growing.show(Text("One. [1]"))
        first = out.getvalue()
        growing.show(Text("One. [1] Two. [2]"))
        assert out.getvalue().count("Two. [2]") == is_terminal
        assert first.count("One. [1]") == is_terminal
    assert out.getvalue().endswith("\x1b[2K") is is_terminal
    assert bool(out.getvalue()) is is_terminal


def test_a_failure_while_it_grows_gives_the_terminal_back() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=60)

    def fail() -> None:
        with Growing(console) as growing:
            growing.show(Text("One."))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert out.getvalue().endswith("\x1b[2K")
    console.print("next")
    assert out.getvalue().endswith("next\n")
