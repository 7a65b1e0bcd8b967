"""What the bot keeps beside the articles: as earlier versions left it, and opened by several.

A change of these tables needs another dump in `schemas`: what `sqlite3 FILE .dump` says of a small
file of the form before, with all that can be in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from bot import index_buttons, moderation, views
from bot.answering.errors import OwnBudgetSpentError
from bot.audit import AuditLog, Deed
from bot.journal import (
    AnswerForgottenError,
    AnswerKey,
    Earlier,
    Entry,
    Forgotten,
    Journal,
    Quoted,
)
from bot.server_settings import Servers, ServerSettings, ServerTable
from bot.token_budget import TokenFile
from corpus import database
from corpus.database import alone
from corpus.errors import StoreUnavailableError
from corpus.models import ArticleId
from index.models import Span
from tests.crash.forking import processes

SCHEMAS = Path(__file__).with_name("schemas")
FORMS = sorted(path.name for path in SCHEMAS.glob("discord-*.sql"))
ASKED_AT = datetime(2024, 5, 17, 9, 30, tzinfo=UTC)
NOW = ASKED_AT + timedelta(days=30)
ADA, EVE = 5, 6
ANSWERED, UNANSWERED = AnswerKey("answered-by-quot"), AnswerKey("nothing-answers-")
SERVER = 9
ENTRY = Entry(
    question="Et Musk ? 🦊",
    earlier=(Earlier("Pourquoi ?"),),
    language="fr",
    answered=True,
    confidence=0.75,
    elapsed_ms=12.5,
    quoted=(Quoted(1, ArticleId(7), Span(3, 14)),),
    pages=(("Signal « Faible »", None), ("zwei", "2 / 2")),
)


def from_dump(name: str, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((SCHEMAS / name).read_text(encoding="utf-8"))
    return path


def open_journal(path: Path) -> Journal:
    return Journal.open(path, clock=lambda: NOW, kept_for=timedelta(days=365))


def open_audit(path: Path) -> AuditLog:
    return AuditLog.open(path, clock=lambda: NOW)


OPENINGS: dict[str, Callable[[Path], Journal | AuditLog | ServerTable | TokenFile]] = {
    "journal": open_journal,
    "audit": open_audit,
    "servers": ServerTable.open,
    "tokens": TokenFile.open,
}


@contextmanager
def opened(path: Path) -> Iterator[tuple[Journal, AuditLog, ServerTable]]:
    with (
        closing(open_journal(path)) as journal,
        closing(open_audit(path)) as audit,
        closing(ServerTable.open(path)) as table,
    ):
        yield journal, audit, table


@pytest.mark.parametrize("form", FORMS)
def test_all_that_an_earlier_bot_kept_is_there_and_goes_on(form: str, accented: Path) -> None:
    knows = int(form.removeprefix("discord-").removesuffix(".sql"))  # each form has more
    path = from_dump(form, accented / "discord.db")
    with opened(path) as (journal, audit, table):
        assert journal.find(ANSWERED) == ENTRY
        assert journal.find(UNANSWERED).pages is None
        assert [(line.at, line.person, line.deed, line.subject) for line in audit.lines()] == [
            (ASKED_AT, ADA, Deed.ADDED, "7"),
            (ASKED_AT, EVE, Deed.REMOVED, "8"),
        ]
        servers = Servers()
        table.read_into(servers)
        kept = ServerSettings(
            channel_ids=frozenset({11, 12}),
            moderator_role_ids=frozenset({21}),
            log_channel_id=31,
            cooldown_s=2.5,
        )
        assert servers.of(SERVER) == (kept if knows >= 2 else ServerSettings())
        asked, rated = journal.since(ASKED_AT, server_id=SERVER)
        assert [one.question for one in asked] == (["Et Musk ? 🦊", "Who pays?"] * (knows >= 3))
        assert sorted(one.comment or "" for one in rated) == (
            ["", "l'année est fausse"] * (knows >= 3)
        )
        assert sum(one.wishes for one in asked) == (2 if knows >= 4 else 0)

        journal.record(ADA, ENTRY, server_id=SERVER)
        journal.wish(UNANSWERED, ADA)
        journal.rate(ANSWERED, EVE, helpful=True)
        audit.record(ADA, Deed.EDITED, "7")
        table.keep(SERVER, kept)
        # They are known by the key that was there.
        assert journal.forget(ADA) == Forgotten(questions=2, ratings=1, wishes=1)
        with pytest.raises(AnswerForgottenError):
            journal.find(ANSWERED)
    with opened(path) as (journal, audit, table):
        assert journal.forget(EVE) == Forgotten(questions=1, ratings=0, wishes=int(knows >= 4))
        assert [line.deed for line in audit.lines()] == [Deed.ADDED, Deed.REMOVED, Deed.EDITED]
        table.read_into(servers)
        assert servers.of(SERVER) == kept


def test_tokens_that_an_earlier_bot_counted_are_spent(accented: Path) -> None:
    today = date(2024, 5, 17)
    with closing(TokenFile.open(from_dump("tokens-1.sql", accented / "tokens.db"))) as tokens:
        assert tokens.spent(today) == 200
        with pytest.raises(OwnBudgetSpentError):
            tokens.add(today, ADA, 100, per_person=200)
        tokens.add(today, EVE, 100, per_person=200)
        assert tokens.spent(today) == 300


def columns_of(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        return {
            (table, column[1])
            for table in tables
            for column in connection.execute(f"PRAGMA table_info({table})")
        }


def test_the_newest_of_these_forms_is_that_of_today(accented: Path) -> None:
    with opened(accented / "discord.db"):
        pass
    TokenFile.open(accented / "tokens.db").close()
    for name, form in (("discord.db", FORMS[-1]), ("tokens.db", "tokens-1.sql")):
        old = from_dump(form, accented / form)
        assert columns_of(old) == columns_of(accented / name)


BUTTONS = """
newsdesk:quotes:answered-by-quot newsdesk:more:answered-by-quot newsdesk:good:answered-by-quot
newsdesk:bad:answered-by-quot newsdesk:share:answered-by-quot newsdesk:wish:answered-by-quot
newsdesk-article:add:Zm9vYmFy newsdesk-article:edit:Zm9vYmFy newsdesk-article:cancel:Zm9vYmFy
newsdesk-article:restore:Zm9vYmFy newsdesk-article:undo:7 newsdesk-article:remove:7
newsdesk-article:undo:7-4a99557e4033 newsdesk-article:remove:7-4a99557e4033
newsdesk-article:leave:7-4a99557e4033
newsdesk-article:revert:Zm9vYmFy newsdesk-article:leave:7 newsdesk-index:rebuild:-
newsdesk-index:full:- newsdesk-index:rollback:- newsdesk-index:leave:-
newsdesk-index:cancel:Zm9v-_mF
""".split()


@pytest.mark.parametrize("custom_id", BUTTONS)
def test_buttons_that_an_earlier_bot_sent_are_known(custom_id: str) -> None:
    classes = (views.AnswerButton, moderation.ModeratorButton, index_buttons.AdminButton)
    known = [one for one in classes if one.__discord_ui_compiled_template__.fullmatch(custom_id)]
    assert len(known) == 1


@pytest.mark.parametrize("name", OPENINGS)
def test_a_file_is_opened_by_one_at_a_time(
    name: str, accented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0)
    path = accented / "file.db"
    with alone(path), pytest.raises(StoreUnavailableError, match="locked by another"):
        OPENINGS[name](path)
    OPENINGS[name](path).close()


def make_files(folder: Path, together: Barrier, times: int) -> None:
    """Open files that are not there at the same moment as others do, and write to them."""
    for number in range(times):
        together.wait(60)
        try:
            with (
                opened(folder / f"discord-{number}.db") as (journal, audit, _),
                closing(TokenFile.open(folder / f"tokens-{number}.db")) as tokens,
            ):
                journal.record(ADA, ENTRY, server_id=SERVER)
                audit.record(ADA, Deed.ADDED, "1")
                tokens.add(NOW.date(), ADA, 10)
        except BaseException:
            together.abort()
            raise


def test_processes_may_make_the_files_at_the_same_moment(accented: Path) -> None:
    several, times = 4, 5
    together = processes.Barrier(several)
    started = [
        processes.Process(target=make_files, args=(accented, together, times))
        for _ in range(several)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * several
    for number in range(times):
        with opened(accented / f"discord-{number}.db") as (journal, audit, _):
            assert journal.forget(ADA).questions == several
            assert len(audit.lines()) == several
        with closing(TokenFile.open(accented / f"tokens-{number}.db")) as tokens:
            assert tokens.spent(NOW.date()) == 10 * several
