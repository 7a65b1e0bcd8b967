"""A member asks, through the real client library."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.answering.errors import EmptyQuestionError
from bot.answering.models import Answer
from bot.client import NewsdeskBot
from corpus.errors import StoreUnavailableError
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.answers import ScriptedAnswers, a_context, abstained, an_article, answered
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock, running_bot


async def test_the_answer_is_one_message_with_its_sources(
    ada: Person, answers: ScriptedAnswers
) -> None:
    reply = await ada.use("ask", question="Why did Microsoft leave Twitter?")
    message = await reply.message()
    assert answers.asked == ["Why did Microsoft leave Twitter?"]
    assert answers.people == [ada.id]
    assert len(reply.messages) == 1
    assert not message.is_private
    assert r"The new fee was too high. \[1\]" in message.text
    source = (
        r"\[1\] [Microsoft drops Twitter](https://example.org/microsoft#:~:text=Microsoft)"
        " · The Verge · 19 April 2023"
    )
    assert source in message.text
    assert "From 1,234 articles, the newest of 1 December 2023" in message.text


async def test_it_is_acknowledged_before_the_answer_is_there(
    ada: Person, answers: ScriptedAnswers
) -> None:
    answers.hold()
    reply = await ada.use("ask", question="Why?")
    await reply.acknowledged()
    assert reply.messages[0].is_thinking
    assert reply.first_reply_after is not None
    assert reply.first_reply_after < 1
    answers.release()
    assert "too high" in (await reply.message()).text


async def test_a_private_answer_is_for_the_asker_alone(ada: Person) -> None:
    reply = await ada.use("ask", question="Why?", private=True)
    assert (await reply.message()).is_private


async def test_not_knowing_names_the_closest_articles(
    ada: Person, answers: ScriptedAnswers
) -> None:
    answers.answer_given = abstained(nearest=(an_article(title="Something else"),))
    text = (await (await ada.use("ask", question="Who won?")).message()).text
    assert "I have nothing on this." in text
    assert "**The closest articles**\n- [Something else](https://example.org/microsoft)" in text


async def test_the_words_around_an_answer_are_in_its_language(
    ada: Person, answers: ScriptedAnswers
) -> None:
    answers.answer_given = answered(context=a_context("Pourquoi ?", language="fr"))
    text = (await (await ada.use("ask", question="Pourquoi ?")).message()).text
    assert "19 avril 2023" in text
    assert "le plus récent : 1er décembre 2023" in text


async def test_what_an_article_says_can_neither_ping_nor_link(
    ada: Person, answers: ScriptedAnswers
) -> None:
    trap = "@everyone @here <@1> <@&2> [win](https://evil.example) https://evil.example **now**"
    answers.answer_given = answered(f"{trap} [1]", articles=(an_article(title=trap, outlet=trap),))
    message = await (await ada.use("ask", question=f"{trap}?")).message()
    assert message.named == []
    assert "](https://evil" not in message.text
    assert "https://evil" not in message.text


async def test_an_answer_too_long_for_one_message_goes_on_in_the_next(
    ada: Person, answers: ScriptedAnswers
) -> None:
    sentences = [f"Sentence number {number} of a long answer." for number in range(300)]
    answers.answer_given = answered("\n\n".join(sentences))
    reply = await ada.use("ask", question="Tell me everything", private=True)
    last = await reply.message(2)
    text = "\n".join(message.text for message in reply.messages)
    assert [s for s in sentences if s not in text] == []
    assert "page 3 of 3" in last.text
    assert all(message.is_private for message in reply.messages)


async def test_an_expected_error_has_its_sentence_in_private(
    ada: Person, zoe: Person, answers: ScriptedAnswers
) -> None:
    answers.answer_given = EmptyQuestionError()
    reply = await ada.use("ask", question="???")
    message = await reply.message(1)
    assert message.text == "There is no word in this question."
    assert message.is_private
    french = await (await zoe.use("ask", question="???")).message(1)
    assert french.text == "Il n'y a pas de mot dans cette question."


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("outcome", [answered(), EmptyQuestionError()])
async def test_an_answer_after_fifteen_minutes_is_only_logged(
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    outcome: Answer | Exception,
) -> None:
    answers.answer_given = outcome
    seconds = Seconds()
    async with (
        FakeDiscord(clock=seconds) as discord,
        running_bot(discord, answers, articles, clock, tmp_path) as bot,
    ):
        await bot.wait_until_ready()
        caplog.clear()
        answers.hold()
        late = await Person(discord).use("ask", question="Why?")
        await late.acknowledged()
        seconds.now += 901
        answers.release()
        await discord.until(lambda: bool(discord.breaches), "late answer")
        in_time = Person(discord, "Zoé")
        await (await in_time.use("about")).message()
        answers.answer_given = answered()
        await (await in_time.use("ask", question="Why?")).message()
        [breach] = discord.breaches
        assert "50027" in breach
        assert [one.is_thinking for one in late.messages] == [True]
    warnings = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert [(one.levelno, one.exc_info) for one in warnings] == [(logging.WARNING, None)]


async def test_an_error_leaves_no_thinking_message_behind(
    ada: Person, answers: ScriptedAnswers, discord: FakeDiscord
) -> None:
    answers.answer_given = StoreUnavailableError("news.db", "locked")
    reply = await ada.use("ask", question="Why?")
    told = await reply.message(1)
    assert discord.from_bot() == [told]


async def test_a_surprise_shows_a_reference_and_no_detail(
    ada: Person,
    answers: ScriptedAnswers,
    discord: FakeDiscord,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers.answer_given = RuntimeError("password=hunter2")
    with caplog.at_level(logging.INFO):
        reply = await ada.use("ask", question="Boom now?")
        told = await reply.message(1)
    assert told.is_private
    assert "reference" in told.text
    assert "hunter2" not in "".join(message.text for message in discord.messages.values())
    assert "hunter2" in caplog.text
    assert "Boom now?" not in caplog.text
    reference = told.text.rstrip(".").split()[-1]
    assert reference in caplog.text


async def test_a_second_question_at_once_is_asked_to_wait(
    ada: Person, zoe: Person, answers: ScriptedAnswers
) -> None:
    await (await ada.use("ask", question="One?")).message()
    refused = await (await ada.use("ask", question="Two?")).message()
    assert refused.is_private
    assert refused.text == "One moment, please: you can ask again in 3 s."
    await (await zoe.use("ask", question="Three?")).message()
    assert answers.asked == ["One?", "Three?"]


async def test_commands_are_registered_in_both_languages(
    discord: FakeDiscord, bot: NewsdeskBot
) -> None:
    for command in discord.commands:
        for thing in [command, *command.get("options", [])]:
            assert "fr" in thing["name_localizations"], thing["name"]
