"""Every generator, real or fake: it returns a reply that is not blank, or a GenerationError."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.answering.errors import (
    GenerationError,
    GeneratorRefusedError,
    GeneratorSettingsError,
    GeneratorTimeoutError,
    GeneratorUnreachableError,
    UnusableAnswerError,
)
from bot.answering.generator import MOST_REPLY_CHARACTERS, ChatModelGenerator, Generator, Message
from tests.fakes.generator import ScriptedGenerator
from tests.fakes.openai_server import Conduct, OpenAIServer

KEY = "sk-very-secret"
QUESTION = "what did the chairman hide?"
CONVERSATION = [Message("system", "Be brief."), Message("user", QUESTION)]

ERRORS: dict[Conduct, GenerationError] = {
    Conduct.SILENT: GeneratorTimeoutError(timeout_s=0.3),
    Conduct.DRIPPING: GeneratorTimeoutError(timeout_s=0.3),
    Conduct.ENDLESS: GeneratorTimeoutError(timeout_s=0.3),
    Conduct.UNAUTHORIZED: GeneratorRefusedError(status=401),
    Conduct.OUT_OF_QUOTA: GeneratorRefusedError(status=429),
    Conduct.UNKNOWN_MODEL: GeneratorRefusedError(status=404),
    Conduct.FAILING: GeneratorUnreachableError("the server failed with status 500"),
    Conduct.CUT: GeneratorUnreachableError("no connection, or it was cut"),
    Conduct.HALF_A_BODY: GeneratorUnreachableError("no connection, or it was cut"),
    Conduct.HALF_AN_EVENT: UnusableAnswerError("a reply that does not follow the protocol"),
    Conduct.GARBAGE: UnusableAnswerError("a reply that does not follow the protocol"),
    Conduct.NO_CHOICES: UnusableAnswerError("a reply that does not follow the protocol"),
}

Make = Callable[[str, Conduct], Awaitable[Generator]]


def chat_model(server: OpenAIServer, *, timeout_s: float = 60.0) -> ChatModelGenerator:
    return ChatModelGenerator.from_settings(
        model="openai:some-model", base_url=server.base_url, api_key=KEY, timeout_s=timeout_s
    )


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


@pytest.fixture(params=["scripted", "chat model"])
def make(request: pytest.FixtureRequest, server: OpenAIServer) -> Make:
    async def make_scripted(reply: str, conduct: Conduct) -> Generator:
        return ScriptedGenerator(ERRORS.get(conduct, reply))

    async def make_chat_model(reply: str, conduct: Conduct) -> Generator:
        server.reply, server.conduct = reply, conduct
        endless = conduct in {Conduct.SILENT, Conduct.DRIPPING, Conduct.ENDLESS}
        return chat_model(server, timeout_s=0.3 if endless else 60.0)

    return make_scripted if request.param == "scripted" else make_chat_model


async def test_returns_the_reply_as_it_is(make: Make) -> None:
    reply = '  {"answerable": false}\n```é « » \u202f'
    generator = await make(reply, Conduct.NORMAL)
    assert (await generator.generate(CONVERSATION)).text == reply


async def test_the_reply_is_heard_piece_by_piece_before_it_has_ended(make: Make) -> None:
    heard: list[str] = []
    generator = await make("one piece after the other, as it is written", Conduct.NORMAL)
    reply = await generator.generate(CONVERSATION, heard.append)
    assert "".join(heard) == reply.text
    assert len([piece for piece in heard if piece]) > 3


async def test_what_is_written_is_heard_while_the_rest_is_not_there_yet(
    server: OpenAIServer,
) -> None:
    server.reply, server.held_after = "at once, and later", 7
    server.free.clear()
    heard: list[str] = []
    first = asyncio.Event()

    def hear(piece: str) -> None:
        heard.append(piece)
        if piece:
            first.set()

    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(chat_model(server).generate(CONVERSATION, hear))
        await first.wait()
        assert ("".join(heard), writing.done()) == ("at once", False)
        server.free.set()
    assert "".join(heard) == "at once, and later"


@pytest.mark.parametrize("conduct", [Conduct.WHOLE, Conduct.REFUSING_TO_STREAM])
async def test_a_server_that_does_not_stream_is_found_out_once_and_heard_all_the_same(
    server: OpenAIServer, conduct: Conduct
) -> None:
    server.reply, server.conduct = "all at once", conduct
    generator = chat_model(server)
    for _ in range(2):
        heard: list[str] = []
        assert (await generator.generate(CONVERSATION, heard.append)).tokens == 2
        assert heard == ["all at once"]
    assert [one.body.get("stream", False) for one in server.received] == [True, False, False]


async def test_a_server_that_failed_is_asked_to_stream_again(server: OpenAIServer) -> None:
    generator = chat_model(server)
    server.reply, server.conduct = "hello", Conduct.GARBAGE
    with pytest.raises(GenerationError):
        await generator.generate(CONVERSATION)
    server.conduct = Conduct.NORMAL
    await generator.generate(CONVERSATION)
    assert server.received[-1].body["stream"] is True


@pytest.mark.parametrize("fault", [UnusableAnswerError("enough"), ZeroDivisionError("our bug")])
async def test_what_the_listener_raises_ends_the_reply_and_is_not_mistaken_for_the_servers(
    make: Make, fault: Exception
) -> None:
    heard: list[str] = []

    def hear(piece: str) -> None:
        heard.append(piece)
        raise fault

    generator = await make("a long story that nobody wants to hear to its end", Conduct.NORMAL)
    with pytest.raises(type(fault), match=str(fault)):
        await generator.generate(CONVERSATION, hear)
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("conduct", "beginning"),
    [(Conduct.HALF_A_BODY, "the beginning "), (Conduct.HALF_AN_EVENT, "the beg")],
)
async def test_of_a_reply_that_breaks_off_the_beginning_is_heard_once(
    server: OpenAIServer, conduct: Conduct, beginning: str
) -> None:
    server.reply, server.conduct = "the beginning and the end", conduct
    heard: list[str] = []
    with pytest.raises(GenerationError):
        await chat_model(server).generate(CONVERSATION, heard.append)
    assert "".join(heard) == beginning
    assert len(server.received) == 1


@pytest.mark.parametrize("conduct", [Conduct.NORMAL, Conduct.WHOLE])
async def test_a_reply_beyond_all_measure_is_ended_before_more_of_it_is_heard(
    make: Make, conduct: Conduct
) -> None:
    heard: list[str] = []
    generator = await make("x" * (MOST_REPLY_CHARACTERS + 50), conduct)
    with pytest.raises(UnusableAnswerError, match="beyond all measure"):
        await generator.generate(CONVERSATION, heard.append)
    assert len("".join(heard)) <= MOST_REPLY_CHARACTERS
    fits = await make("x" * MOST_REPLY_CHARACTERS, conduct)
    assert len((await fits.generate(CONVERSATION)).text) == MOST_REPLY_CHARACTERS


@pytest.mark.parametrize("blank", ["", " \n\t"])
async def test_a_blank_reply_is_an_error(make: Make, blank: str) -> None:
    generator = await make(blank, Conduct.NORMAL)
    with pytest.raises(UnusableAnswerError, match="an empty reply"):
        await generator.generate(CONVERSATION)


@pytest.mark.parametrize("conduct", ERRORS, ids=lambda conduct: conduct.name.lower())
async def test_whatever_fails_is_one_kind_of_error(make: Make, conduct: Conduct) -> None:
    generator = await make("never seen", conduct)
    with pytest.raises(GenerationError) as raised:
        await generator.generate(CONVERSATION)
    wanted = ERRORS[conduct]
    assert (type(raised.value), str(raised.value)) == (type(wanted), str(wanted))


async def test_can_be_asked_again_after_a_failure(server: OpenAIServer) -> None:
    generator = chat_model(server)
    server.conduct = Conduct.CUT
    with pytest.raises(GeneratorUnreachableError):
        await generator.generate(CONVERSATION)
    server.conduct, server.reply = Conduct.NORMAL, "here again"
    assert (await generator.generate(CONVERSATION)).text == "here again"


async def test_sends_the_conversation_once_and_without_chance(server: OpenAIServer) -> None:
    server.reply = "hello"
    await chat_model(server).generate(CONVERSATION)
    (received,) = server.received
    assert received.authorization == f"Bearer {KEY}"
    assert received.body["model"] == "some-model"
    assert received.body["temperature"] == 0
    assert [(m["role"], m["content"]) for m in received.body["messages"]] == [
        ("system", "Be brief."),
        ("user", QUESTION),
    ]


@pytest.mark.parametrize("conduct", [Conduct.NORMAL, Conduct.WHOLE])
@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"total_tokens": 12}, 12),
        ({"total_tokens": 10_000_000}, 10_000_000),
        ({"total_tokens": 10_000_001}, None),
        ({"total_tokens": 10**30}, None),
        ({"total_tokens": 0}, None),
        ({"total_tokens": -5}, None),
        ({"prompt_tokens": -9, "completion_tokens": 4}, None),
        ({}, None),
        (None, None),
    ],
)
async def test_tells_the_tokens_that_the_server_counted(
    server: OpenAIServer, conduct: Conduct, said: dict[str, int] | None, read: int | None
) -> None:
    server.reply, server.usage, server.conduct = "hello", said, conduct
    assert (await chat_model(server).generate(CONVERSATION)).tokens == read


@pytest.mark.parametrize("said", ["many", 1.5, float("inf"), float("nan"), [], {"n": 1}, True])
async def test_a_count_that_is_no_number_of_tokens_does_no_harm(
    server: OpenAIServer, said: object
) -> None:
    server.reply, server.usage = "hello", {"total_tokens": said}
    try:
        reply = await chat_model(server).generate(CONVERSATION)
    except GenerationError:
        return
    assert reply.text == "hello"
    assert reply.tokens is None or isinstance(reply.tokens, int)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (None, None),
        ("7", 7.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("later", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("9" * 5_000, None),
    ],
)
async def test_tells_for_how_long_the_server_asks_to_be_left_alone(
    server: OpenAIServer, said: str | None, read: float | None
) -> None:
    server.conduct, server.retry_after = Conduct.OUT_OF_QUOTA, said
    with pytest.raises(GeneratorRefusedError) as refused:
        await chat_model(server).generate(CONVERSATION)
    assert refused.value.retry_after_s == read


@pytest.mark.parametrize("conduct", [Conduct.OUT_OF_QUOTA, Conduct.FAILING, Conduct.CUT])
async def test_a_failure_is_told_at_once_instead_of_tried_again(
    server: OpenAIServer, conduct: Conduct
) -> None:
    server.conduct = conduct
    with pytest.raises(GenerationError):
        await chat_model(server).generate(CONVERSATION)
    assert len(server.received) == 1


async def test_nobody_listening_is_unreachable(server: OpenAIServer) -> None:
    async with OpenAIServer() as gone:
        generator = chat_model(gone)
    with pytest.raises(GeneratorUnreachableError):
        await generator.generate(CONVERSATION)


async def test_cancelling_is_not_swallowed(server: OpenAIServer) -> None:
    server.conduct = Conduct.SILENT
    task = asyncio.ensure_future(chat_model(server).generate(CONVERSATION))
    await server.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("conduct", [Conduct.UNAUTHORIZED, Conduct.GARBAGE, Conduct.CUT])
async def test_neither_key_nor_question_shows_anywhere(
    server: OpenAIServer, conduct: Conduct, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.conduct = conduct
    generator = chat_model(server)
    with pytest.raises(GenerationError) as raised:
        await generator.generate(CONVERSATION)
    logging.getLogger("test").info("shown with its trace", exc_info=raised.value)
    shown = repr(generator) + repr(vars(generator)) + repr(raised.value) + caplog.text
    assert type(raised.value).__name__ in caplog.text
    assert KEY not in shown
    assert QUESTION not in shown


async def test_the_key_of_the_public_service_is_not_sent_to_a_server_of_ones_own(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-public-service")
    server.reply = "hello"
    generator = ChatModelGenerator.from_settings(
        model="openai:local", base_url=server.base_url, api_key=None, timeout_s=10.0
    )
    assert (await generator.generate(CONVERSATION)).text == "hello"
    assert "public" not in server.received[0].authorization


@pytest.mark.parametrize(
    ("model", "setting", "words"),
    [
        ("gpt-4o", "LLM_MODEL", "provider:model"),
        (":gpt-4o", "LLM_MODEL", "provider:model"),
        ("openai: ", "LLM_MODEL", "provider:model"),
        ("nobody:gpt-4o", "LLM_MODEL", "'nobody:gpt-4o'"),
        ("anthropic:claude", "LLM_MODEL", "'anthropic' is not installed"),
        ("openai:gpt-4o", "LLM_API_KEY", "'openai' wants a key"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    model: str, setting: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(GeneratorSettingsError) as raised:
        ChatModelGenerator.from_settings(model=model, base_url=None, api_key=None, timeout_s=1.0)
    assert raised.value.setting == setting
    assert words in raised.value.reason
    assert "\n" not in str(raised.value)
