from __future__ import annotations

import re
import textwrap
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.normalizing import canonical_url, content_hash, fold, normalize_line, normalize_text

TROUBLE = st.text(
    st.sampled_from("aé\u0301 \t\u00a0\u202f\u2009\u200b\u200d\ufeff\n\r\f\x00\x85\u2028\u2029-.A1")
    | st.characters(),
    max_size=60,
)


@given(TROUBLE)
@example("e\u200d\u0301")
@example("\u00a0\n\u00a0\n\u00a0a")
@example("a\u2029\u2029b\nc")
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = normalize_text(text)
    assert normalize_text(once) == once
    assert normalize_line(normalize_line(text)) == normalize_line(text)


@given(TROUBLE)
def test_a_normal_text_has_paragraphs_and_nothing_invisible(text: str) -> None:
    normal = normalize_text(text)
    assert unicodedata.is_normalized("NFC", normal)
    assert normal == normal.strip()
    assert "\n\n\n" not in normal
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f\x85\u200b\ufeff\u2028\u2029\ud800-\udfff]", normal
    )
    assert not re.search(r"[^\S\n]{2}", normal)
    assert all(line == line.strip() for line in normal.split("\n"))


@given(st.lists(st.text("abcé1.,", min_size=1), min_size=1, max_size=20))
def test_no_word_is_lost(words: list[str]) -> None:
    assert normalize_text(" \n".join(words)).split() == words


def test_french_non_breaking_spaces_are_kept_and_others_are_not() -> None:
    assert (
        normalize_text("«\u00a0Oui\u202f!\u00a0» 10\u00a0%") == "«\u00a0Oui\u202f!\u00a0» 10\u00a0%"
    )
    assert normalize_text("a \u00a0b\u2009c\td\u00a0\u00a0e") == "a b c d\u00a0e"


def test_lines_are_paragraphs_only_where_no_blank_line_separates_them() -> None:
    assert normalize_text("one\ntwo\r\nthree") == "one\n\ntwo\n\nthree"
    assert normalize_text("one\n\n\n\ntwo\nthree") == "one\n\ntwo\nthree"


def test_lines_broken_at_a_width_are_joined_but_list_items_are_not() -> None:
    wrapped = (
        "The company said on Monday that it would close its\n"
        "second office by the end of the year and move all\n"
        "of its people to the capital, where it has bought\n"
        "a tower.\n\n"
        "- a first item of the list, which is quite long\n"
        "- a second item"
    )
    assert normalize_text(wrapped) == (
        "The company said on Monday that it would close its second office by the end of the year"
        " and move all of its people to the capital, where it has bought a tower.\n\n"
        "- a first item of the list, which is quite long\n- a second item"
    )


def test_short_lines_are_not_taken_for_a_broken_paragraph() -> None:
    poem = "Roses are red,\nviolets are blue,\nsugar is sweet\n\nAnd so."
    assert normalize_text(poem) == poem


@pytest.mark.parametrize("width", [28, 39, 80, 110, 140])
def test_without_blank_lines_a_text_of_any_width_is_joined(width: int) -> None:
    text = (
        "The company said on Monday that it would close its second office by the end of the year"
        " and move all of its people to the capital, where it has bought a tower. Nobody had been"
        " told before, neither the people who work there nor the mayor, who said that he had read"
        " of it in the newspaper. The union wants to meet the owners on Friday, and hopes for more"
        " time; the owners have not answered yet, but a spokeswoman said that the plan stands."
    )
    assert normalize_text(textwrap.fill(text, width)) == text


@pytest.mark.parametrize(
    "lines",
    [
        ["C’est fini.", "«\u00a0Oui.\u00a0»", "“Non ?”", "«\u00a0Quand\u00a0?\u00a0»", "Bientôt."],
        ["Cartes", "Par A. Un", "Boréal a fermé. " * 9, "Et maintenant", "Rien n’est sûr. " * 20],
        [f"{number} words that no full stop ends " * 12 for number in range(5)],
        ["- one", "- two", "- three", "- four"],
    ],
    ids=["dialogue", "headings", "paragraphs", "list"],
)
def test_lines_that_are_paragraphs_stay_so(lines: list[str]) -> None:
    assert normalize_text("\n".join(lines)).split("\n\n") == [line.strip() for line in lines]


@pytest.mark.parametrize(
    ("given_url", "canonical"),
    [
        ("HTTPS://Example.ORG:443/a?b=2&a=1#top", "https://example.org/a?a=1&b=2"),
        ("http://example.org:8080", "http://example.org:8080/"),
        ("https://example.org/a?utm_source=x&UTM_Medium=y&fbclid=1", "https://example.org/a"),
        ("https://example.org/a&b?utm_source=x", "https://example.org/a&b"),
        ("https://example.org/a?id=1&ref_id=2", "https://example.org/a?id=1&ref_id=2"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        ("  https://example.org/a\u200b ", "https://example.org/a"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("ftp://example.org/a", None),
        ("javascript:alert(1)", None),
        ("example.org/a", None),
        ("https://", None),
        ("http://[::1", None),
        ("https://example.org:99999/a", None),
        ("not a url", None),
        ("", None),
    ],
)
def test_the_canonical_url(given_url: str, canonical: str | None) -> None:
    assert canonical_url(given_url) == canonical


@given(
    st.from_regex(
        r"https?://[a-zA-Z0-9.é-]{1,20}(:[0-9]{1,5})?(/[ -~é]{0,10}){0,3}(\?[ -~é]{0,30})?(#.*)?",
        fullmatch=True,
    )
    | st.text(max_size=40)
)
@example("http://a/?utm_source=b&;c")
@example("http://a/??utm_a=1")
@example("http://&?utm_&b")
@example("http://b?u\x00tm_")
@example("http://b?%75tm_a=1")
@example("http://b?u\ntm_a=1")
def test_canonical_urls_stay_as_they_are(url: str) -> None:
    once = canonical_url(url)
    if once is not None:
        assert canonical_url(once) == once


def test_the_hash_is_that_of_the_bytes() -> None:
    assert content_hash("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


def test_folding_drops_case_and_accents() -> None:
    assert fold("ÉtÉ ﬁn Straße") == "ete fin strasse"
    assert fold(None) == ""
