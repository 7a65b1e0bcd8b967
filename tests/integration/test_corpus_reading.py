"""Files and folders as they lie on a disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus import reading
from corpus.errors import (
    NoTextError,
    RejectedArticleError,
    TooLargeError,
    UnknownTypeError,
    UnreadableFileError,
)
from corpus.extractor import Extractor
from corpus.ingest import Added, Ingest
from corpus.models import Draft
from corpus.reading import drafts_from
from tests.fakes.article_store import MemoryArticleStore
from tests.integration.permissions import unprivileged


def origins(path: Path, extractor: Extractor) -> list[str]:
    return [Path(found.origin).name for found in drafts_from(path, extractor)]


def link(path: Path, target: Path) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("on Windows not everybody may make links")


def test_a_folder_is_read_in_order_with_its_folders(accented: Path, extractor: Extractor) -> None:
    for name in ("b.txt", "a.md", "sous dossier/é.txt", "sous dossier/.secret.txt", ".git/x.txt"):
        file = accented / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"Words of {name}", encoding="utf-8")
    assert origins(accented, extractor) == ["a.md", "b.txt", "é.txt"]
    assert origins(accented / ".git", extractor) == ["x.txt"]
    assert origins(accented / "b.txt", extractor) == ["b.txt"]


def test_what_cannot_be_read_is_named_in_its_place(
    accented: Path, monkeypatch: pytest.MonkeyPatch, extractor: Extractor
) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE_BYTES", 1_000)
    (accented / "a.txt").write_bytes(b"Words.")
    (accented / "b.txt").write_bytes(b"")
    (accented / "c.txt").write_bytes(bytes(range(256)))
    (accented / "d.txt").write_bytes(b"x" * 1_001)
    link(accented / "e.txt", accented / "nowhere")
    (accented / "f.txt").write_bytes(b"More words.")
    found = list(drafts_from(accented, extractor))
    assert [type(one) for one in found] == [
        Draft,
        NoTextError,
        UnknownTypeError,
        TooLargeError,
        UnreadableFileError,
        Draft,
    ]
    assert isinstance(found[3], TooLargeError)
    assert found[3].size == 1_001


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, extractor: Extractor) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(200_000_000)  # takes no room on the disk
    [found] = drafts_from(huge, extractor)
    assert isinstance(found, TooLargeError)
    assert found.size == 200_000_000


def test_a_missing_file_is_unreadable(tmp_path: Path, extractor: Extractor) -> None:
    [found] = drafts_from(tmp_path / "nothing.txt", extractor)
    assert isinstance(found, UnreadableFileError)
    assert found.reason == "no such file or directory"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path, extractor: Extractor) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    [found] = drafts_from(tmp_path, extractor)
    assert isinstance(found, UnreadableFileError)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions are others there")
@pytest.mark.parametrize(("name", "mode"), [("a", 0o000), ("a", 0o444), ("a/x.txt", 0o000)])
def test_a_forbidden_place_is_named_and_the_rest_is_read(
    tmp_path: Path, extractor: Extractor, name: str, mode: int
) -> None:
    (tmp_path / "a").mkdir()
    for file in ("a/x.txt", "b.txt"):
        (tmp_path / file).write_bytes(b"Words.")
    link(tmp_path / "c", Path("a", "deeper"))
    assert origins(tmp_path / "b.txt", extractor) == ["b.txt"]  # the extractor runs
    (tmp_path / name).chmod(mode)
    with unprivileged(tmp_path):
        error, draft, linked = drafts_from(Path(), extractor)
    (tmp_path / "a").chmod(0o755)
    assert isinstance(error, UnreadableFileError)
    assert (error.origin, error.reason) == (name, "permission denied")
    assert isinstance(draft, Draft)
    assert isinstance(linked, UnreadableFileError)


def test_a_folder_that_links_to_itself_ends(tmp_path: Path, extractor: Extractor) -> None:
    (tmp_path / "a.txt").write_bytes(b"Words.")
    link(tmp_path / "loop", tmp_path)
    assert origins(tmp_path, extractor) == ["a.txt"]


def test_an_article_as_its_owner_keeps_it_is_taken_in(accented: Path, extractor: Extractor) -> None:
    text = (
        " date 2021-09 Le fabricant de vélos Ventoux a annoncé mardi qu’il retirait son"
        " application de la boutique de Cerise, sans donner de motif précis à ses clients.\n\n"
        "Deux raisons sont avancées. La commission de 30\u00a0% que prend la boutique, d’abord.\n\n"
        "“We would rather sell bikes,” its founder wrote.\n"
    )
    (accented / "article-2021-09.txt").write_text(text, encoding="utf-8")
    [outcome] = Ingest(MemoryArticleStore()).add(drafts_from(accented, extractor))
    assert isinstance(outcome, Added)
    article = outcome.article
    assert str(article.published) == "2021-09"
    assert article.language == "fr"
    assert article.title.startswith("Le fabricant de vélos Ventoux a annoncé mardi qu’il retirait")
    assert article.title.endswith("…")
    assert article.title_made
    assert article.text.startswith("Le fabricant de vélos")
    assert "30\u00a0%" in article.text
    assert article.text.count("\n\n") == 2


def test_everything_rejected_says_where_it_came_from(accented: Path, extractor: Extractor) -> None:
    (accented / "a.pdf").write_bytes(b"%PDF-1.4 broken")
    [error] = drafts_from(accented, extractor)
    assert isinstance(error, RejectedArticleError)
    assert error.origin == str(accented / "a.pdf")
