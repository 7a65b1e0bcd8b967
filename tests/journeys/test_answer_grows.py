"""A member sees an answer grow while a language model writes it, sentence by sentence."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.answering import service as answering
from bot.answering.generator import ChatModelGenerator
from bot.answering.phrases import phrases_for
from bot.answering.service import AnswerService
from bot.client import NewsdeskBot
from bot.live_edits import LiveEdits
from bot.markdown import plain
from corpus.models import Draft
from tests.fake_discord import FakeDiscord, Message, Person
from tests.fakes.answers import ScriptedAnswers, an_article, answered
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.language_model import language_model
from tests.fakes.openai_server import Conduct, OpenAIServer
from tests.fakes.pause import HeldPause
from tests.journeys.conftest import Clock, answering_from, running_bot

ONE = "Microsoft dropped Twitter. [1]"
TWO = f"{ONE} The new fee was too high. [2]"
THREE = f"{TWO} The company gave no other reason. [3]"
ARTICLES = tuple(an_article(number) for number in (1, 2, 3))
SO_FAR = [
    answered(text, articles=ARTICLES[:count]) for count, text in enumerate((ONE, TWO), start=1)
]
WHOLE = answered(THREE, articles=ARTICLES)


def shown(text: str) -> str:
    return text.replace("[", r"\[").replace("]", r"\]")


@pytest.fixture
async def pause() -> HeldPause:
    return HeldPause()


@pytest.fixture
async def bot(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    pause: HeldPause,
) -> AsyncIterator[NewsdeskBot]:
    answers.answer_given = WHOLE
    answers.hold()
    edits = LiveEdits(pause)
    async with running_bot(discord, answers, articles, clock, tmp_path, live_edits=edits) as client:
        yield client


async def grown(discord: FakeDiscord, text: str) -> Message:
    def there() -> bool:
        return any(one.text.startswith(f"{shown(text)}\n") for one in discord.from_bot())

    await discord.until(there, text)
    [message] = discord.from_bot()
    return message


async def test_a_mention_is_answered_in_one_message_that_grows(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers, pause: HeldPause
) -> None:
    await ada.say("why?", mention=True)
    show = await answers.shows.get()
    show(SO_FAR[0])
    message = await grown(discord, ONE)
    assert message.buttons == {}
    assert r"\[1\] [Microsoft drops Twitter](https://example.org/microsoft" in message.text
    show(SO_FAR[1])
    pause.end()
    assert (await grown(discord, TWO)).edits == 1
    answers.release()
    pause.end()
    message = await grown(discord, THREE)
    assert message.edits == 2
    assert list(message.buttons) == ["Quotes", "Ask more", "👍", "👎"]
    assert message.named == []


@pytest.mark.parametrize("private", [False, True])
async def test_so_is_a_command(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers, pause: HeldPause, private: bool
) -> None:
    reply = await ada.use("ask", question="Why?", private=private)
    show = await answers.shows.get()
    for so_far in SO_FAR:
        show(so_far)
    await discord.until(lambda: reply.messages[0].edits == 1, "first edit")
    [message] = reply.messages
    assert message.text.startswith(f"**Why?**\n\n{shown(TWO)}\n")
    assert (message.is_private, message.buttons) == (private, {})
    answers.release()
    pause.end()
    await discord.until(lambda: message.edits == 2, "whole answer")
    assert shown(THREE) in message.text
    assert "Quotes" in message.buttons
    assert reply.messages == [message]


async def test_what_was_deleted_while_it_was_written_stays_deleted(
    discord: FakeDiscord,
    ada: Person,
    zoe: Person,
    answers: ScriptedAnswers,
    pause: HeldPause,
) -> None:
    await ada.say("why?", mention=True)
    show = await answers.shows.get()
    show(SO_FAR[0])
    message = await grown(discord, ONE)
    discord.fail(f"PATCH .*/messages/{message.id}", 404)
    answers.release()
    pause.end()
    await discord.until(lambda: any(r.startswith("PATCH") for r in discord.requests), "edit")
    await zoe.say("and why?", mention=True)
    await discord.until(lambda: len(discord.from_bot()) == 2, "next answer")
    first, second = discord.from_bot()
    assert (first.edits, second.text.startswith(shown(THREE))) == (0, True)


async def test_an_edit_that_discord_refuses_does_not_cost_the_answer(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers, pause: HeldPause
) -> None:
    discord.fail("PATCH .*", 400)
    reply = await ada.use("ask", question="Why?")
    show = await answers.shows.get()
    show(SO_FAR[0])
    await discord.until(lambda: any(r.startswith("PATCH") for r in discord.requests), "edit")
    answers.release()
    assert shown(THREE) in (await reply.message()).text


STORY = Draft(
    text="Microsoft dropped Twitter from its advertising tool on Tuesday. Microsoft refused to pay"
    " the new fee of 42,000 dollars a month.",
    origin="test",
    title="Microsoft drops Twitter",
    language="en",
)
LIE, *TRUTHS = (
    json.dumps({"quotes": [{"passage": 1, "quote": quote}], "text": text})
    for quote, text in (
        ("Microsoft dropped Twitter", "Google pays 99 dollars to @everyone."),
        (
            "dropped Twitter from its advertising tool on Tuesday",
            "Microsoft dropped Twitter on Tuesday.",
        ),
        ("Microsoft refused to pay the new fee", "Microsoft refused to pay the new fee."),
    )
)


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer("\n".join([LIE, *TRUTHS])) as running:
        running.held_after = len("\n".join([LIE, TRUTHS[0]])) + 20
        running.free.clear()
        yield running


@pytest.fixture
def service(
    articles: MemoryArticleStore,
    server: OpenAIServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[AnswerService]:
    """What really answers, with a language model behind HTTP and a hashing embedder."""
    monkeypatch.setattr(answering, "threshold", lambda: 0.0)
    articles.add([STORY])
    generator = ChatModelGenerator.from_settings(
        model="openai:local", base_url=server.base_url, api_key="sk-1", timeout_s=10.0
    )
    with answering_from(articles, tmp_path / "answers", model=language_model(generator)) as made:
        yield made


@pytest.mark.parametrize("conduct", [Conduct.NORMAL, Conduct.HALF_A_BODY])
async def test_of_what_a_server_streams_only_what_is_proven_is_ever_shown(
    discord: FakeDiscord,
    service: AnswerService,
    server: OpenAIServer,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    conduct: Conduct,
) -> None:
    pause = HeldPause()
    async with running_bot(
        discord, service, articles, clock, tmp_path, live_edits=LiveEdits(pause)
    ):
        await Person(discord, "Ada").say("Why did Microsoft drop Twitter?", mention=True)
        message = await grown(discord, "Microsoft dropped Twitter on Tuesday. [1]")
        assert "99" not in message.text
        server.conduct = conduct
        server.free.set()
        pause.end()
        pause.end()
        await discord.until(lambda: "Quotes" in message.buttons, "whole answer")
    broken_off = plain(phrases_for("en").broken_off)
    assert message.text.startswith(shown("Microsoft dropped Twitter on Tuesday. [1]"))
    if conduct is Conduct.NORMAL:
        assert shown("Microsoft refused to pay the new fee. [2]") in message.text
        assert broken_off not in message.text
    else:
        assert "An article: “Microsoft dropped Twitter from its advertising tool" in message.text
        assert broken_off in message.text
    assert len(discord.from_bot()) == 1
