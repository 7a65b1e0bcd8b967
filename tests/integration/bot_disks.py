"""What the bot keeps beside the articles where the disk ends; run in a process of its own."""

from __future__ import annotations

import io
import logging
from collections import Counter
from contextlib import ExitStack, closing, redirect_stderr, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final, Self

from bot.audit import AuditLog, Deed
from bot.data_files import DISCORD_FILE, TOKENS_FILE
from bot.journal import AnswerKey, Entry, Journal
from bot.logs import LOG_NAME, set_up_logging
from bot.server_settings import Servers, ServerSettings, ServerTable
from bot.token_budget import TokenFile
from corpus.errors import StoreUnavailableError
from tests.integration.disks import Limit, file_size, free_pages_of, mount

log = logging.getLogger("bot")

ADA, SERVER = 5, 9
PERSONS: Final = count(1_000)
NOW: Final = datetime(2024, 5, 17, 9, 30, tzinfo=UTC)
DAY: Final = date(2024, 5, 17)
ENTRY = Entry(
    question="Why did the ferry sink?",
    earlier=(),
    language="en",
    answered=True,
    confidence=0.75,
    elapsed_ms=12.5,
    quoted=(),
    pages=(("The ferry sank. " * 100, None),),
)
# What each job adds to, and how much.
JOBS: Final = {
    "answer": ("answers", 1),
    "rating": ("ratings", 1),
    "forgetting": ("answers", -1),
    "audit": ("audit", 1),
    "settings": ("cooldown", 1),
    "tokens": ("tokens", 1),
}

Kept = dict[str, int]


@dataclass(frozen=True)
class Files:
    """The files of one data folder, open."""

    journal: Journal
    audit: AuditLog
    table: ServerTable
    tokens: TokenFile

    @classmethod
    def open(cls, data: Path, opened: ExitStack) -> Self:
        def now() -> datetime:
            return NOW

        path = data / DISCORD_FILE
        return cls(
            opened.enter_context(
                closing(Journal.open(path, clock=now, kept_for=timedelta(days=365)))
            ),
            opened.enter_context(closing(AuditLog.open(path, clock=now))),
            opened.enter_context(closing(ServerTable.open(path))),
            opened.enter_context(closing(TokenFile.open(data / TOKENS_FILE))),
        )

    def kept(self) -> Kept:
        """Count what is there."""
        answers, ratings = self.journal.since(NOW, server_id=SERVER)
        servers = Servers(ServerSettings())
        self.table.read_into(servers)
        return {
            "answers": len(answers),
            "ratings": len(ratings),
            "audit": len(self.audit.lines()),
            "cooldown": round(servers.own(SERVER).cooldown_s or 0),
            "tokens": self.tokens.spent(DAY),
        }

    def do(self, job: str, key: AnswerKey, person: int) -> None:
        """Do a job; `key` is of an answer that this person asked for."""
        match job:
            case "answer":
                self.journal.record(ADA, ENTRY, server_id=SERVER)
            case "rating":
                self.journal.rate(key, ADA, helpful=True)
            case "forgetting":
                self.journal.forget(person)
            case "audit":
                self.audit.record(ADA, Deed.ADDED, "7: A title")
            case "settings":
                cooldown = self.kept()["cooldown"] + 1
                self.table.keep(SERVER, ServerSettings(cooldown_s=cooldown))
            case _:
                self.tokens.add(DAY, ADA, 1)


def fill_up_everywhere(data: Path, limit: Limit, pages: list[int]) -> tuple[Counter[str], str]:
    """Let each job run out of space at each place, and check what is left.

    Returns:
        How often each job failed, always with an error that has its sentence, and what was said
        on stderr meanwhile.
    """
    failed: Counter[str] = Counter()
    data.mkdir()
    with redirect_stderr(io.StringIO()) as said:
        set_up_logging(data, logging.INFO, to_terminal=False)
        for left in pages:
            failed["start"] += _start(data / f"new {left}", limit, left)
            _log_until_it_is_full(data, limit, left)
            for job in JOBS:
                failed[job] += _run_out(data, job, limit, left)
    return failed, said.getvalue()


def _run_out(data: Path, job: str, limit: Limit, left: int) -> bool:
    """Do a job with so many pages left; tell whether it failed."""
    what, more = JOBS[job]
    person = next(PERSONS)
    with ExitStack() as opened:
        files = Files.open(data, opened)
        key = files.journal.record(person, ENTRY, server_id=SERVER)
        before = files.kept()
        expected = before | {what: before[what] + more}
        limit(left)
        with suppress(StoreUnavailableError):  # which has its sentence
            files.do(job, key, person)
            assert job == "audit" or files.kept() == expected, job
        found = files.kept()
        assert found in (before, expected), job
        limit(None)
        if found == before:
            files.do(job, key, person)  # no restart is needed
    with ExitStack() as opened:
        assert Files.open(data, opened).kept() == expected, job
    return found == before


def _start(data: Path, limit: Limit, left: int) -> bool:
    """Make the files with so many pages left; tell whether that failed."""
    data.mkdir()
    limit(left)
    with ExitStack() as opened, suppress(StoreUnavailableError):
        Files.open(data, opened)
        limit(None)
        return False
    limit(None)
    with ExitStack() as opened:
        assert not any(Files.open(data, opened).kept().values())
    return True


def _log_until_it_is_full(data: Path, limit: Limit, left: int) -> None:
    limit(left)
    for _ in range(left + 8):
        log.info("x" * 4_000)
    limit(None)
    log.info("%d pages were left", left)
    assert f"{left} pages were left" in (data / LOG_NAME).read_text(encoding="utf-8")


def on_a_small_disk(folder: Path, pages: list[int]) -> tuple[Counter[str], str] | None:
    """Run where the disk is full; None where no disk can be mounted."""
    if not mount(folder):
        return None
    return fill_up_everywhere(folder / "data", free_pages_of(folder), pages)


def with_limited_files(folder: Path, pages: list[int]) -> tuple[Counter[str], str]:
    """Run where files may not grow beyond a size."""
    return fill_up_everywhere(folder / "data", file_size, pages)
