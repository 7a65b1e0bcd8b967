from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.languages import detect_language, language_code

FRENCH = "Le constructeur a retiré son application du magasin sans donner de raison à personne."
ENGLISH = "The maker pulled its application from the store without telling anyone the reason."


def test_a_text_is_told_by_its_beginning() -> None:
    assert detect_language(FRENCH) == "fr"
    assert detect_language(ENGLISH) == "en"
    assert detect_language(f"{FRENCH * 30}\n\n{ENGLISH * 60}") == "fr"
    assert detect_language("Der Hersteller hat seine Anwendung ohne Begründung entfernt.") == "de"


def test_what_is_in_no_known_language_is_none() -> None:
    assert detect_language("12345 !!! 🎉") is None
    assert detect_language("") is None


def test_many_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(detect_language, [FRENCH] * 64)) == {"fr"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fr", "fr"),
        (" FR ", "fr"),
        ("fr-CA", "fr"),
        ("fr_FR.UTF-8", "fr"),
        ("French", None),
        ("fra", None),
        ("", None),
        (None, None),
    ],
)
def test_language_codes(name: str | None, code: str | None) -> None:
    assert language_code(name) == code
