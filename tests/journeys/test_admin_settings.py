"""An admin sets what holds in a server; it holds at once, after a restart, and in no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.audit import AuditLog, Deed
from bot.client import NewsdeskBot
from bot.permissions import Permissions
from tests.fake_discord import FakeDiscord, Person, Reply
from tests.fake_discord.world import modal_inputs
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock, running_bot

ADMINISTRATOR, MANAGE_MESSAGES = 1 << 3, 1 << 13
NOTHING = {"channels": (), "roles": (), "log": (), "cooldown": ""}


@pytest.fixture
def role(discord: FakeDiscord) -> int:
    """A role that is there before the bot connects."""
    return discord.add_role(discord.guild_id, "editors")


@pytest.fixture
def alma(discord: FakeDiscord, bot: NewsdeskBot) -> Person:
    """An admin."""
    return Person(discord, "Alma", permissions=ADMINISTRATOR)


async def set_to(admin: Person, **values: str | tuple[int, ...]) -> str:
    """Fill in the form of the settings, and return what is shown then."""
    form = await admin.use("settings")
    told = await (await admin.submit(form, **{**NOTHING, **values})).message()
    assert told.is_private
    assert told.payload["content"] == ""  # roles and channels that an embed names hear nothing
    return told.text


def audited(tmp_path: Path) -> list[tuple[int, Deed, str]]:
    audit = AuditLog.open(tmp_path / "discord.db", clock=Clock())
    lines = [(line.person, line.deed, line.subject) for line in audit.lines()]
    audit.close()
    return lines


async def test_questions_are_answered_in_the_channels_that_are_named_and_in_private(
    discord: FakeDiscord,
    alma: Person,
    ada: Person,
    zoe: Person,
    clock: Clock,
    answers: ScriptedAnswers,
) -> None:
    here, there = discord.channel_id, discord.add_channel(discord.guild_id, "bots")
    answer = await (await ada.use("ask", question="Before?", private=True)).message()
    clock.advance(3)
    assert f"<#{there}>" in await set_to(alma, channels=(there,))
    form = await ada.press(answer, "Ask more")
    for refused in (
        await ada.use("ask", question="Why?"),
        await ada.use("ask", question="Why?", private=True),
        await ada.use("latest"),
        await ada.use_on("Ask Newsdesk about this", await ada.say("look")),
        await ada.submit(form, question="And?"),
        await ada.press(answer, "Share"),
    ):
        told = await refused.message()
        assert told.is_private
        assert told.text == f"I do not answer questions in this channel, but in <#{there}>."
    assert "mais dans" in (await (await zoe.use("ask", question="Why?")).message()).text
    await ada.say("Heard?", mention=True)
    assert (
        "too high" in (await (await ada.use("ask", question="In private", dm=True)).message()).text
    )
    clock.advance(3)
    discord.channel_id = there
    assert "too high" in (await (await ada.use("ask", question="There")).message()).text
    clock.advance(3)
    await ada.say("Mention", mention=True)
    await discord.until(lambda: len(discord.from_bot(there)) == 2, "answer to a mention")
    assert answers.asked == ["Before?", "In private", "There", "Mention"]
    discord.channel_id = here
    assert "every channel" in await set_to(alma)
    clock.advance(3)
    assert "too high" in (await (await ada.use("ask", question="Here again")).message()).text


async def test_the_pause_and_the_moderators_of_a_server_are_its_own(
    discord: FakeDiscord, role: int, alma: Person, ada: Person, clock: Clock, tmp_path: Path
) -> None:
    rita = Person(discord, "Rita", roles=(role,))
    assert "Only moderators" in (await (await rita.use("article list")).message()).text
    shown = await set_to(alma, roles=(role,), cooldown="60,5")
    assert f"<@&{role}>" in shown
    assert "60.5 s" in shown
    assert "no such article" in (await (await rita.use("article list")).message()).text
    await (await ada.use("ask", question="One?")).message()
    clock.advance(30)
    assert "again in 31 s" in (await (await ada.use("ask", question="Two?")).message()).text
    form = await alma.use("settings")
    inputs = modal_inputs(await form.opened_modal()).values()
    shown_now = [item.get("value") or item.get("default_values") for item in inputs]
    assert shown_now == [None, [{"id": role, "type": "role"}], None, "60.5"]
    assert "3 s" in await set_to(alma)
    assert "Only moderators" in (await (await rita.use("article list")).message()).text
    assert "too high" in (await (await ada.use("ask", question="Two?")).message()).text
    assert audited(tmp_path) == [
        (alma.id, Deed.CHANGED_SETTINGS, f"roles={role} cooldown=60.5"),
        (alma.id, Deed.CHANGED_SETTINGS, "defaults"),
    ]


async def test_the_log_channel_is_told_and_what_was_set_outlives_a_restart(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    log = discord.add_channel(discord.guild_id, "log")
    alma = Person(discord, "Alma", permissions=ADMINISTRATOR, locale="fr")
    async with running_bot(discord, answers, articles, clock, tmp_path) as bot:
        await bot.wait_until_ready()
        assert f"<#{log}>" in await set_to(alma, log=(log,), cooldown="0")
        await discord.until(lambda: bool(discord.from_bot(log)), "line in the log channel")
        [line] = discord.from_bot(log)
        assert line.text == f"<@{alma.id}> changed the settings: log={log} cooldown=0"
        assert line.pings == []
    async with running_bot(discord, answers, articles, clock, tmp_path) as bot:
        await bot.wait_until_ready()
        for _ in range(2):
            told = await (await alma.use("ask", question="Again?")).message()
            assert "too high" in told.text
        # A channel that is gone: Discord would not open a form that names it.
        del discord.channels[log]
    guild = discord.guilds[discord.guild_id]
    guild["channels"] = [one for one in guild["channels"] if one["id"] != str(log)]
    async with running_bot(discord, answers, articles, clock, tmp_path) as bot:
        await bot.wait_until_ready()
        form = await alma.use("settings")
        inputs = list(modal_inputs(await form.opened_modal()).values())
        assert not inputs[2].get("default_values")


@pytest.mark.parametrize("typed", ["0.0000123456", "12345.678", "60,5", "0", "86400"])
async def test_a_pause_that_is_not_touched_stays_exactly_as_it_is(
    discord: FakeDiscord, bot: NewsdeskBot, alma: Person, typed: str
) -> None:
    seconds = float(typed.replace(",", "."))
    await set_to(alma, cooldown=typed)
    for _ in range(2):
        assert bot.permissions.servers.own(discord.guild_id).cooldown_s == seconds
        form = await alma.use("settings")
        inputs = list(modal_inputs(await form.opened_modal()).values())
        await (await alma.submit(form, **{**NOTHING, "cooldown": inputs[3]["value"]})).message()
    assert bot.permissions.servers.own(discord.guild_id).cooldown_s == seconds


async def test_a_pause_that_is_none_changes_nothing(alma: Person, tmp_path: Path) -> None:
    for typed in ("soon", "-1", "86401", "nan"):
        form = await alma.use("settings")
        told = await (await alma.submit(form, **{**NOTHING, "cooldown": typed})).message(1)
        assert told.is_private
        assert "no pause that I understand" in told.text
    assert audited(tmp_path) == []


@pytest.mark.parametrize("bits", [0, MANAGE_MESSAGES, ~ADMINISTRATOR & 0xFFFFFFFF])
async def test_who_is_no_admin_sets_nothing(
    discord: FakeDiscord, alma: Person, bot: NewsdeskBot, bits: int, tmp_path: Path
) -> None:
    form = await alma.use("settings")
    await form.opened_modal()
    bob = Person(discord, "Bob", permissions=bits)
    refused: list[Reply] = [
        await bob.use("settings"),
        await bob.submit(form, **{**NOTHING, "cooldown": "0"}),
    ]
    for reply in refused:
        told = await reply.message()
        assert told.is_private
        assert told.text == "Only admins may do this."
    assert audited(tmp_path) == []


async def test_what_one_server_sets_does_not_hold_in_another(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    other = discord.add_guild("Other")
    general = discord.add_channel(other, "general")
    bots = discord.add_channel(discord.guild_id, "bots")
    permissions = Permissions(guild_ids=frozenset({discord.guild_id, other}))
    async with running_bot(discord, answers, articles, clock, tmp_path, permissions):
        alma = Person(discord, "Alma", permissions=ADMINISTRATOR)
        await set_to(alma, channels=(bots,))
        discord.channel_id = general
        told = await (await alma.use("ask", question="Why?")).message()
        assert "too high" in told.text
