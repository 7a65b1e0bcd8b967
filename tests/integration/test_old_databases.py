"""Databases as earlier versions left them, with articles in them, are brought up to date whole.

A new migration needs `schemas/corpus-<version>.sql` of the version that it makes: what
`sqlite3 FILE .dump` says of a small database.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.config import Config

import corpus
from corpus import database
from corpus.backups import restore
from corpus.database import schema_versions
from corpus.errors import DuplicateArticleError, StoreUnavailableError
from corpus.models import ArticleId, Precision, PublicationDate, Revision
from corpus.sqlite_store import SqliteArticleStore
from tests.integration.indexing import contents, draft, indexer_of, rebuilt_contents

SCHEMAS = Path(__file__).with_name("schemas")
SUN = ArticleId(1)
SCHOOLS = ArticleId(2)


def old_database(version: str, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((SCHEMAS / f"corpus-{version}.sql").read_text(encoding="utf-8"))
    return path


def check_is_whole(store: SqliteArticleStore) -> None:
    sun, schools = store.articles()
    assert (sun.id, sun.title, sun.language) == (SUN, "L’hôtel de ville au soleil", "fr")
    assert (sun.outlet, sun.author, sun.external_id) == ("Le Carnet", "Zoé", "c1")
    assert sun.published == PublicationDate(date(2023, 6, 1), Precision.MONTH)
    assert sun.topics == ("énergie", "Harlow")
    assert sun.added_at == datetime(2024, 5, 17, 9, 30, tzinfo=UTC)
    assert sun.text.startswith("Le conseil municipal de Harlow a posé deux cents panneaux")
    assert (schools.title, schools.outlet) == ("Panels for Harlow's schools", None)
    assert schools.text.endswith("\n\nBoth schools are next.")
    assert store.find("https://carnet.example/soleil") == sun
    changes = [(one.article_id, one.article) for one in store.changes_since(Revision(1))]
    assert changes == [(SCHOOLS, schools), (ArticleId(3), None)]


@pytest.mark.parametrize("version", schema_versions())
def test_an_old_database_is_upgraded_with_all_that_is_in_it(version: str, accented: Path) -> None:
    path = old_database(version, accented / "newsdesk.db")
    with (
        closing(SqliteArticleStore.open(path)) as store,
        closing(indexer_of(store, accented)) as indexer,
    ):
        check_is_whole(store)
        assert store.revision() == 5
        [near] = store.similar(store.get(SUN).text + " Fin.")
        assert near.id == SUN
        with pytest.raises(DuplicateArticleError):
            store.add([draft(1, text=store.get(SCHOOLS).text)])
        [added] = store.add([draft(1)])
        assert added.id == 4  # that of the removed article is not given again
        indexer.open()
        assert indexer.snapshot.articles == 3
        assert contents(indexer.snapshot) == rebuilt_contents(indexer)


@pytest.mark.parametrize("version", schema_versions())
def test_an_old_backup_is_restored_and_upgraded(version: str, accented: Path) -> None:
    backup, path = old_database(version, accented / "backup.db"), accented / "newsdesk.db"
    before = backup.read_bytes()
    with closing(SqliteArticleStore.open(path)) as store:
        store.add([draft(number) for number in range(9)])
        restore(backup, path)
        assert [article.id for article in store.articles()] == [SUN, SCHOOLS]
        assert store.get(SCHOOLS).title == "Panels for Harlow's schools"
    assert backup.read_bytes() == before


NEXT_VERSION = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{last}"


def upgrade() -> None:
    op.add_column("articles", sa.Column("mood", sa.Text, server_default="calm"))
    {then}
"""


@pytest.mark.parametrize("fails", [False, True])
def test_a_migration_is_done_whole_or_not_at_all(
    accented: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    last = schema_versions()[0]
    path = old_database(last, accented / "newsdesk.db")
    scripts = tmp_path / "migrations"
    shutil.copytree(Path(corpus.__file__).parent / "migrations", scripts)
    then = 'op.execute("UPDATE nothing SET a = 1")' if fails else "pass"
    source = NEXT_VERSION.format(last=last, then=then)
    (scripts / "versions" / "v9999_next.py").write_text(source, encoding="utf-8")

    def config() -> Config:
        made = Config()
        made.set_main_option("script_location", str(scripts))
        return made

    with monkeypatch.context() as patch:
        patch.setattr(database, "_alembic", config)
        if fails:
            with pytest.raises(StoreUnavailableError):
                SqliteArticleStore.open(path)
        else:
            with closing(SqliteArticleStore.open(path)) as store:
                check_is_whole(store)
    with closing(sqlite3.connect(path)) as connection:
        [(version,)] = connection.execute("SELECT version_num FROM alembic_version")
        columns = [row[1] for row in connection.execute("PRAGMA table_info(articles)")]
    assert (version, "mood" in columns) == ((last, False) if fails else ("9999", True))
    if fails:
        with closing(SqliteArticleStore.open(path)) as store:
            check_is_whole(store)
