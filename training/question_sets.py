"""Question sets as the fitting needs them: indexed in a place of their own, and asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.answering.evidence import Evidence, find_evidence
from bot.answering.reader import Reader
from bot.app import App
from bot.evaluating import SetQuestion, read_questions
from bot.settings import Settings
from corpus.importing import read_jsonl
from corpus.models import Draft
from index.models import Span
from index.retrieval import Retrieval


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set with what is found for it."""

    question: SetQuestion
    retrieval: Retrieval
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """An open set; `hidden` articles are left out of what is found."""

    app: App
    questions: Sequence[SetQuestion]

    def ask(
        self, question: SetQuestion, *, hidden: Sequence[str] = (), reader: Reader | None = None
    ) -> Asked:
        """Find what the product would find if it had not the `hidden` articles.

        `reader` stands in for the product's own.
        """
        found = self.app.retriever.retrieve(question.text, asked_at=question.asked_at)
        kept = tuple(a for a in found.articles if a.article.external_id not in hidden)
        retrieval = replace(found, articles=kept)
        return Asked(question, retrieval, find_evidence(retrieval, reader or self.app.reader))


def answers(question: SetQuestion, article_id: str | None, text: str, sentence: Span) -> bool:
    """Whether a sentence of an article's text is quoted by the set, or has a key."""
    if not question.answerable or article_id not in question.article_ids:
        return False
    said = text[sentence.start : sentence.end].casefold()
    if any(key.casefold() in said for key in question.answer_keys if len(key) > 1):
        return True
    starts = [(text.find(quote), len(quote)) for quote in question.quotes]
    return any(
        start >= 0 and sentence.start < start + length and start < sentence.end
        for start, length in starts
    )


@contextmanager
def opened_set(folder: Path) -> Iterator[QuestionSet]:
    """Index `folder/articles.jsonl`, and read `folder/questions.jsonl`."""
    with TemporaryDirectory(prefix="newsdesk-fit-") as directory:
        settings = Settings.from_env({"NEWSDESK_DATA": directory})
        with App(settings) as app:
            drafts = read_jsonl(folder / "articles.jsonl", folder.name)
            list(app.ingest.add(draft for draft in drafts if isinstance(draft, Draft)))
            app.indexer.open()
            app.indexer.catch_up()
            yield QuestionSet(app, read_questions(folder / "questions.jsonl"))
