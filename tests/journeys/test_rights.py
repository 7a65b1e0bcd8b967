"""Who may use which command: all commands that there are, as each kind of person."""

from __future__ import annotations

import pytest

from bot.client import NewsdeskBot
from corpus.models import Draft
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock

MEMBER, MODERATOR, ADMIN = "member", "moderator", "admin"
# What a person must be at least, and the options that the command needs.
COMMANDS: dict[str, tuple[str, dict[str, str]]] = {
    "ask": (MEMBER, {"question": "Why?"}),
    "latest": (MEMBER, {}),
    "about": (MEMBER, {}),
    "forget-me": (MEMBER, {}),
    "Ask Newsdesk about this": (MEMBER, {}),
    "article add": (MODERATOR, {}),
    "article list": (MODERATOR, {}),
    "article show": (MODERATOR, {"article": "1"}),
    "article edit": (MODERATOR, {"article": "1"}),
    "article remove": (MODERATOR, {"article": "1"}),
    "Add linked articles": (MODERATOR, {}),
    "index rebuild": (ADMIN, {}),
    "index rollback": (ADMIN, {}),
    "index status": (ADMIN, {}),
    "stats": (ADMIN, {}),
    "settings": (ADMIN, {}),
}
RANKS = (MEMBER, MODERATOR, ADMIN)
PERMISSIONS = {
    # Everything but what makes a moderator or an admin.
    MEMBER: 0xFFFFFFFF & ~(1 << 13) & ~(1 << 3),
    MODERATOR: 1 << 13,
    ADMIN: 1 << 3,
}
REFUSALS = {
    "Only moderators may do this.": MODERATOR,
    "Only admins may do this.": ADMIN,
}


def registered(discord: FakeDiscord) -> set[str]:
    names = set()
    for command in discord.commands:
        below = [one["name"] for one in command.get("options", []) if one["type"] == 1]
        names |= {f"{command['name']} {name}" for name in below} or {command["name"]}
    return names


async def test_no_command_is_left_out_here(discord: FakeDiscord, bot: NewsdeskBot) -> None:
    assert registered(discord) == set(COMMANDS)


async def use(person: Person, name: str) -> str:
    """Use a command; return what is told first, or "" if a form opens."""
    discord = person.discord
    options = COMMANDS[name][1]
    if name[0].isupper():
        reply = await person.use_on(name, await person.say("no link"))
    else:
        reply = await person.use(name, **options)
    await reply.acknowledged()
    if reply.modal is not None:
        return ""
    message = await reply.message()
    assert message.pings == []
    assert discord.breaches == []
    return message.text


@pytest.mark.parametrize("rank", RANKS)
async def test_each_person_may_what_is_theirs_and_nothing_else(
    discord: FakeDiscord,
    bot: NewsdeskBot,
    articles: MemoryArticleStore,
    clock: Clock,
    rank: str,
) -> None:
    articles.add([Draft(text="Some text.", origin="t", title="One", language="en")])
    person = Person(discord, rank, permissions=PERMISSIONS[rank])
    for name, (least, _) in COMMANDS.items():
        clock.advance(3)
        told = await use(person, name)
        may = RANKS.index(rank) >= RANKS.index(least)
        assert REFUSALS.get(told) == (None if may else least), (name, told)


async def test_in_a_direct_message_everybody_is_a_member(
    discord: FakeDiscord, bot: NewsdeskBot
) -> None:
    alma = Person(discord, "Alma", permissions=PERMISSIONS[ADMIN])
    for name, (least, options) in COMMANDS.items():
        if least == MEMBER or name[0].isupper():
            continue
        # A client does not show these there, but a crafted request may come.
        told = await (await alma.use(name, dm=True, **options)).message()
        assert REFUSALS.get(told.text) == least, name
