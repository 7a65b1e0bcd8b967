"""A process that is killed at any moment leaves an index that becomes what a rebuild would be."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from corpus.sqlite_store import SqliteArticleStore
from tests.integration.indexing import contents, indexer_of, rebuilt_contents

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("indexing_child.py")
KILLS = 10


def run_until_killed(folder: Path, seed: int, jobs: int, delay_s: float) -> list[str]:
    """Kill the child `delay_s` after it began its last of so many jobs; return these."""
    child = subprocess.Popen(  # noqa: S603 - our own script
        [
            sys.executable,
            str(ROOT / "tests" / "integration" / "indexing_child.py"),
            folder,
            str(seed),
        ],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert child.stdout is not None
    # The child could hang, and the test with it.
    watchdog = threading.Timer(60, child.kill)
    watchdog.start()
    begun = []
    try:
        while len(begun) < jobs:
            line = child.stdout.readline().strip()
            assert line, f"the child ended by itself with {child.wait()} after {begun}"
            begun.append(line)
        # Not to wait for a result: the kill is to fall somewhere into the job.
        threading.Event().wait(delay_s)
    finally:
        watchdog.cancel()
        child.kill()
        child.stdout.close()
        ended = child.wait()
    assert ended == -signal.SIGKILL
    return begun


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_whenever_a_process_is_killed_the_index_recovers(accented: Path) -> None:
    seeded = random.Random(20230419)
    killed_in: Counter[str] = Counter()
    for kill in range(KILLS):
        jobs, delay_s = seeded.randint(1, 5), seeded.uniform(0.0, 0.06)
        begun = run_until_killed(accented, kill, jobs, delay_s)
        killed_in[begun[-1]] += 1
        with (
            closing(SqliteArticleStore.open(accented / "corpus.sqlite")) as store,
            closing(indexer_of(store, accented)) as indexer,
        ):
            indexer.open()
            indexer.catch_up()
            assert indexer.snapshot.articles == store.statistics().articles
            recovered = contents(indexer.snapshot)
            assert recovered == rebuilt_contents(indexer), f"after {begun}"
            kept = {path.name for path in (accented / "index").glob("gen-*")}
            assert len(kept) <= 2
    assert len(killed_in) > 2, killed_in
