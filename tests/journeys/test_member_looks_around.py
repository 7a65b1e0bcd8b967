"""A member limits a question, asks about the bot, and wants to be forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest

from bot.client import NewsdeskBot
from bot.rendering import Page
from corpus.models import Draft, Precision, PublicationDate
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.answers import ScriptedAnswers, abstained
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock


@pytest.fixture
def outlets(articles: MemoryArticleStore) -> None:
    names = ["The Verge", "Le Monde", "Écran", "The Verge", None]
    drafts = [
        Draft(
            text=f"Article number {number} of the corpus.",
            origin="test",
            title=f"Title {number}",
            language="en",
            outlet=name,
            published=PublicationDate(date(2023, number, 1), Precision.DAY),
        )
        for number, name in enumerate(names, start=1)
    ]
    articles.add(drafts)


async def test_a_period_and_an_outlet_limit_the_answer(
    ada: Person, answers: ScriptedAnswers
) -> None:
    reply = await ada.use(
        "ask", question="Why?", since="2023", until="avril 2023", outlet="The Verge"
    )
    await reply.message()
    assert answers.limits == [(date(2023, 1, 1), date(2023, 4, 30), "The Verge")]


async def test_what_is_no_date_is_said_and_costs_no_question(
    ada: Person, answers: ScriptedAnswers
) -> None:
    told = await (await ada.use("ask", question="Why?", since="soon @everyone")).message()
    assert told.is_private
    assert "is no date that I understand" in told.text
    assert told.pings == []
    await (await ada.use("ask", question="Why?")).message()
    assert answers.asked == ["Why?"]


async def test_outlets_complete_themselves_whatever_the_accents(
    discord: FakeDiscord, ada: Person, outlets: None, articles: MemoryArticleStore
) -> None:
    async def offered(text: str) -> list[str]:
        reply = await ada.type_option("ask", "outlet", text)
        await reply.acknowledged()
        assert reply.choices is not None
        return [choice["value"] for choice in reply.choices]

    assert await offered("") == ["The Verge", "Le Monde", "Écran"]
    assert await offered("ECR") == ["Écran"]
    assert await offered("nobody") == []
    draft = Draft(text="One more.", origin="test", title="T", language="en", outlet="Nobody's")
    articles.add([draft])
    assert await offered("nobody") == ["Nobody's"]


async def test_outlets_of_any_number_and_length_complete_themselves_and_limit_the_answer(
    ada: Person, articles: MemoryArticleStore, answers: ScriptedAnswers, clock: Clock
) -> None:
    long, fox = "Gazette of the very long name " * 5, "x" + "🦊" * 75
    alike = f"{long[:120]} and some more"
    names = [f"Outlet {number}" for number in range(30)]
    names += [alike, long, fox, "Gazette of record"]
    articles.add(
        [
            Draft(text=f"Article {n}.", origin="t", title=f"T {n}", language="en", outlet=name)
            for n, name in enumerate([*names, long])
        ]
    )
    for typed, whole in (("", long), ("gazette", long), ("🦊", fox), ("Outlet 7", "Outlet 7")):
        reply = await ada.type_option("ask", "outlet", typed)
        await reply.acknowledged()
        assert reply.choices is not None
        assert len(reply.choices) == (25 if typed == "" else 2 if typed == "gazette" else 1)
        assert len({one["value"] for one in reply.choices}) == len(reply.choices)
        clock.advance(3)
        chosen = reply.choices[0]["value"]
        await (await ada.use("ask", question="Why?", outlet=chosen)).message()
        assert answers.limits[-1][2] == whole


async def test_about_says_what_is_known_and_what_is_kept(
    ada: Person, zoe: Person, outlets: None
) -> None:
    message = await (await ada.use("about")).message()
    assert message.is_private
    assert "from 5 stored tech news articles" in message.text
    assert "3 outlets; the oldest is of 1 January 2023, the newest of 1 May 2023" in message.text
    assert "for 365 days" in message.text
    french = await (await zoe.use("about")).message()
    assert "5 articles enregistrés" in french.text
    assert "/oublie-moi" in french.text


async def test_about_an_empty_corpus(ada: Person) -> None:
    assert "from 0 stored" in (await (await ada.use("about")).message()).text


async def test_to_be_forgotten_is_to_be_forgotten(
    ada: Person, zoe: Person, clock: Clock, bot: NewsdeskBot
) -> None:
    message = await (await ada.use("ask", question="Why?")).message()
    other = await (await zoe.use("ask", question="Who?")).message()
    await (await ada.press(other, "👍")).message()
    told = await (await ada.use("forget-me")).message()
    assert told.is_private
    assert told.text.startswith(
        "Done: 1 of your questions, 1 of your thumbs and 0 of your requests to log a question are"
        " deleted."
    )
    assert "trop ancienne" in (await (await zoe.press(message, "Quotes")).message(1)).text
    await (await ada.press(other, "Passages")).message()
    again = await (await ada.use("forget-me")).message()
    assert again.text == "There is nothing stored about you."


async def test_a_question_that_waits_is_not_kept_of_who_is_forgotten_meanwhile(
    ada: Person, zoe: Person, clock: Clock, answers: ScriptedAnswers
) -> None:
    answers.hold()
    waiting = []
    for question in ("Who is Zaphod?", "And Marvin?"):
        waiting.append(await ada.use("ask", question=question))
        await waiting[-1].acknowledged()
        clock.advance(3)
    others = await zoe.use("ask", question="Who?")
    await others.acknowledged()
    await (await ada.use("forget-me")).message()
    answers.release()
    for reply in waiting:
        message = await reply.message()
        assert "too high" in message.text
        assert not message.buttons
    assert (await others.message()).buttons
    again = await (await ada.use("forget-me")).message()
    assert again.text == "There is nothing stored about you."
    clock.advance(3)
    assert (await (await ada.use("ask", question="Why?")).message()).buttons


async def test_what_is_forgotten_while_it_is_followed_up_is_forgotten_there_too(
    discord: FakeDiscord, ada: Person, zoe: Person, answers: ScriptedAnswers, clock: Clock
) -> None:
    first = await (await ada.use("ask", question="Who is Zaphod?")).message()
    await answers.shows.get()
    form = await zoe.press(first, "Ask more")
    answers.hold()
    below = await zoe.submit(form, text="And then?")
    await asyncio.wait_for(answers.shows.get(), 5)
    await (await ada.use("forget-me")).message()
    answers.release()
    second = await below.message()
    assert answers.asked[1] == "And then? (Zaphod)"
    clock.advance(3)
    await zoe.say("And now?", reply_to=second)
    await discord.until(lambda: len(answers.asked) == 3, "the third question")
    assert answers.followed_up[2][0] == ["And then?"]


async def test_half_a_sign_costs_nobody_the_answer_or_the_comment(
    bot: NewsdeskBot, ada: Person
) -> None:
    shown: list[Page] = []

    async def write(page: Page) -> None:
        shown.append(page)

    told = await bot.desk.ask(
        ada.id, "Why \ud83e?", server_id=9, channel_id=None, write=write, private=True
    )
    assert told.key is not None
    assert "Why ??" in told.pages[0].text
    await bot.desk.rate(told.key, ada.id, helpful=False, comment="\udd8a, no")
    asked, rated = bot.desk._journal.since(datetime(2024, 1, 1, tzinfo=UTC), server_id=9)
    assert [one.question for one in asked] == ["Why ??"]
    assert [one.comment for one in rated] == ["?, no"]


async def test_who_only_wanted_a_question_logged_is_forgotten_too(
    ada: Person, zoe: Person, answers: ScriptedAnswers
) -> None:
    answers.answer_given = abstained()
    message = await (await ada.use("ask", question="Why?")).message()
    await (await zoe.press(message, "Log this question")).message()
    told = await (await zoe.use("forget-me")).message()
    assert "1 de vos signalements" in told.text
    assert (await (await zoe.use("forget-me")).message()).text == "Rien n'est enregistré sur vous."


async def test_the_answer_comes_although_it_cannot_be_kept(
    ada: Person, bot: NewsdeskBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from corpus.errors import DiskFullError

    def full(*_: object, **__: object) -> None:
        raise DiskFullError("discord.db", "the disk is full")  # noqa: EM101 - values, not prose

    monkeypatch.setattr(bot.desk._journal, "record", full)
    message = await (await ada.use("ask", question="Why?")).message()
    assert "too high" in message.text
    assert not message.buttons
