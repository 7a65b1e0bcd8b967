"""What moderators and admins read fits Discord and names nobody, whatever articles are called."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.language_model import ModelState, Spent
from bot.audit import AuditLine, Deed
from bot.index_pages import progress_page, status_page
from bot.locales import ENGLISH, FRENCH, Words
from bot.markdown import PAGE_LIMIT, units
from bot.moderation_pages import article_page, audit_sentence, edited_page, removal_page
from bot.newsroom_values import DraftKey, Edited
from corpus.models import Article, ArticleId, CorpusStatistics, Revision
from index.generation_writer import Phase, Progress
from index.generations import Manifest
from index.outcomes import IndexStatus
from tests.fake_discord import rules

WORDS = st.sampled_from([ENGLISH, FRENCH])
SIGNS = (
    st.sampled_from(["@everyone", "<@123>", "<@&9>", "**", "\n", "🦊", "a" * 500]) | st.characters()
)
TEXT = st.lists(SIGNS, max_size=60).map("".join)
NOW = datetime(2024, 1, 1, tzinfo=UTC)


def fits(text: str) -> None:
    assert 0 < units(text) <= PAGE_LIMIT
    assert not rules.MENTION.search(text)


@given(names=st.dictionaries(TEXT, st.integers(0, 10**9), max_size=30), model=TEXT, words=WORDS)
def test_the_status_of_the_index(names: dict[str, int], model: str, words: Words) -> None:
    corpus = CorpusStatistics(
        articles=3, revision=Revision(3), languages=names, outlets=names, oldest=None, newest=None
    )
    state = ModelState(model, 12.5, Spent(10**9, 10**9))
    fits(status_page(corpus, an_index(model), state, words, knows=("en", "fr")).text)


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_the_status_says_what_to_set_where_the_model_lacks_a_language(words: Words) -> None:
    corpus = CorpusStatistics(
        articles=3,
        revision=Revision(3),
        languages={"en": 2, "de": 1},
        outlets={},
        oldest=None,
        newest=None,
    )
    told = status_page(corpus, an_index("m"), None, words, knows=("en", "fr")).text
    assert f"**{words.status_labels.model_knows}** en, fr" in told
    assert "(de 1)" in told
    assert "EMBEDDING_MODEL" in told
    assert (
        "EMBEDDING_MODEL"
        not in status_page(corpus, an_index("m"), None, words, knows=("de", "en")).text
    )
    assert words.model_card in status_page(corpus, an_index("m"), None, words, knows=()).text


def an_index(model: str) -> IndexStatus:
    manifest = Manifest(
        generation=7,
        model_id=model,
        dimension=8,
        chunker="c",
        analyser="a",
        revision=3,
        articles=3,
        passages=9,
        created_at="2024-01-01",
    )
    return IndexStatus(
        manifest=manifest,
        previous=6,
        revision=Revision(2),
        behind=1,
        articles=3,
        passages=9,
        languages={},
        approximate=False,
        outdated=("model",),
    )


@given(done=st.integers(0, 10**12), total=st.integers(0, 10**12), phase=st.sampled_from(Phase))
def test_the_progress_of_a_rebuild(done: int, total: int, phase: Phase) -> None:
    fits(progress_page(Progress(done, total, phase), 12.5, FRENCH).text)


@given(title=TEXT, outlet=TEXT, url=TEXT, text=TEXT, words=WORDS)
def test_pages_about_an_article(
    title: str, outlet: str, url: str, text: str, words: object
) -> None:
    article = Article(
        id=ArticleId(1),
        title=title,
        text=text,
        language="en",
        content_hash="h",
        added_at=NOW,
        outlet=outlet,
        url=url,
    )
    line = AuditLine(at=NOW, person=5, deed=Deed.EDITED, subject=f"1: {title}")
    edited = Edited(article, 3, DraftKey("k"), line)
    fits(article_page(article, 3, words).text)  # type: ignore[arg-type]
    fits(edited_page(edited, words).text)  # type: ignore[arg-type]
    fits(removal_page(article, words).text)  # type: ignore[arg-type]
    said = audit_sentence(line, words)  # type: ignore[arg-type]
    assert units(said) <= 2000
    assert rules.MENTION.findall(said) == ["<@5>"]
