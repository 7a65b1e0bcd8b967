"""An admin rebuilds the index and goes back; whoever is none cannot, whatever they press."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import filelock
import pytest

from bot.audit import AuditLog, Deed
from bot.client import NewsdeskBot
from bot.permissions import Permissions
from bot.rebuild_check import RebuildCheck
from bot.server_settings import ServerSettings
from index.errors import RebuildCheckError
from tests.fake_discord import FakeDiscord, Message, Person, Reply
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.integration.indexing import drafts
from tests.journeys.conftest import Clock, break_audit, not_audited, running_bot

ADMINISTRATOR, MANAGE_MESSAGES = 1 << 3, 1 << 13


@pytest.fixture
def articles() -> MemoryArticleStore:
    store = MemoryArticleStore()
    store.add(drafts(1, 30))
    return store


@pytest.fixture
def alma(discord: FakeDiscord, bot: NewsdeskBot) -> Person:
    """An admin."""
    bot.progress_every_s = 0.05
    return Person(discord, "Alma", permissions=ADMINISTRATOR)


def audited(tmp_path: Path) -> list[tuple[int, Deed, str]]:
    audit = AuditLog.open(tmp_path / "discord.db", clock=Clock())
    lines = [(line.person, line.deed, line.subject) for line in audit.lines()]
    audit.close()
    return lines


async def changed(discord: FakeDiscord, message: Message, words: str) -> Message:
    await discord.until(lambda: words in message.text, words)
    return message


def told_in_channel(discord: FakeDiscord) -> list[Message]:
    return [message for message in discord.from_bot() if not message.is_private]


async def begun(discord: FakeDiscord, admin: Person, **options: bool) -> Message:
    """Ask for a rebuild, confirm it, and return the message of its progress."""
    before = len(told_in_channel(discord))
    asked = await (await admin.use("index rebuild", **options)).message()
    assert asked.is_private
    await admin.press(asked, "Rebuild")
    await discord.until(lambda: len(told_in_channel(discord)) > before, "progress")
    return told_in_channel(discord)[-1]


class Gate:
    """Holds a check between two steps until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_open = False
        whole = RebuildCheck.__call__

        def held(check: RebuildCheck, made: object) -> object:
            for progress in whole(check, made):  # type: ignore[arg-type]
                while True:
                    yield progress
                    if self.is_open:
                        break

        monkeypatch.setattr(RebuildCheck, "__call__", held)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


async def test_a_rebuild_is_confirmed_told_of_and_undone(
    discord: FakeDiscord, alma: Person, bot: NewsdeskBot, tmp_path: Path
) -> None:
    progress = await begun(discord, alma, full=True)
    await changed(discord, progress, "generation 2")
    assert re.search(r"generation 2, in \d+ s\.", progress.text)
    assert "Articles: 30, of which 30 read anew" in progress.text
    assert "24 of 24 questions found their article" in progress.text
    assert progress.buttons == {}
    assert progress.named == []
    status = await (await alma.use("index status")).message()
    assert status.is_private
    for fact in (
        "Articles:** 30",
        "Generation:** 2, in step",
        "Can go back to:** 1",
        "knows:** en",
    ):
        assert fact in status.text
    asked = await (await alma.use("index rollback")).message()
    await alma.press(asked, "Go back")
    await changed(discord, asked, "Generation 1 is published again")
    assert bot.keeper._indexer.snapshot.generation == 1
    assert audited(tmp_path) == [
        (alma.id, Deed.REBUILT, "2"),
        (alma.id, Deed.ROLLED_BACK, "1"),
    ]


async def test_who_goes_back_twice_does_not_publish_again_what_was_gone_back_from(
    discord: FakeDiscord, alma: Person, bot: NewsdeskBot, tmp_path: Path
) -> None:
    await changed(discord, await begun(discord, alma), "generation 2")
    zoe = Person(discord, "Zoé", locale="fr", permissions=ADMINISTRATOR)
    asked = await (await alma.use("index rollback")).message()
    twice = await (await zoe.use("index rollback")).message()
    assert twice.is_private
    await alma.press(asked, "Go back")
    refused = await (await zoe.press(twice, "Revenir")).message()
    assert refused.text.startswith("Un autre index a été publié")
    await changed(discord, asked, "Generation 1 is published again")
    before_keys = await (await alma.press_id(asked, "newsdesk-index:rollback:-")).message()
    assert before_keys.text.startswith("Another index is published by now")
    assert bot.keeper._indexer.snapshot.generation == 1
    assert audited(tmp_path) == [(alma.id, Deed.REBUILT, "2"), (alma.id, Deed.ROLLED_BACK, "1")]
    again = await (await alma.use("index rollback")).message()
    await alma.press(again, "Go back")
    await changed(discord, again, "Generation 2 is published again")


async def test_what_was_done_is_told_although_the_audit_cannot_be_written(
    discord: FakeDiscord,
    alma: Person,
    bot: NewsdeskBot,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    break_audit(tmp_path / "discord.db")
    await changed(discord, await begun(discord, alma), "The index is rebuilt")
    asked = await (await alma.use("index rollback")).message()
    await alma.press(asked, "Go back")
    await changed(discord, asked, "Generation 1 is published again")
    log = discord.add_channel(discord.guild_id, "log")
    settings = ServerSettings(log_channel_id=log)
    desk = bot._server_desk
    line = await desk.change(discord.guild_id, settings, alma.id)
    assert (line.person, line.deed) == (alma.id, Deed.CHANGED_SETTINGS)
    assert desk.servers.own(discord.guild_id) == settings
    assert not_audited(caplog) == [
        f"{alma.id} rebuilt 2",
        f"{alma.id} rolled back 1",
        f"{alma.id} changed settings log={log}",
    ]


async def test_nothing_happens_until_it_is_confirmed(
    discord: FakeDiscord, alma: Person, bot: NewsdeskBot
) -> None:
    for command in ("index rebuild", "index rollback"):
        asked = await (await alma.use(command)).message()
        await alma.press(asked, "Cancel")
        await changed(discord, asked, "Nothing was changed")
    assert bot.keeper._indexer.snapshot.generation == 1
    assert told_in_channel(discord) == []


async def test_the_bot_answers_during_a_rebuild_and_it_can_be_cancelled(
    discord: FakeDiscord,
    alma: Person,
    ada: Person,
    bot: NewsdeskBot,
    gate: Gate,
    tmp_path: Path,
) -> None:
    progress = await begun(discord, alma)
    await changed(discord, progress, "checking with questions")
    assert "░" in progress.text
    assert "too high" in (await (await ada.use("ask", question="Why?")).message()).text
    second = await (await alma.use("index rebuild")).message()
    assert "being rebuilt already" in second.text
    crafted = await alma.press_id(progress, "newsdesk-index:rebuild:-")
    assert "being rebuilt already" in (await crafted.message()).text
    crafted = await alma.press_id(progress, "newsdesk-index:rollback:-")
    assert "being rebuilt already" in (await crafted.message()).text
    edits = progress.edits
    await discord.until(lambda: progress.edits > edits, "another edit")
    button = progress.buttons["Cancel"]["custom_id"]
    await alma.press(progress, "Cancel")
    await changed(discord, progress, "was cancelled; the present index stays")
    assert bot.keeper._indexer.snapshot.generation == 1
    assert [path.name for path in (tmp_path / "index").glob("gen-*")] == ["gen-000001"]
    again = await alma.press_id(progress, button)
    assert "not running any more" in (await again.message()).text
    assert audited(tmp_path) == [(alma.id, Deed.CANCELLED_REBUILD, "")]
    gate.is_open = True
    await changed(discord, await begun(discord, alma), "The index is rebuilt")


@pytest.mark.parametrize("end", ["cancelled", "done"])
async def test_a_rebuild_that_has_to_wait_for_another_process_says_so_and_loses_nothing(
    discord: FakeDiscord, alma: Person, bot: NewsdeskBot, gate: Gate, tmp_path: Path, end: str
) -> None:
    progress = await begun(discord, alma)
    await changed(discord, progress, "checking with questions")
    with filelock.FileLock(tmp_path / "index" / "write.lock"):
        gate.is_open = True
        await changed(discord, progress, "waiting for another Newsdesk process")
        if end == "cancelled":
            await alma.press(progress, "Cancel")
            await changed(discord, progress, "was cancelled; the present index stays")
    if end == "done":
        await changed(discord, progress, "The index is rebuilt")
    assert bot.keeper._indexer.snapshot.generation == (1 if end == "cancelled" else 2)


async def test_what_fails_the_check_is_not_published(
    discord: FakeDiscord,
    alma: Person,
    bot: NewsdeskBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def fail(_: RebuildCheck, __: object) -> None:
        raise RebuildCheckError(asked=40, found=3)

    monkeypatch.setattr(RebuildCheck, "__call__", fail)
    progress = await begun(discord, alma)
    await changed(discord, progress, "it found the article of only 3 of 40 questions")
    assert bot.keeper._indexer.snapshot.generation == 1
    assert [path.name for path in (tmp_path / "index").glob("gen-*")] == ["gen-000001"]
    assert audited(tmp_path) == []


async def test_a_rebuild_goes_on_although_its_message_is_gone(
    discord: FakeDiscord, alma: Person, bot: NewsdeskBot, gate: Gate
) -> None:
    progress = await begun(discord, alma)
    await changed(discord, progress, "checking")
    discord.fail("PATCH .*/channels/.*/messages/", 404, times=1000)
    gate.is_open = True
    asked = progress.edits
    assert bot.keeper._running is not None
    await asyncio.wait({bot.keeper._running.task}, timeout=5)
    assert bot.keeper._indexer.snapshot.generation == 2
    assert progress.edits <= asked + 1


async def test_where_the_bot_may_not_write_it_says_so_and_does_not_begin(
    discord: FakeDiscord, alma: Person, bot: NewsdeskBot
) -> None:
    discord.fail("POST .*/channels/.*/messages", 403)
    asked = await (await alma.use("index rebuild")).message()
    refused = await alma.press(asked, "Rebuild")
    told = await refused.message()
    assert told.is_private
    assert "I may not write messages in this channel" in told.text
    assert bot.keeper._indexer.snapshot.generation == 1
    await changed(discord, await begun(discord, alma), "The index is rebuilt")


async def test_leaving_discards_a_running_rebuild(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    gate: Gate,
) -> None:
    async with running_bot(discord, answers, articles, clock, tmp_path) as bot:
        bot.progress_every_s = 0.05
        alma = Person(discord, "Alma", permissions=ADMINISTRATOR)
        await changed(discord, await begun(discord, alma), "checking")
        async with asyncio.timeout(5):
            await bot.close()
    assert [path.name for path in (tmp_path / "index").glob("gen-*")] == ["gen-000001"]


async def refusals(person: Person, message: Message) -> AsyncIterator[Reply]:
    """Try everything that only admins may."""
    yield await person.use("index rebuild")
    yield await person.use("index rebuild", full=True)
    yield await person.use("index rollback")
    yield await person.use("index status")
    for action in ("rebuild", "full", "rollback", "cancel", "leave"):
        yield await person.press_id(message, f"newsdesk-index:{action}:-")


@pytest.mark.parametrize(
    ("locale", "bits"),
    [("en-GB", 0), ("fr", MANAGE_MESSAGES), ("en-US", ~ADMINISTRATOR & 0xFFFFFFFF)],
)
async def test_who_is_no_admin_can_do_nothing_of_it(
    discord: FakeDiscord,
    alma: Person,
    bot: NewsdeskBot,
    gate: Gate,
    locale: str,
    bits: int,
    tmp_path: Path,
) -> None:
    progress = await begun(discord, alma)
    await changed(discord, progress, "checking")
    bob = Person(discord, "Bob", locale=locale, permissions=bits)
    tried = [reply async for reply in refusals(bob, progress)]
    tried.append(await bob.press(progress, "Cancel"))
    for reply in tried:
        told = await reply.message()
        assert told.is_private
        assert told.text in {
            "Only admins may do this.",
            "Seuls les administrateurs peuvent faire cela.",
        }
    gate.is_open = True
    await changed(discord, progress, "The index is rebuilt")
    assert audited(tmp_path) == [(alma.id, Deed.REBUILT, "2")]


async def test_a_role_of_the_settings_makes_an_admin_who_may_what_moderators_may(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    role = discord.add_role(discord.guild_id, "keepers")
    channel = discord.add_channel(discord.guild_id, "log")
    log = ServerSettings(log_channel_id=channel)
    permissions = Permissions(admin_role_ids=frozenset({role}))
    async with running_bot(discord, answers, articles, clock, tmp_path, permissions, log):
        rita = Person(discord, "Rita", roles=(role,), locale="fr")
        assert "30" in (await (await rita.use("index status")).message()).text
        assert "Title" in (await (await rita.use("article list")).message()).text
        asked = await (await rita.use("index rebuild")).message()
        await rita.press(asked, "Reconstruire")
        await discord.until(lambda: bool(discord.from_bot(channel)), "line in the log channel")
        [line] = discord.from_bot(channel)
        assert line.text == f"<@{rita.id}> rebuilt the index: generation 2"
        assert line.pings == []
