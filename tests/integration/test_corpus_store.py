"""The SQLite store as a file: threads, processes, crashes, full disks, damage."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event

from corpus.database import open_engine, schema_versions
from corpus.errors import (
    CorpusError,
    DamagedDatabaseError,
    DiskFullError,
    DuplicateArticleError,
    StoreUnavailableError,
)
from corpus.models import ArticleId, Draft, Revision
from corpus.sqlite_store import SqliteArticleStore
from corpus.tables import Table


def draft(name: str, **changes: str) -> Draft:
    return Draft(text=f"Text of {name}. " * 20, origin=name, title=name, language="en", **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mes données 100% à moi?#" / "corpus.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteArticleStore]:
    with closing(SqliteArticleStore.open(path)) as opened:
        yield opened


def run_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603


def test_articles_are_there_after_closing_and_opening_again(path: Path) -> None:
    with closing(SqliteArticleStore.open(path)) as store:
        added = store.add([draft("a"), draft("b")])
    with closing(SqliteArticleStore.open(path)) as store:
        assert list(store.articles()) == added
        assert store.revision() == 2


def test_the_file_is_set_up_to_lose_nothing(store: SqliteArticleStore) -> None:
    with store._engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def test_the_migrations_lead_to_the_tables_that_the_code_uses(path: Path) -> None:
    engine = open_engine(path)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Table.metadata) == []
        assert context.get_current_revision() == schema_versions()[0]
        for name in ("articles", "changes"):
            query = "SELECT sql FROM sqlite_master WHERE name = ?"
            assert "AUTOINCREMENT" in str(connection.exec_driver_sql(query, (name,)).scalar())
    engine.dispose()


def test_many_threads_may_write_and_read_at_once(store: SqliteArticleStore) -> None:
    def work(thread: int) -> list[int]:
        ids = []
        for number in range(10):
            [article] = store.add([draft(f"t{thread}-{number}")])
            assert store.get(article.id) == article
            ids.append(article.id)
        return ids

    with ThreadPoolExecutor(8) as pool:
        ids = [number for part in pool.map(work, range(8)) for number in part]
    assert len(set(ids)) == 80
    assert store.revision() == 80
    assert {change.article_id for change in store.changes_since(Revision(0))} == set(ids)


OPENING = """
import sys
from pathlib import Path
from corpus.sqlite_store import SqliteArticleStore
print("ready", flush=True)
sys.stdin.readline()
SqliteArticleStore.open(Path(sys.argv[1])).close()
print("done", flush=True)
"""


def test_several_processes_may_create_the_database_at_once(path: Path) -> None:
    command = [sys.executable, "-c", OPENING, str(path)]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)  # noqa: S603
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert (output, errors, process.returncode) == ("done\n", "", 0)


def test_several_threads_may_create_databases_at_once(path: Path) -> None:
    together = Barrier(6)

    def work(number: int) -> None:
        together.wait()
        SqliteArticleStore.open(path.with_name(f"{number}.sqlite")).close()

    with ThreadPoolExecutor(6) as pool:
        for number in range(40):
            list(pool.map(work, [number] * 6))


WRITING = """
import sys
from pathlib import Path
from corpus.ingest import Added, Ingest
from corpus.models import Draft
from corpus.sqlite_store import SqliteArticleStore

def drafts():
    for number in range(int(sys.argv[3])):
        name = f"{sys.argv[2]}{number}" if number % 2 else f"both{number}"
        text = " ".join(f"{name}word{part}" for part in range(40))
        yield Draft(text=text, origin=name, language="en")

store = SqliteArticleStore.open(Path(sys.argv[1]))
ingest = Ingest(store)
for draft in drafts():
    for outcome in ingest.add([draft]):
        print(outcome.article.id if isinstance(outcome, Added) else outcome.error.existing_id)
"""


def test_two_processes_write_and_what_both_bring_is_stored_once(path: Path) -> None:
    processes = [run_python(WRITING, path, name, 60) for name in ("one", "two")]
    results = [process.communicate(timeout=120) for process in processes]
    assert [errors for _, errors in results] == ["", ""]
    ids = [[int(line) for line in output.split()] for output, _ in results]
    with closing(SqliteArticleStore.open(path)) as store:
        assert len(list(store.articles())) == 90
        assert store.revision() == 90
        for first, second in zip(ids[0][::2], ids[1][::2], strict=True):
            assert first == second
        assert not set(ids[0][1::2]) & set(ids[1][1::2])


IMPORTING = """
import json, sys
from pathlib import Path
from corpus.importing import read_jsonl
from corpus.ingest import Added, Ingest
from corpus.sqlite_store import SqliteArticleStore

store = SqliteArticleStore.open(Path(sys.argv[1]))
for outcome in Ingest(store).add(read_jsonl(Path(sys.argv[2]), "in")):
    assert isinstance(outcome, Added)
    print(json.dumps([outcome.article.id, outcome.article.content_hash]), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("acknowledged", [1, 250, 650])
def test_a_killed_import_keeps_all_that_was_acknowledged(
    path: Path, tmp_path: Path, acknowledged: int
) -> None:
    source = tmp_path / "articles.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for number in range(5_000):
            text = " ".join(f"n{number}w{part}" for part in range(40))
            file.write(json.dumps({"id": f"x{number}", "lang": "en", "text": text}) + "\n")
    process = run_python(IMPORTING, path, source)
    assert process.stdout is not None
    told = [json.loads(process.stdout.readline()) for _ in range(acknowledged)]
    process.send_signal(signal.SIGKILL)
    told += [json.loads(line) for line in process.stdout if line.endswith("\n")]
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert acknowledged <= len(told) < 5_000

    with closing(SqliteArticleStore.open(path)) as store:
        for article_id, content_hash in told:
            assert store.get(ArticleId(article_id)).content_hash == content_hash
        stored = list(store.articles())
        assert store.revision() == len(stored) >= len(told)
        with store._engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            bands = connection.exec_driver_sql(
                "SELECT count(DISTINCT article_id) FROM near_duplicate_bands"
            ).scalar()
        assert bands == len(stored)


def test_a_full_disk_is_named_and_nothing_is_half_stored(
    store: SqliteArticleStore, path: Path
) -> None:
    [kept] = store.add([draft("a")])

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    store._engine.dispose()
    event.listen(store._engine, "connect", limit)
    with pytest.raises(DiskFullError) as caught:
        store.add([draft(f"big {number}") for number in range(200)])
    assert caught.value.path == str(path)
    assert list(store.articles()) == [kept]
    assert store.revision() == 1
    event.remove(store._engine, "connect", limit)
    store._engine.dispose()
    assert len(store.add([draft(f"big {number}") for number in range(200)])) == 200


def test_what_is_no_database_is_damaged(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"This is a text, not a database. " * 200)
    with pytest.raises(DamagedDatabaseError) as caught:
        SqliteArticleStore.open(path)
    assert caught.value.path == str(path)
    assert path.read_bytes().startswith(b"This is a text")


def test_damage_in_the_middle_is_named_when_it_is_read(path: Path) -> None:
    with closing(SqliteArticleStore.open(path)) as store:
        store.add([draft(str(number)) for number in range(300)])
    data = bytearray(path.read_bytes())
    data[8_192:-4_096] = b"\xff" * (len(data) - 12_288)
    path.write_bytes(data)
    with pytest.raises(DamagedDatabaseError):
        list(SqliteArticleStore.open(path).articles())


def test_a_database_of_a_newer_version_is_left_alone(path: Path) -> None:
    SqliteArticleStore.open(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailableError) as caught:
        SqliteArticleStore.open(path)
    assert caught.value.reason == "made by a newer Newsdesk"


def test_a_path_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for path in (tmp_path / "file" / "corpus.sqlite", tmp_path):
        with pytest.raises(StoreUnavailableError):
            SqliteArticleStore.open(path)


def test_a_database_locked_by_another_is_unavailable(
    store: SqliteArticleStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.database._BUSY_SECONDS", 0.05)
    with (
        closing(SqliteArticleStore.open(path)) as impatient,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError) as caught:
            impatient.add([draft("a")])
        assert caught.value.reason == "locked by another program"
        assert list(impatient.articles()) == []
        other.execute("ROLLBACK")
        assert impatient.add([draft("a")])


def test_reading_is_possible_while_another_writes(store: SqliteArticleStore, path: Path) -> None:
    [article] = store.add([draft("a")])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM articles")
        assert store.get(article.id) == article
        other.execute("ROLLBACK")


def test_articles_may_change_while_they_are_iterated(store: SqliteArticleStore) -> None:
    store.add([draft(str(number)) for number in range(450)])
    seen = []
    for article in store.articles():
        seen.append(article.id)
        if article.id == 100:
            store.remove(ArticleId(400))
            store.add([draft("late")])
    assert seen == [*range(1, 400), *range(401, 452)]


def test_no_error_of_the_database_library_comes_through(store: SqliteArticleStore) -> None:
    with store._writer.begin() as connection:
        connection.exec_driver_sql("DROP TABLE changes")
    with pytest.raises(CorpusError):
        store.revision()


def test_the_unique_columns_hold_even_for_a_careless_writer(store: SqliteArticleStore) -> None:
    store.add([draft("a", url="https://example.org/a")])
    with pytest.raises(DuplicateArticleError):
        store.add([draft("b", url="https://example.org/a")])
    with store._writer.connect() as connection, pytest.raises(Exception, match="UNIQUE"):
        connection.exec_driver_sql(
            "INSERT INTO articles SELECT NULL, 'x', 0, 'en', NULL, NULL,"
            " NULL, NULL, NULL, NULL, '[]', '', content_hash, x'', '' FROM articles"
        )
