from __future__ import annotations

import io
import json

import pytest

from corpus import importing
from corpus.errors import ImportLineError
from corpus.importing import read_jsonl
from corpus.models import Draft


def read(*lines: object, encoding: str = "utf-8") -> list[Draft | ImportLineError]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(read_jsonl(io.BytesIO(text.encode(encoding)), "in.jsonl"))


def test_a_full_line_becomes_a_draft() -> None:
    [draft] = read(
        {
            "id": "a1",
            "lang": "fr",
            "title": "Le titre",
            "source": "Le Fil",
            "author": "A. B.",
            "published_at": "2023-04",
            "url": "https://example.org/a",
            "topics": ["x", "y"],
            "text": "Le texte.",
            "unknown": {"is": "ignored"},
        }
    )
    assert isinstance(draft, Draft)
    assert draft.external_id == "a1"
    assert draft.outlet == "Le Fil"
    assert str(draft.published) == "2023-04"
    assert (draft.title, draft.author, draft.language) == ("Le titre", "A. B.", "fr")
    assert (draft.url, draft.topics) == ("https://example.org/a", ("x", "y"))
    assert draft.text == "Le texte."
    assert draft.origin == "in.jsonl, line 1"


def test_all_but_the_text_may_be_missing_null_or_empty() -> None:
    keys = ("id", "lang", "title", "source", "author", "published_at", "url", "topics")
    for nothing in ({}, dict.fromkeys(keys), dict.fromkeys(keys, ""), dict.fromkeys(keys, "  ")):
        [draft] = read({"text": "T"} | nothing)
        assert isinstance(draft, Draft)
        assert draft == Draft(text="T", origin="in.jsonl, line 1", topics=draft.topics)


def test_numbers_are_ids_and_years_and_a_single_topic_is_one() -> None:
    [draft] = read({"id": 17, "published_at": 2023, "topics": "x", "text": "T"})
    assert isinstance(draft, Draft)
    assert (draft.external_id, str(draft.published), draft.topics) == ("17", "2023", ("x",))


def test_a_date_that_cannot_be_read_is_no_date() -> None:
    [draft] = read({"published_at": "soon", "text": "T"})
    assert isinstance(draft, Draft)
    assert draft.published is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "T"', "invalid JSON at character 13"),
        ("nonsense", "invalid JSON at character 1"),
        ("[1, 2]", "not a JSON object"),
        ('{"title": "x"}', "no text"),
        ('{"text": null}', "no text"),
        ('{"text": " \\n "}', "no text"),
        ('{"text": ["T"]}', "'text' must be text"),
        ('{"text": "T", "title": 7}', "'title' must be text"),
        ('{"text": "T", "id": true}', "'id' must be text"),
        ('{"text": "T", "published_at": {}}', "'published_at' must be a date in quotes"),
        ('{"text": "T", "published_at": false}', "'published_at' must be a date in quotes"),
        ('{"text": "T", "topics": {"a": 1}}', "'topics' must be a list of texts"),
        ('{"text": "T", "topics": [1]}', "'topics' must be a list of texts"),
        ('{"text": "T", "text": "U"}', "a key occurs twice"),
        ('{"text": "T", "id": NaN}', "a constant that is not JSON"),
        ('{"text": ' + "[" * 100_000, "JSON nested too deeply"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_come_through(line: str, reason: str) -> None:
    good = {"text": "T"}
    found = read(*[good] * 16, line, *[good] * 3)
    assert [isinstance(one, Draft) for one in found] == [True] * 16 + [False] + [True] * 3
    error = found[16]
    assert isinstance(error, ImportLineError)
    assert (error.origin, error.line, error.reason) == ("in.jsonl", 17, reason)


def test_a_number_of_many_digits_is_one_wrong_line() -> None:
    [error, draft] = read('{"text": "T", "id": ' + "9" * 5_000 + "}", {"text": "T"})
    assert isinstance(error, ImportLineError)
    assert isinstance(draft, Draft)


def test_blank_lines_count_but_are_no_error() -> None:
    found = read("", {"text": "T"}, "  \r", {"text": "U"}, "")
    assert [one.origin for one in found] == ["in.jsonl, line 2", "in.jsonl, line 4"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_other_encodings_are_read(encoding: str) -> None:
    line = json.dumps({"text": "L’été déjà", "title": "Là-bas"}, ensure_ascii=False)
    found = read(line, line, encoding=encoding)
    assert [(d.title, d.text) for d in found if isinstance(d, Draft)] == [
        ("Là-bas", "L’été déjà")
    ] * 2


def test_a_first_line_that_only_looks_like_utf16_does_not_hide_the_others() -> None:
    error, draft = read("\0", {"text": "T" * 100})
    assert isinstance(error, ImportLineError)
    assert isinstance(draft, Draft)


def test_a_line_that_is_too_long_is_skipped_without_being_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importing, "LONGEST_LINE_BYTES", 100)
    lengths: list[int] = []

    class Stream(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            line = super().readline(size)
            lengths.append(len(line))
            return line

    exact = json.dumps({"text": "x" * 87}) + "\n"
    assert len(exact) == 100
    long = json.dumps({"text": "x" * 1_000})
    data = f"{exact}{long}\n{exact}{long}".encode()
    found = list(read_jsonl(Stream(data), "in"))
    assert [isinstance(one, Draft) for one in found] == [True, False, True, False]
    assert isinstance(found[1], ImportLineError)
    assert found[1].line == 2
    assert found[1].reason == "longer than 100 bytes"
    assert max(lengths) <= 101


def test_nothing_in_is_nothing_out() -> None:
    assert read() == []
