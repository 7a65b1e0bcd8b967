"""The whole journey in the folders that people have, and with names that any disk can hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fakes.files import PAGE, pdf
from tests.integration.terminal import Terminal

# What Windows takes for a device or does not take at all.
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|[^\x00-\x7f]')
PROSE = (
    "The bicycle maker Ventoux said on Tuesday that it would withdraw its application from the"
    " shop of Cerise, because the shop takes thirty per cent of each sale."
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of somebody whose name is not ASCII, as `~` names it."""
    home = tmp_path / "Zoë Ünal-Œuvré 100% #1"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return home


def test_the_whole_journey_where_folders_have_accents_and_blanks(
    terminal: Terminal, home: Path
) -> None:
    articles = home / "mes articles d’été"
    articles.mkdir()
    (articles / "à lire.txt").write_text(f"date 2023-04-19 Ventoux\n\n{PROSE}", encoding="utf-8")
    (articles / "page boréale.html").write_text(PAGE, encoding="cp1252")
    (articles / "été #2.pdf").write_bytes(pdf(*(PROSE.split(", ")), "Ventoux sells bicycles."))
    data = "~/données de Zoë 50% #2"

    def newsdesk(*arguments: object) -> str:
        done = terminal(*arguments, NEWSDESK_DATA=data)
        assert done.code == 0, done.err
        return done.out

    assert "3 articles added" in newsdesk("add", articles)
    asked = ("ask", "Why did Ventoux withdraw its application from the shop of Cerise?")
    assert "thirty per cent" in newsdesk(*asked)
    newsdesk("rebuild", "--full")
    newsdesk("rebuild")
    newsdesk("rollback")
    backup = home / "sauvegarde n° 1 (100%).db"
    newsdesk("backup", backup)
    newsdesk("articles", "remove", "1", "--yes")
    newsdesk("restore", backup, "--yes")
    assert "thirty per cent" in newsdesk(*asked)
    newsdesk("doctor")

    kept = home / "données de Zoë 50% #2"
    made = [path.relative_to(kept) for path in kept.rglob("*")]
    assert Path("newsdesk.db") in made
    assert Path("index", "current") in made
    for path in made:
        assert not any(RESERVED.fullmatch(part) or FORBIDDEN.search(part) for part in path.parts)
        assert len(str(path)) < 100  # of the 260 that Windows has for all of a path
    # Where large and small letters are the same, no file is another.
    assert len({str(path).casefold() for path in made}) == len(made)
    assert {path.name for path in home.iterdir()} == {articles.name, kept.name, backup.name}
