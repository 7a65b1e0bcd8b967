"""Extraction in a real process of its own, with files that mean harm."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.errors import DamagedFileError, ExtractionFailedError, RejectedArticleError
from corpus.extracting import extract
from corpus.extractor import Extractor
from corpus.models import Draft
from tests.fakes.files import BOMB, PAGE, pdf, pdf_bomb

ROOT = Path(__file__).parents[2]
FILES: dict[str, tuple[bytes, str, str | None]] = {
    "text": (b"date 2023-04 A title\n\nSome words.", "a.txt", None),
    "Markdown": (
        "---\ntitle: Été\ndate: 2023-04-19\ntopics: [a, b]\nid: 7\n---\nDes mots.".encode(),
        "a.md",
        None,
    ),
    "HTML": (PAGE.encode(), "a.html", None),
    "a page of the web": (PAGE.encode(), "https://example.org/a?b=1", "text/html; charset=utf-8"),
    "PDF": (pdf("Une ligne.", "Une autre.", Title="Boréal", Author="A. B."), "a.pdf", None),
    "a name of no text": (b"Words.", os.fsdecode(b"\xff.txt"), None),
    "half a pair": (rb"\ud800 & words", "a.txt", None),
    "nothing": (b"", "a.txt", None),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "a.png", None),
    "a broken PDF": (b"%PDF-1.7\n%\xff\xff\n1 0", "a.pdf", None),
    "too much": (b"x" * 20_000_001, "a.txt", None),
}


def outcome(read: Callable[..., Draft], data: bytes, name: str, kind: str | None) -> object:
    try:
        return read(data, name=name, content_type=kind, url=name if "://" in name else None)
    except RejectedArticleError as error:
        return type(error), vars(error)


@pytest.mark.parametrize(("data", "name", "kind"), FILES.values(), ids=FILES)
def test_the_other_process_reads_what_this_one_would(
    extractor: Extractor, data: bytes, name: str, kind: str | None
) -> None:
    found = outcome(extractor.extract, data, name, kind)
    assert found == outcome(extract, data, name, kind)
    assert extractor.extract(b"Words.", name="b.txt").text == "Words."


def test_what_takes_too_long_is_left_and_the_next_is_read() -> None:
    with closing(Extractor(seconds=1)) as extractor, ThreadPoolExecutor(1) as thread:
        with pytest.raises(ExtractionFailedError) as caught, closing(extractor):
            thread.submit(extractor.extract, BOMB, name="a.html").result(60)
        assert caught.value.origin == "a.html"
        assert caught.value.reason == "it takes longer than 1 seconds"
        assert extractor.extract(b"Words.", name="b.txt").text == "Words."


@pytest.mark.skipif(sys.platform == "win32", reason="memory is not limited there")
@pytest.mark.parametrize("name", ["a.txt", "a.pdf"])
def test_what_takes_too_much_memory_is_left_and_the_next_is_read(name: str) -> None:
    head = b"%PDF-1.7\n" if name == "a.pdf" else b""
    with closing(Extractor(memory_bytes=120_000_000)) as extractor:
        with pytest.raises(ExtractionFailedError) as caught:
            extractor.extract(head + b"word " * 3_900_000, name=name)
        assert caught.value.reason == "it takes more than 120 MB of memory"
        assert extractor.extract(b"Words.", name="b.txt").text == "Words."


@pytest.mark.parametrize(("megabytes", "layers"), [(300, 1), (400, 2)])
def test_a_pdf_that_unpacks_to_a_thousand_times_its_size_is_refused_and_the_next_is_read(
    extractor: Extractor, megabytes: int, layers: int
) -> None:
    bomb = pdf_bomb(megabytes, layers=layers)
    assert len(bomb) * 500 < megabytes * 1_000_000
    with pytest.raises((DamagedFileError, ExtractionFailedError)) as caught:
        extractor.extract(bomb, name="a.pdf")
    assert caught.value.origin == "a.pdf"
    assert extractor.extract(b"Words.", name="b.txt").text == "Words."


def test_a_pdf_whose_many_words_take_too_long_is_left_and_the_next_is_read() -> None:
    with closing(Extractor(seconds=1)) as extractor:
        with pytest.raises(ExtractionFailedError) as caught:
            extractor.extract(pdf_bomb(50), name="a.pdf")
        assert caught.value.reason == "it takes longer than 1 seconds"
        assert extractor.extract(b"Words.", name="b.txt").text == "Words."


def test_a_process_that_has_ended_is_replaced() -> None:
    with closing(Extractor()) as extractor:
        assert extractor.extract(b"Words.", name="a.txt")
        first = extractor._process
        assert first is not None
        first.kill()
        first.wait()
        assert extractor.extract(b"Words.", name="a.txt").text == "Words."
        assert extractor._process is not first


def test_after_many_articles_the_process_is_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.extractor._ARTICLES_PER_PROCESS", 2)
    with closing(Extractor()) as extractor:
        processes = []
        for _ in range(5):
            extractor.extract(b"Words.", name="a.txt")
            processes.append(extractor._process)
        assert [one is processes[0] for one in processes] == [True, True, False, False, False]
        assert processes[3] is not processes[4]


def test_threads_get_each_its_own_article(extractor: Extractor) -> None:
    texts = [f"Words of {number}. " * number for number in range(1, 40)]
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda text: extractor.extract(text.encode(), name="a.txt"), texts)
    assert [draft.text for draft in found] == [text.strip() for text in texts]


def test_closing_ends_what_is_being_read() -> None:
    extractor = Extractor(seconds=600)
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(extractor.extract, BOMB, name="a.html")
        while extractor._process is None:
            pass
        extractor.close()
        with pytest.raises(ExtractionFailedError):
            reading.result(60)


def test_nothing_of_the_folder_in_which_one_stands_is_run(
    accented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "lxml", "corpus"):
        (accented / f"{name}.py").write_text("raise SystemExit(1)", encoding="ascii")
    monkeypatch.chdir(accented)
    with closing(Extractor()) as extractor:
        assert extractor.extract(PAGE.encode(), name="a.html").outlet == "Le Fil"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_secret_of_the_environment_is_lent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a.secret.token")
    with closing(Extractor()) as extractor:
        extractor.extract(b"Words.", name="a.txt")
        assert extractor._process is not None
        environment = Path(f"/proc/{extractor._process.pid}/environ").read_bytes()
    assert b"PYTHONPATH" in environment
    assert b"DISCORD_TOKEN" not in environment


PARENT = """
import sys
from corpus.extractor import Extractor
from tests.fakes.files import BOMB
extractor = Extractor(seconds=float(sys.argv[1]))
extractor.extract(b"Words.", name="a.txt")
child = extractor._process
class Told:
    def __getattr__(self, name):
        return getattr(stream, name)
    def flush(self):
        stream.flush()
        print(child.pid, flush=True)
stream, child.stdin = child.stdin, Told()
if sys.argv[2] == "reading":
    extractor.extract(BOMB, name="a.html")
child.stdin.flush()
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="no other way to wait for a stranger")
@pytest.mark.parametrize("state", ["waiting", "reading"])
def test_the_process_ends_with_the_one_that_asks_it(state: str) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", PARENT, "1", state],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        try:
            assert select.select([child], [], [], 0)[0] == []
            parent.send_signal(signal.SIGKILL)
            assert select.select([child], [], [], 30)[0] == [child]
        finally:
            os.close(child)


@given(
    st.sampled_from(
        [
            (PAGE.encode(), "a.html"),
            (pdf("Une ligne.", "Une autre.", Title="Boréal"), "a.pdf"),
            (b"---\ntitle: x\ndate: 2023\ntopics: [a, b]\n---\n# T\n\n- *a* [b](c)\n", "a.md"),
            (b"date 2023-04 A title\n\nSome words.", "a.txt"),
        ]
    ),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.binary(max_size=8)), max_size=6),
)
def test_whatever_is_changed_in_a_file_it_is_read_or_rejected(
    extractor: Extractor, file: tuple[bytes, str], changes: list[tuple[float, int, bytes]]
) -> None:
    data, name = file
    for place, length, put in changes:
        at = int(place * len(data))
        data = data[:at] + put + data[at + length :]
    assert_read_or_rejected(extractor, data, name)


VALUES = st.sampled_from(
    ["0x" + "f" * 5_000, "1:2:3", ".inf", "~", "[x, [y]]", "{a: b}", "&a x", "*a", "!!python/x y",
     "2023-13-45", "1e999", "|\n  x", "- x", "'", '"', "%", "é", "\0", "true", "9" * 5_000]
) | st.text(max_size=8)  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["title", "author", "date", "url", "id", "topics", "language"])
            | VALUES,
            VALUES,
        ),
        max_size=5,
    )
)
@example([("date", "0x" + "f" * 5_000)])
@example([("id", "0x" + "f" * 5_000)])
@example([("? 0x" + "f" * 5_000, "x")])
def test_whatever_stands_in_front_matter_it_is_read_or_rejected(
    extractor: Extractor, fields: list[tuple[str, str]]
) -> None:
    matter = "".join(f"{key}: {value}\n" for key, value in fields)
    text = f"---\n{matter}---\n\nSome words."
    assert_read_or_rejected(extractor, text.encode("utf-8", "surrogatepass"), "a.md")


TAGS = st.sampled_from(
    ["<div>", "</div>", "<p>", "<table>", "<td>", "<article>", "<!--", "-->", "<![CDATA[", "<br/>",
     "<script type='application/ld+json'>{", "</script>", "<meta charset=utf-7>", "<title>",
     "<meta property='article:published_time' content='", "'>", "<link rel=canonical href='http://[",
     "<html lang=fr>", "<svg>", "<template>",
     "&#xd800;", "&#0;", "&bomb;", "<a href='//'>", "x " * 40]
) | st.text(max_size=8)  # fmt: skip


@given(st.lists(TAGS, max_size=30).map("".join))
def test_whatever_a_page_is_made_of_it_is_read_or_rejected(extractor: Extractor, page: str) -> None:
    data = f"<!doctype html><html>{page}".encode("utf-8", "surrogatepass")
    assert_read_or_rejected(extractor, data, "https://example.org/a")


def assert_read_or_rejected(extractor: Extractor, data: bytes, name: str) -> None:
    """An `ExtractionFailedError` would be a fault of ours: these files are small."""
    try:
        draft = extractor.extract(data, name=name, url=name if "://" in name else None)
    except ExtractionFailedError:
        raise
    except RejectedArticleError:
        return
    assert draft.text.strip()
