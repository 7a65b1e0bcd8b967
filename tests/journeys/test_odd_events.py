"""Frames of shapes that Discord has never sent: the bot stays, and answers the next person."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from discord.backoff import ExponentialBackoff

from bot.client import NewsdeskBot
from tests.fake_discord import FakeDiscord, Person
from tests.fake_discord.rules import Payload
from tests.fake_discord.world import Reply
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock, running_bot

ADMINISTRATOR = 1 << 3
JUNK = (
    None,
    "",
    "x",
    "-1",
    "9" * 40,
    0,
    -1,
    10**30,
    0.5,
    True,
    [],
    {},
    [None],
    {"id": "1"},
    "\0é\u202e",
)
# What was made up is not there: for its channels, messages and interactions this is right.
UNKNOWN = ("code 10003", "code 10008", "code 10062", "code 40060")
UNREADABLE = {
    "nothing": "",
    "half an object": '{"op": 0',
    "half a sign": '{"op": 0, "t": "MESSAGE_CREATE", "s": 9, "d": {"content": "Why? \\ud83e"}}',
    "too deep": "[" * 100_000,
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "an event of no name": '{"op": 0, "t": ["READY"], "s": 9, "d": {}}',
    "READY once more": '{"op": 0, "t": "READY", "s": 9, "d": null}',
    "RESUMED": '{"op": 0, "t": "RESUMED", "s": 9, "d": null}',
    "HELLO once more": '{"op": 10, "d": null}',
    "HELLO of no time": '{"op": 10, "d": {"heartbeat_interval": "x"}}',
}
# The library makes something of these, or nothing.
READABLE = {
    "an empty object": "{}",
    "an op that is none": '{"op": {"a": 1}, "d": 1}',
    "an unknown op": '{"op": 99, "d": null}',
    "a heartbeat of nothing": '{"op": 1, "d": []}',
    "an acknowledgement of nothing": '{"op": 11, "d": "x"}',
    "an event without a name": '{"op": 0, "d": null}',
    "an unknown event": '{"op": 0, "t": "NEWS", "d": 1}',
}
WITHOUT_A_USER = {"session_id": "session-0", "resume_gateway_url": "ws://127.0.0.1", "user": None}


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server
        assert [one for one in server.breaches if not any(word in one for word in UNKNOWN)] == []


@pytest.fixture
async def bot(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> AsyncIterator[NewsdeskBot]:
    async with running_bot(discord, answers, articles, clock, tmp_path) as client:
        yield client


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Name every place in a payload."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, below in inner:
        yield (*path, key)
        yield from places(below, (*path, key))


def bent(payload: Payload, seeded: random.Random) -> Payload:
    """Take something out of a payload, or put something else in its place, once to three times."""
    changed = copy.deepcopy(payload)
    for _ in range(seeded.randint(1, 3)):
        found = [path for path in places(changed) if path != ("token",)]
        if not found:
            break
        *above, last = seeded.choice(found)
        holder = changed
        for key in above:
            holder = holder[key]
        if seeded.random() < 0.3:
            del holder[last]
        else:
            holder[last] = seeded.choice(JUNK)
    return changed


async def sound_events(
    discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, Payload, Reply | None]]:
    """Have people do what they can, and note what Discord sent of it."""
    seen: list[tuple[str, Payload]] = []
    dispatch = discord.gateway.dispatch

    async def noting(event: str, data: Payload) -> None:
        seen.append((event, copy.deepcopy(data)))
        await dispatch(event, data)

    monkeypatch.setattr(discord.gateway, "dispatch", noting)
    alma = Person(discord, "Alma", permissions=ADMINISTRATOR)
    asked = await (await alma.use("ask", question="Why?")).message()
    more = await alma.press(asked, "Ask more")
    await alma.submit(more, question="And then?")
    await alma.use_on("Ask Newsdesk about this", asked)
    await alma.type_option("article show", "article", "x")
    await (await alma.use("latest")).message()
    await (await alma.use("settings")).opened_modal()
    await (await alma.use("article list")).message()
    await alma.say("Why?", mention=True)
    await alma.say("Why?", dm=True)
    await alma.say("Why?", reply_to=asked)
    monkeypatch.undo()
    return [(event, data, discord.replies.get(data.get("token", ""))) for event, data in seen]


def server_events(discord: FakeDiscord) -> list[tuple[str, Payload, Reply | None]]:
    """What Discord tells of a server, none of it of one where somebody asks."""
    guild = copy.deepcopy(discord.guilds[discord.guild_id])
    channel = copy.deepcopy(discord.channels[discord.channel_id])
    thread = {**channel, "type": 11, "parent_id": channel["id"], "thread_metadata": {}}
    role = {**guild["roles"][0], "id": str(discord.new_id())}
    of_role = {"guild_id": guild["id"], "role": role, "role_id": role["id"]}
    message = {"channel_id": channel["id"], "guild_id": guild["id"]}
    told = {
        "RESUMED": {},
        "GUILD_CREATE": guild,
        "GUILD_UPDATE": guild,
        "GUILD_DELETE": {"id": guild["id"], "unavailable": True},
        "CHANNEL_CREATE": channel,
        "CHANNEL_UPDATE": channel,
        "CHANNEL_DELETE": channel,
        "CHANNEL_PINS_UPDATE": message,
        "THREAD_CREATE": thread,
        "THREAD_UPDATE": thread,
        "THREAD_DELETE": thread,
        "GUILD_ROLE_CREATE": of_role,
        "GUILD_ROLE_UPDATE": of_role,
        "GUILD_ROLE_DELETE": of_role,
        "GUILD_MEMBER_UPDATE": {**guild["members"][0], "guild_id": guild["id"]},
        "MESSAGE_UPDATE": message,
        "MESSAGE_DELETE": message,
    }
    return [(event, data, None) for event, data in told.items()]


async def send_again(
    discord: FakeDiscord,
    event: str,
    data: Payload,
    reply: Reply | None,
    bend: Callable[[Payload], Payload],
) -> None:
    """Send an event once more, bent, with an id of its own."""
    number = discord.new_id()
    again = {**data, "id": str(number)}
    if reply is not None:
        token = f"interaction-{number}"
        discord.replies[token] = Reply(
            discord,
            number,
            token,
            reply.kind,
            reply.channel_id,
            reply.user_id,
            discord.clock(),
            asked_from=reply.asked_from,
        )
        again["token"] = token
    await discord.gateway.dispatch(event, bend(again))


@pytest.mark.parametrize("seed", range(4))
async def test_the_bot_outlives_events_of_any_shape(
    discord: FakeDiscord, bot: NewsdeskBot, clock: Clock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    seeded = random.Random(seed)
    sound = await sound_events(discord, monkeypatch)
    assert {event for event, *_ in sound} == {"INTERACTION_CREATE", "MESSAGE_CREATE"}
    sound += server_events(discord)
    sessions = len(discord.gateway.sessions)
    for _ in range(15):
        for event, data, reply in sound:
            await send_again(discord, event, data, reply, lambda payload: bent(payload, seeded))
        clock.advance(60)
        eve = Person(discord, "Eve")
        assert "too high" in (await (await eve.use("ask", question="Why?")).message()).text
    assert len(discord.gateway.sessions) == sessions
    assert not any("Traceback" in message.text for message in discord.from_bot())


@pytest.mark.parametrize("name", [*UNREADABLE, *READABLE])
async def test_a_frame_that_cannot_be_read_is_logged_once_and_passed_over(
    discord: FakeDiscord, bot: NewsdeskBot, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    await discord.gateway.send((UNREADABLE | READABLE)[name])
    told = await (await Person(discord, "Eve").use("ask", question="Why?")).message()
    assert "too high" in told.text
    assert (discord.gateway.connections, discord.gateway.resumes) == (1, 0)
    ours = [one for one in caplog.records if one.name == "bot.odd_events"]
    assert len(ours) == (name in UNREADABLE)
    assert all(one.levelno == logging.ERROR and one.exc_info is None for one in ours)
    assert "ud83e" not in caplog.text


@pytest.mark.parametrize(
    ("needed", "frame"),
    [
        ("HELLO", None),
        ("HELLO", "[]"),
        ("HELLO", '{"op": 10, "d": null}'),
        ("READY", None),
        ("READY", "{"),
        ("READY", '{"op": 0, "t": "READY", "s": 1, "d": null}'),
        ("READY", json.dumps({"op": 0, "t": "READY", "s": 1, "d": WITHOUT_A_USER})),
    ],
)
async def test_what_the_connection_needs_is_asked_for_again(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    needed: str,
    frame: str | None,
) -> None:
    async def no_pause(*_: object, **__: object) -> None:
        """The library waits five seconds between two sessions."""

    monkeypatch.setattr(NewsdeskBot, "before_identify_hook", no_pause)
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda _: 0.01)
    discord.gateway.instead[needed] = frame
    async with running_bot(discord, answers, articles, clock, tmp_path) as bot:
        await asyncio.wait_for(bot.wait_until_ready(), 20)
        assert discord.gateway.resumes == 0
        told = await (await Person(discord, "Eve").use("ask", question="Why?")).message()
        assert "too high" in told.text
