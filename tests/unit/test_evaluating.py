"""Question sets are read strictly, and answers scored as the definitions say."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from bot.answering.models import Abstained, Answer, Answered, Mode
from bot.answering.service import AnswerService
from bot.errors import QuestionSetError
from bot.evaluating import Result, SetQuestion, evaluate, read_questions, reference
from corpus.models import Article, ArticleId
from tests.fakes.answers import a_context, abstained, an_article, answered
from tests.fakes.passages import passage

ARTICLE = replace(an_article(), external_id="verge-1")
OTHER = an_article(2, text="A storm closed the port of Brest.")
QUESTION = SetQuestion(
    id="q1",
    text="Why did Microsoft leave?",
    kind="factoid",
    pair="en2en",
    answerable=True,
    article_ids=("verge-1",),
    answer_keys=(),
    quotes=(),
    asked_at=None,
)


class Texts:
    """The stored articles, as far as a score looks at them."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {article.id: article for article in articles}

    def get_many(self, article_ids: Iterable[ArticleId]) -> dict[ArticleId, Article]:
        return {i: self._articles[i] for i in article_ids if i in self._articles}


class Answers:
    """Gives one answer, and remembers when it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.given = answer
        self.asked: list[tuple[str, date | None]] = []

    async def answer(self, question: str, *, asked_at: date | None = None) -> Answer:
        self.asked.append((question, asked_at))
        return self.given


def written(path: Path, *lines: object) -> Path:
    texts = [
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    ]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


async def scored(
    answer: Answer, question: SetQuestion = QUESTION, *, stored: Article = ARTICLE
) -> Result:
    answers = Answers(answer)
    results: AsyncIterator[Result] = evaluate(
        cast("AnswerService", answers), Texts(stored), [question]
    )
    (result,) = [result async for result in results]
    assert answers.asked == [(question.text, question.asked_at)]
    return result


def found(answer: Answered | Abstained, *articles: Article) -> Answer:
    context = replace(answer.context, retrieved=tuple(passage(article) for article in articles))
    return replace(answer, context=context)


def test_a_full_question_and_a_bare_one_are_read(accented: Path) -> None:
    full = {
        "id": "f1",
        "question": "Qui a dit « non »\u2028?",
        "type": "list",
        "lang": "fr",
        "pair": "fr2en",
        "answerable": False,
        "article_ids": ["a", 7],
        "answer_keys": ["non"],
        "evidence": [{"article_id": "a", "quote": "He said no."}],
        "asked_at": "2023-04-19T10:00:00Z",
    }
    path = written(accented / "questions.jsonl", "\ufeff" + json.dumps(full), "", full)
    path.write_text(
        path.read_text(encoding="utf-8") + '\r\n  \r\n{"question": "Why?"}\r\n', encoding="utf-8"
    )
    first, same, bare = read_questions(path)
    assert first == same
    assert first == SetQuestion(
        id="f1",
        text="Qui a dit « non »\u2028?",
        kind="list",
        pair="fr2en",
        answerable=False,
        article_ids=("a", "7"),
        answer_keys=("non",),
        quotes=("He said no.",),
        asked_at=date(2023, 4, 19),
    )
    assert (bare.text, bare.kind, bare.pair, bare.answerable) == ("Why?", "other", "unknown", True)
    assert bare.article_ids == bare.answer_keys == bare.quotes == ()
    assert bare.id


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        '"why?"',
        "{}",
        {"question": None},
        {"question": ""},
        {"question": 7},
        {"question": "Why?", "article_ids": "a"},
        {"question": "Why?", "evidence": [{"article_id": "a"}]},
        {"question": "Why?", "evidence": ["He said no."]},
        {"question": "Why?", "asked_at": "yesterday"},
        "[" * 100_000,
    ],
)
def test_a_line_of_another_form_is_named(accented: Path, line: object) -> None:
    path = written(accented / "questions.jsonl", {"question": "Why?"}, "", line)
    with pytest.raises(QuestionSetError) as raised:
        read_questions(path)
    assert raised.value.line == 3
    assert raised.value.place == f"{path}, line 3"


def test_a_file_that_is_no_set_is_named(accented: Path) -> None:
    empty, binary = accented / "empty", accented / "binary"
    empty.write_text("\n\n", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00\x81")
    for path in (empty, binary, accented, accented / "missing"):
        with pytest.raises(QuestionSetError) as raised:
            read_questions(path)
        assert raised.value.line is None
        assert raised.value.path == str(path)


def test_an_article_is_known_by_its_own_id_else_by_ours() -> None:
    assert reference(ARTICLE) == "verge-1"
    assert reference(OTHER) == "2"


async def test_an_answer_is_scored() -> None:
    shown = f"“{ARTICLE.text}” [1]"
    answer = found(answered(shown, articles=(ARTICLE,)), ARTICLE, OTHER, ARTICLE)
    asked = replace(QUESTION, asked_at=date(2023, 5, 1))
    outcome = (await scored(answer, asked)).outcome
    assert outcome.ranked == ("verge-1", "2")
    assert outcome.relevant == {"verge-1"}
    assert outcome.answered
    assert (outcome.cited, outcome.verbatim) == (("verge-1",), 1)
    assert outcome.evidence is outcome.keys is None
    assert outcome.elapsed_ms == answer.context.elapsed_ms


async def test_not_answering_is_scored() -> None:
    asked = replace(QUESTION, answer_keys=("nothing",))
    outcome = (await scored(found(abstained(), OTHER), asked)).outcome
    assert not outcome.answered
    assert outcome.ranked == ("2",)
    assert (outcome.cited, outcome.keys) == ((), 0.0)


@pytest.mark.parametrize(("mode", "verbatim"), [(Mode.EXTRACTIVE, 0), (Mode.GENERATED, 1)])
async def test_an_answer_by_quotes_that_does_not_show_its_quote_is_not_verbatim(
    mode: Mode, verbatim: int
) -> None:
    answer = replace(answered("Other words. [1]", articles=(ARTICLE,)), mode=mode)
    assert (await scored(answer)).outcome.verbatim == verbatim


@pytest.mark.parametrize(
    "stored", [OTHER, replace(ARTICLE, text="Another text stands there now, long enough.")]
)
async def test_a_quote_that_is_not_the_stored_text_is_not_verbatim(stored: Article) -> None:
    outcome = (await scored(answered(articles=(ARTICLE,)), stored=stored)).outcome
    assert (len(outcome.cited), outcome.verbatim) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "keys", "share"),
    [
        ("factoid", ("new fee",), 1.0),
        ("factoid", ("absent", "NEW\u00a0FEE"), 1.0),
        ("factoid", ("absent",), 0.0),
        ("list", ("new fee", "absent"), 0.5),
        ("list", ("it's", "high"), 1.0),
        ("list", (), None),
    ],
)
async def test_keys_are_looked_for_whatever_the_typography(
    kind: str, keys: tuple[str, ...], share: float | None
) -> None:
    answer = answered("It’s the\u202fnew  fee: too high. [1]", articles=(ARTICLE,))
    result = await scored(answer, replace(QUESTION, kind=kind, answer_keys=keys))
    assert result.outcome.keys == share


@pytest.mark.parametrize(
    ("quotes", "share"),
    [
        (("Microsoft dropped Twitter.",), 1.0),
        (("Microsoft dropped Twitter. The new fee",), 1.0),
        (("The new fee was too high.",), 0.0),
        (("Microsoft dropped Twitter.", "The new fee was too high."), 0.5),
        (("Nobody wrote this.",), 0.0),
        ((), None),
    ],
)
async def test_evidence_counts_if_a_passage_holds_most_of_it(
    quotes: tuple[str, ...], share: float | None
) -> None:
    half = passage(ARTICLE, 0, len("Microsoft dropped Twitter."))
    context = replace(a_context(), retrieved=(half,))
    result = await scored(answered(context=context), replace(QUESTION, quotes=quotes))
    assert result.outcome.evidence == share


async def test_a_result_is_described_with_its_proofs() -> None:
    answer = found(answered(articles=(ARTICLE,)), ARTICLE)
    document = (await scored(answer)).document()
    assert json.loads(json.dumps(document)) == {
        "id": "q1",
        "ranked": ["verge-1"],
        "answered": True,
        "text": "The new fee was too high. [1]",
        "citations": [
            {
                "n": 1,
                "article_id": "verge-1",
                "quote": "Microsoft dropped Twitter.",
                "start": 0,
                "end": 26,
                "link": "https://example.org/microsoft#:~:text=Microsoft",
            }
        ],
        "confidence": 0.9,
        "elapsed_ms": 12.0,
    }
    assert (await scored(abstained())).document()["citations"] == []
