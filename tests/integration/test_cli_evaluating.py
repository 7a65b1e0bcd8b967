"""`eval` as a person and a program see it, with an embedder that needs no model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.answering import service
from bot.app import App
from tests.fakes.embedder import HashingEmbedder
from tests.integration.terminal import Terminal

MICROSOFT = {
    "id": "ms",
    "lang": "en",
    "title": "Microsoft drops Twitter",
    "source": "The Ledger",
    "published_at": "2023-04-19",
    "text": "Microsoft dropped Twitter from its advertising tool on Tuesday. "
    "It refused to pay the new fee of 42,000 dollars a month, a spokesman of the company said. "
    "The owner of Twitter threatened to sue within hours of the announcement.",
}
FERRY = {
    "id": "ferry",
    "lang": "en",
    "title": "Electric ferries",
    "published_at": "2023-06-01",
    "text": "The council of Brest ordered two electric ferries for the harbour this morning. "
    "They replace boats that burn oil, and sail to the islands from the next summer on. "
    "Nobody on the council voted against the order, which the state pays in part.",
}
QUESTIONS: list[dict[str, object]] = [
    {
        "id": "q1",
        "question": "Which fee did Microsoft refuse to pay?",
        "type": "factoid",
        "pair": "en2en",
        "article_ids": ["ms"],
        "answer_keys": ["42,000 dollars"],
        "evidence": [{"article_id": "ms", "quote": "It refused to pay the new fee"}],
        "asked_at": "2023-05-01",
    },
    {
        "id": "q2",
        "question": "Which electric ferries did the council order?",
        "type": "factoid",
        "pair": "en2en",
        "article_ids": ["ferry"],
        "asked_at": "2023-05-01",
    },
]


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(App, "embedder", HashingEmbedder())
    monkeypatch.setattr(service, "threshold", lambda: 0.0)


@pytest.fixture
def questions(accented: Path) -> Path:
    return _lines(accented / "set" / "questions.jsonl", QUESTIONS)


def _lines(path: Path, lines: Sequence[Mapping[str, object]]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_the_articles_beside_the_questions_are_measured_on_and_not_kept(
    terminal: Terminal, questions: Path
) -> None:
    _lines(questions.with_name("articles.jsonl"), [MICROSOFT, FERRY])
    measured = terminal("eval", questions, "--json")
    assert measured.code == 0
    assert "since the stored articles are not those asked about" in measured.err
    scores = measured.json
    assert isinstance(scores, dict)
    assert set(scores) == {"all", "type factoid", "pair en2en"}
    assert scores["all"] == scores["type factoid"] == scores["pair en2en"]
    assert scores["all"]["questions"] == 2
    # The ferries were ordered after the day of the question.
    assert scores["all"]["hits_at_1"] == scores["all"]["mrr_at_10"] == 0.5
    assert scores["all"]["key_recall"] == scores["all"]["evidence_recall"] == 1.0
    assert scores["all"]["verbatim"] == 1.0
    assert terminal("articles", "list", "--json").json == []


def test_the_stored_articles_are_measured_on_if_they_are_those_asked_about(
    terminal: Terminal, questions: Path
) -> None:
    beside = _lines(questions.with_name("articles.jsonl"), [MICROSOFT])
    assert terminal("import", beside).code == 0
    beside.write_text("not read", encoding="utf-8")
    measured = terminal("eval", questions, "--json")
    assert measured.code == 0
    assert "not those asked about" not in measured.err
    assert isinstance(measured.json, dict)
    assert measured.json["all"]["hits_at_5"] == 0.5


def test_articles_can_be_named(terminal: Terminal, questions: Path) -> None:
    named = _lines(questions.with_name("others.jsonl"), [FERRY])
    measured = terminal("eval", questions, "--articles", named, "--json")
    assert isinstance(measured.json, dict)
    assert measured.json["all"]["hits_at_10"] == 0.0
    assert measured.json["all"]["false_refusals"] == 1.0


def test_each_result_is_written(terminal: Terminal, questions: Path) -> None:
    _lines(questions.with_name("articles.jsonl"), [MICROSOFT, FERRY])
    out = questions.with_name("résultats.jsonl")
    assert terminal("eval", questions, "--out", out).code == 0
    first, second = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert first["id"] == "q1"
    assert first["ranked"] == ["ms"]
    assert first["answered"]
    quote = first["citations"][0]
    assert quote["article_id"] == "ms"
    assert str(MICROSOFT["text"])[quote["start"] : quote["end"]] == quote["quote"]
    assert second["id"] == "q2"


def test_people_see_a_table_whole(terminal: Terminal, questions: Path) -> None:
    _lines(questions.with_name("articles.jsonl"), [MICROSOFT, FERRY])
    table = terminal("eval", questions).out
    rows = [line.split() for line in table.splitlines() if line.split()]
    heads = next(row for row in rows if "H@1" in row)
    assert heads[-4:] == ["p50", "ms", "p95", "ms"]
    assert not any("…" in word for row in rows for word in row)
    everything = next(row for row in rows if row[0] == "all")
    assert everything[1:5] == ["2", "0.500", "0.500", "0.500"]
    assert "-" in everything


def test_a_budget_that_is_spent_does_not_change_the_scores_in_silence(
    terminal: Terminal, questions: Path
) -> None:
    _lines(questions.with_name("articles.jsonl"), [MICROSOFT, FERRY])
    nobody = {"LLM_MODEL": "openai:any", "LLM_BASE_URL": "http://127.0.0.1:9/v1"}
    measured = terminal("eval", questions, "--json", LLM_TOKENS_PER_DAY="1", **nobody)
    assert (measured.code, measured.json["all"]["questions"]) == (0, 2)
    assert "2 of 2 answers: The language model's budget of today is spent" in measured.err
    assert "language model" not in terminal("eval", questions).err


def test_a_line_that_is_no_question_is_named(terminal: Terminal, questions: Path) -> None:
    questions.write_text('{"question": "Why?"}\n{"question": 7}\n', encoding="utf-8")
    failed = terminal("eval", questions)
    assert failed.code != 0
    assert f"{questions}, line 2" in failed.err.replace("\n", "")
    assert failed.out == ""


def test_a_place_for_results_that_cannot_be_written_is_told_before_anything_is_asked(
    terminal: Terminal, questions: Path
) -> None:
    _lines(questions.with_name("articles.jsonl"), [MICROSOFT])
    failed = terminal("eval", questions, "--out", questions.parent)
    assert failed.code == 1
    assert failed.err == f"{questions.parent} cannot be written: is a directory.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk is always full here")
def test_scores_are_told_even_if_the_results_cannot_be_written(
    terminal: Terminal, questions: Path
) -> None:
    _lines(questions.with_name("articles.jsonl"), [MICROSOFT])
    failed = terminal("eval", questions, "--out", "/dev/full", "--json")
    assert failed.code == 1
    assert "/dev/full cannot be written: no space left on device." in failed.err
    assert isinstance(failed.json, dict)
    assert failed.json["all"]["questions"] == 2
