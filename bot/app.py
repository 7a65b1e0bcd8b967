"""The composition root: builds every object once, when it is first needed, and closes all in order.

Lazily, because a command that lists articles need not wait seconds for an embedding model.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bot.errors import DataDirectoryError
from bot.settings import Settings
from bot.workers import Worker

if TYPE_CHECKING:
    from bot.answering.joint_reader import JointReader
    from bot.answering.language_model import LanguageModel
    from bot.answering.service import AnswerService
    from bot.token_budget import TokenBudget
    from corpus.extractor import Extractor
    from corpus.ingest import Ingest
    from corpus.sqlite_store import SqliteArticleStore
    from index.indexer import Indexer
    from index.reranker import CrossEncoderReranker
    from index.retriever import Retriever
    from index.sentence_embedder import SentenceEmbedder
    from index.snapshot import Snapshot

log = logging.getLogger(__name__)


def today_utc() -> date:
    """The clock of everything that asks what day it is."""
    return datetime.now(UTC).date()


class App:
    """All of Newsdesk but its faces. Enter it, use what you need, leave it.

    Build what several threads will use before they start (`load`): building itself has no lock.
    The corpus belongs to `corpus_worker`, model and index to `index_worker`, wherever an event
    loop runs; a command that has none may call them directly.
    """

    def __init__(self, settings: Settings, *, today: Callable[[], date] = today_utc) -> None:
        self.settings = settings
        self.today = today
        self.corpus_worker = Worker("corpus")
        self.index_worker = Worker("index")
        self.budget_worker = Worker("budget")
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        """Make the data directory, and find out now whether it can be written.

        Raises:
            DataDirectoryError: it cannot.
        """
        directory = self.settings.newsdesk_data
        try:
            directory.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=directory):
                pass
        except OSError as error:
            reason = (error.strerror or "unknown").lower()
            raise DataDirectoryError(str(directory), reason) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def database(self) -> Path:
        """Where the articles are: the only file that cannot be rebuilt."""
        return self.settings.newsdesk_data / "newsdesk.db"

    @property
    def index_directory(self) -> Path:
        """Where the generations of the index are."""
        return self.settings.newsdesk_data / "index"

    @cached_property
    def store(self) -> SqliteArticleStore:
        """The articles."""
        from corpus.sqlite_store import SqliteArticleStore

        store = SqliteArticleStore.open(self.database)
        self._opened.callback(store.close)
        return store

    @cached_property
    def ingest(self) -> Ingest:
        """What decides whether a draft becomes an article."""
        from corpus.ingest import Ingest

        return Ingest(self.store)

    @cached_property
    def extractor(self) -> Extractor:
        """What reads articles from bytes, in a process of its own."""
        from corpus.extractor import Extractor

        extractor = Extractor()
        self._opened.callback(extractor.close)
        return extractor

    @cached_property
    def embedder(self) -> SentenceEmbedder:
        """The embedding model; loading it takes seconds."""
        from index.sentence_embedder import SentenceEmbedder

        return SentenceEmbedder.load(self.settings.embedding_model)

    @property
    def model_languages(self) -> tuple[str, ...]:
        """The languages that the embedding model is known to know."""
        return self.embedder.languages

    @cached_property
    def indexer(self) -> Indexer:
        """What keeps the index; open it before searching."""
        from index.indexer import Indexer

        indexer = Indexer(store=self.store, embedder=self.embedder, directory=self.index_directory)
        self._opened.callback(indexer.close)
        return indexer

    @cached_property
    def retriever(self) -> Retriever:
        """From a question to passages."""
        from index.retriever import Retriever

        return Retriever(
            store=self.store,
            indexer=self.indexer,
            embedder=self.embedder,
            today=self.today,
            reranker=self.reranker,
        )

    def finder_in(self, snapshot: Snapshot) -> Retriever:
        """Make what finds articles in a generation that need not be published."""
        from index.retriever import OneSnapshot, Retriever

        return Retriever(
            store=self.store,
            indexer=OneSnapshot(snapshot),
            embedder=self.embedder,
            today=self.today,
        )

    @cached_property
    def reader(self) -> JointReader:
        """What reads the best sentences together with the question."""
        from bot.answering.joint_reader import JointReader

        return JointReader.load()

    @cached_property
    def reranker(self) -> CrossEncoderReranker | None:
        """The cross-encoder that orders the best articles, or None if none is configured."""
        if self.settings.reranker_model is None:
            return None
        from index.reranker import CrossEncoderReranker

        return CrossEncoderReranker.load(self.settings.reranker_model)

    @cached_property
    def language_model(self) -> LanguageModel | None:
        """The language model that writes answers, or None if none is configured."""
        settings = self.settings
        if settings.llm_model is None:
            return None
        from bot.answering.breaker import Breaker
        from bot.answering.generator import ChatModelGenerator
        from bot.answering.language_model import LanguageModel

        generator = ChatModelGenerator.from_settings(
            model=settings.llm_model,
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key,
            timeout_s=settings.llm_timeout_s,
        )
        return LanguageModel(
            generator,
            name=settings.llm_model,
            breaker=Breaker(clock=monotonic),
            budget=self.token_budget,
        )

    @cached_property
    def token_budget(self) -> TokenBudget:
        """How many tokens of a language model are spent today."""
        from bot.data_files import TOKENS_FILE
        from bot.token_budget import TokenBudget

        budget = TokenBudget(
            self.settings.newsdesk_data / TOKENS_FILE,
            worker=self.budget_worker,
            today=self.today,
            per_day=self.settings.llm_tokens_per_day,
            per_person=self.settings.llm_tokens_per_person_per_day,
        )
        self._opened.callback(budget.close)
        return budget

    @cached_property
    def answers(self) -> AnswerService:
        """From a question to an answer: the one path, whoever asks."""
        from bot.answering.service import AnswerService

        return AnswerService(
            retriever=self.retriever,
            reader=self.reader,
            worker=self.index_worker,
            today=self.today,
            model=self.language_model,
        )

    def load(self) -> None:
        """Build everything that answering and adding need."""
        _ = self.ingest, self.extractor, self.answers

    def close(self) -> None:
        """End the threads, then close what they used, last opened first."""
        self.index_worker.close()
        self.corpus_worker.close()
        self.budget_worker.close()
        self._opened.close()
