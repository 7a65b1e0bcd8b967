"""Adding, importing, listing, showing and removing, through the real commands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.terminal.console import ProgressReport
from corpus.errors import DiskFullError
from corpus.sqlite_store import SqliteArticleStore
from index.errors import IndexUnavailableError
from index.indexer import Indexer
from tests.integration.terminal import Terminal

FERRY = """The harbour council voted on Tuesday to replace both diesel ferries with electric boats.

The new boats were ordered from a yard in Bergen, because only that yard could deliver before the
summer season. Each one carries 300 passengers and costs 12 million euros. The first crossing is
planned for May.
"""
ROBOTS = """Les robots de tri installés à l'entrepôt de Lille ont été arrêtés mardi matin.

L'entreprise a expliqué que leurs capteurs confondaient les colis blancs avec le sol enneigé de la
cour. Une mise à jour du logiciel est attendue avant la fin du mois, selon la direction du site.
"""


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    path = tmp_path / "été ferry.md"
    front = "---\ntitle: Electric ferries for the harbour\ndate: 2024-03\noutlet: Quay\n---\n"
    path.write_text(front + FERRY, encoding="utf-8")
    return path


def test_an_added_article_is_searchable_at_once(terminal: Terminal, ferry: Path) -> None:
    added = terminal("add", ferry)
    assert added.code == 0
    assert added.out == "Added 1: Electric ferries for the harbour, 1 passage\n"
    found = terminal("search", "where were the ferries ordered?", "--json")
    best = found.json[0]
    assert best["article_id"] == 1
    assert (
        best["text"]
        == terminal("articles", "show", 1, "--json").json["text"][best["start"] : best["end"]]
    )
    assert -1 <= best["similarity"] <= 1


def test_what_is_known_of_an_article_is_shown(terminal: Terminal, ferry: Path) -> None:
    terminal("add", ferry)
    listed = terminal("articles", "list").out
    assert "2024-03" in listed
    assert "Quay" in listed
    document = terminal("articles", "show", 1, "--json").json
    assert document["title"] == "Electric ferries for the harbour"
    assert (document["published_at"], document["published_precision"]) == ("2024-03", "month")
    assert document["language"] == "en"
    assert "Each one carries 300 passengers" in terminal("articles", "show", 1).out


def test_a_list_can_be_searched_paged_and_read_by_programs(terminal: Terminal, ferry: Path) -> None:
    terminal("add", ferry)
    terminal("add", "-", stdin=ROBOTS.encode())
    newest_first = [row["article_id"] for row in terminal("articles", "list", "--json").json]
    assert newest_first == [2, 1]
    assert [r["article_id"] for r in terminal("articles", "list", "FERRIES", "--json").json] == [1]
    page = terminal("articles", "list", "--limit", 1, "--offset", 1, "--json")
    assert [row["article_id"] for row in page.json] == [1]


def test_a_list_says_why_it_is_empty_and_where_it_goes_on(terminal: Terminal, ferry: Path) -> None:
    assert "There are no articles yet" in terminal("articles", "list", "ferries").err
    terminal("add", ferry)
    terminal("add", "-", stdin=FERRY.replace("Tuesday", "Thursday").encode())
    assert terminal("articles", "list", "harbour").err == ""
    for form in ([], ["--json"]):
        first = terminal("articles", "list", "harbour", "--limit", 1, *form)
        assert first.err == "There are more: --offset 1\n"
        nothing = terminal("articles", "list", "submarines", *form)
        assert (nothing.code, nothing.err) == (
            0,
            "No article has this in its title, outlet or URL.\n",
        )
    assert len(terminal("articles", "list", "--limit", 1, "--json").json) == 1
    assert terminal("articles", "list", "--limit", 1, "--offset", 1).err == ""
    assert terminal("articles", "list", "--offset", 2).err == "There are no more.\n"


def test_a_duplicate_is_named_and_is_no_failure(terminal: Terminal, ferry: Path) -> None:
    terminal("add", ferry)
    again = terminal("add", ferry)
    assert again.code == 0
    assert "same text: number 1, “Electric ferries for the harbour”" in again.err
    assert again.out == ""


def test_a_near_duplicate_is_added_and_the_other_is_named(terminal: Terminal, ferry: Path) -> None:
    terminal("add", ferry)
    near = terminal("add", "-", stdin=FERRY.replace("Tuesday", "Thursday").encode())
    assert near.code == 0
    assert "Added 2" in near.out
    assert "reads much like 1: Electric ferries for the harbour" in near.out


def test_the_date_before_a_text_is_its_publication(terminal: Terminal) -> None:
    terminal("add", "-", stdin=b"date 2023-04 " + ROBOTS.encode())
    document = terminal("articles", "show", 1, "--json").json
    assert (document["published_at"], document["language"]) == ("2023-04", "fr")
    assert document["title"]


def test_a_folder_brings_in_what_it_can_and_tells_of_the_rest(
    terminal: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "à lire"
    (folder / "below").mkdir(parents=True)
    (folder / "1.txt").write_text(FERRY, encoding="utf-16")
    (folder / "2.txt").write_text("Too short.", encoding="utf-8")
    (folder / "below" / "3.txt").write_text(ROBOTS, encoding="latin-1")
    added = terminal("add", folder)
    assert added.code == 1
    assert "2.txt: too short" in added.err
    assert "2 articles added" in added.out
    assert "1 could not be added" in added.out
    assert "entrepôt" in terminal("articles", "show", 2, "--json").json["text"]


def test_adding_tells_how_far_the_reading_is(
    terminal: Terminal, ferry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "articles"
    (folder / "below").mkdir(parents=True)
    for name in ("1.txt", "below/2.txt"):
        (folder / name).write_text(f"{FERRY} Edition {name} of it.", encoding="utf-8")
    shown: list[tuple[str, int, int | None]] = []

    def show(report: ProgressReport, done: int, total: int | None) -> None:
        shown.append((report._label, done, total))

    monkeypatch.setattr(ProgressReport, "show", show)
    assert terminal("add", folder, ferry).code == 0
    reading = [(done, total) for label, done, total in shown if label == "Reading"]
    assert reading == [(1, 3), (2, 3), (3, 3)]


def test_json_tells_what_became_of_everything(
    terminal: Terminal, ferry: Path, tmp_path: Path
) -> None:
    short = tmp_path / "short.txt"
    short.write_text("No.", encoding="utf-8")
    added = terminal("add", ferry, ferry, short, "--json")
    assert added.code == 1
    (stored,), (duplicate,), (refused,) = (
        added.json[key] for key in ("added", "duplicates", "refused")
    )
    assert stored["article_id"] == duplicate["article_id"] == 1
    assert stored["passages"] >= 1
    assert "too short" in refused
    assert added.json["searchable"] is True


def test_a_removed_article_is_gone_from_the_search(terminal: Terminal, ferry: Path) -> None:
    terminal("add", ferry)
    refused = terminal("articles", "remove", 1)
    assert refused.code == 1
    assert "--yes" in refused.err
    assert terminal("articles", "remove", 1, "--yes").code == 0
    assert terminal("search", "ferries", "--json").json == []
    assert terminal("articles", "show", 1).code == 1


def test_an_import_names_its_bad_line_and_keeps_the_others(
    terminal: Terminal, tmp_path: Path
) -> None:
    lines = [
        json.dumps({"id": f"x{n}", "text": f"{FERRY} Edition number {n} of the harbour news."})
        for n in range(1, 21)
    ]
    lines[16] = '{"id": "x17", "text": '
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    imported = terminal("import", file)
    assert imported.code == 1
    assert "line 17" in imported.err
    assert "line 16" not in imported.err
    assert "19 articles added" in imported.out
    assert terminal("articles", "show", "x18", "--json").json["external_id"] == "x18"
    again = terminal("import", file)
    assert "0 articles added; 19 here already; 1 could not be added." in again.out


def test_an_import_names_what_a_near_duplicate_reads_like(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "articles.jsonl"
    texts = {"Ferries": FERRY, "Again": FERRY.replace("Tuesday", "Thursday"), "Robots": ROBOTS}
    lines = [json.dumps({"title": title, "text": text}) for title, text in texts.items()]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert terminal("import", file).out.splitlines()[:-1] == [
        "Added 2: Again, 1 passage",
        "  reads much like 1: Ferries",
    ]


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="open files have no names here")
def test_an_import_from_a_pipe_is_read_whole(terminal: Terminal) -> None:
    line = json.dumps({"id": "piped", "text": FERRY})
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"):
        with os.fdopen(writing, "w") as pipe:
            pipe.write(line)
        imported = terminal("import", f"/dev/fd/{reading}")
    assert imported.code == 0
    assert imported.out.startswith("1 article added")


def test_an_import_without_a_line_is_not_done(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n\n", encoding="utf-8")
    imported = terminal("import", tmp_path / "empty.jsonl")
    assert imported.code == 1
    assert imported.err == "There is nothing to import there.\n"


def test_what_cannot_be_indexed_now_is_saved_and_found_later(
    terminal: Terminal, ferry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("add", "-", stdin=ROBOTS.encode())

    failure = Mock(side_effect=IndexUnavailableError("index", "no space left on device"))
    with monkeypatch.context() as patch:
        patch.setattr(Indexer, "catch_up", failure)
        added = terminal("add", ferry)
    assert added.code == 0
    assert "Saved; searchable after the next catch-up." in added.err
    assert "no space left on device" in added.err
    assert "Added 2: Electric ferries for the harbour\n" in added.out
    assert terminal("search", "ferries", "--json").json[0]["article_id"] == 2


def test_a_full_disk_is_one_sentence_and_loses_nothing(
    terminal: Terminal, ferry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("add", "-", stdin=ROBOTS.encode())

    failure = Mock(side_effect=DiskFullError("newsdesk.db", "the disk is full"))
    with monkeypatch.context() as patch:
        patch.setattr(SqliteArticleStore, "add", failure)
        added = terminal("add", ferry)
    assert added.code == 1
    assert added.err.count("The disk is full") == 1
    assert len(terminal("articles", "list", "--json").json) == 1
