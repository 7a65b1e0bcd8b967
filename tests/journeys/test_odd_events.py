"""Events of shapes that Discord has never sent: the bot stays, and answers the next person."""

from __future__ import annotations

import copy
import random
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

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
    sessions = len(discord.gateway.sessions)
    for _ in range(30):
        for event, data, reply in sound:
            await send_again(discord, event, data, reply, lambda payload: bent(payload, seeded))
        clock.advance(60)
        eve = Person(discord, "Eve")
        assert "too high" in (await (await eve.use("ask", question="Why?")).message()).text
    assert len(discord.gateway.sessions) == sessions
    assert not any("Traceback" in message.text for message in discord.from_bot())
