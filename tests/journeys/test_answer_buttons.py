"""What a member does below an answer, through the real client library."""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.client import NewsdeskBot
from bot.guarded import GuardedForm
from bot.journal import AnswerKey
from bot.permissions import Permissions
from corpus.models import Article, Draft
from tests.fake_discord import FakeDiscord, Message, Person
from tests.fakes.answers import ScriptedAnswers, abstained, answered
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock, running_bot

TEXT = "Before. **Microsoft** dropped Twitter. It was about the fee.\n\nAnother paragraph."


@pytest.fixture
def article(articles: MemoryArticleStore) -> Article:
    draft = Draft(
        text=TEXT, origin="test", title="The story", language="en", url="https://e.example"
    )
    return articles.add([draft])[0]


@pytest.fixture
def cited(article: Article, answers: ScriptedAnswers) -> Article:
    """An article that the answers of this test quote."""
    answers.answer_given = answered(articles=(article,))
    return article


def key_of(message: Message) -> AnswerKey:
    [key] = {item["custom_id"].rpartition(":")[2] for item in message.buttons.values()}
    return AnswerKey(key)


async def asked(person: Person, clock: Clock, *, private: bool = False) -> Message:
    clock.advance(60)
    return await (await person.use("ask", question="Why?", private=private)).message()


async def test_quotes_are_the_words_of_the_article_for_the_one_who_asks(
    ada: Person, zoe: Person, clock: Clock, cited: Article
) -> None:
    message = await asked(ada, clock)
    reply = await zoe.press(message, "Quotes")
    shown = await reply.message()
    assert shown.is_private
    assert shown.text.startswith(r"\[1\] [The story](https://e.example")
    assert shown.text.endswith(
        r"> **Before.** \*\*Microsoft\*\* dropped Twitter. It was about the fee."
    )
    assert message.edits == 1


async def test_a_removed_article_is_kindly_said_to_be_gone(
    ada: Person, zoe: Person, clock: Clock, cited: Article, articles: MemoryArticleStore
) -> None:
    message = await asked(ada, clock)
    articles.remove(cited.id)
    told = await (await ada.press(message, "Quotes")).message()
    assert told.text == (
        r"\[1\] This article has been removed since, so its words cannot be shown any more."
    )
    french = await (await zoe.press(message, "Quotes")).message()
    assert "retiré" in french.text


@pytest.mark.parametrize("is_kept_by_an_earlier_version", [False, True])
async def test_another_article_that_has_the_number_by_now_is_not_quoted(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    cited: Article,
    tmp_path: Path,
    is_kept_by_an_earlier_version: bool,
) -> None:
    async with running_bot(discord, answers, articles, clock, tmp_path):
        message = await asked(Person(discord), clock)
    if is_kept_by_an_earlier_version:
        with closing(sqlite3.connect(tmp_path / "discord.db")) as connection, connection:
            connection.execute("UPDATE answers SET quoted = '[[1, 1, 0, 7]]'")
    # The database was lost, and a backup of before the answer put back.
    restored = MemoryArticleStore()
    draft = Draft(text="Secret. " * 20, origin="t", title="Another", language="en")
    [other] = restored.add([draft])
    assert other.id == cited.id
    async with running_bot(discord, answers, restored, clock, tmp_path):
        told = await (await Person(discord).press(message, "Quotes")).message()
    if is_kept_by_an_earlier_version:
        assert "Secret." in told.text  # nothing tells that it is another one
    else:
        assert told.text == (
            r"\[1\] This article has been removed since, so its words cannot be shown any more."
        )
        assert answers.translated == [([], "en", answers.translated[0][2])]


async def test_buttons_work_after_a_restart_and_months_later(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    cited: Article,
    tmp_path: Path,
) -> None:
    async with running_bot(discord, answers, articles, clock, tmp_path):
        ada = Person(discord)
        message = await asked(ada, clock)
    clock.advance(300 * 86400)
    async with running_bot(discord, answers, articles, clock, tmp_path):
        assert "Microsoft" in (await (await ada.press(message, "Quotes")).message()).text
        assert "noted" in (await (await ada.press(message, "👍")).message()).text
    clock.advance(70 * 86400)
    async with running_bot(discord, answers, articles, clock, tmp_path):
        told = await (await ada.press(message, "Quotes")).message(1)
        assert "too old" in told.text
        assert told.is_private


async def test_without_quotes_there_is_no_button_for_them(
    ada: Person, clock: Clock, answers: ScriptedAnswers
) -> None:
    answers.answer_given = abstained()
    assert list((await asked(ada, clock)).buttons) == ["Log this question", "Ask more", "👍", "👎"]


async def test_in_a_direct_message_there_is_no_admin_to_log_a_question_for(
    ada: Person, answers: ScriptedAnswers
) -> None:
    answers.answer_given = abstained()
    message = await (await ada.use("ask", question="Why?", dm=True)).message()
    assert list(message.buttons) == ["Ask more", "👍", "👎"]


async def test_buttons_speak_the_language_of_the_one_who_asked(zoe: Person, clock: Clock) -> None:
    message = await asked(zoe, clock, private=True)
    assert list(message.buttons) == ["Passages", "Approfondir", "👍", "👎", "Partager"]


async def test_asking_more_knows_what_was_asked_before(
    ada: Person, clock: Clock, answers: ScriptedAnswers
) -> None:
    first = await asked(ada, clock)
    clock.advance(60)
    opened = await ada.press(first, "Ask more")
    second = await (await ada.submit(opened, question="And what did Musk say?")).message()
    clock.advance(60)
    opened = await ada.press(second, "Ask more")
    third = await (await ada.submit(opened, question="When?")).message()
    assert answers.asked == [
        "Why?",
        "And what did Musk say?",
        "When? (Musk)",
    ]
    assert second.text.startswith("**And what did Musk say?**")
    assert third.text.startswith("**When?**\n\nUnderstood as: *When? (Musk)*")
    assert not second.is_private


async def test_asking_more_below_a_private_answer_stays_private(ada: Person, clock: Clock) -> None:
    first = await asked(ada, clock, private=True)
    clock.advance(60)
    reply = await ada.submit(await ada.press(first, "Ask more"), question="And then?")
    assert (await reply.message()).is_private


async def test_asking_more_counts_as_a_question(ada: Person, clock: Clock) -> None:
    first = await asked(ada, clock)
    told = await (await ada.submit(await ada.press(first, "Ask more"), question="Now?")).message()
    assert told.text == "One moment, please: you can ask again in 3 s."
    assert told.is_private


async def test_thumbs_are_remembered_and_the_last_word_counts(
    ada: Person, clock: Clock, bot: NewsdeskBot
) -> None:
    message = await asked(ada, clock)
    thanks = await (await ada.press(message, "👍")).message()
    assert thanks.is_private
    opened = await ada.press(message, "👎")
    thanks = await (await ada.submit(opened, comment="wrong year")).message()
    assert thanks.is_private
    assert thanks.text.startswith("Thank you for telling")
    forgotten = await bot.desk.forget(ada.id)
    assert (forgotten.questions, forgotten.ratings) == (1, 1)


async def test_in_a_direct_message_nobody_is_said_to_see_what_was_wrong(
    ada: Person, zoe: Person, clock: Clock, bot: NewsdeskBot
) -> None:
    for person, thanks in ((ada, "Thank you, noted."), (zoe, "Merci, c'est noté.")):
        clock.advance(60)
        message = await (await person.use("ask", question="Why?", dm=True)).message()
        opened = await person.press(message, "👎")
        told = await (await person.submit(opened, comment="wrong year")).message()
        assert told.text == thanks
        assert (await bot.desk.forget(person.id)).ratings == 1


FORM_GONE = (
    "I no longer know this form: it is too old, or I was restarted since it was opened. Nothing was"
    " done; please open it again."
)


async def test_a_form_that_was_open_while_the_bot_was_restarted_is_answered_in_words(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ada, zoe = Person(discord), Person(discord, "Zoé", locale="fr")
    async with running_bot(discord, answers, articles, clock, tmp_path) as bot:
        await bot.wait_until_ready()
        message = await asked(ada, clock)
        opened = await ada.press(message, "Ask more")
        french = await zoe.press(message, "👎")
        await opened.opened_modal()
        await french.opened_modal()
    served = Permissions(guild_ids=frozenset({discord.guild_id}))
    elsewhere = discord.add_channel(discord.add_guild("Elsewhere"), "general")
    async with running_bot(discord, answers, articles, clock, tmp_path, served) as bot:
        await bot.wait_until_ready()
        told = await (await ada.submit(opened, question="And then?")).message()
        assert told.is_private
        assert told.text == FORM_GONE
        told = await (await zoe.submit(french, comment="faux")).message()
        assert told.is_private
        assert told.text.startswith("Je ne connais plus ce formulaire")
        opened.channel_id = discord.channel_id = elsewhere
        opened.asked_from = None
        told = await (await ada.submit(opened, question="And then?")).message()
        assert told.text == "I do not serve this server."
    assert answers.asked == ["Why?"]
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_a_form_that_was_open_for_too_long_is_answered_in_words(
    ada: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch, discord: FakeDiscord
) -> None:
    message = await asked(ada, clock)
    made: list[GuardedForm] = []
    make = GuardedForm.__init__

    def noted(form: GuardedForm, title: str) -> None:
        make(form, title)
        made.append(form)

    monkeypatch.setattr(GuardedForm, "__init__", noted)
    opened = await ada.press(message, "Ask more")
    await opened.opened_modal()
    [form] = made
    assert form.timeout == 3600
    form._dispatch_timeout()  # what the library does when the hour is over
    told = await (await ada.submit(opened, question="And then?")).message()
    assert told.text == FORM_GONE


async def test_a_form_that_is_known_is_answered_once(ada: Person, clock: Clock) -> None:
    message = await asked(ada, clock)
    reply = await ada.submit(await ada.press(message, "👎"), comment="no")
    await reply.message()
    # What comes after it is answered after it.
    await asked(ada, clock)
    assert len(reply.messages) == 1


BUTTON_GONE = "I do not know this button: it is of another version of me. Nothing was done."


@pytest.mark.parametrize(
    "custom_id",
    [
        "newsdesk:nonsense:" + "A" * 16,
        "newsdesk:more:short",
        "newsdesk:quotes:" + "A" * 16 + "\n",
        "newsdesk-article:add:",
        "another:bot",
        "x" * 100,
    ],
)
async def test_a_button_that_nobody_knows_is_answered_in_words(
    ada: Person, zoe: Person, clock: Clock, answers: ScriptedAnswers, custom_id: str
) -> None:
    message = await asked(ada, clock)
    for reply in (
        await ada.press_id(message, custom_id),
        await ada.choose(message, custom_id, "one"),
        await ada.choose(message, f"newsdesk:good:{key_of(message)}", "one"),
    ):
        told = await reply.message()
        assert told.is_private
        assert told.text == BUTTON_GONE
    french = await (await zoe.press_id(message, custom_id)).message()
    assert french.text.startswith("Je ne connais pas ce bouton")
    assert answers.asked == ["Why?"]


async def test_a_button_that_is_not_below_the_message_is_answered_in_words(
    ada: Person, clock: Clock
) -> None:
    first, second = await asked(ada, clock), await asked(ada, clock)
    first.payload["components"] = []
    reply = await ada.press(second, "👍")
    assert (await reply.message()).text == "Thank you, noted."
    button = second.buttons["👍"]["custom_id"]
    assert (await (await ada._press(first, button)).message()).text == BUTTON_GONE


async def test_a_button_that_is_known_is_answered_once(
    ada: Person, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    message = await asked(ada, clock)
    caplog.set_level(logging.INFO)
    replies = [await ada.press(message, label) for label in ("Quotes", "👍", "Ask more")]
    crafted = await ada.press_id_of(message, "quotes", "A" * 16)
    refused = await ada.press_id(message, "newsdesk-index:rebuild:-")
    for reply in (*replies, crafted, refused):
        await reply.acknowledged()
    # What comes after it is answered after it.
    await asked(ada, clock)
    assert [len(reply.messages) for reply in replies] == [1, 1, 0]
    assert len(refused.messages) == 1
    assert not any("not known" in one.getMessage() for one in caplog.records)


async def test_a_private_answer_is_shared_as_it_was_given(
    ada: Person, discord: FakeDiscord, clock: Clock, answers: ScriptedAnswers
) -> None:
    sentences = [f"Sentence number {number} of a long answer." for number in range(150)]
    answers.answer_given = answered("\n\n".join(sentences))
    clock.advance(60)
    private = await ada.use("ask", question="Everything?", private=True)
    last = await private.message(1)
    assert not private.messages[0].buttons
    shared = await ada.press(last, "Share")
    await shared.message(1)
    assert [message.text for message in shared.messages] == [
        message.text for message in private.messages
    ]
    assert not any(message.is_private for message in shared.messages)
    assert "Share" not in shared.messages[-1].buttons


async def test_a_public_answer_is_not_kept_in_full(
    ada: Person, clock: Clock, bot: NewsdeskBot
) -> None:
    message = await asked(ada, clock)
    told = await (await ada.press_id_of(message, "share", key_of(message))).message(1)
    assert "too old" in told.text


@pytest.mark.parametrize("key", ["A" * 16, "-" * 16])
async def test_a_crafted_key_opens_nothing(ada: Person, clock: Clock, key: str) -> None:
    message = await asked(ada, clock)
    for action in ("quotes", "share", "good"):
        told = await (await ada.press_id_of(message, action, key)).message(1)
        assert "too old" in told.text
        assert told.is_private


async def test_keys_cannot_be_guessed(ada: Person, clock: Clock) -> None:
    keys = {key_of(await asked(ada, clock)) for _ in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch(r"[\w-]{16}", key) for key in keys)


async def test_quotes_are_there_at_once_and_their_translations_later(
    ada: Person,
    zoe: Person,
    clock: Clock,
    cited: Article,
    answers: ScriptedAnswers,
    discord: FakeDiscord,
) -> None:
    message = await asked(ada, clock)
    answers.translations_given = {1: "Avant, @everyone : **cela** [1](https://x.example)."}
    answers.hold()
    reply = await zoe.press(message, "Quotes")
    original = (await reply.message()).text
    assert "> **Before.**" in original
    assert "Traduction" not in original
    answers.release()
    await discord.until(lambda: reply.messages[0].edits == 2, "translation")
    [translated] = reply.messages
    assert translated.text == (
        f"{original}\n\nTraduction par le modèle de langue : Avant, @\u200beveryone :"
        r" \*\*cela\*\* \[1\](https\://x.example)."
    )
    assert (translated.named, translated.is_private) == ([], True)
    assert answers.translated == [(["Before."], "en", zoe.id)]
    assert cited.text.startswith("Before.")


async def test_a_surprise_below_a_button_shows_a_reference_and_no_detail(
    ada: Person,
    clock: Clock,
    bot: NewsdeskBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    message = await asked(ada, clock)

    async def broken(*_: object, **__: object) -> None:
        msg = "password=hunter2"
        raise RuntimeError(msg)

    monkeypatch.setattr(bot.desk, "quotes", broken)
    monkeypatch.setattr(bot.desk, "rate", broken)
    with caplog.at_level(logging.INFO):
        told = await (await ada.press(message, "Quotes")).message(1)
        opened = await ada.press(message, "👎")
        told_too = await (await ada.submit(opened, comment="no")).message(1)
    assert "reference" in told.text
    assert "reference" in told_too.text
    assert "hunter2" not in told.text + told_too.text
    assert caplog.text.count("hunter2") >= 2
