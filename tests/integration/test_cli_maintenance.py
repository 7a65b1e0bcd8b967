"""Status, rebuild, rollback, doctor, backup and restore, through the real commands."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import filelock
import pytest

from bot.app import App, today_utc
from bot.audit import AuditLog, Deed
from bot.data_files import DISCORD_FILE, TOKENS_FILE
from bot.terminal.console import ProgressReport
from bot.token_budget import TokenFile
from index.generations import Manifest
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.finder import ScriptedFinder
from tests.integration.indexing import draft
from tests.integration.permissions import unprivileged
from tests.integration.terminal import Terminal

SOLAR = b"""Solar panels on the roof of the town hall

The town council of Harlow put 200 solar panels on the roof of its hall in June. They now make a
third of the electricity that the building uses, because the summer was unusually bright. The mayor
wants to do the same for both schools next year.
"""
TRAMS = SOLAR.replace(b"Solar panels", b"Tram lines").replace(b"solar panels", b"tram stops")


def parts(terminal: Terminal, **settings: str) -> dict[str, dict[str, str]]:
    return {check["part"]: check for check in terminal("doctor", "--json", **settings).json}


def test_status_says_where_everything_stands(terminal: Terminal) -> None:
    terminal("add", "-", stdin=SOLAR)
    status = terminal("status", "--json").json
    assert (status["articles"], status["revision"], status["languages"]) == (1, 1, {"en": 1})
    assert status["index"]["behind"] == 0
    assert status["index"]["outdated"] == []
    assert "in step" in terminal("status").out


def test_the_audit_tells_who_changed_what_on_discord(terminal: Terminal) -> None:
    nothing = terminal("audit")
    assert (nothing.code, nothing.out) == (0, "")
    assert "Nothing was changed on Discord yet." in nothing.err
    moments = iter([datetime(2024, 5, 1, 9, 30, tzinfo=UTC), datetime(2024, 5, 2, tzinfo=UTC)])
    with closing(AuditLog.open(terminal.data / DISCORD_FILE, clock=lambda: next(moments))) as log:
        log.record(41, Deed.ADDED, "1: A \x1b[31mred\x1b[0m title")
        log.record(42, Deed.ROLLED_BACK, "generation 3")
    first, second = terminal("audit").out.splitlines()
    assert first.startswith("2024-05-01 09:30  41  added  1: A ")
    assert "\x1b" not in first
    assert second == "2024-05-02 00:00  42  rolled back  generation 3"
    assert terminal("audit", "--json").json[1] == {
        "at": "2024-05-02T00:00:00+00:00",
        "person": 42,
        "deed": "rolled back",
        "subject": "generation 3",
    }


def test_a_rebuild_is_published_and_can_be_rolled_back(terminal: Terminal) -> None:
    terminal("add", "-", stdin=SOLAR)
    before = terminal("status", "--json").json["index"]["generation"]
    small = terminal("rebuild", "--json").json
    assert (small["articles"], small["embedded"]) == (1, 0)
    assert (small["asked"], small["found"]) == (1, 1)
    full = terminal("rebuild", "--full", "--json").json
    assert full["embedded"] == full["passages"] > 0
    assert before < small["generation"] < full["generation"]
    assert terminal("rollback").out == f"Published generation {small['generation']} again.\n"
    assert terminal("status", "--json").json["index"]["generation"] == small["generation"]
    assert terminal("search", "solar panels", "--json").json
    assert terminal("rollback", "--json").json == {"generation": full["generation"]}


def test_a_rebuild_that_waits_for_another_process_says_so_once(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("add", "-", stdin=SOLAR)
    lock, told = filelock.FileLock(terminal.data / "index" / "write.lock"), []
    tell_once = ProgressReport.tell_once

    def tell(report: ProgressReport, sentence: str) -> None:
        tell_once(report, sentence)
        told.append(sentence)
        if len(told) == 3:
            lock.release()

    monkeypatch.setattr(ProgressReport, "tell_once", tell)
    with lock:
        rebuilt = terminal("rebuild")
    assert rebuilt.code == 0
    assert rebuilt.err.count("Another Newsdesk process is writing to the index") == 1


def test_a_rebuild_that_finds_less_than_the_present_index_is_not_published(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("add", "-", stdin=SOLAR)
    with monkeypatch.context() as patch:
        patch.setattr(App, "finder_in", lambda *_: ScriptedFinder(MemoryArticleStore()))
        refused = terminal("rebuild", "--full")
    assert refused.code == 1
    assert "it found the article of only 0 of 1 questions" in refused.err
    assert terminal("status", "--json").json["index"]["generation"] == 1
    assert terminal("rebuild").out.endswith("1 of 1 question found their article.\n")


def test_a_rebuild_for_another_model_has_nothing_to_be_compared_with(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (SOLAR, TRAMS):
        terminal("add", "-", stdin=text)
    half = MemoryArticleStore()
    half.add([draft(1)])
    generation = terminal.data / "index" / "gen-000001"
    replace(Manifest.read(generation), model_id="another").write(generation)
    with monkeypatch.context() as patch:
        patch.setattr(App, "finder_in", lambda *_: ScriptedFinder(half))
        rebuilt = terminal("rebuild", "--json")
    assert (rebuilt.json["found"], rebuilt.json["asked"]) == (1, 2)
    assert rebuilt.err.startswith("Another model built the present index.\n")
    assert rebuilt.json["generation"] == 2


def test_there_may_be_nothing_to_roll_back_to(terminal: Terminal) -> None:
    rolled = terminal("rollback")
    assert rolled.code == 1
    assert rolled.err == "There is no earlier index to go back to.\n"


def test_a_damaged_index_is_built_anew_without_a_word_from_anybody(terminal: Terminal) -> None:
    terminal("add", "-", stdin=SOLAR)
    for path in (terminal.data / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"garbage")
    found = terminal("search", "solar panels", "--json")
    assert found.code == 0
    assert found.json[0]["article_id"] == 1


def test_a_backup_brings_the_articles_back(terminal: Terminal, tmp_path: Path) -> None:
    terminal("add", "-", stdin=SOLAR)
    copy = tmp_path / "sauvegarde d'été.db"
    assert terminal("backup", copy).out.startswith("1 article written to")
    terminal("articles", "remove", 1, "--yes")
    terminal("add", "-", stdin=TRAMS)
    refused = terminal("restore", copy)
    assert refused.code == 1
    assert "--yes" in refused.err
    assert terminal("restore", copy, "--yes").code == 0
    listed = terminal("articles", "list", "--json").json
    assert [article["article_id"] for article in listed] == [1]
    found = terminal("search", "what is on the roof of the town hall?", "--json").json
    assert {passage["article_id"] for passage in found} == {1}


def test_programs_read_what_was_backed_up_removed_and_restored(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal("add", "-", stdin=SOLAR)
    copy = tmp_path / "copy.db"
    done = {"articles": 1, "file": str(copy)}
    assert terminal("backup", copy, "--json").json == done
    assert terminal("articles", "remove", 1, "--yes", "--json").json == {
        "article_id": 1,
        "title": "Solar panels on the roof of the town hall",
    }
    assert terminal("restore", copy, "--yes", "--json").json == done


def test_a_backup_into_an_empty_place(terminal: Terminal, tmp_path: Path) -> None:
    terminal("add", "-", stdin=SOLAR)
    terminal("backup", tmp_path / "copy.db")
    elsewhere = {"NEWSDESK_DATA": str(tmp_path / "elsewhere")}
    assert terminal("restore", tmp_path / "copy.db", **elsewhere).code == 0
    assert len(terminal("articles", "list", "--json", **elsewhere).json) == 1


def test_a_backup_replaces_a_file_only_when_told_to(terminal: Terminal, tmp_path: Path) -> None:
    terminal("add", "-", stdin=SOLAR)
    copy = tmp_path / "copy.db"
    copy.write_text("precious")
    assert terminal("backup", copy).code == 1
    assert copy.read_text() == "precious"
    assert terminal("backup", copy, "--yes").code == 0
    assert terminal("backup", tmp_path).code == 1
    itself = terminal("backup", terminal.data / "newsdesk.db", "--yes")
    assert itself.code == 1
    assert "the database itself" in itself.err


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions are others there")
def test_a_closed_place_for_a_backup_is_told_in_one_sentence(
    terminal: Terminal, tmp_path: Path
) -> None:
    here = {"NEWSDESK_DATA": "data"}
    terminal("restore", "nothing")  # loads what another user might not be able to load
    (tmp_path / "closed").mkdir(mode=0)
    with unprivileged(tmp_path):
        written = terminal("backup", "closed/copy.db", **here)
        restored = terminal("restore", "closed/copy.db", "--yes", **here)
    assert (written.code, restored.code) == (1, 1)
    # Before that the log may stand, which takes the whole path to its file.
    assert written.err.endswith("closed/copy.db cannot be written: permission denied.\n")
    assert restored.err.endswith("closed/copy.db cannot be read: permission denied.\n")


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\0" + b"\0" * 999])
def test_what_is_no_backup_changes_nothing(
    terminal: Terminal, tmp_path: Path, content: bytes | None
) -> None:
    terminal("add", "-", stdin=SOLAR)
    file = tmp_path / "file.db"
    if content is not None:
        file.write_bytes(content)
    restored = terminal("restore", file, "--yes")
    assert restored.code == 1
    assert "file.db" in restored.err
    assert len(terminal("articles", "list", "--json").json) == 1


def test_doctor_finds_a_sound_installation_sound(terminal: Terminal) -> None:
    terminal("add", "-", stdin=SOLAR)
    examined = terminal("doctor")
    assert examined.code == 0
    assert "broken" not in examined.out
    found = {part: check["state"] for part, check in parts(terminal).items()}
    assert found.pop("disk") in {"sound", "warning"}
    sound = "settings,data folder,database,model,index,languages,reranker,Discord,language model"
    assert found == dict.fromkeys(sound.split(","), "sound")


def test_doctor_says_how_to_begin(terminal: Terminal) -> None:
    database = parts(terminal)["database"]
    assert database["state"] == "warning"
    assert "newsdesk run" in database["mend"]


def test_doctor_says_how_to_mend_settings(terminal: Terminal) -> None:
    examined = terminal("doctor", LLM_TIMEOUT_S="soon")
    assert examined.code == 1
    assert "LLM_TIMEOUT_S" in examined.out
    assert ".env.example" in examined.out


def test_doctor_says_how_to_mend_a_database(terminal: Terminal) -> None:
    terminal("add", "-", stdin=SOLAR)
    for companion in terminal.data.glob("newsdesk.db-*"):
        companion.unlink()
    (terminal.data / "newsdesk.db").write_bytes(b"garbage" * 999)
    assert terminal("doctor").code == 1
    database = parts(terminal)["database"]
    assert database["state"] == "broken"
    assert "newsdesk restore FILE" in database["mend"]


def test_doctor_says_of_damaged_counts_that_they_are_not_for_the_settings_to_mend(
    terminal: Terminal,
) -> None:
    terminal("add", "-", stdin=SOLAR)
    (terminal.data / TOKENS_FILE).write_bytes(b"no database at all" * 1000)
    with replying() as url:
        found = parts(terminal, LLM_MODEL="openai:any", LLM_BASE_URL=url)["language model"]
    assert found["state"] == "broken"
    assert "move the file aside" in found["finding"]
    assert found["mend"] is None


def test_doctor_says_how_to_mend_a_model_and_goes_on(terminal: Terminal) -> None:
    found = parts(terminal, EMBEDDING_MODEL="./nowhere")
    assert found["model"]["state"] == "broken"
    assert "EMBEDDING_MODEL" in found["model"]["mend"]
    assert found["language model"]["state"] == "sound"


def test_doctor_tries_the_reranker(terminal: Terminal) -> None:
    reranker = parts(terminal, RERANKER_MODEL="./nowhere")["reranker"]
    assert reranker["state"] == "broken"
    assert "RERANKER_MODEL" in reranker["mend"]


def test_doctor_says_what_to_set_where_the_model_lacks_a_language(terminal: Terminal) -> None:
    told = "Der Rat von Bremen hat zwölf elektrische Fähren für den Hafen bestellt. "
    german = (told * 4).encode()
    terminal("add", "-", stdin=SOLAR)
    assert "en and fr" in parts(terminal)["languages"]["finding"]
    assert "EMBEDDING_MODEL" not in terminal("status").out
    terminal("add", "-", stdin=german)
    languages = parts(terminal)["languages"]
    assert languages["state"] == "warning"
    assert "de 1" in languages["finding"]
    assert "EMBEDDING_MODEL" in languages["mend"]
    status = " ".join(terminal("status").out.split())
    assert "model knows en, fr" in status
    assert "Articles in other languages (de 1) are found by their words alone." in status
    assert languages["mend"] in status


def test_doctor_knows_the_form_of_a_token(terminal: Terminal) -> None:
    wrong = parts(terminal, DISCORD_TOKEN="hunter2-client-secret")["Discord"]  # noqa: S106 - none
    assert wrong["state"] == "warning"
    assert "hunter2" not in str(wrong)
    token = f"{'M' * 24}.{'G' * 6}.{'x' * 38}"
    assert parts(terminal, DISCORD_TOKEN=token)["Discord"]["state"] == "sound"


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"error": {"message": "bad key hunter2"}}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_doctor_asks_the_language_model(terminal: Terminal) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1"
        refused = parts(terminal, LLM_MODEL="openai:any", LLM_BASE_URL=url, LLM_API_KEY="hunter2")
        server.shutdown()
    assert refused["language model"]["state"] == "broken"
    assert "401" in refused["language model"]["finding"]
    assert "hunter2" not in str(refused)
    gone = parts(terminal, LLM_MODEL="openai:any", LLM_BASE_URL=url)
    assert gone["language model"]["state"] == "broken"
    assert "LLM_" in gone["language model"]["mend"]


class _Replying(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": "ready"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        body = json.dumps({"id": "1", "object": "chat.completion", "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def replying() -> Iterator[str]:
    """The address of a language model that says that it is ready."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Replying) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_status_and_doctor_tell_the_tokens_of_today(terminal: Terminal) -> None:
    terminal("add", "-", stdin=SOLAR)
    with closing(TokenFile.open(terminal.data / TOKENS_FILE)) as file:
        file.add(today_utc(), None, 1_000_000)
    settings = {"LLM_MODEL": "openai:any"}
    assert "1,000,000 of 1,000,000" in terminal("status", **settings).out
    assert "1,000,000 of 2," in terminal("status", LLM_TOKENS_PER_DAY="2000000", **settings).out
    document = terminal("status", "--json", **settings).json
    assert document["tokens_today"] == {"spent": 1_000_000, "per_day": 1_000_000}
    assert terminal("status", "--json").json["tokens_today"] is None
    with replying() as url:
        spent = parts(terminal, LLM_BASE_URL=url, **settings)["language model"]
        any_number = parts(terminal, LLM_BASE_URL=url, LLM_TOKENS_PER_DAY="0", **settings)[
            "language model"
        ]
    assert spent["state"] == "warning"
    assert "1,000,000 of 1,000,000 tokens of today are spent" in spent["finding"]
    assert any_number["state"] == "sound"
