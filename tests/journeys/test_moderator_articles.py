"""A moderator adds, looks up and removes articles; whoever is none cannot, whatever they press."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web

from bot.audit import AuditLog, Deed
from bot.client import NewsdeskBot
from bot.error_replies import sentence_for
from bot.locales import ENGLISH, FRENCH
from bot.newsroom_values import Details, NotAnAddressError, with_details
from bot.permissions import Permissions
from bot.server_settings import ServerSettings
from corpus.extractor import Extractor
from corpus.models import Article, ArticleId, Draft, Precision, PublicationDate
from index.errors import IndexBusyError
from tests.fake_discord import Attached, FakeDiscord, Message, Person, Reply
from tests.fake_discord.world import modal_inputs
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.article_store import MemoryArticleStore
from tests.fakes.files import BOMB
from tests.journeys.conftest import Clock, break_audit, not_audited, running_bot

MANAGE_MESSAGES, ADMINISTRATOR = 1 << 13, 1 << 3
WORDS = "chip cloud phone market court price launch update engine screen".split()


def prose(seed: int, words: int = 120) -> str:
    seeded = random.Random(seed)
    return " ".join(f"{seeded.choice(WORDS)}{seeded.randint(1, 99)}" for _ in range(words)) + "."


def page(text: str, *, title: str = "A new chip") -> str:
    return (
        f"<html lang=en><head><title>{title}</title>"
        '<meta property="og:site_name" content="The Ledger">'
        '<meta property="article:published_time" content="2023-04-19"></head>'
        f"<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A news site on loopback."""
    pages = {
        "chip": page(prose(1)),
        "phone": page(prose(2), title="A new phone"),
        "wall": page(f"{prose(3)} Subscribe to continue reading."),
        "cookies": page("We use cookies and so do our partners, " * 8),
    }

    async def serve(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in pages:
            raise web.HTTPNotFound
        return web.Response(text=pages[name], content_type="text/html")

    app = web.Application()
    app.router.add_get("/{name}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture
def mona(discord: FakeDiscord, bot: NewsdeskBot) -> Person:
    """A moderator."""
    return Person(discord, "Mona", permissions=MANAGE_MESSAGES)


@pytest.fixture
def stored(articles: MemoryArticleStore) -> Article:
    draft = Draft(
        text=prose(9), origin="test", title="Old *news*", language="en", outlet="Le Carnet"
    )
    return articles.add([draft])[0]


async def previewed(person: Person, url: str) -> Message:
    return await (await person.use("article add", url=url)).message()


async def changed(discord: FakeDiscord, message: Message, words: str) -> Message:
    await discord.until(lambda: words in message.text, words)
    return message


def audited(tmp_path: Path) -> list[tuple[int, Deed, str]]:
    audit = AuditLog.open(tmp_path / "discord.db", clock=Clock())
    lines = [(line.person, line.deed, line.subject) for line in audit.lines()]
    audit.close()
    return lines


async def test_an_address_is_previewed_added_and_taken_back(
    discord: FakeDiscord,
    mona: Person,
    site: str,
    articles: MemoryArticleStore,
    bot: NewsdeskBot,
    tmp_path: Path,
) -> None:
    preview = await previewed(mona, f"{site}/chip")
    assert preview.is_private
    for shown in (
        "A new chip",
        "The Ledger",
        "19 April 2023",
        "Language: en",
        "words",
        prose(1)[:9],
    ):
        assert shown in preview.text
    assert "⚠️" not in preview.text
    assert articles.revision() == 0
    await mona.press(preview, "Add")
    await changed(discord, preview, "Added as number 1")
    assert "passages, searchable now" in preview.text
    assert list(preview.buttons) == ["Undo"]
    assert len(await bot.newsroom._index_worker.run(bot.newsroom._passages_of, ArticleId(1))) > 0
    await mona.press(preview, "Undo")
    await changed(discord, preview, "Article 1 is removed")
    assert list(articles.articles()) == []
    await mona.press(preview, "Undo")
    await changed(discord, preview, "Added as number 2")
    assert audited(tmp_path) == [
        (mona.id, Deed.ADDED, "1: A new chip"),
        (mona.id, Deed.REMOVED, "1: A new chip"),
        (mona.id, Deed.RESTORED, "2: A new chip"),
    ]


async def test_a_preview_can_be_edited_or_cancelled(
    discord: FakeDiscord, mona: Person, site: str, articles: MemoryArticleStore
) -> None:
    preview = await previewed(mona, f"{site}/chip")
    form = await mona.press(preview, "Edit")
    wrong = await mona.submit(form, title="T", outlet="", published="soon", url="")
    assert "is no date" in (await wrong.message()).text
    form = await mona.press(preview, "Edit")
    await mona.submit(
        form, title="Chips", outlet="", published="2022-05", url="https://example.org/chips"
    )
    await changed(discord, preview, "May 2022")
    assert "Outlet: unknown" in preview.text
    await mona.press(preview, "Add")
    await changed(discord, preview, "Added")
    article = articles.get(ArticleId(1))
    assert (article.title, article.outlet, article.url) == (
        "Chips",
        None,
        "https://example.org/chips",
    )
    other = await previewed(mona, f"{site}/phone")
    kept = dict(other.buttons)
    await mona.press(other, "Cancel")
    await changed(discord, other, "Nothing was changed")
    gone = await mona.press_id(other, kept["Add"]["custom_id"])
    assert "no longer have what" in (await gone.message()).text
    assert articles.revision() == 1


async def test_a_page_that_would_be_read_for_minutes_keeps_nobody_waiting(
    discord: FakeDiscord, bot: NewsdeskBot, mona: Person, ada: Person, answers: ScriptedAnswers
) -> None:
    with closing(Extractor(seconds=2)) as extractor:
        bot.newsroom._extractor = extractor
        bomb = Attached(discord.new_id(), "bomb.html", BOMB, "text/html")
        reply = await mona.use("article add", file=bomb)
        await reply.acknowledged()
        asked = await ada.use("ask", question="Why?")
        assert "too high" in (await asked.message()).text
        refused = await reply.message(1)
        assert "bomb.html cannot be read: it takes longer than 2 seconds." in refused.text
        good = Attached(discord.new_id(), "chip.html", page(prose(1)).encode(), "text/html")
        assert "A new chip" in (await (await mona.use("article add", file=good)).message()).text


async def test_duplicates_and_walls_are_warned_of(
    discord: FakeDiscord, mona: Person, site: str, articles: MemoryArticleStore
) -> None:
    for name, warning in (("wall", "before a paywall"), ("cookies", "cookie banner")):
        assert warning in (await previewed(mona, f"{site}/{name}")).text
    preview = await previewed(mona, f"{site}/chip")
    await mona.press(preview, "Add")
    await changed(discord, preview, "Added")
    again = await previewed(mona, f"{site}/chip")
    assert "is here already: number 1" in again.text
    assert "Add" not in again.buttons
    file = Attached(1, "like.txt", f"{prose(1)} And a little more.".encode())
    near = await (await mona.use("article add", file=file)).message()
    assert "reads much like number 1" in near.text


async def test_files_and_typed_text_are_added(
    discord: FakeDiscord, mona: Person, articles: MemoryArticleStore
) -> None:
    file = Attached(1, "été.md", f"---\ntitle: Un été\n---\n{prose(4)}".encode(), "text/markdown")
    preview = await (await mona.use("article add", file=file)).message()
    await mona.press(preview, "Add")
    await changed(discord, preview, "Added as number 1")
    form = await mona.use("article add")
    reply = await mona.submit(form, text=prose(5), title="Typed", outlet="Me", published="2021")
    typed = await reply.message()
    await mona.press(typed, "Add")
    await changed(discord, typed, "Added as number 2")
    assert [article.title for article in articles.articles()] == ["Un été", "Typed"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (Attached(1, "a.txt", b"Too few words."), "too short"),
        (Attached(1, "a.pdf", b"%PDF-1.4 nothing"), "damaged"),
        (Attached(1, "a.exe", b"MZ\0\0\x90"), "not a type that can be read"),
        (Attached(1, "a.txt", b"", size=20_000_001), "too large"),
    ],
)
async def test_a_bad_file_gets_one_sentence(mona: Person, file: Attached, words: str) -> None:
    reply = await mona.use("article add", file=file)
    told = await reply.message(1)
    assert words in told.text
    assert told.is_private


async def test_a_page_that_is_not_there_gets_one_sentence_in_french_too(
    discord: FakeDiscord, site: str, bot: NewsdeskBot
) -> None:
    marc = Person(discord, "Marc", locale="fr", permissions=MANAGE_MESSAGES)
    told = await (await marc.use("article add", url=f"{site}/absent")).message(1)
    assert "la page n'a pas pu être lue" in told.text
    preview = await previewed(marc, f"{site}/chip")
    assert "Langue : en" in preview.text or "Langue: en" in preview.text
    await marc.press(preview, "Ajouter")
    await changed(discord, preview, "trouvable dès maintenant")


async def test_the_links_of_a_message_are_previewed(
    discord: FakeDiscord, mona: Person, ada: Person, site: str
) -> None:
    said = await ada.say(f"look: {site}/chip, (<{site}/phone>) and {site}/absent!")
    reply = await mona.use_on("Add linked articles", said)
    assert "A new chip" in (await reply.message()).text
    assert "A new phone" in (await reply.message(1)).text
    assert "could not be fetched" in (await reply.message(2)).text
    refused = await mona.use_on("Add linked articles", await ada.say("no links"))
    assert (await refused.message()).text == "There is no link in this message."
    refused = await ada.use_on("Add linked articles", said)
    assert "Only moderators" in (await refused.message()).text


async def test_articles_are_listed_shown_and_offered_by_their_titles(
    mona: Person, stored: Article, articles: MemoryArticleStore
) -> None:
    articles.add(
        [
            Draft(text=prose(20 + n), origin="test", title=f"Title {n}", language="en")
            for n in range(12)
        ]
    )
    listed = await (await mona.use("article list")).message()
    assert "Title 11" in listed.text
    assert "Title 1 " not in listed.text
    assert "More on page 2" in listed.text
    second = await (await mona.use("article list", page=2)).message()
    assert r"Old \*news\*" in second.text
    none = await (await mona.use("article list", search="nobody")).message()
    assert none.text == "There is no such article."
    offered = await mona.type_option("article show", "article", "old")
    await offered.acknowledged()
    assert offered.choices is not None
    [choice] = offered.choices
    assert (choice["name"], choice["value"]) == ("1 · Old *news*", "1")
    shown = await (await mona.use("article show", article="1")).message()
    assert "Number 1, searchable in" in shown.text
    assert "Le Carnet" in shown.text
    absent = await (await mona.use("article show", article="77")).message(1)
    assert "no article" in absent.text


async def test_an_article_is_removed_after_a_question_and_brought_back(
    discord: FakeDiscord, mona: Person, stored: Article, articles: MemoryArticleStore
) -> None:
    asked = await (await mona.use("article remove", article="1")).message()
    assert "Remove article 1?" in asked.text
    assert articles.revision() == 1
    await mona.press(asked, "Cancel")
    await changed(discord, asked, "Nothing was changed")
    assert articles.revision() == 1
    asked = await (await mona.use("article remove", article="1")).message()
    await mona.press(asked, "Remove")
    await changed(discord, asked, "Article 1 is removed")
    assert list(articles.articles()) == []
    await mona.press(asked, "Undo")
    await changed(discord, asked, "Added as number 2")
    [back] = articles.articles()
    assert (back.text, back.title, back.outlet) == (stored.text, stored.title, stored.outlet)


async def test_a_button_pressed_twice_takes_no_other_article(
    discord: FakeDiscord, mona: Person, stored: Article, articles: MemoryArticleStore
) -> None:
    draft = Draft(
        text=prose(8), origin="test", title="Other", language="en", external_id=str(stored.id)
    )
    [other] = articles.add([draft])
    first = await (await mona.use("article remove", article="1")).message()
    second = await (await mona.use("article remove", article="1")).message()
    await mona.press(first, "Remove")
    await changed(discord, first, "Article 1 is removed")
    refused = await mona.press(second, "Remove")
    assert "no article" in (await refused.message()).text
    assert [article.id for article in articles.articles()] == [other.id]


@pytest.mark.parametrize("is_of_an_earlier_version", [False, True])
async def test_an_old_button_takes_no_other_article_that_has_the_number_by_now(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    site: str,
    is_of_an_earlier_version: bool,
) -> None:
    mona = Person(discord, "Mona", permissions=MANAGE_MESSAGES)
    async with running_bot(discord, answers, articles, clock, tmp_path):
        preview = await previewed(mona, f"{site}/chip")
        await mona.press(preview, "Add")
        await changed(discord, preview, "Added as number 1")
        asked = await (await mona.use("article remove", article="1")).message()
    # The database was lost, and a backup of before the article put back.
    restored = MemoryArticleStore()
    restored.add([Draft(text=prose(8), origin="test", title="Other", language="en")])
    words = "no longer have what" if is_of_an_earlier_version else "no article"
    async with running_bot(discord, answers, restored, clock, tmp_path):
        for message, label in ((preview, "Undo"), (asked, "Remove")):
            custom_id = message.buttons[label]["custom_id"]
            if is_of_an_earlier_version:
                custom_id = custom_id.partition("-")[0] + "-article:" + label.lower() + ":1"
            refused = await mona.press_id(message, custom_id)
            told = await refused.message()
            assert words in told.text
            assert told.is_private
    assert [article.title for article in restored.articles()] == ["Other"]
    assert [deed for _, deed, _ in audited(tmp_path)] == [Deed.ADDED]


LONG_OUTLET = "The Ledger 🦊 " * 400 + "x"
LONG_URL = "https://example.org/" + "long/" * 900


async def test_what_is_too_long_for_a_form_stays_as_it_is_unless_it_is_changed(
    discord: FakeDiscord, mona: Person, articles: MemoryArticleStore
) -> None:
    published = PublicationDate(date(2023, 4, 19), Precision.DAY)
    draft = Draft(
        text=prose(9),
        origin="test",
        title="T",
        language="en",
        published=published,
        outlet=LONG_OUTLET,
        url=LONG_URL,
    )
    [stored] = articles.add([draft])
    form = await mona.use("article edit", article="1")
    shown = [item["value"] for item in modal_inputs(await form.opened_modal()).values()]
    assert [one[-1] for one in shown] == ["T", "…", "9", "…"]
    _, outlet, _, url = shown
    told = await mona.submit(form, title="New", outlet=outlet, published="2022", url=url)
    assert "Article 1 is changed" in (await told.message()).text
    year = PublicationDate(date(2022, 1, 1), Precision.YEAR)
    assert articles.get(stored.id) == replace(stored, title="New", published=year)
    form = await mona.use("article edit", article="1")
    told = await mona.submit(form, title="Short", outlet="", published="2022", url=url)
    assert "Article 1 is changed" in (await told.message()).text
    edited = articles.get(stored.id)
    assert (edited.title, edited.outlet, edited.url) == ("Short", None, stored.url)


async def test_a_draft_that_is_too_long_for_a_form_stays_as_it_is_unless_it_is_changed(
    discord: FakeDiscord, mona: Person, articles: MemoryArticleStore
) -> None:
    head = f"---\ntitle: One\noutlet: {LONG_OUTLET}\n---\n"
    file = Attached(1, "long.md", f"{head}{prose(4)}".encode(), "text/markdown")
    preview = await (await mona.use("article add", file=file)).message()
    form = await mona.press(preview, "Edit")
    _, outlet, *_ = modal_inputs(await form.opened_modal()).values()
    assert outlet["value"] == f"{LONG_OUTLET[: len(outlet['value']) - 1]}…"
    await mona.submit(form, title="Two", outlet=outlet["value"], published="2022-05")
    await changed(discord, preview, "May 2022")
    await mona.press(preview, "Add")
    await changed(discord, preview, "Added")
    [article] = articles.articles()
    assert (article.title, article.outlet) == ("Two", LONG_OUTLET)


async def test_titles_of_any_length_complete_themselves(
    mona: Person, articles: MemoryArticleStore
) -> None:
    for number, title in enumerate(("🦊" * 200, "x" * 200, "Short")):
        articles.add([Draft(text=prose(number), origin="t", title=title, language="en")])
    offered = await mona.type_option("article show", "article", "")
    await offered.acknowledged()
    assert offered.choices is not None
    assert [(one["name"][:5], one["value"]) for one in offered.choices] == [
        ("3 · S", "3"),
        ("2 · x", "2"),
        ("1 · 🦊", "1"),
    ]


@pytest.mark.parametrize("failure", [403, 0])
async def test_what_was_done_is_told_once_although_the_log_channel_cannot_be(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    site: str,
    caplog: pytest.LogCaptureFixture,
    failure: int,
) -> None:
    channel = discord.add_channel(discord.guild_id, "log")
    defaults = ServerSettings(log_channel_id=channel)
    mona = Person(discord, "Mona", permissions=MANAGE_MESSAGES)
    async with running_bot(discord, answers, articles, clock, tmp_path, defaults=defaults):
        preview = await previewed(mona, f"{site}/chip")
        discord.fail(f"POST .*/channels/{channel}/messages", failure)
        pressed = await mona.press(preview, "Add")
        await changed(discord, preview, "Added as number 1")

        def warned() -> list[str]:
            found = [one for one in caplog.records if one.levelno >= logging.WARNING]
            return [one.getMessage() for one in found if one.name.startswith("bot")]

        # Done after the failure, and told.
        await mona.press(preview, "Undo")
        await discord.until(lambda: bool(discord.from_bot(channel)), "line in the log channel")
        [warning] = warned()
        assert warning.startswith("cannot write to the log channel: ")
        assert pressed.messages == []
    assert articles.revision() == 2


@pytest.mark.usefixtures("bot")
async def test_who_may_manage_messages_in_one_channel_only_is_no_moderator(
    discord: FakeDiscord, stored: Article
) -> None:
    rita = Person(discord, "Rita", here=MANAGE_MESSAGES)
    refused = await (await rita.use("article show", article=str(stored.id))).message()
    assert refused.text == "Only moderators may do this."


async def test_an_article_is_edited_and_that_is_undone(
    discord: FakeDiscord,
    mona: Person,
    stored: Article,
    articles: MemoryArticleStore,
    bot: NewsdeskBot,
    tmp_path: Path,
) -> None:
    [other] = articles.add(
        [Draft(text=prose(8), origin="test", title="Other", language="en", url="https://a.b/c")]
    )
    offered = await mona.type_option("article edit", "article", "old")
    await offered.acknowledged()
    assert [choice["value"] for choice in offered.choices or []] == ["1"]
    form = await mona.use("article edit", article="1")
    modal = await form.opened_modal()
    assert [item.get("value") for item in modal_inputs(modal).values()] == [
        "Old *news*",
        "Le Carnet",
        None,
        None,
    ]
    for bad, words in (
        ({"published": "soon"}, "no date"),
        ({"url": other.url}, "here already"),
        ({"url": "example.org/n"}, "is no address"),
    ):
        form = await mona.use("article edit", article="1")
        values = {"title": "T", "outlet": "", "published": "", "url": "", **bad}
        assert words in (await (await mona.submit(form, **values)).message(1)).text
    assert articles.get(stored.id) == stored
    form = await mona.use("article edit", article="1")
    told = await mona.submit(
        form, title="New *news*", outlet="", published="2022-05", url="https://example.org/n"
    )
    shown = await told.message()
    assert shown.is_private
    for part in ("Article 1 is changed, searchable so now", r"New \*news\*", "May 2022"):
        assert part in shown.text
    article = articles.get(stored.id)
    assert (article.title, article.outlet, article.text) == ("New *news*", None, stored.text)
    assert bot.newsroom._indexer.snapshot.revision == articles.revision()
    await mona.press(shown, "Undo")
    await changed(discord, shown, r"Old \*news\*")
    assert articles.get(stored.id) == stored
    assert audited(tmp_path) == [
        (mona.id, Deed.EDITED, "1: New *news*"),
        (mona.id, Deed.EDITED, "1: Old *news*"),
    ]
    gone = await mona.press_id(shown, "newsdesk-article:revert:1")
    assert "no longer have" in (await gone.message()).text
    absent = await mona.use("article edit", article="77")
    assert "no article" in (await absent.message()).text


async def test_an_article_is_safe_although_the_index_is_not_reachable(
    discord: FakeDiscord,
    mona: Person,
    site: str,
    bot: NewsdeskBot,
    articles: MemoryArticleStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy() -> None:
        raise IndexBusyError("index")  # noqa: EM101 - a value

    monkeypatch.setattr(bot.newsroom._indexer, "catching_up", busy)
    preview = await previewed(mona, f"{site}/chip")
    await mona.press(preview, "Add")
    await changed(discord, preview, "searchable after the next catch-up")
    assert articles.revision() == 1


async def test_what_was_done_is_told_although_the_audit_cannot_be_written(
    discord: FakeDiscord,
    mona: Person,
    stored: Article,
    articles: MemoryArticleStore,
    bot: NewsdeskBot,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    break_audit(tmp_path / "discord.db")
    asked = await (await mona.use("article remove", article="1")).message()
    await mona.press(asked, "Remove")
    await changed(discord, asked, "Article 1 is removed")
    assert bot.newsroom._indexer.snapshot.revision == articles.revision()
    await mona.press(asked, "Undo")
    await changed(discord, asked, "Added as number 2")
    assert not_audited(caplog) == [f"{mona.id} removed 1", f"{mona.id} restored 2"]


@pytest.mark.parametrize("typed", ["example.org/a", "www.example.org", "ftp://a.b/c", "see below"])
def test_what_is_no_address_is_not_taken_for_none(typed: str) -> None:
    draft = Draft(text=prose(1), origin="test", url="https://example.org/old")
    with pytest.raises(NotAnAddressError) as refused:
        with_details(draft, Details(title="", outlet="", published="", url=typed))
    for words in (ENGLISH, FRENCH):
        assert typed in sentence_for(refused.value, words)
        assert "https://" in sentence_for(refused.value, words)


@pytest.mark.parametrize(("typed", "url"), [(" https://a.b/c ", "https://a.b/c"), (" ", None)])
def test_an_address_may_be_changed_or_taken_away(typed: str, url: str | None) -> None:
    draft = Draft(text=prose(1), origin="test", url="https://example.org/old")
    assert with_details(draft, Details(title="", outlet="", published="", url=typed)).url == url


async def refusals(person: Person, message: Message) -> AsyncIterator[Reply]:
    """Try everything that only moderators may."""
    yield await person.use("article add")
    yield await person.use("article add", url="http://127.0.0.1:9/")
    yield await person.use("article list")
    yield await person.use("article show", article="1")
    yield await person.use("article edit", article="1")
    yield await person.use("article remove", article="1")
    for action in ("add", "edit", "cancel", "restore", "undo", "remove", "revert", "leave"):
        yield await person.press_id(message, f"newsdesk-article:{action}:1")


@pytest.mark.parametrize("locale", ["en-GB", "fr"])
async def test_who_is_no_moderator_can_do_nothing_of_it(
    discord: FakeDiscord,
    ada: Person,
    mona: Person,
    locale: str,
    stored: Article,
    articles: MemoryArticleStore,
    site: str,
    tmp_path: Path,
) -> None:
    preview = await previewed(mona, f"{site}/chip")
    form = await mona.press(preview, "Edit")
    await form.opened_modal()
    bob = Person(discord, "Bob", locale=locale, permissions=~MANAGE_MESSAGES & 0xFF & ~8)
    tried = [reply async for reply in refusals(bob, preview)]
    tried.append(await bob.submit(form, title="Hacked"))
    edit = await mona.use("article edit", article="1")
    await edit.opened_modal()
    tried.append(await bob.submit(edit, title="Hacked"))
    tried.append(await bob.press(preview, "Add"))
    for reply in tried:
        told = await reply.message()
        assert told.is_private
        assert told.text in {
            "Only moderators may do this.",
            "Seuls les modérateurs peuvent faire cela.",
        }
    offered = await bob.type_option("article show", "article", "old")
    await offered.acknowledged()
    assert not offered.choices
    assert articles.revision() == 1
    assert "Hacked" not in preview.text
    assert articles.get(stored.id) == stored
    assert audited(tmp_path) == []


async def test_a_role_of_the_settings_makes_a_moderator_and_the_log_channel_is_told(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    stored: Article,
) -> None:
    role = discord.add_role(discord.guild_id, "editors")
    channel = discord.add_channel(discord.guild_id, "log")
    defaults = ServerSettings(moderator_role_ids=frozenset({role}), log_channel_id=channel)
    async with running_bot(discord, answers, articles, clock, tmp_path, defaults=defaults):
        rita = Person(discord, "Rita", roles=(role,))
        asked = await (await rita.use("article remove", article="1")).message()
        await rita.press(asked, "Remove")
        await discord.until(lambda: bool(discord.from_bot(channel)), "line in the log channel")
        [line] = discord.from_bot(channel)
        assert line.text == rf"<@{rita.id}> removed 1: Old \*news\*"
        assert line.pings == []
        other = discord.add_role(discord.guild_id, "others")
        refused = await Person(discord, "Otto", roles=(other,)).use("article list")
        assert "Only moderators" in (await refused.message()).text


async def test_moderators_of_another_server_change_nothing_unless_it_is_named(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
) -> None:
    elsewhere = discord.add_channel(discord.add_guild("Elsewhere"), "general")
    everywhere, here = Permissions(), Permissions(guild_ids=frozenset({discord.guild_id}))
    mona = Person(discord, "Mona", permissions=MANAGE_MESSAGES)
    async with running_bot(discord, answers, articles, clock, tmp_path, everywhere) as bot:
        await asyncio.wait_for(bot.wait_until_ready(), 5)
        refused = await (await mona.use("article list")).message()
        assert "DISCORD_GUILD_IDS" in refused.text
    async with running_bot(discord, answers, articles, clock, tmp_path, here):
        assert "no such" in (await (await mona.use("article list")).message()).text
        discord.channel_id = elsewhere
        refused = await (await mona.use("article list")).message()
        assert refused.text == "I do not serve this server."


@pytest.mark.parametrize("mention", ["@everyone", "@here", "<@1>", "<@&{role}>"])
async def test_whatever_is_named_back_to_who_typed_it_pings_nobody(
    discord: FakeDiscord,
    answers: ScriptedAnswers,
    articles: MemoryArticleStore,
    clock: Clock,
    tmp_path: Path,
    stored: Article,
    mention: str,
) -> None:
    named = mention.format(role=discord.add_role(discord.guild_id, "editors"))
    channel = discord.add_channel(discord.guild_id, "log")
    defaults = ServerSettings(log_channel_id=channel)
    alma = Person(discord, "Alma", permissions=ADMINISTRATOR)
    file = Attached(1, f"{named}.txt", b"Too few words.")

    async def edited(**values: str) -> Reply:
        form = await alma.use("article edit", article="1")
        typed = {"title": "T", "outlet": "", "published": "", "url": "", **values}
        return await alma.submit(form, **typed)

    async def set_to(pause: str) -> Reply:
        form = await alma.use("settings")
        return await alma.submit(form, channels=(), roles=(), log=(), cooldown=pause)

    async with running_bot(discord, answers, articles, clock, tmp_path, defaults=defaults):
        tried = [
            (await alma.use("ask", question="Why?", since=named), 0),
            (await alma.use("article show", article=named), 1),
            (await alma.use("article edit", article=named), 0),
            (await alma.use("article add", file=file), 1),
            (await edited(published=named), 1),
            (await edited(url=named), 1),
            (await set_to(named[:20]), 1),
        ]
        if "<" not in named:  # an address would have other signs for it
            url = f"http://127.0.0.1:9/{named}"
            said = await alma.say(f"look: {url}")
            tried += [
                (await alma.use("article add", url=url), 1),
                (await alma.use_on("Add linked articles", said), 1),
            ]
        for reply, number in tried:
            told = await reply.message(number)
            assert named[:20] in told.payload["content"], told.text
            assert told.pings == []
            assert told.is_private
        shown = await (await edited(title=f"News for {named}")).message()
        assert "News for" in shown.text
        assert shown.named == []
        await discord.until(lambda: bool(discord.from_bot(channel)), "line in the log channel")
        [line] = discord.from_bot(channel)
        assert "News for" in line.payload["content"]
        assert line.named == [f"<@{alma.id}>"]
        assert line.pings == []
