"""Who may do what, and where: every command, button and form that there is, as everybody."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import discord
import pytest
from discord import app_commands, ui

from bot.client import NewsdeskBot
from bot.guarded import GuardedButton, GuardedForm
from bot.permissions import Permissions
from bot.server_settings import ServerSettings
from corpus.models import Draft
from tests.architecture.test_errors_have_words import all_modules
from tests.fake_discord import FakeDiscord, Message, Person, Reply
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock, running_bot

# Who, and where. `none named` are admins while the bot is in two servers and no setting names one;
# `not served`, `direct`, `user app` and `group message` are admins, too: of a server that the
# settings do not name, nowhere (the request is crafted), of a server that the bot was never invited
# to, and in a message of several people without the bot. An `outsider` is nobody in another server
# that is served, and uses what was made at home.
TABLE = """
                         | member     | moderator | admin | closed     | none named | not served | direct     | user app | group message | outsider
/ask                     | yes        | yes       | yes   | channel    | yes        | server     | yes        | server   | server        | yes
/latest                  | yes        | yes       | yes   | channel    | yes        | server     | yes        | server   | server        | yes
/about                   | yes        | yes       | yes   | yes        | yes        | server     | yes        | server   | server        | yes
/forget-me               | yes        | yes       | yes   | yes        | yes        | server     | yes        | server   | server        | yes
/article add             | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
/article list            | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
/article show            | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
/article edit            | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
/article remove          | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
/index rebuild           | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
/index rollback          | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
/index status            | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
/stats                   | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
/settings                | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
Ask Newsdesk about this  | yes        | yes       | yes   | channel    | yes        | server     | yes        | server   | server        | yes
Add linked articles      | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk:quotes          | yes        | yes       | yes   | yes        | yes        | server     | yes        | server   | server        | yes
newsdesk:more            | yes        | yes       | yes   | yes        | yes        | server     | yes        | server   | server        | yes
newsdesk:good            | yes        | yes       | yes   | yes        | yes        | server     | yes        | server   | server        | yes
newsdesk:bad             | yes        | yes       | yes   | yes        | yes        | server     | yes        | server   | server        | yes
newsdesk:wish            | yes        | yes       | yes   | yes        | yes        | server     | yes        | server   | server        | yes
newsdesk:share           | yes        | yes       | yes   | channel    | yes        | server     | yes        | server   | server        | yes
newsdesk-article:add     | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk-article:edit    | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk-article:cancel  | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk-article:restore | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk-article:undo    | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk-article:remove  | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk-article:revert  | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk-article:leave   | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
newsdesk-index:rebuild   | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
newsdesk-index:full      | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
newsdesk-index:rollback  | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
newsdesk-index:leave     | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
newsdesk-index:cancel    | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
MoreModal                | yes        | yes       | yes   | channel    | yes        | server     | yes        | server   | server        | yes
WrongModal               | yes        | yes       | yes   | yes        | yes        | server     | yes        | server   | server        | yes
DetailsModal             | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
EditModal                | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
TextModal                | moderators | yes       | yes   | moderators | unnamed    | server     | moderators | server   | server        | moderators
SettingsModal            | admins     | admins    | yes   | admins     | unnamed    | server     | admins     | server   | server        | admins
"""  # noqa: E501 - a table
REFUSALS = {
    "Only moderators may do this.": "moderators",
    "Only admins may do this.": "admins",
    "I do not serve this server.": "server",
    "in this channel, but in": "channel",
    "DISCORD_GUILD_IDS": "unnamed",
}
EVERYTHING = (1 << 50) - 1
MANAGE_MESSAGES, ADMINISTRATOR = 1 << 13, 1 << 3
OPTIONS = {"ask": {"question": "Why?"}, "article": {"article": "1"}}
KEY = "k" * 16
MESSAGE, THINKING = 4, 5

_HEAD, *_ROWS = [[one.strip() for one in line.split("|")] for line in TABLE.strip("\n").split("\n")]
WANTED = {row[0]: dict(zip(_HEAD[1:], row[1:], strict=True)) for row in _ROWS}


def commands_of(bot: NewsdeskBot) -> Iterator[str]:
    """Name all commands and context menus as the table does."""
    for command in bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield f"/{command.qualified_name}"
    for kind in (discord.AppCommandType.message, discord.AppCommandType.user):
        yield from (menu.name for menu in bot.tree.walk_commands(type=kind))


def buttons_of(bot: NewsdeskBot) -> Iterator[str]:
    """Name what all buttons that outlive a restart do."""
    for pattern in bot._connection._view_store._dynamic_items:  # the library does not tell
        actions = re.search(r"\(\?P<action>([a-z|]+)\)", pattern.pattern)
        assert actions is not None, pattern
        prefix = pattern.pattern.partition(":")[0]
        yield from (f"{prefix}:{action}" for action in actions[1].split("|"))


def classes_below(above: type) -> set[type]:
    all_modules()
    found = {one for one in above.__subclasses__() if one.__module__.startswith("bot")}
    return found.union(*(classes_below(one) for one in found))


def forms() -> set[str]:
    below = classes_below(ui.Modal)
    return {one.__name__ for one in below if not one.__subclasses__()}


async def test_everything_that_can_be_used_is_in_the_table(bot: NewsdeskBot) -> None:
    assert {*commands_of(bot), *buttons_of(bot), *forms()} == set(WANTED)


def test_every_button_and_form_asks_who_uses_it() -> None:
    assert classes_below(ui.DynamicItem) == {GuardedButton, *classes_below(GuardedButton)}
    assert classes_below(ui.Modal) == {GuardedForm, *classes_below(GuardedForm)}
    # What else could be pressed: views with buttons of their own.
    assert classes_below(ui.View) | classes_below(ui.LayoutView) == set()


@dataclass
class Scene:
    """Somebody somewhere, and a boss in the home server who has opened what they then use."""

    discord: FakeDiscord
    clock: Clock
    person: Person
    boss: Person
    home: int
    there: int = field(init=False)
    answer: Message = field(init=False)
    opened: dict[str, Reply] = field(default_factory=dict)

    async def prepare(self) -> None:
        """Have the boss ask and open all forms, at home."""
        self.answer = await (await self.by_boss("ask", question="Why?")).message()
        typed = await self.by_boss("article add")
        preview = await (await self.boss.submit(typed, text="Some more text. " * 50)).message()
        self.opened = {
            "MoreModal": await self.boss.press(self.answer, "Ask more"),
            "WrongModal": await self.boss.press(self.answer, "👎"),
            "DetailsModal": await self.boss.press(preview, "Edit"),
            "EditModal": await self.by_boss("article edit", article="1"),
            "TextModal": await self.by_boss("article add"),
            "SettingsModal": await self.by_boss("settings"),
        }
        for form in self.opened.values():
            await form.opened_modal()

    async def by_boss(self, command: str, **options: str) -> Reply:
        self.clock.advance(3)
        return await self.boss.use(command, **options)

    async def use(self, name: str) -> Reply:
        """Use what a row names, in the place that the scene is about."""
        self.discord.channel_id = self.there
        self.clock.advance(3)
        if (opened := self.opened.get(name)) is not None:
            opened.channel_id = self.there
            opened.asked_from = opened.asked_from and self._moved(opened.asked_from)
            return await self.person.submit(opened, **self._filled(name))
        if name.startswith("/"):
            first, _, rest = name[1:].partition(" ")
            options = {} if rest in {"add", "list"} else OPTIONS.get(first, {})
            return await self.person.use(name[1:], dm=self._is_direct, **options)
        if ":" in name:
            made = f"{name}:{self._key}" if name.startswith("newsdesk:") else f"{name}:{KEY}"
            return await self.person.press_id(self._moved(self.answer), made)
        return await self.person.use_on(name, await self._said("no link"), dm=self._is_direct)

    def _filled(self, form: str) -> dict[str, str | tuple[int, ...]]:
        # As it is: what is sent changes nothing for the rows that come after.
        closed = self.there != self.home
        channels = (self.home,) if form == "SettingsModal" and closed else ()
        if form == "SettingsModal":
            return {"channels": channels, "roles": (), "log": (), "cooldown": ""}
        return {"text": "And Musk?"}

    @property
    def _is_direct(self) -> bool:
        return bool(self.discord.channels[self.there]["type"] == 1)

    @property
    def _key(self) -> str:
        custom_id: str = self.answer.buttons["Ask more"]["custom_id"]
        return custom_id.rpartition(":")[2]

    async def _said(self, text: str) -> Message:
        return Message((await self.person.say(text, dm=self._is_direct)).payload)

    def _moved(self, message: Message) -> Message:
        return Message({**message.payload, "channel_id": str(self.there)})


async def outcome(reply: Reply) -> str:
    """Tell whether somebody was refused, and why: that is the first thing that is said."""
    await reply.acknowledged()
    if reply.response == THINKING:
        told = reply.messages
        # An admin's rebuild is in the way of what comes after it.
        await reply.discord.until(
            lambda: not all(one.is_thinking for one in told), "the end", within_s=60
        )
    if any("Something went wrong" in one.text for one in reply.messages):
        return "surprise"
    if reply.response != MESSAGE:
        return "yes"
    [said] = reply.messages
    assert said.pings == []
    why = next((why for words, why in REFUSALS.items() if words in said.text), "yes")
    assert why == "yes" or said.is_private
    return why


@pytest.fixture(params=_HEAD[1:])
async def scene(
    request: pytest.FixtureRequest,
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> AsyncIterator[tuple[str, Scene]]:
    column: str = request.param
    articles.add([Draft(text="Some text.", origin="t", title="One", language="en")])
    home = there = discord.channel_id
    is_named = column not in {"none named", "user app"}
    named = {discord.guild_id} if is_named else set()
    if column in {"not served", "outsider"}:
        elsewhere = discord.add_guild("Elsewhere")
        there = discord.add_channel(elsewhere, "general")
        if column == "outsider":
            named.add(elsewhere)
    permissions = Permissions(guild_ids=frozenset(named))
    async with running_bot(discord, answers, articles, clock, tmp_path, permissions) as bot:
        bits = {
            "member": EVERYTHING & ~MANAGE_MESSAGES & ~ADMINISTRATOR,
            "closed": EVERYTHING & ~MANAGE_MESSAGES & ~ADMINISTRATOR,
            "moderator": MANAGE_MESSAGES,
            "outsider": 0,
        }
        person = Person(discord, column, permissions=bits.get(column, ADMINISTRATOR))
        boss = Person(discord, "Boss", permissions=ADMINISTRATOR)
        made = Scene(discord, clock, person, boss, home)
        await made.prepare()
        if column == "direct":
            there = discord.dm_with(person.payload)
        elif column == "group message":
            there = discord.add_group(person.payload)
        elif column == "none named":
            await discord.gateway.dispatch("GUILD_CREATE", discord.guilds[discord.add_guild("2")])
        elif column == "user app":
            there = discord.add_channel(discord.add_guild("Never joined"), "general")
        elif column == "closed":
            there = discord.add_channel(discord.guild_id, "talk")
            settings = ServerSettings(channel_ids=frozenset({home}))
            bot.permissions.servers.put(discord.guild_id, settings)
        made.there = there
        yield column, made


async def test_each_person_may_what_is_theirs_and_nothing_else(
    scene: tuple[str, Scene], articles: MemoryArticleStore, caplog: pytest.LogCaptureFixture
) -> None:
    column, place = scene
    before = articles.revision()
    for name, wanted in WANTED.items():
        assert await outcome(await place.use(name)) == wanted[column], (name, column)
    if WANTED["TextModal"][column] != "yes":
        assert articles.revision() == before
    # Below a button, a surprise may be told after its outcome.
    ours = [one for one in caplog.records if one.name.startswith("bot")]
    assert [one.getMessage() for one in ours if one.levelno >= logging.ERROR] == []
