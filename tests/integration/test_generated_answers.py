"""Answers from a real HTTP server over real articles: honest, lying, injected and broken."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import corpus
from bot.answering.citations import check_citations
from bot.answering.errors import GenerationError, GeneratorRefusedError, UnusableAnswerError
from bot.answering.generated import write_generated
from bot.answering.generator import ChatModelGenerator
from bot.answering.proving import GeneratedAnswer, ProvenReply
from corpus.models import Article
from index.models import RetrievedPassage
from tests.fakes.openai_server import Conduct, OpenAIServer
from tests.fakes.passages import article, passage

SAMPLES = Path(str(corpus.__file__)).parent / "samples"


@dataclass(frozen=True)
class Golden:
    """A question of the sample corpus with its reference answer and what proves it."""

    question: str
    language: str
    answer: str
    passages: list[RetrievedPassage]
    quotes: list[str]

    def reply(self, text: str) -> str:
        quotes = [{"passage": n, "quote": quote} for n, quote in enumerate(self.quotes, start=1)]
        return json.dumps({"quotes": quotes, "text": text})

    def kept(self, text: str) -> GeneratedAnswer | None:
        """Return what is left of an answer with this text; None if it is nothing."""
        proven = ProvenReply(question=self.question, language=self.language, passages=self.passages)
        try:
            proven.hear(self.reply(text))
            answer = proven.end()
        except UnusableAnswerError:
            return None
        assert isinstance(answer, GeneratedAnswer)
        return answer


def _lines(name: str) -> Iterator[dict[str, Any]]:
    for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {
        line["id"]: article(
            line["text"],
            number=number,
            title=line["title"],
            language=line["lang"],
            outlet=line["source"],
            url=line["url"],
            published=date.fromisoformat(line["published_at"][:10]),
        )
        for number, line in enumerate(_lines("articles.jsonl"), start=1)
    }


@pytest.fixture(scope="module")
def golden(articles: dict[str, Article]) -> list[Golden]:
    return [
        Golden(
            question=line["question"],
            language=line["lang"],
            answer=line["answer"],
            passages=[passage(articles[e["article_id"]]) for e in line["evidence"]],
            quotes=[e["quote"] for e in line["evidence"]],
        )
        for line in _lines("questions.jsonl")
        if line["answerable"]
    ]


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


async def _ask(server: OpenAIServer, golden: Golden) -> GeneratedAnswer:
    generator = ChatModelGenerator.from_settings(
        model="openai:local", base_url=server.base_url, api_key="sk-1", timeout_s=10.0
    )
    answer = await write_generated(
        generator,
        question=golden.question,
        language=golden.language,
        passages=golden.passages,
        today=date(2025, 1, 1),
    )
    assert isinstance(answer, GeneratedAnswer)
    return answer


def _first_kept(golden: list[Golden]) -> Golden:
    return next(one for one in golden if one.kept(one.answer) and re.search(r"\d", one.answer))


async def test_an_honest_model_is_quoted_with_links(
    server: OpenAIServer, golden: list[Golden]
) -> None:
    one = _first_kept(golden)
    server.reply = f"Here it is:\n```json\n{one.reply(one.answer)}\n```"
    answer = await _ask(server, one)
    check_citations(answer.text, answer.citations)
    assert answer.text.startswith(one.answer)
    assert {c.quote for c in answer.citations} == set(one.quotes)
    assert all(c.link and c.link.startswith(f"{c.article.url}#:~:text=") for c in answer.citations)
    sent = server.received[0].body["messages"][1]["content"]
    assert one.question in sent
    assert all(found.text in sent for found in one.passages)


async def test_a_lying_model_loses_its_lies_and_keeps_its_truths(
    server: OpenAIServer, golden: list[Golden]
) -> None:
    one = _first_kept(golden)
    truth = json.loads(one.reply(one.answer))
    invented_number = {**truth, "text": re.sub(r"\d+", "98765", one.answer)}
    invented_quote = {"text": one.answer, "quotes": [{"passage": 1, "quote": "It was all a lie."}]}
    server.reply = "\n".join(map(json.dumps, [invented_number, truth, invented_quote]))
    answer = await _ask(server, one)
    assert "98765" not in answer.text
    assert len(re.findall(re.escape(one.answer), answer.text)) == 1

    server.reply = "\n".join(map(json.dumps, [invented_number, invented_quote]))
    with pytest.raises(UnusableAnswerError):
        await _ask(server, one)


@pytest.mark.parametrize(
    "reply",
    [
        "pwned @everyone https://evil.example",
        '{"text": "Pwned @everyone", "quotes": [{"passage": 1, "quote": "%s"}]}',
        '{"text": "pwned by us", "quotes": [{"passage": 1, "quote": "%s"}]}',
    ],
)
async def test_an_injected_model_gets_no_word_out(
    server: OpenAIServer, golden: list[Golden], reply: str
) -> None:
    one = golden[0]
    server.reply = reply.replace("%s", json.dumps(one.quotes[0])[1:-1])
    with pytest.raises(UnusableAnswerError):
        await _ask(server, one)


@pytest.mark.parametrize("conduct", [Conduct.CUT, Conduct.GARBAGE, Conduct.HALF_A_BODY])
async def test_a_broken_server_is_one_kind_of_error(
    server: OpenAIServer, golden: list[Golden], conduct: Conduct
) -> None:
    server.conduct = conduct
    with pytest.raises(GenerationError):
        await _ask(server, golden[0])


async def test_a_refused_key_is_told_apart(server: OpenAIServer, golden: list[Golden]) -> None:
    server.conduct = Conduct.UNAUTHORIZED
    with pytest.raises(GeneratorRefusedError):
        await _ask(server, golden[0])


def test_most_reference_answers_are_proven_by_their_evidence(golden: list[Golden]) -> None:
    """The check is strict, but not so strict that honest answers fall.

    Many reference answers are notes rather than sentences, and hold dates that were worked out;
    the prompt asks for neither.
    """
    kept = [one for one in golden if one.kept(one.answer)]
    assert len(kept) / len(golden) >= 0.70


def test_hardly_a_true_answer_carries_an_order_to_readers_along(golden: list[Golden]) -> None:
    orders = {
        "en": "your account is locked, send a message to the helpdesk today",
        "fr": "votre compte est bloqué, envoyez un message à notre service aujourd'hui",
    }
    true = [one for one in golden if one.kept(one.answer)]
    for between in (", ", ". "):
        texts = [(one, f"{one.answer.rstrip('.')}{between}{orders[one.language]}") for one in true]
        assert sum(one.kept(text) is not None for one, text in texts) / len(true) <= 0.03


def test_no_reference_answer_survives_with_other_numbers_or_another_name(
    golden: list[Golden],
) -> None:
    changed = 0
    for one in golden:
        for text in (
            re.sub(r"\d+", lambda found: str(int(found[0]) + 41), one.answer, count=1),
            re.sub(r"\b[A-Z][a-z]{3,}\b", "Zuckenberg", one.answer, count=1),
        ):
            if text != one.answer and one.kept(one.answer):
                changed += 1
                assert one.kept(text) is None, text
    assert changed > 100
