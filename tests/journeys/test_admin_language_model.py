"""An admin sees how the language model is, and members read why they get quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.errors import GenerationError, GeneratorUnreachableError
from bot.answering.generator import Message
from bot.answering.phrases import phrases_for
from tests.fake_discord import FakeDiscord, Person
from tests.fakes.answers import ScriptedAnswers, answered
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.generator import ScriptedGenerator
from tests.fakes.language_model import MemoryBudget, language_model
from tests.journeys.conftest import Clock, running_bot

ADMINISTRATOR = 1 << 3


async def test_an_admin_sees_whether_it_rests_and_what_is_spent(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    failure = GeneratorUnreachableError("gone")
    generator = ScriptedGenerator("fine", failure)
    generator.tokens = 12_000
    model = language_model(generator, budget=MemoryBudget(per_day=1_000_000))
    async with running_bot(discord, answers, articles, clock, tmp_path, model=model):
        alma = Person(discord, "Alma", permissions=ADMINISTRATOR)
        zoe = Person(discord, "Zoé", locale="fr", permissions=ADMINISTRATOR)
        await model.asked_by(1).generate([Message("user", "Why?")])
        told = (await (await alma.use("index status")).message()).text
        assert r"**Language model:** openai\:some-model, available" in told
        assert "12,000 of 1,000,000 tokens of today spent" in told
        for _ in range(3):
            with pytest.raises(GenerationError):
                await model.asked_by(1).generate([Message("user", "Why?")])
        told = (await (await alma.use("index status")).message()).text
        assert "not asked for 30 s, because it failed" in told
        told = (await (await zoe.use("index status")).message()).text
        assert "laissé en paix 30 s après des échecs" in told


async def test_without_one_nothing_is_said_of_it(ada: Person) -> None:
    alma = Person(ada.discord, "Alma", permissions=ADMINISTRATOR)
    assert "Language model" not in (await (await alma.use("index status")).message()).text


async def test_a_member_reads_why_there_are_quotes(ada: Person, answers: ScriptedAnswers) -> None:
    why = phrases_for("en").own_budget_spent
    answers.answer_given = answered(fallback=why)
    assert why in (await (await ada.use("ask", question="Why?")).message()).text
