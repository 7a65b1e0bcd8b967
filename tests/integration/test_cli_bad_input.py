"""Whatever is wrong with what comes in: one sentence on stderr, nothing lost, no traceback."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.data_files import DISCORD_FILE, TOKENS_FILE
from corpus.sqlite_store import SqliteArticleStore
from tests.integration.terminal import Terminal

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_000)


FILES = {
    "a picture named .txt": ("picture.txt", lambda p: p.write_bytes(PNG), "not a type"),
    "200 MB": ("large.txt", sparse, "too large"),
    "a broken PDF": ("broken.pdf", lambda p: p.write_bytes(b"%PDF-1.7\n%\xff\xff\n1 0"), "damaged"),
    "an empty file": ("empty.md", lambda p: p.write_bytes(b""), "no text"),
    "nothing but blanks": ("blank.txt", lambda p: p.write_text(" \n\t\n"), "no text"),
    "a few words": ("short.txt", lambda p: p.write_text("Hello there."), "too short"),
    "a shelf of books": ("books.txt", lambda p: p.write_text("word " * 300_000), "too long"),
    "a missing file": ("missing.txt", lambda _: None, "cannot be read: no such file"),
}


@pytest.mark.parametrize(("name", "make", "words"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_article(
    terminal: Terminal,
    tmp_path: Path,
    name: str,
    make: Callable[[Path], object],
    words: str,
) -> None:
    path = tmp_path / name
    make(path)
    added = terminal("add", path)
    assert added.code == 1
    assert words in added.err
    assert name in added.err
    assert len(added.err.strip().splitlines()) == 1
    assert terminal("articles", "list", "--json").json == []


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_an_import_that_cannot_be_read(terminal: Terminal, tmp_path: Path, name: str) -> None:
    imported = terminal("import", tmp_path / name)
    assert imported.code == 1
    assert "cannot be read" in imported.err


def test_a_folder_without_files(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    added = terminal("add", tmp_path / "empty")
    assert added.code == 1
    assert added.err == "There is nothing to add there.\n"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/a", "http://[::1]/", "https://", "http://localhost:1/x"]
)
def test_an_address_that_is_not_for_fetching(terminal: Terminal, url: str) -> None:
    added = terminal("add", url)
    assert added.code == 1
    assert len(added.err.strip().splitlines()) == 1


QUESTIONS = {
    "empty": "",
    "blank": " \t ",
    "emoji only": "🤖🤖🤖",
    "control characters": "\x00\x1b\x07\x7f\x9b",
    "10,000 characters": "why " * 2_500,
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_that_is_none(terminal: Terminal, question: str) -> None:
    asked = terminal("ask", question)
    assert asked.code == 1
    assert asked.out == ""
    assert "question" in asked.err
    assert len(asked.err.strip().splitlines()) == 1


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_search_for_it_does_not_fail(terminal: Terminal, question: str) -> None:
    assert terminal("search", question).code == 0


@pytest.mark.parametrize("model", ["no/such-model", "./no such folder", "/etc"])
def test_a_model_that_cannot_be_had_is_told_within_seconds(terminal: Terminal, model: str) -> None:
    began = time.monotonic()
    asked = terminal("ask", "why?", EMBEDDING_MODEL=model)
    assert time.monotonic() - began < 15
    assert asked.code == 1
    assert "EMBEDDING_MODEL" in asked.err
    assert "shipped model" in asked.err
    assert len(asked.err.strip().splitlines()) == 1


def test_a_reranker_that_cannot_be_had_is_called_by_its_own_setting(terminal: Terminal) -> None:
    asked = terminal("ask", "why?", RERANKER_MODEL="./nowhere")
    assert asked.code == 1
    assert "nowhere cannot be loaded: there is no such folder" in asked.err
    assert "RERANKER_MODEL" in asked.err
    assert "EMBEDDING_MODEL" not in asked.err


def test_settings_that_cannot_be_are_named_together(terminal: Terminal) -> None:
    asked = terminal("ask", "why?", LOG_LEVEL="loud", LLM_MODEL="gpt")
    assert asked.code == 1
    assert "LOG_LEVEL" in asked.err
    assert "LLM_MODEL" in asked.err


def test_a_data_folder_that_cannot_be(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    listed = terminal("articles", "list", NEWSDESK_DATA=str(tmp_path / "file" / "data"))
    assert listed.code == 1
    assert "NEWSDESK_DATA" in listed.err


def test_a_damaged_database(terminal: Terminal) -> None:
    terminal("articles", "list")
    database = terminal.data / "newsdesk.db"
    for companion in terminal.data.glob("newsdesk.db-*"):
        companion.unlink()
    database.write_bytes(b"no database at all" * 1000)
    listed = terminal("articles", "list")
    assert listed.code == 1
    assert "newsdesk restore FILE" in listed.err


@pytest.mark.parametrize(
    ("name", "command", "lost"),
    [
        (DISCORD_FILE, "audit", "the servers' settings and the audit"),
        (TOKENS_FILE, "status", "Only the count of today's tokens"),
    ],
)
def test_a_damaged_file_beside_the_articles(
    terminal: Terminal, name: str, command: str, lost: str
) -> None:
    terminal.data.mkdir(exist_ok=True)
    path = terminal.data / name
    path.write_bytes(b"no database at all" * 1000)
    told = terminal(command, LLM_MODEL="openai:any")
    assert told.code == 1
    assert f"{path} cannot be read" in told.err
    assert lost in told.err
    assert "restore" not in told.err
    path.rename(path.with_suffix(".damaged"))
    assert terminal(command, LLM_MODEL="openai:any").code == 0


@pytest.mark.parametrize("reference", ["999", "no-such-id", "99999999999999999999999", "☃"])
def test_an_article_that_is_not_there(terminal: Terminal, reference: str) -> None:
    shown = terminal("articles", "show", reference)
    assert (shown.code, shown.out) == (1, "")
    assert reference in shown.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["add"],
        ["nonsense"],
        ["search", "x", "--limit", "0"],
        ["search", "x", "--limit", "many"],
        ["articles", "show"],
        ["articles", "list", "--offset", "99999999999999999999"],
        ["articles", "list", "--limit", "99999999999999999999"],
        ["rebuild", "--fully"],
    ],
)
def test_wrong_usage(terminal: Terminal, arguments: list[str]) -> None:
    used = terminal(*arguments)
    assert used.code == 2
    assert "Usage" in used.err


def test_a_surprise_gives_a_reference_that_the_log_explains(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = Mock(side_effect=RuntimeError("password=hunter2"))
    with monkeypatch.context() as patch:
        patch.setattr(SqliteArticleStore, "summaries", failure)
        listed = terminal("articles", "list")
    assert listed.code == 1
    assert "hunter2" not in listed.err
    reference = listed.err.strip().rstrip(".").rpartition(" ")[2]
    log = (terminal.data / "newsdesk.log").read_text(encoding="utf-8")
    assert reference in log
    assert "hunter2" in log
