"""Secrets of the settings, and what people ask, in nothing that is written or told."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.error_messages import report
from bot.logs import LOG_NAME, set_up_logging
from bot.settings import Settings
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.integration.terminal import Terminal
from tests.journeys.conftest import Clock, running_bot

TOKEN, KEY = "secret-token.of.the-bot-0123456789abcdef", "secret-key-of-the-provider"
TRAMS = b"""Tram lines in the town of Harlow

The town council of Harlow opened two tram lines in June. They carry a third of those who used to
drive to work, because the buses were slow and full. The mayor wants to build a third line in May.
"""


class Echoing(BaseHTTPRequestHandler):
    """A provider that refuses, and repeats in its error all that it was sent."""

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        message = f"{self.headers['Authorization']} {sent}"
        body = json.dumps({"error": {"message": message}}).encode()
        self.send_response(401, "bad key " + self.headers["Authorization"])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def echoing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echoing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "bot", "index", "discord")}
    yield
    for handler in [h for h in root.handlers if h.get_name() == "newsdesk"]:
        root.removeHandler(handler)
        handler.close()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def written_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_command_writes_or_tells_a_secret(
    terminal: Terminal, echoing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": "http://127.0.0.1:9/api/v10",
        "LLM_MODEL": "openai:any",
        "LLM_BASE_URL": echoing,
        "LLM_API_KEY": KEY,
        "LOG_LEVEL": "DEBUG",
    }
    monkeypatch.chdir(tmp_path)
    backup = tmp_path / "backup.db"
    told = []
    for arguments in (
        ("add", "-"),
        ("status",),
        ("status", "--json"),
        ("doctor",),
        ("doctor", "--json"),
        ("ask", "what did the council of Harlow open in June?"),
        ("rebuild", "--full"),
        ("backup", backup),
        ("run",),
    ):
        outcome = terminal(*arguments, stdin=TRAMS, **settings)
        told.append(outcome.out + outcome.err)
    everything = written_in(terminal.data) + backup.read_bytes() + "".join(told).encode()
    # The places were really reached: the provider refused, Discord was not there, the log is full.
    assert b"401" in everything
    assert b"cannot be reached" in everything
    assert b"quotes instead of a written answer" in everything
    for secret in (TOKEN, KEY):
        assert secret.encode() not in everything
    log = (terminal.data / LOG_NAME).read_text(encoding="utf-8")
    assert "Harlow open" not in log
    assert "third line" not in log


def test_no_bad_setting_tells_its_value(terminal: Terminal) -> None:
    bad = {"DISCORD_TOKEN": f"{TOKEN} x", "LLM_API_KEY": f"{KEY}é", "LLM_MODEL": KEY}
    outcome = terminal("doctor", **bad)
    assert outcome.code == 1
    assert "LLM_API_KEY" in outcome.out
    assert TOKEN not in outcome.out + outcome.err
    assert KEY not in outcome.out + outcome.err


def test_a_surprise_is_logged_without_the_settings(tmp_path: Path) -> None:
    settings = Settings.from_env({"DISCORD_TOKEN": TOKEN, "LLM_API_KEY": KEY})
    set_up_logging(tmp_path, logging.DEBUG, to_terminal=False)
    report(RuntimeError(settings), reference="r-1")
    log = (tmp_path / LOG_NAME).read_text(encoding="utf-8")
    assert "r-1" in log
    assert "newsdesk_data" in log
    assert TOKEN not in log
    assert KEY not in log


async def test_even_the_fullest_log_has_no_question_no_answer_and_no_token(tmp_path: Path) -> None:
    set_up_logging(tmp_path, logging.DEBUG, to_terminal=False)
    clock = Clock()
    clock.now = datetime(2024, 1, 1, tzinfo=UTC)
    async with FakeDiscord(token=TOKEN) as discord:
        answers, articles = ScriptedAnswers(), MemoryArticleStore()
        async with running_bot(discord, answers, articles, clock, tmp_path):
            ada = Person(discord, "Ada Lovelace")
            for options in ({"dm": True}, {"mention": True}):
                said = await ada.say("Who is Zaphod?", **options)
                await discord.until(
                    lambda: any(
                        one.payload.get("message_reference", {}).get("message_id") == str(said.id)  # noqa: B023
                        for one in discord.messages.values()
                    ),
                    "a reply",
                )
                clock.advance(3)
            reply = await ada.use("ask", question="Who is Zaphod?")
            answer = await reply.message()
            form = await ada.press(answer, "👎")
            await (await ada.submit(form, comment="Marvin is sad")).message()
            assert "too high" in answer.text
    log = await asyncio.to_thread((tmp_path / LOG_NAME).read_text, encoding="utf-8")
    assert "discord" in log
    for word in (TOKEN, reply.token, "Zaphod", "Marvin", "too high", "Lovelace", str(ada.id)):
        assert word not in log, word
