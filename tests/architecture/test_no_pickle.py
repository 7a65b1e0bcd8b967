"""Nothing is read or written whose reading may run code: no pickle, in no form."""

from __future__ import annotations

import ast
import io
import pickle
import pickletools
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.article_store import MemoryArticleStore
from tests.integration.indexing import draft, indexer_of

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "index", "corpus", "training", "bench")
MODULES = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
# Each reads or writes pickles, or code, unless told otherwise.
CALLS = {
    ("torch", "load"),
    ("torch", "save"),
    ("pd", "read_pickle"),
    ("yaml", "load"),
    ("yaml", "unsafe_load"),
    ("FAISS", "load_local"),
}
SHIPPED = ("index", "corpus", "bot")


def findings(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [one.name for one in names if one.name.partition(".")[0] in MODULES]
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in MODULES:
                found.append(module)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)) if (
                name,
                attribute,
            ) in CALLS:
                found.append(f"{name}.{attribute}")
            case ast.keyword(arg="allow_pickle" | "allow_dangerous_deserialization" as name):
                if not (isinstance(node.value, ast.Constant) and node.value.value is False):
                    found.append(str(name))
    return found


def is_pickle(data: bytes) -> bool:
    """Tell whether bytes are a pickle from their first to their last, or an archive with one."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(is_pickle(archive.read(name)) for name in archive.namelist())
    # NumPy writes its arrays of objects as a header and a pickle.
    body = data[data.find(b"\n") + 1 :] if data.startswith(b"\x93NUMPY") else data
    if not body.endswith(b".") or len(body) < 4:
        return False
    try:
        for _ in pickletools.genops(body):
            pass
    except (ValueError, UnicodeDecodeError, IndexError):
        return False
    return True


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_or_calls_what_unpickles(room: str) -> None:
    for path in sorted((ROOT / room).rglob("*.py")):
        assert findings(path.read_text(encoding="utf-8")) == [], path.name


def test_what_is_looked_for_would_be_found() -> None:
    assert findings("import pickle\nfrom joblib.x import y\ntorch.load('x')") != []
    assert findings("np.load('x', allow_pickle=True)") == ["allow_pickle"]
    assert findings("np.load('x', allow_pickle=False)") == []
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert is_pickle(pickle.dumps({"a": [1, 2]}, protocol=protocol))
    assert not is_pickle(b"Some text, with a full stop at its end.")


def test_no_shipped_file_is_a_pickle() -> None:
    for room in SHIPPED:
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and path.suffix not in {".py", ".pyc"}:
                assert not is_pickle(path.read_bytes()), path.name


def test_nothing_that_the_index_writes_is_a_pickle(tmp_path: Path) -> None:
    articles = MemoryArticleStore()
    articles.add([draft(number) for number in range(3)])
    with closing(indexer_of(articles, tmp_path)) as indexer:
        indexer.open()
        articles.add([draft(9)])
        indexer.catch_up()
        for _ in indexer.rebuild(full=True):
            pass
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        assert not is_pickle(path.read_bytes()), path.name
