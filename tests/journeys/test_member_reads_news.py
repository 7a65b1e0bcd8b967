"""A member looks what is new."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.models import Draft, Precision, PublicationDate
from tests.fake_discord import Person
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.journeys.conftest import Clock


def news(number: int, text: str, *, year: int, url: str | None = None) -> Draft:
    return Draft(
        text=text,
        origin="test",
        title=f"Title {number}",
        language="en",
        outlet="The Verge",
        published=PublicationDate(date(year, 4, 1), Precision.DAY),
        url=url,
    )


@pytest.fixture
def stored(articles: MemoryArticleStore) -> None:
    articles.add(
        [
            news(1, "Apple opened a shop. It is large.", year=2022, url="https://example.org/1"),
            news(2, "@everyone likes **Apple** <@1>. Really.", year=2024),
            news(3, "Rain is expected. Much of it.", year=2023),
        ]
    )


async def test_the_newest_come_first_each_with_a_line_and_its_source(
    ada: Person, zoe: Person, stored: None
) -> None:
    told = await (await ada.use("latest")).message()
    assert told.is_private
    assert told.named == []
    places = [told.text.index(f"Title {number}") for number in (2, 3, 1)]
    assert places == sorted(places)
    assert "[Title 1](https://example.org/1) · The Verge · 1 April 2022" in told.text
    assert "> Apple opened a shop." in told.text
    assert "It is large" not in told.text
    assert r"likes \*\*Apple\*\*" in told.text
    french = await (await zoe.use("latest")).message()
    assert "Les articles les plus récents" in french.text
    assert "1er avril 2022" in french.text


async def test_a_topic_leaves_out_what_is_not_about_it(
    ada: Person, zoe: Person, stored: None, answers: ScriptedAnswers
) -> None:
    told = await (await ada.use("latest", topic="Apple")).message()
    assert "The newest articles on “Apple”" in told.text
    assert told.text.index("Title 2") < told.text.index("Title 1")
    assert "Title 3" not in told.text
    french = await (await zoe.use("latest", topic="*Nvidia*")).message()
    assert french.text == r"Aucun article enregistré ne parle de « \*Nvidia\* »."
    assert answers.asked == []


async def test_an_empty_corpus_and_an_empty_topic_are_said(ada: Person, clock: Clock) -> None:
    assert (await (await ada.use("latest")).message()).text == "No articles are stored yet."
    refused = await (await ada.use("latest", topic="?!")).message()
    assert "One moment" in refused.text
    clock.advance(3)
    refused = await ada.use("latest", topic="?!")
    assert "no word" in (await refused.message(1)).text


async def test_many_long_articles_are_not_cut(ada: Person, articles: MemoryArticleStore) -> None:
    long = "x" * 1400
    drafts = [
        news(n, f"{n} {'word ' * 200}.", year=2023, url=f"https://example.org/{n}{long}")
        for n in range(12)
    ]
    articles.add(drafts)
    reply = await ada.use("latest")
    pages = [(await reply.message(number)).text for number in range(4)]
    assert [f"[Title {n}](" in "\n".join(pages) for n in range(3, 12)] == [False] + [True] * 8
