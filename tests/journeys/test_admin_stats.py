"""An admin learns how the bot was used, as text and as a picture, and nobody else does."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import usage_desk
from bot.client import NewsdeskBot
from bot.usage_picture import draw
from corpus.models import Draft
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.answers import ScriptedAnswers, abstained
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock

ADMINISTRATOR, MANAGE_MESSAGES = 1 << 3, 1 << 13


@pytest.fixture
def alma(discord: FakeDiscord, bot: NewsdeskBot) -> Person:
    """An admin."""
    return Person(discord, "Alma", permissions=ADMINISTRATOR)


async def asked(person: Person, clock: Clock, question: str) -> None:
    clock.advance(3)
    await (await person.use("ask", question=question, private=True)).message()


async def test_an_admin_sees_text_and_picture_in_private(
    alma: Person,
    ada: Person,
    clock: Clock,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads = []

    def watched(*given: object) -> bytes:
        threads.append(threading.current_thread())
        return draw(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(usage_desk, "draw", watched)
    articles.add([Draft(text="Text.", origin="t", title="The *cited* one", language="en")])
    clock.advance(3)
    answer = await (await ada.use("ask", question="Why?")).message()
    form = await ada.press(answer, "👎")
    await (await ada.submit(form, comment="wrong @everyone year")).message()
    answers.answer_given = abstained()
    await asked(ada, clock, "What of @everyone?")
    reply = await alma.use("stats")
    told, picture = await reply.message(), await reply.message(1)
    for shown in (
        "The last 30 days",
        "Questions: 2, of which answered: 50 %",
        "👍 0 · 👎 1",
        "Not answered",
        "What of",
        "wrong",
        r"The \*cited\* one",
    ):
        assert shown in told.text
    assert told.is_private
    assert picture.is_private
    assert told.named + picture.named == []
    [attached] = picture.payload["attachments"]
    assert attached["filename"] == "stats.png"
    assert attached["size"] > 1000
    assert threads
    assert threads[0] is not threading.main_thread()
    clock.now = datetime(2024, 2, 1, 12, tzinfo=UTC)
    later = await (await alma.use("stats", days=7)).message()
    assert "Nothing was asked" in later.text


async def test_who_wanted_to_be_forgotten_is_not_counted(
    alma: Person, ada: Person, zoe: Person, clock: Clock
) -> None:
    await asked(ada, clock, "One?")
    await asked(zoe, clock, "Two?")
    assert "Questions: 2" in (await (await alma.use("stats")).message()).text
    await (await ada.use("forget-me")).message()
    assert "Questions: 1" in (await (await alma.use("stats")).message()).text


async def test_a_member_has_a_question_logged_that_nothing_answers(
    alma: Person, ada: Person, zoe: Person, clock: Clock, answers: ScriptedAnswers
) -> None:
    answers.answer_given = abstained()
    clock.advance(3)
    refused = await (await ada.use("ask", question="What of @everyone?")).message()
    told = await (await ada.press(refused, "Log this question")).message()
    assert told.is_private
    assert told.text == "Noted: the admins of this server see this question in /stats."
    await (await ada.press(refused, "Log this question")).message()
    french = await (await zoe.press(refused, "Log this question")).message()
    assert french.text.startswith("C'est noté")
    await asked(zoe, clock, "Only asked?")
    stats = await (await alma.use("stats")).message()
    assert "**Logged by members**\n\n- What of @\u200beveryone? (2)" in stats.text
    assert stats.named == []
    await (await zoe.use("forget-me")).message()
    assert "everyone? (1)" in (await (await alma.use("stats")).message()).text
    await (await ada.use("forget-me")).message()
    assert "Nothing was asked" in (await (await alma.use("stats")).message()).text


async def test_an_admin_sees_what_was_asked_in_their_server_and_nowhere_else(
    discord: FakeDiscord,
    bot: NewsdeskBot,
    alma: Person,
    ada: Person,
    clock: Clock,
    answers: ScriptedAnswers,
) -> None:
    home, second = discord.guild_id, discord.add_guild("Second")
    bot.permissions = replace(bot.permissions, guild_ids=frozenset({home, second}))
    await discord.gateway.dispatch("GUILD_CREATE", discord.guilds[second])
    answers.answer_given = abstained()
    await asked(ada, clock, "What of home?")
    clock.advance(3)
    await (await ada.use("ask", question="What of my own?", dm=True)).message()
    here, there = discord.channel_id, discord.add_channel(second, "general")
    discord.channel_id = there
    await asked(ada, clock, "What of the second?")
    elsewhere = (await (await alma.use("stats")).message()).text
    discord.channel_id = here
    told = (await (await alma.use("stats")).message()).text
    assert ("of home" in told, "of the second" in told, "my own" in told) == (True, False, False)
    assert "Questions: 1" in told
    assert ("of home" in elsewhere, "of the second" in elsewhere) == (False, True)


@pytest.mark.parametrize("bits", [0, MANAGE_MESSAGES, ~ADMINISTRATOR & 0xFFFFFFFF])
async def test_who_is_no_admin_sees_nothing(
    discord: FakeDiscord, bot: NewsdeskBot, bits: int
) -> None:
    bob = Person(discord, "Bob", permissions=bits, locale="fr")
    told = await (await bob.use("stats", days=1)).message()
    assert told.is_private
    assert told.text == "Seuls les administrateurs peuvent faire cela."
