"""Usage is counted right, told within Discord's limits, and drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.locales import ENGLISH, FRENCH, Words
from bot.markdown import PAGE_LIMIT, units
from bot.usage import Asked, Rated, Usage, count, first_moment
from bot.usage_pages import usage_pages
from bot.usage_picture import draw
from corpus.models import ArticleId
from tests.fake_discord import rules

NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)
FIRST = date(2024, 2, 29)


def one(question: str = "Why?", *, answered: bool = True, hours: int = 0, **more: object) -> Asked:
    given: dict[str, object] = {
        "at": NOW - timedelta(hours=hours),
        "question": question,
        "answered": answered,
        "elapsed_ms": 100.0,
        "article_ids": frozenset(),
        **more,
    }
    return Asked(**given)  # type: ignore[arg-type]  # the keys are Asked's


def counted(*asked: Asked, rated: tuple[Rated, ...] = ()) -> Usage:
    return count(asked, rated, first=FIRST, days=2)


def test_days_begin_at_midnight_and_the_last_is_today() -> None:
    assert first_moment(NOW, 1) == datetime(2024, 3, 1, tzinfo=UTC)
    assert first_moment(NOW, 2).date() == FIRST


def test_questions_are_counted_by_day_and_outcome() -> None:
    usage = counted(one(hours=20), one("Old?", answered=False, hours=16), one(), one(hours=1))
    assert [(day.day.day, day.answered, day.unanswered) for day in usage.days] == [
        (29, 1, 1),
        (1, 2, 0),
    ]
    assert (usage.questions, usage.answered) == (4, 3)


def test_logged_questions_are_counted_by_their_words_the_most_wanted_first() -> None:
    usage = counted(
        one("A?", answered=False, wishes=1),
        one("B?", answered=False, wishes=2),
        one("B?", answered=False, wishes=1),
        one("C?", answered=True, wishes=5),
        one("D?", answered=False),
    )
    assert usage.wished == (("B?", 3), ("A?", 1))
    [page] = usage_pages(usage, {}, ENGLISH)
    assert "**Logged by members**\n\n- B? (3)\n\n- A? (1)\n\n**Not answered**" in page.text


def test_unanswered_questions_come_newest_first_and_once() -> None:
    texts = ["A?", "B?", "A?"]
    usage = counted(*(one(text, answered=False) for text in texts))
    assert usage.unanswered == ("A?", "B?")


def test_an_article_counts_once_for_each_answer_that_quotes_it() -> None:
    ids = [frozenset(map(ArticleId, some)) for some in ({1, 2}, {2}, {3}, {4}, {5}, {6})]
    usage = counted(*(one(article_ids=some) for some in ids))
    assert usage.cited == ((2, 2), (1, 1), (3, 1), (4, 1), (5, 1))


def test_percentiles() -> None:
    usage = counted(*(one(elapsed_ms=float(ms)) for ms in range(101)))
    assert (usage.percentile_ms(50), usage.percentile_ms(95)) == (50, 95)
    assert counted().percentile_ms(50) is None


@given(
    questions=st.lists(st.text(max_size=400), max_size=40),
    comments=st.lists(st.text(max_size=1000), max_size=40),
    words=st.sampled_from([ENGLISH, FRENCH]),
)
def test_whatever_was_asked_the_pages_fit_and_ping_nobody(
    questions: list[str], comments: list[str], words: Words
) -> None:
    asked = [one(text, answered=False, article_ids=frozenset({ArticleId(1)})) for text in questions]
    usage = counted(*asked, rated=tuple(Rated(False, text) for text in comments))
    for page in usage_pages(usage, {}, words):
        assert 0 < units(page.text) <= PAGE_LIMIT
        assert not rules.MENTION.search(page.text)


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["en", "fr"])
@pytest.mark.parametrize("days", [1, 2, 365])
def test_a_picture_is_drawn_that_shows_something(words: Words, days: int) -> None:
    asked = [one(answered=n % 2 == 0, article_ids=frozenset({ArticleId(n)})) for n in range(5)]
    usage = count(asked, [Rated(True, None)], first=FIRST, days=days)
    picture = Image.open(BytesIO(draw(usage, words)))
    assert (picture.format, picture.size) == ("PNG", (1000, 700))
    colours = picture.convert("RGB").getcolors(maxcolors=1 << 20) or []
    assert {(0x2F, 0x6F, 0xDE), (0xD9, 0x82, 0x2B)} <= {colour for _, colour in colours}
