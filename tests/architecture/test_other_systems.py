"""What only some systems have is used only where the code asks which system it is on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "corpus", "index", "bench", "training")
MODULES = set(
    "_posixsubprocess crypt curses fcntl grp msvcrt nis posix pty pwd readline resource spwd syslog"
    " termios tty winreg winsound _winapi".split()
)
NAMES = re.compile(
    r"os\.(?:fork\w*|exec\w+|kill|spawn\w+|killpg|mkfifo|mknod|nice|pidfd_open|sched_\w+|set[a-z]*[gu]id"
    r"|get[a-z]*[gu]id|setsid|uname|wait\w*|chown|chroot|statvfs|startfile|O_DIRECT\w*)"
    r"|signal\.(?:SIG(?!INT|TERM|ABRT|FPE|ILL|SEGV|_IGN|_DFL)\w+|alarm|setitimer|pause|pthread\w*)"
    r"|\w+\.add_signal_handler|asyncio\.open_unix\w+|asyncio\.start_unix\w+|socket\.AF_UNIX"
)
PLACES = re.compile(r"/(?:proc|dev|etc|tmp|var|usr|sys)/|[A-Z]:\\")
LACKING = re.compile("NotImplementedError|ImportError|AttributeError")
SKIPPED = re.compile(r"skipif\(.*(?:sys\.platform|os\.name|hasattr\(os)", re.DOTALL)
DIRECTIVES = re.compile(r"%[-#][a-zA-Z]")  # of strftime: "%-d" is not known everywhere


def asks_for_the_system(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return bool(re.search(r"sys\.platform|os\.name|hasattr\(os", ast.unparse(node.test)))
    if isinstance(node, ast.Try):
        caught = " ".join(ast.unparse(handler.type) for handler in node.handlers if handler.type)
        return bool(LACKING.search(caught))
    if isinstance(node, ast.With):
        entered = " ".join(ast.unparse(item) for item in node.items)
        return "suppress(" in entered and bool(LACKING.search(entered))
    return False


def bound_to_a_system(node: ast.AST) -> Iterator[str]:
    """Name what is used below a node that some systems lack, but for where the code asks."""
    if asks_for_the_system(node):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in MODULES)
    if isinstance(node, ast.ImportFrom) and node.module in MODULES:
        yield node.module
    if isinstance(node, ast.Attribute) and NAMES.fullmatch(name := ast.unparse(node)):
        yield name
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("strftime"):
        yield from DIRECTIVES.findall(ast.unparse(node))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from PLACES.findall(node.value)
    for below in ast.iter_child_nodes(node):
        yield from bound_to_a_system(below)


def bound_to_a_system_in_tests(tree: ast.Module, *, is_helper: bool = False) -> Iterator[str]:
    """Name what some systems lack in tests that are not skipped there.

    What helpers of tests do when they are called is up to these; they have to be imported.
    """
    skipped = {
        ast.unparse(name)
        for node in tree.body
        if isinstance(node, ast.Assign) and SKIPPED.search(ast.unparse(node.value))
        for name in node.targets
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            marks = {ast.unparse(one) for one in node.decorator_list} | {"pytestmark"}
            if is_helper or marks & skipped or any(map(SKIPPED.search, marks)):
                continue
        yield from (one for one in bound_to_a_system(node) if not PLACES.fullmatch(one))


def sources() -> list[Path]:
    return [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_is_bound_to_a_system_without_asking_which_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert list(bound_to_a_system(tree)) == []


TESTS = sorted((ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_test_is_bound_to_a_system_without_being_skipped_on_others(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    is_helper = not path.name.startswith("test_")
    assert list(bound_to_a_system_in_tests(tree, is_helper=is_helper)) == []


MARK = "pytest.mark.skipif(sys.platform == 'win32', reason='no signals')"


@pytest.mark.parametrize(
    ("code", "is_helper", "is_found"),
    [
        ("def test():\n    os.kill(1, 9)", False, True),
        (f"@{MARK}\ndef test():\n    os.kill(1, 9)", False, False),
        (f"signals = {MARK}\n@signals\nasync def test():\n    os.kill(1, 9)", False, False),
        (f"signals = {MARK}\nasync def test():\n    os.kill(1, 9)", False, True),
        (f"pytestmark = {MARK}\ndef test():\n    os.kill(1, 9)", False, False),
        (f"pytestmark = {MARK}\nimport resource", False, True),
        ("def limit():\n    import resource", True, False),
        ("import resource", True, True),
    ],
)
def test_such_a_test_would_be_found(code: str, is_helper: bool, is_found: bool) -> None:
    found = list(bound_to_a_system_in_tests(ast.parse(code), is_helper=is_helper))
    assert bool(found) is is_found


@pytest.mark.parametrize(
    "code",
    [
        "import resource",
        "def f():\n    from fcntl import flock",
        "os.fork()",
        "os.getuid()",
        "signal.signal(signal.SIGALRM, f)",
        "os.kill(1, signal.SIGKILL)",
        "loop.add_signal_handler(signal.SIGTERM, f)",
        "day.strftime('%-d %B')",
        "Path('/proc/self/status')",
        "if os.path.exists(x):\n    import pwd",
        "with suppress(OSError):\n    os.mkfifo(x)",
    ],
)
def test_such_code_would_be_found(code: str) -> None:
    assert list(bound_to_a_system(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "if sys.platform != 'win32':\n    import resource",
        "try:\n    loop.add_signal_handler(s, f)\nexcept NotImplementedError:\n    pass",
        "with suppress(ImportError):\n    import readline",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "day.strftime('%d')",
    ],
)
def test_code_for_every_system_would_not(code: str) -> None:
    assert list(bound_to_a_system(ast.parse(code))) == []
