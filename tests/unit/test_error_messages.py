from __future__ import annotations

import logging

import pytest

from bot.error_messages import message_for, report
from corpus.errors import DuplicateArticleError, TooShortError
from index.errors import ModelUnavailableError


def test_a_sentence_carries_the_values_of_its_error() -> None:
    error = DuplicateArticleError("a.md", existing_id=7, existing_title="Titre", same="url")
    assert message_for(error, reference="r") == (
        "a.md: this article is here already, with the same url: number 7, “Titre”.",
        True,
    )


@pytest.mark.parametrize("setting", ["EMBEDDING_MODEL", "RERANKER_MODEL"])
def test_an_unknown_model_names_the_setting_and_the_way_out(setting: str) -> None:
    error = ModelUnavailableError("no/such", "no such model", setting=setting)
    sentence, _ = message_for(error, reference="r")
    assert sentence == (
        f"The model no/such cannot be loaded: no such model. Correct {setting}, or remove it: the"
        " shipped model needs no network."
    )


def test_a_wrapped_error_is_looked_through() -> None:
    class WrapperError(Exception):
        original = TooShortError("a.txt", words=3, least=20)

    sentence, expected = message_for(WrapperError(), reference="r")
    assert expected
    assert "3 words" in sentence


def test_a_subclass_without_a_sentence_of_its_own_gets_that_of_its_parent() -> None:
    class VeryShortError(TooShortError):
        pass

    assert message_for(VeryShortError("a", words=0, least=2), reference="r")[1]


def test_a_surprise_shows_its_reference_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    sentence = report(RuntimeError("password=hunter2"), reference="abc123")
    assert "abc123" in sentence
    assert "hunter2" not in sentence
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert "abc123" in caplog.text
    assert "hunter2" in caplog.text


def test_an_expected_error_is_logged_without_trace_and_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    report(TooShortError("/home/nora/secret.txt", words=3, least=20), reference="abc123")
    (record,) = caplog.records
    assert record.exc_info is None
    assert "secret" not in caplog.text


def test_values_from_outside_cannot_break_the_line_or_steer_the_terminal() -> None:
    error = TooShortError("a\n\x1b[31mred\u202e.txt", words=1, least=2)
    sentence, _ = message_for(error, reference="r")
    assert sentence.isprintable()
    assert sentence.startswith("a [31mred.txt: too short")


def test_braces_in_a_value_stay_as_they_are() -> None:
    error = TooShortError("{error.words}{0}", words=1, least=2)
    assert message_for(error, reference="r")[0].startswith("{error.words}{0}: ")
