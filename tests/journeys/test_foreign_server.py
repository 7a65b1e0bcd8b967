"""The settings name one server; the bot is in another one too, and is invited to a third."""

from __future__ import annotations

import pytest

from bot.client import NewsdeskBot
from bot.permissions import Permissions
from corpus.models import Draft
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock


@pytest.fixture
def permissions(discord: FakeDiscord) -> Permissions:
    return Permissions(guild_ids=frozenset({discord.guild_id}))


@pytest.fixture
def elsewhere(discord: FakeDiscord) -> int:
    """A channel in a server that is not served."""
    return discord.add_channel(discord.add_guild("Elsewhere"), "general")


async def test_the_server_that_is_named_is_served(ada: Person, clock: Clock) -> None:
    assert "too high" in (await (await ada.use("ask", question="Why?")).message()).text
    clock.advance(3)
    assert "too high" in (await (await ada.use("ask", question="Why?", dm=True)).message()).text


async def test_commands_buttons_and_forms_from_elsewhere_are_refused_in_words(
    discord: FakeDiscord, elsewhere: int, ada: Person, zoe: Person, answers: ScriptedAnswers
) -> None:
    answer = await (await ada.use("ask", question="Why?")).message()
    form = await ada.press(answer, "Ask more")
    await form.opened_modal()
    discord.channel_id = elsewhere
    answer.payload["channel_id"] = str(elsewhere)
    form.channel_id = elsewhere
    for refused in (
        await ada.use("ask", question="Why?"),
        await ada.press(answer, "Quotes"),
        await ada.submit(form, question="And Musk?"),
    ):
        told = await refused.message()
        assert told.is_private
        assert told.text == "I do not serve this server."
    french = await (await zoe.use("about")).message()
    assert french.text == "Je ne réponds pas sur ce serveur."
    assert answers.asked == ["Why?"]


async def test_nothing_completes_itself_and_mentions_stay_unheard_elsewhere(
    discord: FakeDiscord,
    elsewhere: int,
    ada: Person,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
) -> None:
    articles.add([Draft(text="Text.", origin="t", title="T", language="en", outlet="The Verge")])
    mona = Person(discord, "Mona", permissions=1 << 13)
    here = discord.channel_id
    offered = []
    for place in (elsewhere, here):
        discord.channel_id = place
        offered += [
            await ada.type_option("ask", "outlet", ""),
            await mona.type_option("article show", "article", ""),
        ]
        if place == elsewhere:
            await ada.say("Why?", mention=True)
    for reply in offered[2:]:
        await reply.acknowledged()
    assert [[one["value"] for one in reply.choices or []] for reply in offered] == [
        [],
        [],
        ["The Verge"],
        ["1"],
    ]
    message = await (await ada.use("ask", question="Who?")).message()
    assert answers.asked == ["Who?"]
    assert discord.from_bot(elsewhere) == []
    assert discord.from_bot() == [message]


async def test_it_leaves_a_server_that_it_is_invited_to_but_not_those_it_is_in(
    discord: FakeDiscord, elsewhere: int, bot: NewsdeskBot
) -> None:
    await bot.wait_until_ready()
    third = discord.add_guild("Third")
    await discord.gateway.dispatch("GUILD_CREATE", discord.guilds[third])
    await discord.until(lambda: bool(discord.left_guilds), "leave")
    assert discord.left_guilds == [third]
