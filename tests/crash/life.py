"""One life of a bot, without Discord: a moderator and an admin at work until it is killed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from bot import serving
from bot.app import App
from bot.index_keeper import IndexKeeper, RebuildCancelledError
from bot.newsroom import Newsroom
from bot.newsroom_values import Details
from bot.terminal.indexing import bring_in_step
from bot.workers import drive
from corpus.errors import RejectedArticleError
from corpus.ingest import Added
from corpus.models import Article, Draft
from index import checkpoints
from index.errors import NothingToRollBackError
from tests.crash.articles import pool, questions
from tests.crash.engine import app_in
from tests.crash.moments import AtCall, Moment, die_at

ADMIN, MODERATOR = 1, 2
OPENING, SERVING = "opening", "serving"
_FEWEST, _MOST = 12, 36
_ASKING_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Begun:
    """Articles, by external id, that may from now on have these titles; None: be gone."""

    titles: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Articles, by external id, that have these titles from now on; None: are gone."""

    titles: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Working:
    """A job of the admin begins."""

    job: str


def live(data: Path, seed: int, moment: Moment, tell: Connection) -> None:
    """Work until killed, and tell each deed as it begins and as it is acknowledged."""
    checkpoints._TAIL_LEAST = 5  # so that checkpoints are renewed, too
    tell.send(Working(OPENING))
    if isinstance(moment, AtCall) and not moment.serving:
        die_at(moment)
    asyncio.run(_live(data, random.Random(seed), moment, tell))


async def _live(data: Path, seeded: random.Random, moment: Moment, tell: Connection) -> None:
    with app_in(data) as app:
        bring_in_step(app, rebuild_if_outdated=True)
        app.load()
        tell.send(Working(SERVING))
        if isinstance(moment, AtCall) and moment.serving:
            die_at(moment)  # the threads of the workers begin after this
        async with serving._bot(app) as bot:
            moderator = _Moderator(app, bot.newsroom, random.Random(seeded.random()), tell)
            await asyncio.gather(
                moderator.work(), _administrate(app, bot.keeper, data, seeded, tell)
            )


async def _administrate(
    app: App, keeper: IndexKeeper, data: Path, seeded: random.Random, tell: Connection
) -> None:
    jobs = ["rebuild", "full rebuild", "cancelled rebuild", "rollback", "tidying", "backup"]
    while True:
        job = seeded.choice(jobs)
        tell.send(Working(job))
        match job:
            case "rollback":
                with suppress(NothingToRollBackError):
                    await keeper.rollback(ADMIN, instead_of=await keeper.published())
            case "tidying":  # as is done every ten seconds
                await drive(app.index_worker, app.indexer.tidying())
            case "backup":
                await app.corpus_worker.run(app.store.backup, data / "backup.db")
            case _:
                rebuild = keeper.start(ADMIN, full=job.startswith("full"))
                if job.startswith("cancelled"):
                    await asyncio.sleep(seeded.uniform(0, 0.1))
                    rebuild.is_cancelled = True
                with suppress(RebuildCancelledError):
                    await rebuild.task


class _Moderator:
    def __init__(
        self, app: App, newsroom: Newsroom, seeded: random.Random, tell: Connection
    ) -> None:
        self._app = app
        self._newsroom = newsroom
        self._seeded = seeded
        self._tell = tell
        self._edits = 0

    async def work(self) -> None:
        while True:
            here = {article.external_id: article for article in self._app.store.articles()}
            absent = [name for name in pool() if name not in here]
            deeds = [self._refuse]
            if len(here) > _FEWEST:
                deeds += [partial(self._edit, here), partial(self._remove, here)]
            if len(here) < _MOST:
                deeds += [partial(self._add, absent), partial(self._import, absent)]
            await self._seeded.choice(deeds)()
            if self._seeded.random() < _ASKING_SHARE:
                await self._app.answers.answer(self._seeded.choice(questions()))

    async def _add(self, absent: list[str]) -> None:
        name = self._seeded.choice(absent)
        draft = pool()[name]
        self._tell.send(Begun({name: draft.title}))
        preview = await self._newsroom.preview(draft)
        await self._newsroom.add(preview.key, MODERATOR)
        self._tell.send(Acknowledged({name: draft.title}))

    async def _import(self, absent: list[str]) -> None:
        """Add several at once, as the terminal does; what is told one by one is durable."""
        names = self._seeded.sample(absent, 4)
        self._tell.send(Begun({name: pool()[name].title for name in names}))
        added = self._app.ingest.add([pool()[name] for name in names])
        while (outcome := await self._app.corpus_worker.run(next, added, None)) is not None:
            assert isinstance(outcome, Added), outcome
            name = outcome.article.external_id
            self._tell.send(Acknowledged({name: outcome.article.title}))

    async def _edit(self, here: dict[str, Article]) -> None:
        name = self._seeded.choice(list(here))
        article = here[name]
        self._edits += 1
        title = f"{pool()[name].title} ({self._edits})"
        self._tell.send(Begun({name: title}))
        published = str(article.published or "")
        details = Details(
            title=title, outlet=article.outlet or "", published=published, url=article.url or ""
        )
        await self._newsroom.change(article.id, details, MODERATOR)
        self._tell.send(Acknowledged({name: title}))

    async def _remove(self, here: dict[str, Article]) -> None:
        name = self._seeded.choice(list(here))
        self._tell.send(Begun({name: None}))
        await self._newsroom.remove(here[name].id, MODERATOR)
        self._tell.send(Acknowledged({name: None}))

    async def _refuse(self) -> None:
        """Try to add what is too short, and what is there already; the book must never have it."""
        for draft in self._refused():
            try:
                preview = await self._newsroom.preview(draft)
                await self._newsroom.add(preview.key, MODERATOR)
            except RejectedArticleError:
                continue
            raise AssertionError(draft.origin)

    def _refused(self) -> Iterator[Draft]:
        yield Draft(text="Too short.", origin="short", external_id="refused-short")
        there = next(self._app.store.articles(), None)
        if there is not None:
            yield Draft(text=there.text, origin="repeated", external_id="refused-repeated")
