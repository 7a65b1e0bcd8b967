"""That the fake refuses what Discord refuses: without it, the journeys would prove nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from tests.fake_discord import FakeDiscord, Person, Reply, rules

Payload = dict[str, Any]
TEXT: Payload = {"type": 4, "data": {"content": "hello"}}
THINKING: Payload = {"type": 5}
HEADERS = {"Authorization": "Bot the.right.token"}


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
async def discord(clock: Seconds) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(clock=clock) as server:
        yield server


@pytest.fixture
async def http(discord: FakeDiscord) -> AsyncIterator[aiohttp.ClientSession]:
    """A bot of our own that has connected and registered `/ask`."""
    base = discord.url + "/"
    async with (
        aiohttp.ClientSession(base, headers=HEADERS) as session,
        session.ws_connect(discord.gateway_url) as socket,
    ):
        await socket.send_json({"op": 2, "d": {"token": discord.token, "intents": 1}})
        await discord.connected()
        commands = [{"name": "ask", "description": "Ask"}]
        async with session.put("applications/1000/commands", json=commands) as response:
            assert response.status == 200
        yield session


async def post(http: aiohttp.ClientSession, path: str, payload: Payload) -> tuple[int, int]:
    async with http.post(path, json=payload) as response:
        return response.status, (await response.json()).get("code", 0)


def first(reply: Reply) -> str:
    return f"interactions/{reply.id}/{reply.token}/callback"


async def test_a_second_first_reply(discord: FakeDiscord, http: aiohttp.ClientSession) -> None:
    reply = await Person(discord).use("ask")
    assert await post(http, first(reply), THINKING) == (200, 0)
    assert await post(http, first(reply), TEXT) == (400, 40060)
    assert len(discord.breaches) == 1


async def test_a_follow_up_before_the_first_reply(
    discord: FakeDiscord, http: aiohttp.ClientSession
) -> None:
    reply = await Person(discord).use("ask")
    assert await post(http, f"webhooks/1000/{reply.token}", {"content": "x"}) == (404, 10015)


@pytest.mark.parametrize(("after_s", "status"), [(3.0, 200), (3.1, 404)])
async def test_a_first_reply_after_three_seconds(
    discord: FakeDiscord, http: aiohttp.ClientSession, clock: Seconds, after_s: float, status: int
) -> None:
    reply = await Person(discord).use("ask")
    clock.now += after_s
    assert (await post(http, first(reply), THINKING))[0] == status


@pytest.mark.parametrize(("after_s", "answer"), [(900.0, (200, 0)), (900.1, (401, 50027))])
async def test_a_follow_up_after_fifteen_minutes(
    discord: FakeDiscord,
    http: aiohttp.ClientSession,
    clock: Seconds,
    after_s: float,
    answer: tuple[int, int],
) -> None:
    reply = await Person(discord).use("ask")
    await post(http, first(reply), TEXT)
    clock.now += after_s
    hook = f"webhooks/1000/{reply.token}"
    assert await post(http, hook, {"content": "x"}) == answer
    async with http.patch(f"{hook}/messages/@original", json={"content": "x"}) as response:
        assert response.status == answer[0]


async def test_a_connection_that_is_cut(discord: FakeDiscord, http: aiohttp.ClientSession) -> None:
    discord.fail("POST .*/messages", 0)
    path = f"channels/{discord.channel_id}/messages"
    with pytest.raises(aiohttp.ClientError):
        await post(http, path, {"content": "x"})
    assert discord.from_bot() == []
    assert await post(http, path, {"content": "x"}) == (200, 0)


async def test_the_defer_decides_who_sees_the_answer(
    discord: FakeDiscord, http: aiohttp.ClientSession
) -> None:
    reply = await Person(discord).use("ask")
    await post(http, first(reply), THINKING)
    await post(http, f"webhooks/1000/{reply.token}", {"content": "x", "flags": 64})
    assert not (await reply.message()).is_private


async def test_a_reply_that_does_not_fit_the_interaction(
    discord: FakeDiscord, http: aiohttp.ClientSession
) -> None:
    reply = await Person(discord).use("ask")
    assert (await post(http, first(reply), {"type": 7, "data": {}}))[0] == 400


async def test_a_wrong_token(discord: FakeDiscord, http: aiohttp.ClientSession) -> None:
    async with http.get("users/@me", headers={"Authorization": "Bot wrong"}) as response:
        assert response.status == 401


async def test_a_name_without_allowed_mentions(
    discord: FakeDiscord, http: aiohttp.ClientSession
) -> None:
    reply = await Person(discord).use("ask")
    await post(http, first(reply), {"type": 4, "data": {"content": "hi <@1>"}})
    assert discord.breaches == ["a message that names somebody, without allowed_mentions"]
    assert (await reply.message()).pings == ["<@1>"]


def button(**more: object) -> Payload:
    return {"type": 2, "style": 2, "label": "x", "custom_id": "x", **more}


def row(*items: Payload) -> Payload:
    return {"type": 1, "components": list(items)}


def too_much() -> Iterator[Payload]:
    yield {}
    yield {"content": "x" * 2001}
    yield {"content": "🦊" * 1001}
    yield {"embeds": [{"description": "x" * 4097}]}
    yield {"embeds": [{"description": "x" * 3001}] * 2}
    yield {"embeds": [{"title": "x" * 257}]}
    yield {"embeds": [{"footer": {"text": "x" * 2049}}]}
    yield {"embeds": [{"fields": [{"name": "x", "value": "x" * 1025}]}]}
    yield {"embeds": [{"fields": [{"name": "x", "value": ""}]}]}
    yield {"embeds": [{"title": "x"}] * 11}
    yield {"components": [row()]}
    yield {"components": [row(*(button(custom_id=str(n)) for n in range(6)))]}
    yield {"components": [row(button(custom_id=str(n))) for n in range(6)]}
    yield {"components": [row(button(), button())]}
    yield {"components": [row(button(custom_id="x" * 101))]}
    yield {"components": [row(button(label="x" * 81))]}


@pytest.mark.parametrize("payload", list(too_much()))
def test_a_message_over_a_limit(payload: Payload) -> None:
    with pytest.raises(rules.Refused):
        rules.check_message(payload)


def test_a_message_at_the_limits() -> None:
    rules.check_message(
        {
            "content": "x" * 2000,
            "embeds": [{"description": "x" * 4096}, {"description": "x" * 1904}],
            "components": [row(*(button(custom_id=f"{r}{n}") for n in range(5))) for r in range(5)],
        }
    )


def test_pings_follow_allowed_mentions() -> None:
    said = {"content": "@everyone <@1> <@&2>"}
    assert rules.pings(said) == ["@everyone", "<@1>", "<@&2>"]
    assert rules.pings({**said, "allowed_mentions": {"parse": []}}) == []
    assert rules.pings({**said, "allowed_mentions": {"parse": ["users"]}}) == ["<@1>"]
    assert rules.pings({**said, "allowed_mentions": {"parse": [], "roles": ["2"]}}) == ["<@&2>"]
    nobody = {"content": "hi", "allowed_mentions": {"parse": [], "replied_user": False}}
    assert rules.pings(nobody, replied_to=7) == []
    assert rules.pings({"content": "hi"}, replied_to=7) == ["<@7>"]


def modal(**more: object) -> Payload:
    box = {"type": 4, "style": 1, "custom_id": "x", **more}
    return {
        "title": "x",
        "custom_id": "x",
        "components": [{"type": 18, "label": "x", "component": box}],
    }


@pytest.mark.parametrize(
    "more",
    [
        {"value": "x" * 4001},
        {"value": "x" * 11, "max_length": 10},
        {"value": "🦊" * 6, "max_length": 10},
        {"custom_id": "x" * 101},
        {"custom_id": ""},
        {"min_length": 11, "max_length": 10},
        {"max_length": 4001},
        {"max_length": 0},
        {"placeholder": "x" * 101},
    ],
)
def test_a_modal_over_a_limit(more: Payload) -> None:
    with pytest.raises(rules.Refused):
        rules.check_modal(modal(**more))


def test_a_modal_at_the_limits() -> None:
    rules.check_modal(modal(value="x" * 4000, placeholder="x" * 100, custom_id="x" * 100))
    rules.check_modal(modal(value="x" * 10, min_length=10, max_length=10))


@pytest.mark.parametrize(
    "choices",
    [
        [{"name": "x", "value": str(number)} for number in range(26)],
        [{"name": "x" * 101, "value": "x"}],
        [{"name": "x", "value": "x" * 101}],
        [{"name": "x", "value": "🦊" * 51}],
        [{"name": "", "value": "x"}],
        [{"name": " ", "value": "x"}],
        [{"name": "x", "value": ""}],
        [{"name": "x"}],
    ],
)
def test_choices_over_a_limit(choices: list[Payload]) -> None:
    with pytest.raises(rules.Refused):
        rules.check_choices(choices)


def test_choices_at_the_limits() -> None:
    rules.check_choices(
        [{"name": "x" * 100, "value": "x" * 100}] * 24 + [{"name": "x", "value": 0}]
    )
    rules.check_choices([])
