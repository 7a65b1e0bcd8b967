"""The locks hold what pyproject.toml asks for, in the versions of constraints.txt, with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN = PROJECT["dependencies"]
DEV = [*RUN, *PROJECT["optional-dependencies"]["dev"]]
# Pinned by its version alone: its build, and so its hash, differs from place to place.
UNLOCKED = {"torch"}


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """Read the version and the hashes of each package of a lock."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line[:1] not in {"", "#"}]
    found = {}
    for line in lines:
        whole = re.fullmatch(r"([\w.-]+)==(\S+)((?:\s+--hash=sha256:[0-9a-f]{64})+)", line.rstrip())
        assert whole is not None, line[:80]
        found[canonicalize_name(whole[1])] = (whole[2], whole[3].split())
    return found


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins}


@pytest.mark.parametrize(
    ("name", "wanted"), [("requirements.lock", RUN), ("requirements-dev.lock", DEV)]
)
def test_a_lock_has_all_that_is_asked_for_in_the_pinned_versions(
    name: str, wanted: list[str]
) -> None:
    lock, pins = locked(name), pinned()
    for asked in map(Requirement, wanted):
        package = canonicalize_name(asked.name)
        if package not in UNLOCKED:
            assert package in lock, f"{package} is missing: make lock"
            assert asked.specifier.contains(lock[package][0]), f"{asked}: make lock"
    assert not UNLOCKED & set(lock)
    assert set(lock) <= set(pins), "write into constraints.txt what `pip freeze` shows"
    assert {package: pins[package] for package in lock} == {
        package: version for package, (version, _) in lock.items()
    }, "make lock"


def test_the_larger_lock_agrees_with_the_smaller() -> None:
    small, large = locked("requirements.lock"), locked("requirements-dev.lock")
    assert small.items() <= large.items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "constraints.txt"])
def test_no_lock_names_a_host_or_a_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(r"://|@ |--(?:index|extra|find|trusted)|\+cpu|\+cu", text) is None
