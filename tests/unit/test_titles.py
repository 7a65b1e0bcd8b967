from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.normalizing import normalize_text
from corpus.titles import looks_like_title, make_title, shorten


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Le chat dort. Le chien court.", "Le chat dort"),
        ("Is it so? Yes.", "Is it so?"),
        ("M. Dupont et J. R. Smith ont vu Acme Inc. tomber. Fin.", None),
        ("Version 2.5 is out. More.", "Version 2.5 is out"),
        ("Il a dit « non ! » hier. Puis oui.", "Il a dit « non ! » hier"),
        ("« Non\u202f! » Elle part. Fin.", "« Non\u202f! »"),
        ("No end here\n\nSecond paragraph.", "No end here"),
    ],
)
def test_a_title_is_the_first_sentence(text: str, title: str | None) -> None:
    assert make_title(text) == (title or "M. Dupont et J. R. Smith ont vu Acme Inc. tomber")


def test_a_long_sentence_is_cut_between_words() -> None:
    sentence = "En tant que dirigeant " + "de la grande entreprise " * 6
    title = make_title(sentence)
    assert len(title) <= 90
    assert title.endswith("…")
    assert sentence.startswith(title[:-1] + " ")


@given(st.text(st.sampled_from("ab .,«\u00a0»!?\n") | st.characters(), max_size=300))
def test_a_made_title_is_short_and_one_line(text: str) -> None:
    normal = normalize_text(text)
    title = make_title(normal)
    assert len(title) <= 90
    assert "\n" not in title
    if normal.strip("."):
        assert title


def test_a_word_longer_than_a_title_is_cut_within() -> None:
    assert shorten("x" * 200, 10) == "x" * 9 + "…"
    assert shorten("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize(
    ("line", "is_title"),
    [
        ("Microsoft quitte Twitter", True),
        ("Pourquoi Microsoft quitte-t-il Twitter ?", True),
        ("Microsoft quitte Twitter.", False),
        ("Selon une source proche du dossier,", False),
        ("x" * 151, False),
        ("", False),
    ],
)
def test_what_looks_like_a_title(line: str, is_title: bool) -> None:
    assert looks_like_title(line) is is_title
