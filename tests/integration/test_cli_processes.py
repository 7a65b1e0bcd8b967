"""Newsdesk as a process: exit codes, pipes, signals and encodings, seen from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from corpus.ingest import Ingest
from corpus.models import Draft
from corpus.sqlite_store import SqliteArticleStore

ROOT = Path(__file__).parents[2]
WITHOUT_TOKEN = {k: v for k, v in os.environ.items() if not k.startswith(("DISCORD_", "LLM_"))}
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ARTICLE = """Le vélo électrique gagne la campagne, dit l'œuvre de l'été.

À Châteauroux, la mairie a prêté cinquante vélos électriques aux habitants des villages voisins.
« Nous voulions éviter les voitures », explique l'adjointe, car le bus ne passe que deux fois.
"""


@pytest.fixture
def stored(accented: Path) -> Path:
    """A folder whose data has one article, longer than any pipe holds."""
    text = ARTICLE + "Encore une phrase, puis une autre. " * 20_000
    return storing(accented, Draft(text=text, origin="test"))


def storing(folder: Path, draft: Draft) -> Path:
    with closing(SqliteArticleStore.open(folder / "data" / "newsdesk.db")) as store:
        assert list(Ingest(store).add([draft]))
    return folder


def newsdesk(
    folder: Path, *arguments: str, stdin: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(  # noqa: S603 - our own program
        command(*arguments),
        cwd=folder,
        env=environment(variables),
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stdout + done.stderr
    return done


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def environment(variables: dict[str, str]) -> dict[str, str]:
    # Buffered, as on any machine: what is left in the buffer at the end is where pipes go wrong.
    return WITHOUT_TOKEN | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""} | variables


def test_the_data_folder_is_where_one_starts_and_settings_come_from_its_env_file(
    accented: Path,
) -> None:
    (accented / ".env").write_text("NEWSDESK_DATA=mes données\n", encoding="utf-8")
    listed = newsdesk(accented, "articles", "list")
    assert listed.returncode == 0
    assert (accented / "mes données" / "newsdesk.db").is_file()
    assert not (accented / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--help"], 0), (["articles", "show", "1"], 1), (["nonsense"], 2), ([], 2)],
)
def test_exit_codes(accented: Path, arguments: Sequence[str], code: int) -> None:
    assert newsdesk(accented, *arguments).returncode == code


def test_help_is_fast_because_it_loads_no_engine(accented: Path) -> None:
    probe = (
        "import sys; from bot.cli import run; run(['--help'], read_settings=lambda: None);"
        "heavy = {'torch', 'sqlalchemy', 'faiss', 'tantivy', 'discord', 'langchain'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", probe],
        cwd=accented,
        env=environment({}),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "variables",
    [
        C_LOCALE,
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii"},
    ],
    ids=["C locale", "latin-1", "ascii"],
)
def test_a_terminal_without_utf8(stored: Path, variables: dict[str, str]) -> None:
    shown = newsdesk(stored, "articles", "show", "1", **variables)
    assert shown.returncode == 0
    assert b"Nous voulions" in shown.stdout
    document = newsdesk(stored, "articles", "show", "1", "--json", **variables)
    assert "Châteauroux" in json.loads(document.stdout)["text"]


def test_a_file_with_an_accent_in_its_name_is_added_without_utf8(accented: Path) -> None:
    source = accented / "été.txt"
    source.write_text(ARTICLE, encoding="utf-8")
    # A model that is not there: what is told must be right where nothing can be indexed, too.
    added = newsdesk(accented, "add", source.name, **C_LOCALE, EMBEDDING_MODEL="./none")
    assert added.returncode == 0
    assert added.stdout.startswith(b"Added 1: ")
    assert b"Saved; searchable after the next catch-up." in added.stderr


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="Windows has no such terminals")
def test_a_terminal_gets_links_whole_and_words_wrapped(accented: Path) -> None:
    url = f"https://example.org/velos/{'electrique-' * 9}campagne"
    storing(accented, Draft(text=ARTICLE, origin="test", url=url))
    ours, its = os.openpty()
    with os.fdopen(ours, "rb") as screen, os.fdopen(its, "wb") as terminal:
        done = subprocess.run(  # noqa: S603 - our own program
            command("articles", "show", "1"),
            cwd=accented,
            env=environment({"TERM": "dumb"}),  # 80 columns, no colours
            stdout=terminal,
            timeout=120,
            check=False,
        )
        shown = screen.read1(65_536).decode()
    assert done.returncode == 0
    assert url in shown
    lines = [line for line in shown.split("\r\n") if "://" not in line]
    assert 60 < max(map(len, lines)) <= 80
    assert ARTICLE.split()[-15:] == " ".join(lines).split()[-15:]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_reader_that_goes_away_is_no_error(stored: Path, options: list[str]) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        command("articles", "show", "1", *options),
        cwd=stored,
        env=environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_nobody_may_be_there_to_read(stored: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nowhere:
        done = subprocess.run(  # noqa: S603 - our own program
            command("articles", "list", "--json"),
            cwd=stored,
            env=environment({}),
            stdout=nowhere,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk is always full here")
@pytest.mark.parametrize(
    "arguments", [["articles", "list"], ["articles", "show", "1", "--json"], ["--help"]]
)
def test_a_full_disk_behind_stdout_is_told_in_one_sentence(
    stored: Path, arguments: Sequence[str]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - our own program
            command(*arguments),
            cwd=stored,
            env=environment({}),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    said = b"The standard output cannot be written: no space left on device.\n"
    assert (done.returncode, done.stderr) == (1, said)


@pytest.mark.skipif(os.name == "nt", reason="Windows starts no process without streams")
@pytest.mark.parametrize(
    ("stream", "told"),
    [
        (0, b"Overwrite data/newsdesk.log? Nobody can be asked here: add --yes.\n"),
        (1, b"The standard output cannot be written: it is closed.\n"),
    ],
    ids=["stdin", "stdout"],
)
def test_a_closed_stream_is_no_surprise(stored: Path, stream: int, told: bytes) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        command("backup", "data/newsdesk.log"),
        cwd=stored,
        env=environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: os.close(stream),
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", told)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_a_newcomer_runs_it_interrupts_it_and_runs_it_again(accented: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        command("run"),
        cwd=accented,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Shells start what is in the background with the signal ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        # The chat is open when it has answered a line.
        process.stdin.write(b"why did Italy block ChatGPT?\n")
        process.stdin.flush()
        shown = b""
        while shown.count(b"\nSources\n") < 2:
            line = process.stdout.readline()
            assert line, (shown, process.stderr.read())
            shown += line
        assert b"> why did Microsoft leave Twitter?" in shown
        for _ in range(3):
            # One that comes just before the wait for a line is heard only when that ends.
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
                break
        assert process.returncode == 130
        told = process.stderr.read()
    assert b"Traceback" not in told
    assert b"discord.com/developers/applications" in told
    again = newsdesk(accented, "run")
    assert again.returncode == 0
    assert again.stdout.count(b"\nSources\n") == 1
    assert b"Importing" not in again.stderr
