"""A member speaks to the bot without a command, through the real client library."""

from __future__ import annotations

import logging

import pytest

from tests.fake_discord import FakeDiscord, Message, Person
from tests.fakes.answers import ScriptedAnswers, a_context, answered
from tests.journeys.conftest import Clock


async def answer_of(
    discord: FakeDiscord, number: int = 0, *, channel: int | None = None
) -> Message:
    await discord.until(lambda: len(discord.from_bot(channel)) > number, f"message {number}")
    return discord.from_bot(channel)[number]


async def test_a_mention_is_answered_in_reply_without_a_ping(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    said = await ada.say("why did Microsoft leave Twitter?", mention=True)
    message = await answer_of(discord)
    assert answers.asked == ["why did Microsoft leave Twitter?"]
    assert message.payload["message_reference"]["message_id"] == str(said.id)
    assert message.pings == []
    assert message.text.startswith(r"The new fee was too high. \[1\]")
    assert list(message.buttons) == ["Quotes", "Ask more", "👍", "👎"]


async def test_a_reply_goes_on_with_the_conversation(
    discord: FakeDiscord, ada: Person, zoe: Person, answers: ScriptedAnswers, clock: Clock
) -> None:
    await ada.say("why did Microsoft leave Twitter?", mention=True)
    first = await answer_of(discord)
    await zoe.say("and what did Musk say?", reply_to=first)
    second = await answer_of(discord, 1)
    clock.advance(60)
    await ada.say("when?", reply_to=second)
    await answer_of(discord, 2)
    assert answers.asked[1:] == [
        "and what did Musk say? (Microsoft leave Twitter)",
        "when? (Musk Microsoft leave Twitter)",
    ]
    assert second.text.startswith(
        "Understood as: *and what did Musk say? (Microsoft leave Twitter)*\n\nThe new fee"
    )
    assert "Understood" not in first.text


async def test_a_reply_that_a_language_model_rewrote_says_how_it_was_understood(
    discord: FakeDiscord, ada: Person, zoe: Person, answers: ScriptedAnswers
) -> None:
    await ada.say("why did Microsoft leave Twitter?", mention=True)
    first = await answer_of(discord)
    answers.understood_as = "When did Microsoft leave Twitter?"
    await zoe.say("when?", reply_to=first)
    second = await answer_of(discord, 1)
    assert answers.asked[1:] == ["When did Microsoft leave Twitter?"]
    assert second.text.startswith("Understood as: *When did Microsoft leave Twitter?*\n\n")
    assert answers.followed_up[1] == (["why did Microsoft leave Twitter?"], "when?", zoe.id)


async def test_a_reply_on_another_subject_takes_nothing_along(
    discord: FakeDiscord, ada: Person, zoe: Person, answers: ScriptedAnswers
) -> None:
    await ada.say("why did Microsoft leave Twitter?", mention=True)
    first = await answer_of(discord)
    await zoe.say("Who runs Mastodon?", reply_to=first)
    second = await answer_of(discord, 1)
    assert answers.asked[1:] == ["Who runs Mastodon?"]
    assert "Understood" not in second.text


async def test_a_reply_to_the_answer_of_a_command_goes_on_with_it_too(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers, clock: Clock
) -> None:
    first = await (await ada.use("ask", question="Why did Twitter close?")).message()
    clock.advance(60)
    await ada.say("and then?", reply_to=first)
    await answer_of(discord, 1)
    assert answers.asked == ["Why did Twitter close?", "and then? (Twitter close)"]


async def test_a_direct_message_needs_no_mention(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    await ada.say("why?", dm=True)
    message = await answer_of(discord, channel=discord.dm_with(ada.payload))
    assert answers.asked == ["why?"]
    assert "too high" in message.text
    shown = await (await ada.press(message, "Ask more")).opened_modal()
    assert shown["title"] == "Ask more"


async def test_what_is_not_for_the_bot_is_left_alone(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    other = await ada.say("why did Microsoft leave Twitter?")
    await ada.say("I wonder too", reply_to=other)
    # Events are handled in order, so the answer to this one comes after the others.
    await ada.say("why?", mention=True)
    await answer_of(discord)
    assert answers.asked == ["why?"]


async def test_other_bots_are_not_answered(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    robot = Person(discord, "Robot")
    robot.payload["bot"] = True
    await robot.say("why?", mention=True)
    await ada.say("why indeed?", mention=True)
    await answer_of(discord)
    assert answers.asked == ["why indeed?"]


async def test_a_mention_without_words_is_told_how_to_ask(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    await ada.say("", mention=True)
    assert (await answer_of(discord)).text.startswith("Ask me something")
    assert answers.asked == []


async def test_a_language_is_answered_in_kind(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    answers.answer_given = answered(context=a_context("Pourquoi ?", language="fr"))
    await ada.say("Pourquoi ?", mention=True)
    message = await answer_of(discord)
    assert "19 avril 2023" in message.text
    assert "Approfondir" in message.buttons


async def test_a_message_of_somebody_can_be_asked_about_in_private(
    ada: Person, zoe: Person, answers: ScriptedAnswers
) -> None:
    said = await zoe.say("Microsoft has left Twitter because of the fee")
    message = await (await ada.use_on("Ask Newsdesk about this", said)).message()
    assert answers.asked == ["Microsoft has left Twitter because of the fee"]
    assert message.is_private
    assert "Share" in message.buttons


async def test_too_many_questions_are_told_to_wait(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers
) -> None:
    await ada.say("one?", mention=True)
    await answer_of(discord)
    await ada.say("two?", mention=True)
    assert "ask again in 3 s" in (await answer_of(discord, 1)).text
    assert answers.asked == ["one?"]


async def test_a_surprise_shows_a_reference_and_no_detail(
    discord: FakeDiscord, ada: Person, answers: ScriptedAnswers, caplog: pytest.LogCaptureFixture
) -> None:
    answers.answer_given = RuntimeError("password=hunter2")
    with caplog.at_level(logging.INFO):
        await ada.say("boom now?", mention=True)
        told = await answer_of(discord)
    assert "reference" in told.text
    assert "hunter2" not in told.text
    assert "hunter2" in caplog.text
    assert "boom now?" not in caplog.text


@pytest.mark.parametrize("path", ["messages", "typing"])
async def test_where_it_may_not_write_it_says_so_in_the_log(
    discord: FakeDiscord,
    ada: Person,
    zoe: Person,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    discord.fail(f"POST .*/channels/.*/{path}", 403)
    with caplog.at_level(logging.WARNING):
        await ada.say("why?", mention=True)
        await discord.until(
            lambda: any(line.endswith(path) for line in discord.requests), "first try"
        )
        await zoe.say("why?", mention=True)
        await answer_of(discord)
    assert f"may not write in channel {discord.channel_id}" in caplog.text
    assert len(discord.from_bot()) == 1


async def test_a_reply_that_seemed_lost_is_not_sent_twice(
    discord: FakeDiscord, ada: Person
) -> None:
    discord.lose_next_send()
    await ada.say("why?", mention=True)
    path = f"POST /api/v10/channels/{discord.channel_id}/messages"
    await discord.until(lambda: discord.requests.count(path) == 2, "second try")
    assert len(discord.from_bot()) == 1
