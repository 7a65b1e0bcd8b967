from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.journal import AnswerForgottenError, AnswerKey, Earlier, Entry, Journal, Quoted
from bot.recurring import recurring
from corpus.errors import DamagedDatabaseError
from corpus.models import ArticleId
from index.models import Span

NOW = datetime(2024, 1, 1, tzinfo=UTC)
ENTRY = Entry(
    question="Et Musk ? 🦊",
    earlier=(Earlier("Why?"), Earlier("Who?")),
    language="fr",
    answered=True,
    confidence=0.75,
    elapsed_ms=12.5,
    quoted=(
        Quoted(1, ArticleId(7), Span(3, 14), "4a99557e4033c353"),
        Quoted(2, ArticleId(8), Span(0, 4), None),
    ),
    pages=(("one", None), ("two", "page 2 of 2")),
)


@pytest.fixture
def path(accented: Path) -> Path:
    return accented / "discord.db"


def opened(path: Path, now: datetime = NOW) -> Journal:
    return Journal.open(path, clock=lambda: now, kept_for=timedelta(days=365))


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = opened(path)
    yield journal
    journal.close()


def test_an_entry_comes_back_as_it_was_also_after_a_restart(journal: Journal, path: Path) -> None:
    key = journal.record(5, ENTRY, server_id=None)
    journal.close()
    again = opened(path)
    assert again.find(key) == ENTRY
    again.close()


def test_an_unknown_key_is_forgotten(journal: Journal) -> None:
    with pytest.raises(AnswerForgottenError):
        journal.find(AnswerKey("A" * 16))
    with pytest.raises(AnswerForgottenError):
        journal.rate(AnswerKey("A" * 16), 5, helpful=True)


def test_a_wish_counts_once_for_each_person_and_goes_with_them(journal: Journal) -> None:
    key = journal.record(5, replace(ENTRY, answered=False, quoted=()), server_id=9)
    for person in (5, 6, 6):
        journal.wish(key, person)
    [asked], _ = journal.since(NOW, server_id=9)
    assert asked.wishes == 2
    journal.forget(6)
    assert journal.since(NOW, server_id=9)[0][0].wishes == 1
    journal.forget(5)
    with pytest.raises(AnswerForgottenError):
        journal.wish(key, 6)


@pytest.mark.parametrize(("days", "kept"), [(365, True), (366, False)])
def test_entries_are_kept_for_a_year(path: Path, days: int, kept: bool) -> None:
    journal = opened(path)
    key = journal.record(5, ENTRY, server_id=None)
    journal.close()
    later = opened(path, NOW + timedelta(days=days))
    if kept:
        assert later.find(key) == ENTRY
    else:
        with pytest.raises(AnswerForgottenError):
            later.find(key)
    later.close()


async def test_a_bot_that_runs_for_long_deletes_what_is_too_old_although_nobody_asks(
    path: Path,
) -> None:
    now = NOW
    journal = Journal.open(path, clock=lambda: now, kept_for=timedelta(days=30))
    old = journal.record(1, replace(ENTRY, question="Who is Marvin?"), server_id=9)
    cleared = asyncio.Event()

    async def clear() -> None:
        journal.clear()
        cleared.set()

    async with recurring(clear, every_s=0.01):
        for days, is_kept in ((30, True), (31, False)):
            now = NOW + timedelta(days=days)
            cleared.clear()
            await asyncio.wait_for(cleared.wait(), timeout=20)
            assert (b"Marvin" in everything_in(path.parent)) is is_kept
    with pytest.raises(AnswerForgottenError):
        journal.find(old)
    journal.close()


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_what_is_forgotten_or_too_old_is_in_no_file_any_more(path: Path) -> None:
    now = NOW
    journal = Journal.open(path, clock=lambda: now, kept_for=timedelta(days=30))
    forgotten = replace(ENTRY, question="Who is Zaphod?")
    too_old = replace(ENTRY, question="Who is Marvin?")
    journal.rate(journal.record(1, forgotten, server_id=9), 1, helpful=False, comment="Slarti")
    journal.record(2, too_old, server_id=9)
    assert all(word in everything_in(path.parent) for word in (b"Zaphod", b"Marvin", b"Slarti"))
    journal.forget(1)
    left = everything_in(path.parent)
    assert (b"Zaphod" in left, b"Slarti" in left, b"Marvin" in left) == (False, False, True)
    now = NOW + timedelta(days=31)
    journal.clear()
    assert b"Marvin" not in everything_in(path.parent)
    journal.close()


def test_a_person_is_not_in_the_file(journal: Journal, path: Path) -> None:
    person = 123456789012345678
    journal.rate(journal.record(person, ENTRY, server_id=9), person, helpful=False, comment="no")
    journal.close()
    for file in path.parent.iterdir():
        assert str(person).encode() not in file.read_bytes()


def test_forgetting_leaves_the_others_alone(journal: Journal) -> None:
    mine, other = journal.record(1, ENTRY, server_id=9), journal.record(2, ENTRY, server_id=9)
    journal.rate(other, 1, helpful=True)
    journal.rate(other, 2, helpful=True)
    assert journal.forget(1) == (1, 1, 0)
    with pytest.raises(AnswerForgottenError):
        journal.find(mine)
    assert journal.find(other) == ENTRY
    assert journal.forget(2) == (1, 1, 0)


def test_a_wish_alone_is_something_to_forget(journal: Journal) -> None:
    journal.wish(journal.record(5, ENTRY, server_id=9), 6)
    assert journal.forget(6) == (0, 0, 1)
    assert journal.forget(6) == (0, 0, 0)


def asked(question: str, *before: Earlier) -> Entry:
    """A question whose pages say of what it was taken to speak."""
    pages = (("Understood as: " + " ".join(one.question for one in before), None),)
    return replace(ENTRY, question=question, earlier=before, pages=pages)


def test_what_others_asked_below_it_forgets_the_question_too(journal: Journal, path: Path) -> None:
    zaphod = Earlier("Who is Zaphod?", journal.record(1, asked("Who is Zaphod?"), server_id=9))
    below = asked("And Musk?", zaphod)
    musk = Earlier("And Musk?", journal.record(2, below, server_id=9))
    after_that = asked("Why?", zaphod, musk)
    last = journal.record(3, after_that, server_id=9)
    untouched = journal.record(3, ENTRY, server_id=9)
    assert musk.key is not None
    assert (journal.find(musk.key), journal.find(last)) == (below, after_that)
    assert journal.forget(1) == (1, 0, 0)
    assert [journal.find(key) for key in (musk.key, last)] == [
        replace(below, earlier=(), pages=None),
        replace(after_that, earlier=(musk,), pages=None),
    ]
    assert journal.find(untouched) == ENTRY
    assert b"Zaphod" not in everything_in(path.parent)


def test_the_same_words_of_somebody_else_stay_where_they_were_followed_up(
    journal: Journal,
) -> None:
    journal.record(1, asked("Why?"), server_id=9)
    why = Earlier("Why?", journal.record(2, asked("Why?"), server_id=9))
    below = asked("And Musk?", why)
    key = journal.record(3, below, server_id=9)
    assert journal.forget(1) == (1, 0, 0)
    assert journal.find(key) == below
    journal.forget(2)
    assert journal.find(key) == replace(below, earlier=(), pages=None)


def test_what_an_earlier_version_kept_without_keys_is_known_by_its_words(
    journal: Journal, path: Path
) -> None:
    journal.record(1, asked("Who is Zaphod?"), server_id=9)
    key = journal.record(2, asked("And Musk?", Earlier("Who is Zaphod?")), server_id=9)
    with closing(sqlite3.connect(path)) as connection, connection:
        kept = '["Who is Zaphod?", "Who?"]'
        connection.execute("UPDATE answers SET earlier = ? WHERE key = ?", (kept, key))
    assert journal.find(key).earlier == (Earlier("Who is Zaphod?"), Earlier("Who?"))
    journal.forget(1)
    assert journal.find(key).earlier == (Earlier("Who?"),)
    assert journal.find(key).pages is None


def test_what_was_forgotten_while_it_was_followed_up_is_not_kept_again(
    journal: Journal, path: Path
) -> None:
    zaphod = Earlier("Who is Zaphod?", journal.record(1, asked("Who is Zaphod?"), server_id=9))
    below = asked("And Musk?", zaphod)
    journal.forget(1)
    key = journal.record(2, below, server_id=9)
    assert journal.find(key) == replace(below, earlier=(), pages=None)
    assert b"Zaphod" not in everything_in(path.parent)


def test_what_is_too_old_is_forgotten_where_it_was_followed_up_too(path: Path) -> None:
    now = NOW
    journal = Journal.open(path, clock=lambda: now, kept_for=timedelta(days=30))
    marvin = Earlier("Who is Marvin?", journal.record(1, asked("Who is Marvin?"), server_id=9))
    now = NOW + timedelta(days=20)
    below = asked("And Musk?", marvin)
    key = journal.record(2, below, server_id=9)
    journal.clear()
    assert journal.find(key) == below
    now = NOW + timedelta(days=31)
    journal.clear()
    assert journal.find(key) == replace(below, earlier=(), pages=None)
    assert b"Marvin" not in everything_in(path.parent)
    journal.close()


def test_the_last_word_of_a_person_counts(journal: Journal, path: Path) -> None:
    key = journal.record(1, ENTRY, server_id=9)
    journal.rate(key, 1, helpful=True)
    journal.rate(key, 1, helpful=False, comment="wrong year")
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT helpful, comment FROM ratings").fetchall()
    assert rows == [(0, "wrong year")]


def test_a_file_from_before_servers_were_kept_is_taken_over(journal: Journal, path: Path) -> None:
    key = journal.record(1, ENTRY, server_id=9)
    journal.close()
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE answers DROP COLUMN server")
    again = opened(path)
    assert again.find(key) == ENTRY
    assert again.since(NOW, server_id=9) == ([], [])
    again.record(1, ENTRY, server_id=9)
    assert len(again.since(NOW, server_id=9)[0]) == 1
    again.close()


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(DamagedDatabaseError):
        opened(path)
