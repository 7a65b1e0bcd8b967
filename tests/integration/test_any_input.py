"""Whatever is asked or imported, an answer or one sentence comes of it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.answering.citations import check_citations
from bot.answering.errors import AnsweringError
from bot.answering.models import Answered
from bot.app import App
from bot.error_messages import message_for
from bot.settings import Settings
from corpus.errors import ArticleNotFoundError, ImportLineError
from corpus.importing import read_jsonl
from corpus.ingest import Added, Ingest, Rejected
from corpus.models import Draft
from corpus.sqlite_store import SqliteArticleStore

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples" / "articles.jsonl"
PROSE = (
    "The maker of chips said on Tuesday that it would open a plant by the river, at a great cost"
)
ANYTHING = st.text(st.characters() | st.sampled_from("\ud800\udcff\0\u200b"), max_size=12)


@pytest.fixture(scope="module")
def app(_one_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The default install, with some of the sample articles."""
    data = tmp_path_factory.mktemp("any") / "été 100% #1?"
    with App(Settings.from_env({"NEWSDESK_DATA": str(data)})) as made:
        drafts = (one for one in read_jsonl(SAMPLES, "samples") if isinstance(one, Draft))
        list(made.ingest.add(islice(drafts, 8)))
        made.indexer.open()
        made.indexer.catch_up()
        yield made


WORDS = st.sampled_from(
    ["why", "pourquoi", "Microsoft", "Twitter", "l'", "\u2019", "in 2023", "since", "99999-99-99",
     "avant le 31 février 0000", "Q5 2023", "last", "source:", "text:(", "AND", "OR NOT", '"', "*",
     "~9", "^1e9", "[a TO b]", "\\", "/.*/", "{{", "%s", "\0", "\u202e", "[1]", "<@1>", "@everyone",
     "🤖", "\ud83e", "e\u0301" * 40, "ﷺ" * 20, "x" * 300, "9" * 400, "1,000,000 km/h"]
)  # fmt: skip


# Each takes as long as a question does.
@settings(max_examples=settings().max_examples // 2)
@given(st.lists(WORDS | ANYTHING, max_size=12).map(" ".join))
@example("why\ud800did Microsoft leave Twitter?")
def test_whatever_is_asked_is_answered_with_proof_or_told_in_a_sentence(
    app: App, question: str
) -> None:
    try:
        answer = asyncio.run(app.answers.answer(question))
    except AnsweringError as error:
        sentence, expected = message_for(error, reference="-")
        assert expected, sentence
        return
    assert answer.text.strip()
    if isinstance(answer, Answered):
        check_citations(answer.text, answer.citations)
        for citation in answer.citations:
            text = app.store.get(citation.article.id).text
            assert text[citation.start : citation.end] == citation.quote


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | ANYTHING
    | st.sampled_from([PROSE * 2, "2023-04-19", "0000-00-00", "http://[", "https://a.example/x?y#z",
                       "javascript:alert(1)", "fr-CA", "\0", "x" * 5_000, 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANYTHING, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
KEYS = st.sampled_from("id lang title source author published_at url topics text".split())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteArticleStore]:
    path = tmp_path_factory.mktemp("any") / "newsdesk.db"
    with closing(SqliteArticleStore.open(path)) as opened:
        yield opened


@given(
    st.dictionaries(KEYS | ANYTHING, VALUES, max_size=9),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), max_size=2),
    st.booleans(),
)
@example({"title": "\ud800", "url": "https://a.example/\udfff", "topics": ["\ud83e"]}, [], True)
def test_whatever_line_is_imported_it_is_stored_or_told_in_a_sentence(
    store: SqliteArticleStore,
    record: dict[str, object],
    changes: list[tuple[float, bytes]],
    whole: bool,
) -> None:
    if whole:  # else hardly any would be an article
        record = record | {"text": f"{PROSE} {record.get('text')}."}
    line = json.dumps(record).encode()
    for place, put in changes:
        at = int(place * len(line))
        line = line[:at] + put + line[at:]
    sound = json.dumps({"text": f"{PROSE}, all the same."}).encode()
    stream = io.BytesIO(b"\n".join([line, sound]))
    outcomes = list(Ingest(store).add(read_jsonl(stream, "in.jsonl")))
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            sentence, expected = message_for(outcome.error, reference="-")
            assert expected, sentence
            continue
        kept = store.get(outcome.article.id)
        assert kept == outcome.article
        kept.text.encode()
    # Whatever the first line was, the last one is read.
    *_, last = outcomes
    assert isinstance(last, Added) or not isinstance(last.error, ImportLineError)


@given(ANYTHING | st.integers().map(str) | st.sampled_from(["http://[", "1.0", "%", "_"]))
@example("9" * 5_000)
@example("\udcff")
def test_whatever_article_is_meant_it_is_found_or_told_to_be_none(
    store: SqliteArticleStore, reference: str
) -> None:
    store.summaries(reference, limit=3, offset=0)
    with suppress(ArticleNotFoundError):
        assert store.find(reference)
