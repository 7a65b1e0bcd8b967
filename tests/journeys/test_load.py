"""Many ask at once, while articles come in and the index is rebuilt; `bench.load` is larger."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.client import NewsdeskBot
from bot.fair_queue import FairQueue
from corpus.models import Draft
from tests.fake_discord import FakeDiscord, Person, Reply
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock, running_bot

ADMINISTRATOR, MANAGE_MESSAGES = 1 << 3, 1 << 13
MEMBERS, ARTICLES = 30, 10


def text_of(number: int) -> str:
    return " ".join(f"Word{number * 100 + word} was said." for word in range(50))


async def ask(person: Person, question: str) -> Reply:
    """Ask, and wait for the first reply."""
    reply = await person.use("ask", question=question)
    await reply.acknowledged()
    return reply


async def add(moderator: Person, number: int) -> None:
    form = await moderator.use("article add")
    preview = await (await moderator.submit(form, text=text_of(number))).message()
    await moderator.press(preview, "Add")
    await moderator.discord.until(lambda: "Undo" in preview.buttons, "stored", within_s=30)


async def rebuild(admin: Person) -> str:
    discord = admin.discord
    question = await (await admin.use("index rebuild", full=True)).message()
    await admin.press(question, "Rebuild")

    def told() -> list[str]:
        return [one.text for one in discord.from_bot() if "is rebuilt" in one.text]

    await discord.until(lambda: bool(told()), "the end of the rebuild", within_s=30)
    return told()[0]


async def test_all_are_answered_while_articles_come_in_and_the_index_is_rebuilt(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    articles.add([Draft(text=text_of(99), origin="t", title="One", language="en")])
    queue = FairQueue(at_once=4, most_waiting=MEMBERS, most_of_one=2)
    async with running_bot(discord, answers, articles, clock, tmp_path, queue=queue):
        members = [Person(discord, f"Member {number}") for number in range(MEMBERS)]
        moderator = Person(discord, "Max", permissions=MANAGE_MESSAGES)
        admin = Person(discord, "Alma", permissions=ADMINISTRATOR)

        async def add_all() -> None:
            for number in range(ARTICLES):
                await add(moderator, number)

        *replies, _, told = await asyncio.gather(
            *(ask(one, f"Question {one.id}?") for one in members), add_all(), rebuild(admin)
        )
        shown = [await reply.message() for reply in replies if isinstance(reply, Reply)]
        assert len(shown) == MEMBERS
        for member, message in zip(members, shown, strict=True):
            assert f"Question {member.id}?" in message.text
            assert "too high" in message.text
        assert "is rebuilt" in str(told)
        assert articles.statistics().articles == 1 + ARTICLES
        page = await (await moderator.use("article list")).message()
        assert page.is_private
        status = await (await admin.use("index status")).message()
        assert "in step with the articles" in status.text


async def test_one_member_with_many_questions_holds_nobody_up(
    discord: FakeDiscord, bot: NewsdeskBot, answers: ScriptedAnswers, clock: Clock
) -> None:
    greedy, ada, zoe = (Person(discord, name) for name in ("Greedy", "Ada", "Zoé"))
    answers.hold()
    replies = []
    for number in range(4):
        replies.append(await ask(greedy, f"Greedy {number}?"))
        clock.advance(3)
    replies += [await ask(ada, "Ada 0?"), await ask(zoe, "Zoé 0?")]
    # Two are answered at a time: one of each.
    await discord.until(lambda: len(answers.asked) == 2, "two questions")
    assert answers.asked == ["Greedy 0?", "Ada 0?"]
    answers.release()
    for reply in replies:
        await reply.message()
    assert sorted(answers.asked[2:4]) == ["Greedy 1?", "Zoé 0?"]
    assert answers.asked[4:] == ["Greedy 2?", "Greedy 3?"]


async def test_beyond_what_may_wait_a_member_is_told_at_once(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    queue = FairQueue(at_once=1, most_waiting=3, most_of_one=2)
    async with running_bot(discord, answers, articles, clock, tmp_path, queue=queue):
        ada, bob, cem = (Person(discord, name) for name in ("Ada", "Bob", "Cem"))
        zoe = Person(discord, "Zoé", locale="fr")
        answers.hold()
        waiting = []
        for _ in range(3):
            waiting.append(await ask(ada, "Mine?"))
            clock.advance(3)
        own = await (await ask(ada, "One more?")).message()
        assert own.is_private
        assert own.text == "2 of your questions are waiting already; I answer them first."
        waiting.append(await ask(bob, "Mine?"))
        for person, busy in (
            (cem, "I am busy: 3 questions"),
            (zoe, "Je suis débordé : 3 questions"),
        ):
            told = await (await ask(person, "And I?")).message()
            assert told.is_private
            assert told.text.startswith(busy)
        mention = await cem.say("And I?", mention=True)
        await discord.until(lambda: bool(replies_to(discord, mention.id)), "a reply")
        [said] = replies_to(discord, mention.id)
        assert said.startswith("I am busy")
        answers.release()
        for reply in waiting:
            assert "too high" in (await reply.message()).text
        # Nobody who was refused has used up a question.
        assert "too high" in (await (await ask(cem, "Now?")).message()).text


async def test_who_waits_for_too_long_is_told_so(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    queue = FairQueue(at_once=1, most_waiting=3, most_of_one=2, patience_s=0)
    async with running_bot(discord, answers, articles, clock, tmp_path, queue=queue):
        ada, bob, zoe = Person(discord, "Ada"), Person(discord), Person(discord, locale="fr")
        answers.hold()
        first = await ask(ada, "Mine?")
        await asyncio.wait_for(answers.shows.get(), 5)
        for person, late in (
            (bob, "I did not get to your question within 0 minutes"),
            (zoe, "Votre question n'a pas eu son tour en 0 minutes"),
        ):
            told = (await ask(person, "And I?")).messages
            await discord.until(lambda told=told: not told[-1].is_thinking, "a word")
            assert told[-1].is_private
            assert told[-1].text.startswith(late)
        answers.release()
        assert "too high" in (await first.message()).text
        assert answers.asked == ["Mine?"]


def replies_to(discord: FakeDiscord, message_id: int) -> list[str]:
    return [
        one.text
        for one in discord.from_bot()
        if one.payload.get("message_reference", {}).get("message_id") == str(message_id)
    ]
