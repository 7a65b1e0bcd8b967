from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from corpus import extracting
from corpus.errors import (
    DamagedFileError,
    NoTextError,
    RejectedArticleError,
    TooLargeError,
    UnknownTypeError,
)
from corpus.extracting import extract
from tests.fakes.files import PAGE, PARAGRAPH, pdf


def pages(*pages: tuple[str, ...]) -> bytes:
    writer = PdfWriter()
    for lines in pages:
        writer.append(io.BytesIO(pdf(*lines)))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


class TestPlainText:
    @pytest.mark.parametrize(
        ("date", "iso"),
        [
            ("date 2022-11", "2022-11"),
            (" date 2022-11-03", "2022-11-03"),
            ("date 2022", "2022"),
            ("Date: 2022-11", "2022-11"),
            ("\ufeffdate 2022-11", "2022-11"),
            ("date 2022/11/03", "2022-11-03"),
            ("date 2022.11.03", "2022-11-03"),
            ("date: 2022/11", "2022-11"),
        ],
    )
    def test_a_leading_date_is_the_publication_date(self, date: str, iso: str) -> None:
        text = f"{date} {PARAGRAPH}\n\nUn second paragraphe.\n\n“An English post.”\n"
        draft = extract(text.encode(), name="a.txt")
        assert str(draft.published) == iso
        assert draft.title is None
        assert draft.text == f"{PARAGRAPH}\n\nUn second paragraphe.\n\n“An English post.”"

    @pytest.mark.parametrize(
        "text",
        [
            "Date limite : 2022-11.",
            "date 2022-11-03-04 x",
            "date 2022/11/03/04 x",
            "date 2022-11/03 x",
            "date 2022/23 x",
            "date 2022-13 x",
            "updated 2022-11 x",
            "date 20221 x",
        ],
    )
    def test_what_only_resembles_a_date_is_text(self, text: str) -> None:
        draft = extract(text.encode(), name="a.txt")
        assert draft.published is None
        assert draft.text == text

    def test_the_first_line_is_the_title_if_it_looks_like_one(self) -> None:
        for text in (
            f"Boréal ferme ses cartes\n\n{PARAGRAPH}",
            f"date 2022-11\nBoréal ferme ses cartes\n{PARAGRAPH}",
            f"date 2022-11 Boréal ferme ses cartes\r\n\r\n{PARAGRAPH}",
        ):
            draft = extract(text.encode(), name="a.txt")
            assert draft.title == "Boréal ferme ses cartes"
            assert draft.text.strip() == PARAGRAPH

    @pytest.mark.parametrize(
        "text",
        [
            f"C’est fini.\n\n{PARAGRAPH}",
            "La société Boréal a fermé hier\nson service de cartes, que\ntrois cents villes.",
            f"{PARAGRAPH}\n\nFin",
            "Boréal ferme ses cartes",
        ],
        ids=["a sentence", "a wrapped paragraph", "a paragraph", "nothing follows"],
    )
    def test_otherwise_there_is_no_title(self, text: str) -> None:
        draft = extract(text.encode(), name="a.txt")
        assert draft.title is None
        assert draft.text == text

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
    def test_any_encoding_is_read(self, encoding: str) -> None:
        assert extract(PARAGRAPH.encode(encoding), name="a.txt").text == PARAGRAPH


class TestMarkdown:
    def test_front_matter_is_read_under_its_usual_names(self) -> None:
        text = (
            "---\ntitle: Boréal ferme\nauthors: [A. Un, B. Deux]\nsite: Le Fil\ndate: 2022-11-03\n"
            f"link: https://example.org/a\nlang: fr\ntags:\n- cartes\n- 2022\nid: 17\n---\n"
            f"{PARAGRAPH}"
        )
        draft = extract(text.encode(), name="a.md")
        assert (draft.title, draft.author, draft.outlet) == (
            "Boréal ferme",
            "A. Un, B. Deux",
            "Le Fil",
        )
        assert (str(draft.published), draft.language) == ("2022-11-03", "fr")
        assert (draft.url, draft.external_id) == ("https://example.org/a", "17")
        assert draft.topics == ("cartes", "2022")
        assert draft.text == PARAGRAPH

    @pytest.mark.parametrize(
        ("line", "iso"),
        [
            ("date: 2022-11", "2022-11"),
            ("date: 2022", "2022"),
            ("published_at: 2022-11-03T10:00:00Z", "2022-11-03"),
            ("published: 3 novembre 2022", "2022-11-03"),
            ("date: 'soon'", "None"),
        ],
    )
    def test_front_matter_dates_keep_their_precision(self, line: str, iso: str) -> None:
        draft = extract(f"---\ntitle: T\n{line}\n---\n{PARAGRAPH}".encode(), name="a.md")
        assert str(draft.published) == iso

    def test_front_matter_that_is_not_quite_yaml_is_still_read(self) -> None:
        text = f"---\ntitle: Boréal: the end\ndate: 2022-11\n---\n{PARAGRAPH}"
        draft = extract(text.encode(), name="a.md")
        assert draft.title == "Boréal: the end"
        assert str(draft.published) == "2022-11"

    def test_one_field_that_is_not_yaml_does_not_spoil_the_others(self) -> None:
        text = (
            "---\ntitle: Apple: the #1 chip\nurl: \"https://example.org/a\"\noutlet: 'Le Fil'\n"
            "tags: [ai, chips]\nauthors:\n- A. Un\n- B. Deux\ndate: 2022-11-03\n---\n" + PARAGRAPH
        )
        draft = extract(text.encode(), name="a.md")
        assert (draft.title, draft.outlet) == ("Apple: the #1 chip", "Le Fil")
        assert (draft.url, draft.author) == ("https://example.org/a", "A. Un, B. Deux")
        assert (draft.topics, str(draft.published)) == (("ai", "chips"), "2022-11-03")

    def test_the_first_date_that_can_be_read_counts(self) -> None:
        for line in ("published: true", "published_at: soon"):
            text = f"---\n{line}\ndate: 2023-04-19\n---\n{PARAGRAPH}"
            assert str(extract(text.encode(), name="a.md").published) == "2023-04-19"

    def test_a_text_between_rules_is_not_front_matter(self) -> None:
        draft = extract(b"---\nOnly words here\n---\nand here", name="a.md")
        assert "Only words here" in draft.text
        assert "and here" in draft.text

    def test_markup_goes_and_paragraphs_and_list_items_stay(self) -> None:
        text = (
            '# The *title*\n\nA **bold** [link](https://x.example "t") and `code`\nin one line,\\\n'
            "then ![alt](i.png) another.\n\n## Part\n\n- one\n- two\n  1. inner\n\n> A quote.\n\n"
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1\n```\n\n<div>y</div>\n\nEnd &amp; done."
        )
        draft = extract(text.encode(), name="a.md")
        assert draft.title == "The title"
        assert draft.text.split("\n\n") == [
            "A bold link and code in one line,\nthen  another.",
            "Part",
            "- one\n- two\n1. inner",
            "A quote.",
            "a | b\n1 | 2",
            "x = 1",
            "y",
            "End & done.",
        ]

    def test_the_text_of_raw_html_is_kept(self) -> None:
        text = (
            "<!-- wp:paragraph -->\n<p class='x'>First &amp; <b>bold</b>,\n  still.</p>\n"
            "<p>«\u00a0Second&nbsp;».</p>\n<!-- more -->\n\n<blockquote>\nSaid.\n</blockquote>\n\n"
            "<details><summary>More</summary>\n\nInner *text*.\n\n</details>\n\n"
            "<ul>\n  <li>one</li>\n  <li><p>two</p></li>\n</ul>\n\n- <p>item</p>\n\n"
            "<table>\n<tr><th>a</th> <th>b</th></tr>\n<tr><td>1</td><td>2</td></tr></table>\n\n"
            "<script>\nvar a;\n\nvar b;\n</script>\n\n<div><style>p {}</style></div>\n\nEnd."
        )
        assert re.split("\n{2,}", extract(text.encode(), name="a.md").text) == [
            "First & bold, still.",
            "«\u00a0Second\u00a0».",
            "Said.",
            "More",
            "Inner text.",
            "- one\n- two",
            "- item",
            "a | b\n1 | 2",
            "End.",
        ]

    def test_html_in_a_line_breaks_it_or_goes(self) -> None:
        text = (
            "Line one<br>Line <b>two</b><br />a < b &lt;p&gt; `<br>`<script>x()</script>\n\n"
            "| a | b |\n|---|---|\n| 1<br>2 | |\n\n```\n<script>x()</script>\n```"
        )
        assert extract(text.encode(), name="a.md").text.split("\n\n") == [
            "Line one\nLine two\na < b <p> <br>",
            "a | b\n1 2 | ",
            "<script>x()</script>",
        ]

    def test_a_heading_other_than_the_given_title_stays_in_the_text(self) -> None:
        front = "---\ntitle: Boréal\n---\n"
        assert extract(f"{front}# boréal\n\nx".encode(), name="a.md").text == "x"
        assert extract(f"{front}# Cartes\n\nx".encode(), name="a.md").text == "Cartes\n\nx"

    def test_a_leading_date_is_read_in_markdown_too(self) -> None:
        draft = extract(b"date 2022-11 # no heading\n\n**x**", name="a.markdown")
        assert str(draft.published) == "2022-11"


class TestWebPage:
    def test_the_article_is_read_without_what_surrounds_it(self) -> None:
        draft = extract(PAGE.encode("cp1252"), name="page.html")
        assert (draft.title, draft.outlet, draft.author) == (
            "Boréal ferme ses cartes",
            "Le Fil",
            "Jeanne Martin",
        )
        assert str(draft.published) == "2022-11-03"
        assert draft.url == "https://lefil.example/boreal"
        assert draft.text.split("\n")[0] == PARAGRAPH
        assert "en gras et un lien vers" in draft.text
        for noise in ("cookies", "Rubriques", "Mentions"):
            assert noise not in draft.text

    def test_a_page_may_not_claim_an_address_on_another_site(self) -> None:
        data = PAGE.encode("cp1252")
        other = extract(data, name="x", content_type="text/html", url="https://evil.example/a")
        same = extract(
            data, name="x", content_type="text/html", url="https://www.lefil.example/?p=1"
        )
        assert other.url == "https://evil.example/a"
        assert same.url == "https://lefil.example/boreal"

    def test_the_content_decides_whatever_the_name_says(self) -> None:
        assert extract(PAGE.encode("cp1252"), name="page.txt").outlet == "Le Fil"
        assert extract(PAGE.encode("cp1252"), name="page.php").outlet == "Le Fil"

    def test_the_charset_of_the_server_counts(self) -> None:
        page = PAGE.replace("iso-8859-1", "koi8-r").encode("cp1252")
        draft = extract(page, name="x", content_type="text/html; charset=windows-1252")
        assert PARAGRAPH in draft.text

    def test_xhtml_with_a_declaration_is_read(self) -> None:
        page = '<?xml version="1.0" encoding="utf-8"?>\n' + PAGE.replace("iso-8859-1", "utf-8")
        assert PARAGRAPH in extract(page.encode(), name="a.xhtml").text

    def test_a_page_without_an_article_has_no_text(self) -> None:
        for page in (b"<html></html>", b"<html><body><img src=a></body></html>", b"<html"):
            with pytest.raises(NoTextError):
                extract(page, name="a.html")


class TestPdf:
    def test_text_and_metadata_are_read(self) -> None:
        data = pdf(
            "Première ligne du texte,",
            "une deuxième tech-",
            "nique.",
            Title="Boréal",
            Author="A. B.",
        )
        draft = extract(data, name="a.pdf")
        assert (draft.title, draft.author) == ("Boréal", "A. B.")
        assert draft.text == "Première ligne du texte,\nune deuxième technique."

    def test_a_sentence_goes_on_over_the_border_of_a_page(self) -> None:
        filled = "La société a fermé hier son service, que trois cents villes payaient encore,"
        data = pages(
            ("Boréal ferme ses cartes",),
            (filled, "et dont la tech-"),
            ("nique a vieilli depuis.", filled, "dit la mairie, qui attend le"),
            ("printemps pour choisir.",),
            (filled, "et des listes :", "- une page qui finit dans une liste"),
            ("- un élément",),
        )
        draft = extract(data, name="a.pdf")
        assert draft.title == "Boréal ferme ses cartes"
        assert draft.text.strip() == (
            f"{filled}\net dont la technique a vieilli depuis.\n{filled}\n"
            "dit la mairie, qui attend le\n"
            f"printemps pour choisir.\n\n{filled}\net des listes :"
            "\n- une page qui finit dans une liste\n\n- un élément"
        )

    def test_a_file_name_is_no_title(self) -> None:
        for name in ("Microsoft Word - a.docx", "untitled", "final_v2.pdf"):
            assert extract(pdf("Un texte.", "Encore.", Title=name), name="a.pdf").title is None

    def test_a_pdf_is_known_by_its_content(self) -> None:
        assert extract(pdf("Un texte."), name="a.txt").text == "Un texte."

    @pytest.mark.parametrize("keep", [9, 60, 300])
    def test_a_broken_pdf_is_damaged(self, keep: int) -> None:
        with pytest.raises((DamagedFileError, NoTextError)) as caught:
            extract(pdf("Un texte.")[:keep], name="a.pdf")
        assert caught.value.origin == "a.pdf"

    def test_a_pdf_behind_a_password_is_damaged(self) -> None:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Un texte."))))
        writer.encrypt("secret", algorithm="RC4-128")
        buffer = io.BytesIO()
        writer.write(buffer)
        with pytest.raises(DamagedFileError) as caught:
            extract(buffer.getvalue(), name="a.pdf")
        assert caught.value.kind == "PDF"

    def test_a_scan_has_no_text(self) -> None:
        with pytest.raises(NoTextError):
            extract(pdf(), name="a.pdf")

    def test_a_text_that_calls_itself_pdf_is_of_unknown_type(self) -> None:
        with pytest.raises(UnknownTypeError):
            extract(b"Just words.", name="a.pdf")


@pytest.mark.parametrize(
    "data", [b"", b" \n\t ", b"\0\0\0", b"---\ntitle: x\n---\n", "\ufeff".encode()]
)
def test_nothing_readable_is_no_text(data: bytes) -> None:
    with pytest.raises(NoTextError):
        extract(data, name="a.txt")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0", "picture.txt", "txt"),
        (bytes(range(256)) * 10, "noise", "binary"),
        (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0", "letter.docx", "docx"),
        (b'{"a": 1}', "data.json", "json"),
        (b"a,b\n1,2", "https://example.org/data.csv?x=.txt", "csv"),
    ],
)
def test_what_is_neither_text_nor_page_is_of_unknown_type(
    data: bytes, name: str, kind: str
) -> None:
    with pytest.raises(UnknownTypeError) as caught:
        extract(data, name=name)
    assert caught.value.kind == kind


def test_the_type_that_a_server_names_counts_more_than_the_name() -> None:
    with pytest.raises(UnknownTypeError):
        extract(b"a,b", name="a.txt", content_type="text/csv")
    assert extract(b"**x**", name="a.php", content_type="text/markdown; charset=utf-8").text == "x"
    assert extract(b"Words.", name="https://example.org/a.1", content_type="text/plain").text


def test_a_name_without_an_ending_is_read_as_text() -> None:
    for name in ("-", "README", "Notes of 3.4", ".hidden", "https://example.org/a/"):
        assert extract(b"Words.", name=name).text == "Words."


def test_too_many_bytes_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "LARGEST_FILE_BYTES", 10)
    assert extract(b"x" * 10, name="a.txt").text
    with pytest.raises(TooLargeError) as caught:
        extract(b"x" * 11, name="a.txt")
    assert (caught.value.size, caught.value.limit) == (11, 10)


def test_the_address_of_a_page_is_kept() -> None:
    draft = extract(b"Words.", name="x", content_type="text/plain", url="https://example.org/a")
    assert draft.url == "https://example.org/a"


@given(
    st.binary(max_size=200)
    | st.sampled_from([b"%PDF-1.7\n", b"<html>", b"---\na: &x [*x]\n---\n"]).flatmap(
        lambda head: st.binary(max_size=100).map(lambda rest: head + rest)
    ),
    st.sampled_from(["a.txt", "a.md", "a.html", "a.pdf", "a", "https://example.org/a"]),
)
def test_any_bytes_are_read_or_rejected(data: bytes, name: str) -> None:
    try:
        draft = extract(data, name=name)
    except RejectedArticleError:
        return
    assert draft.text.strip()
