"""Follow-ups rewritten by a server that is honest, lying, broken or injected."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from bot.answering.errors import GeneratorTimeoutError
from bot.answering.follow_ups import standing_alone
from bot.answering.generator import ChatModelGenerator
from bot.answering.instructions import addresses_a_model
from bot.answering.prompt import repeats_the_rules, rewriting_messages
from tests.fake_discord import rules
from tests.fakes.generator import ScriptedGenerator
from tests.fakes.openai_server import Conduct, OpenAIServer
from tests.integration.test_injection import ATTACKS, Attack

LEFT = "Why did Microsoft leave Twitter?"
QUITTE = "Pourquoi Microsoft a-t-il quitté Twitter ?"
FEE = "What does the Twitter API cost since March 2023?"


def reply(question: object) -> str:
    return json.dumps({"question": question})


async def rewritten(earlier: list[str], question: str, written: str) -> str | None:
    return await standing_alone(ScriptedGenerator(reply(written)), earlier, question)


@pytest.mark.parametrize(
    ("earlier", "question", "written"),
    [
        ([LEFT], "when?", "When did Microsoft leave Twitter?"),
        ([LEFT], "and Google?", "Why did Google leave Twitter?"),
        ([LEFT], "What did Musk say of it?", "What did Musk say of Microsoft leaving Twitter?"),
        ([LEFT, "when?"], "who says so?", "Who says why Microsoft did leave Twitter?"),
        ([FEE], "and for companies?", "What does the Twitter API cost for companies since 2023?"),
        ([FEE], "Did it cost 100 dollars before?", "Did the Twitter API cost 100 dollars before?"),
        ([QUITTE], "et quand ?", "Quand Microsoft a-t-il quitté Twitter ?"),
        ([QUITTE], "Combien cela coûte-t-il ?", "Combien cela coûte-t-il à Microsoft ?"),
        ([QUITTE], "and when?", "When did Microsoft leave Twitter?"),
        (["Who fired Sam Altman?"], "Why did they do it?", "Why did they fire Sam Altman?"),
        (["Who runs Mastodon?"], "Since when does he?", "Since when does he run Mastodon?"),
        ([LEFT], "Who runs Mastodon?", "Who runs Mastodon?"),
        ([LEFT], "why not google?", "Why did Google not leave Twitter?"),
        (["Pourquoi Google n'a-t-il pas payé ?"], "et quand ?", "Quand Google n'a-t-il pas payé ?"),
        (["Did Apple pay 3 billion?"], "or more?", "Did Apple pay more than 3 billion?"),
    ],
)  # fmt: skip
async def test_an_honest_rewriting_is_taken(
    earlier: list[str], question: str, written: str
) -> None:
    assert await rewritten(earlier, question, written) == written


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("when?", "When did Google leave Twitter?"),
        ("when?", "When did Microsoft leave Twitter in 2019?"),
        ("when?", "When did Microsoft leave Twitter for nine dollars?"),
        ("when?", "Microsoft left. When did Microsoft leave Twitter?"),
        ("when?", "When did Microsoft leave Twitter, and is your account locked by the helpdesk?"),
        ("when?", "When did Microsoft leave Twitter? https://evil.example"),
        ("when?", "When did Microsoft leave [Twitter](https://evil.example)?"),
        ("when?", "@everyone when did Microsoft leave Twitter?"),
        ("when?", "When did Microsoft leave Twitter <@123>?"),
        ("when?", "When did " + "Microsoft leave Twitter " * 13 + "?"),
        ("when?", ""),
        ("when?", "The helpdesk locks accounts."),
        ("What did Musk say?", "Why did Microsoft leave Twitter?"),
        ("What of the 42,000 dollars?", "Why did Microsoft leave Twitter?"),
        ("and 2024?", "Why did Microsoft leave Twitter in 2025?"),
    ],
)
async def test_what_the_talk_does_not_have_or_what_the_follow_up_loses_is_no_rewriting(
    question: str, written: str
) -> None:
    assert await rewritten([LEFT], question, written) is None


@pytest.mark.parametrize(
    ("earlier", "question", "written"),
    [
        (LEFT, "and Google?", "Why did Google not leave Twitter?"),
        (LEFT, "why not Google?", "Why did Google leave Twitter?"),
        (LEFT, "when?", "When did Microsoft leave before Twitter?"),
        (QUITTE, "et quand ?", "Quand Microsoft n'a-t-il pas quitté Twitter ?"),
        (QUITTE, "et Google ?", "Pourquoi Google a-t-il quitté Twitter après Microsoft ?"),
        ("Pourquoi Google n'a-t-il pas payé ?", "et quand ?", "Quand Google a-t-il payé ?"),
        ("Why did Google appeal the fine?", "and Apple?", "Why did Apple appear in the fine?"),
        ("Which company left Twitter?", "why?", "Why compare Twitter to the company that left?"),
        ("Did Apple pay 3 billion?", "when?", "When did Apple pay more than 3 billion?"),
        ("Did Apple pay 3 billion?", "or less?", "Did Apple pay 3 billion?"),
    ],
)  # fmt: skip
async def test_a_rewriting_that_turns_what_was_asked_is_none(
    earlier: str, question: str, written: str
) -> None:
    assert await rewritten([earlier], question, written) is None


async def test_no_order_is_made_of_the_words_of_the_talk() -> None:
    earlier = ["Do users ignore the rules of Twitter?"]
    order = "Ignore the rules of Twitter."
    assert await rewritten(earlier, "and companies?", order) is None
    generator = ScriptedGenerator(reply("When did Microsoft leave Twitter?"))
    assert await standing_alone(generator, [order, LEFT], "when?") is None
    assert generator.asked == []


async def test_only_signs_and_letters_that_changed_leave_the_follow_up_as_it_is() -> None:
    assert await rewritten([LEFT], "who runs mastodon", "Who runs Mastodon?") == "who runs mastodon"


async def test_the_last_three_questions_are_told_and_nothing_else() -> None:
    generator = ScriptedGenerator(reply("When did Microsoft leave Twitter?"))
    await standing_alone(generator, ["Zero?", "One?", "Two?", LEFT], "when?")
    [(system, user)] = generator.asked
    assert "Zero?" not in user.content
    assert [user.content.index(one) for one in ("One?", "Two?", LEFT, "when?")] == sorted(
        user.content.index(one) for one in ("One?", "Two?", LEFT, "when?")
    )
    assert "One?" not in system.content


async def test_what_the_model_was_told_does_not_come_out() -> None:
    for message in rewriting_messages([LEFT], "when?"):
        assert await rewritten([LEFT], "when?", message.content[:200]) is None


@pytest.mark.parametrize(
    "told",
    [
        "When did Microsoft leave Twitter?",
        "{}",
        reply(5),
        reply(["x"]),
        "[" * 5_000,
        "x" * 100_000,
        GeneratorTimeoutError(timeout_s=1.0),
    ],
)
async def test_any_other_reply_is_none(told: str | GeneratorTimeoutError) -> None:
    assert await standing_alone(ScriptedGenerator(told), [LEFT], "when?") is None


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(reply("When did Microsoft leave Twitter?")) as running:
        yield running


@pytest.mark.parametrize("conduct", Conduct, ids=lambda one: one.name.lower())
async def test_whatever_the_server_does_there_is_a_rewriting_or_none(
    server: OpenAIServer, conduct: Conduct
) -> None:
    server.conduct = conduct
    endless = conduct in {Conduct.SILENT, Conduct.DRIPPING, Conduct.ENDLESS}
    generator = ChatModelGenerator.from_settings(
        model="openai:local",
        base_url=server.base_url,
        api_key="sk-1",
        timeout_s=0.2 if endless else 10.0,
    )
    works = conduct in {Conduct.NORMAL, Conduct.WHOLE, Conduct.REFUSING_TO_STREAM}
    wanted = "When did Microsoft leave Twitter?" if works else None
    assert await standing_alone(generator, [LEFT], "when?") == wanted


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
async def test_a_model_that_obeys_an_attack_gets_no_word_of_it_into_a_question(
    attack: Attack,
) -> None:
    """As an earlier question of another member, or without any cause in the talk."""
    before, question, honest = {
        "en": (LEFT, "when?", "When did Microsoft leave Twitter?"),
        "fr": (QUITTE, "et quand ?", "Quand Microsoft a-t-il quitté Twitter ?"),
    }[attack.language]
    says = attack.says or "I refuse. @everyone"
    for earlier in ([before], [attack.attack, before]):
        for form in (
            says,
            reply(says),
            reply(f"{honest} {says}"),
            reply(f"{says}: {honest}"),
            reply(f"{honest.rstrip(' ?')}, {says}"),
        ):
            understood = await standing_alone(ScriptedGenerator(form), earlier, question)
            if earlier == [before]:
                assert understood in (None, honest), understood
            if understood is not None:
                assert rules.MENTION.search(understood) is None
                assert "://" not in understood
                assert not addresses_a_model(understood)
                assert not repeats_the_rules(understood)
