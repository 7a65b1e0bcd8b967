"""What was asked on Discord and how it was answered, so that buttons still work months later.

People are kept as a keyed hash of their Discord id; the key never leaves the file.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple, NewType, Self

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Engine,
    ForeignKey,
    Text,
    delete,
    func,
    inspect,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.errors import BotError
from bot.sqlite_file import empty_log, opened_alone
from bot.usage import Asked, Rated
from corpus.database import translated
from corpus.models import ArticleId
from index.models import Span

AnswerKey = NewType("AnswerKey", str)

_KEY_BYTES: Final = 12


class AnswerForgottenError(BotError):
    """The answer behind a button is not kept any more: too old, or its asker wanted it gone."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What an answer quoted: characters of an article's text, under the number it had there.

    `content_hash` tells whether an article under this id has that text: an id may be given once
    more, where a restore found no database whose ids it could go on from. An earlier version kept
    none.
    """

    number: int
    article_id: ArticleId
    span: Span
    content_hash: str | None = None


class Earlier(NamedTuple):
    """A question that was followed up. An earlier version kept no key of its answer."""

    question: str
    key: AnswerKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An answer as it is kept. `earlier` are the questions before it, oldest first.

    `pages` are the messages, each a text and its footer; only kept while they can be shared.
    """

    question: str
    earlier: tuple[Earlier, ...]
    language: str
    answered: bool
    confidence: float
    elapsed_ms: float
    quoted: tuple[Quoted, ...]
    pages: tuple[tuple[str, str | None], ...] | None


class Forgotten(NamedTuple):
    """How much was deleted on a person's wish."""

    questions: int
    ratings: int
    wishes: int


class _Table(DeclarativeBase):
    type_annotation_map = {str: Text}  # noqa: RUF012 - SQLAlchemy wants a plain dict


class _Answer(_Table):
    __tablename__ = "answers"

    key: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[str] = mapped_column(index=True)
    server: Mapped[int | None]
    person: Mapped[str] = mapped_column(index=True)
    question: Mapped[str]
    earlier: Mapped[list[tuple[str, AnswerKey | None] | str]] = mapped_column(JSON)
    language: Mapped[str]
    answered: Mapped[bool]
    confidence: Mapped[float]
    elapsed_ms: Mapped[float]
    quoted: Mapped[list[list[int | str | None]]] = mapped_column(JSON)
    pages: Mapped[list[list[str | None]] | None] = mapped_column(JSON)


class _Rating(_Table):
    __tablename__ = "ratings"

    key: Mapped[str] = mapped_column(
        ForeignKey("answers.key", ondelete="CASCADE"), primary_key=True
    )
    person: Mapped[str] = mapped_column(primary_key=True, index=True)
    helpful: Mapped[bool]
    comment: Mapped[str | None]


class _Wish(_Table):
    __tablename__ = "wishes"

    key: Mapped[str] = mapped_column(
        ForeignKey("answers.key", ondelete="CASCADE"), primary_key=True
    )
    person: Mapped[str] = mapped_column(primary_key=True, index=True)


class _Secret(_Table):
    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Journal:
    """Answers and ratings in one SQLite file; blocking.

    Every method may raise `StoreUnavailableError`.
    """

    def __init__(
        self, engine: Engine, path: Path, clock: Callable[[], datetime], kept_for: timedelta
    ) -> None:
        self.kept_for = kept_for
        self._engine = engine
        self._path = path
        self._clock = clock
        with self._transaction() as connection:
            _Table.metadata.create_all(connection)
            _add_missing_columns(connection)
            connection.execute(
                insert(_Secret)
                .values(name="person", value=secrets.token_hex(32))
                .on_conflict_do_nothing()
            )
            self._secret = bytes.fromhex(
                connection.execute(select(_Secret.value).filter_by(name="person")).scalar_one()
            )
        self.clear()

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], datetime], kept_for: timedelta) -> Self:
        """Open the file, making it if needed.

        Args:
            path: The file.
            clock: The time now, in UTC.
            kept_for: What is older is deleted here, and by `clear`.
        """
        return opened_alone(path, lambda engine: cls(engine, path, clock, kept_for))

    def record(self, person: int, entry: Entry, *, server_id: int | None) -> AnswerKey:
        """Keep an answer that this person asked for, without what is forgotten by now.

        Args:
            person: Who asked.
            entry: What was asked and answered.
            server_id: Where; None is a direct message.

        Returns:
            Its key, which nobody can guess: to know it is to have been shown the answer.
        """
        key = AnswerKey(secrets.token_urlsafe(_KEY_BYTES))
        with self._transaction() as connection:
            earlier = _still_there(connection, entry.earlier)
            pages = entry.pages if earlier == entry.earlier else None
            connection.execute(
                insert(_Answer).values(
                    key=key,
                    asked_at=self._clock().isoformat(),
                    server=server_id,
                    person=self._hashed(person),
                    question=entry.question,
                    earlier=list(earlier),
                    language=entry.language,
                    answered=entry.answered,
                    confidence=entry.confidence,
                    elapsed_ms=entry.elapsed_ms,
                    quoted=[
                        [
                            one.number,
                            one.article_id,
                            one.span.start,
                            one.span.end,
                            one.content_hash,
                        ]
                        for one in entry.quoted
                    ],
                    pages=None if pages is None else [list(page) for page in pages],
                )
            )
        return key

    def find(self, key: AnswerKey) -> Entry:
        """Return the answer with this key.

        Raises:
            AnswerForgottenError: It is not kept any more, or never was.
        """
        with self._transaction() as connection:
            row = connection.execute(select(_Answer).filter_by(key=key)).one_or_none()
        if row is None:
            raise AnswerForgottenError
        return Entry(
            question=row.question,
            earlier=_earlier(row.earlier),
            language=row.language,
            answered=row.answered,
            confidence=row.confidence,
            elapsed_ms=row.elapsed_ms,
            quoted=tuple(
                Quoted(number, ArticleId(article), Span(start, end), *text)
                for number, article, start, end, *text in row.quoted
            ),
            pages=_pages(row.pages),
        )

    def rate(
        self, key: AnswerKey, person: int, *, helpful: bool, comment: str | None = None
    ) -> None:
        """Keep what a person thinks of an answer; the last word of each person counts.

        Raises:
            AnswerForgottenError: The answer is not kept any more.
        """
        with self._transaction() as connection:
            if connection.execute(select(_Answer.key).filter_by(key=key)).first() is None:
                raise AnswerForgottenError
            said = {"helpful": helpful, "comment": comment}
            connection.execute(
                insert(_Rating)
                .values(key=key, person=self._hashed(person), **said)
                .on_conflict_do_update(index_elements=["key", "person"], set_=said)
            )

    def wish(self, key: AnswerKey, person: int) -> None:
        """Keep that a person wants this question answered; once, however often it is said.

        Raises:
            AnswerForgottenError: The answer is not kept any more.
        """
        with self._transaction() as connection:
            if connection.execute(select(_Answer.key).filter_by(key=key)).first() is None:
                raise AnswerForgottenError
            wish = insert(_Wish).values(key=key, person=self._hashed(person))
            connection.execute(wish.on_conflict_do_nothing())

    def clear(self) -> None:
        """Delete what is too old, its words also from the answers that followed it up."""
        is_old = _Answer.asked_at < (self._clock() - self.kept_for).isoformat()
        with self._transaction() as connection:
            _drop_from_follow_ups(connection, is_old)
            connection.execute(delete(_Answer).where(is_old))
        self._empty_log()

    def forget(self, person: int) -> Forgotten:
        """Delete everything about a person: questions, wishes, and what was thought of answers.

        Others' answers that followed up a question of theirs stay, without its words.
        """
        hashed = self._hashed(person)
        with self._transaction() as connection:
            _drop_from_follow_ups(connection, _Answer.person == hashed)
            ratings = connection.execute(delete(_Rating).filter_by(person=hashed)).rowcount
            wishes = connection.execute(delete(_Wish).filter_by(person=hashed)).rowcount
            questions = connection.execute(delete(_Answer).filter_by(person=hashed)).rowcount
        self._empty_log()
        return Forgotten(questions, ratings, wishes)

    def since(self, first: datetime, *, server_id: int) -> tuple[list[Asked], list[Rated]]:
        """Return what was asked in a server since then, and what was thought of it, oldest first.

        Nobody is named. What was to be forgotten is not there.
        """
        is_meant = (_Answer.asked_at >= first.isoformat()) & (_Answer.server == server_id)
        wishes = select(func.count()).where(_Wish.key == _Answer.key).scalar_subquery()
        with self._transaction() as connection:
            answers = connection.execute(
                select(
                    _Answer.asked_at,
                    _Answer.question,
                    _Answer.answered,
                    _Answer.elapsed_ms,
                    _Answer.quoted,
                    wishes.label("wishes"),
                )
                .where(is_meant)
                .order_by(_Answer.asked_at)
            ).all()
            ratings = connection.execute(
                select(_Rating.helpful, _Rating.comment)
                .join(_Answer, _Answer.key == _Rating.key)
                .where(is_meant)
                .order_by(_Answer.asked_at)
            ).all()
        asked = [
            Asked(
                at=datetime.fromisoformat(row.asked_at),
                question=row.question,
                answered=row.answered,
                elapsed_ms=row.elapsed_ms,
                article_ids=frozenset(ArticleId(quote[1]) for quote in row.quoted),
                wishes=row.wishes,
            )
            for row in answers
        ]
        return asked, [Rated(row.helpful, row.comment) for row in ratings]

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()

    def _empty_log(self) -> None:
        with translated(self._path):
            empty_log(self._engine)

    def _hashed(self, person: int) -> str:
        return hmac.new(self._secret, str(person).encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with translated(self._path), self._engine.begin() as connection:
            yield connection


def _drop_from_follow_ups(connection: Connection, goes: ColumnElement[bool]) -> None:
    """Drop the questions that go from the answers that stay and began with them."""
    going = connection.execute(select(_Answer.question, _Answer.key).where(goes)).all()
    # Where no key was kept, the words have to tell.
    gone = {Earlier(row.question, key) for row in going for key in (AnswerKey(row.key), None)}
    follow_ups = connection.execute(
        select(_Answer.key, _Answer.earlier).where(
            ~goes, func.json_array_length(_Answer.earlier) > 0
        )
    ).all()
    for key, kept in follow_ups:
        earlier = _earlier(kept)
        left = [one for one in earlier if one not in gone]
        if len(left) < len(earlier):
            # The pages say how the question was understood: in words of those before it.
            changed = update(_Answer).filter_by(key=key).values(earlier=left, pages=null())
            connection.execute(changed)


def _still_there(connection: Connection, earlier: Sequence[Earlier]) -> tuple[Earlier, ...]:
    """Leave out the questions whose answers are not kept any more."""
    keys = {one.key for one in earlier if one.key is not None}
    kept = connection.execute(select(_Answer.key).where(_Answer.key.in_(keys))).scalars()
    gone = keys.difference(kept)
    return tuple(one for one in earlier if one.key not in gone)


def _earlier(kept: Sequence[str | tuple[str, AnswerKey | None]]) -> tuple[Earlier, ...]:
    return tuple(Earlier(one) if isinstance(one, str) else Earlier(*one) for one in kept)


def _add_missing_columns(connection: Connection) -> None:
    """Let a file that is older than a column have it, empty."""
    present = {column["name"] for column in inspect(connection).get_columns(_Answer.__tablename__)}
    if _Answer.server.key not in present:
        connection.execute(text("ALTER TABLE answers ADD COLUMN server INTEGER"))


def _pages(
    kept: Sequence[Sequence[str | None]] | None,
) -> tuple[tuple[str, str | None], ...] | None:
    if kept is None:
        return None
    return tuple((text or "", footer) for text, footer in kept)
