from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.decoding import decode, is_text

FRENCH = (
    "Le procès opposera dès mardi l’éditeur à la société qui l’avait hébergé. « C’est inédit »,"
    " a déclaré l’avocate, où que l’on regarde en Europe. Le montant : 3 500 € par jour."
)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_french_is_read_in_any_usual_encoding(encoding: str) -> None:
    data = FRENCH.encode(encoding)
    assert is_text(data)
    assert decode(data) == FRENCH


def test_a_few_accents_are_enough_for_latin_1() -> None:
    english = "The café on Main Street, which cost £200 a day to run, closed on Monday for good."
    assert decode(english.encode("latin-1")) == english
    assert decode("Le café a fermé.".encode("latin-1")) == "Le café a fermé."


def test_french_is_not_taken_for_mac_roman_nor_russian_for_french() -> None:
    french = "Six mois d'attente, un compte à rebours, et voilà. Depuis jeudi, tout est ouvert."
    russian = "Компания объявила вчера, что закрывает свой сервис без объяснения причин."
    assert decode(french.encode("cp1252")) == french
    assert decode(russian.encode("cp1251")) == russian


def test_what_is_declared_counts_where_it_can_be() -> None:
    polish = "Zażółć gęślą jaźń, powiedział wczoraj minister."
    assert decode(polish.encode("iso-8859-2"), declared="ISO-8859-2") == polish
    assert decode("“Oui”".encode("cp1252"), declared="iso-8859-1") == "“Oui”"
    for nonsense in ("utf-8", "no-such", "rot13", "base64", "undefined", "x" * 500):
        assert decode(FRENCH.encode("cp1252"), declared=nonsense) == FRENCH


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1"])
def test_a_few_stray_bytes_do_not_make_utf_8_anything_else(declared: str | None) -> None:
    data = FRENCH.encode()
    assert decode(data + b"\xe9", declared=declared) == FRENCH + "\ufffd"
    assert decode(b"\xe9" + data, declared=declared) == "\ufffd" + FRENCH
    assert decode(data + "€".encode()[:2], declared=declared) == FRENCH + "\ufffd"


def test_a_few_sequences_that_utf_8_has_too_do_not_make_it_utf_8() -> None:
    french = "«\u00a0On a hésité\u00a0», dit-il. «\u00a0À côté\u00a0»."
    assert decode(french.encode("cp1252")) == french


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0",
        b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0",
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0",
        bytes(range(256)) * 20,
    ],
    ids=["png", "zip", "elf", "all bytes"],
)
def test_binary_data_is_not_text(data: bytes) -> None:
    assert not is_text(data)


@given(st.binary(max_size=300), st.none() | st.text(max_size=12))
@example(b"\xe9", "a\0")
def test_any_bytes_decode_to_something(data: bytes, declared: str | None) -> None:
    assert isinstance(decode(data, declared=declared), str)
    is_text(data)


@given(st.text())
def test_utf_8_is_always_read_as_such(text: str) -> None:
    data = text.encode()
    if "\0" not in text and not data.startswith((b"\xef\xbb\xbf", b"\xff", b"\xfe")):
        assert decode(data) == text
