"""Changes a corpus and its index until it is killed: `indexing_child.py FOLDER SEED`."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from corpus.sqlite_store import SqliteArticleStore
from index import checkpoints
from tests.integration.indexing import draft, indexer_of


def main(folder: Path, seed: int) -> None:
    """Say each job on standard output when it begins, so that a kill can fall into it."""
    seeded = random.Random(seed)
    checkpoints._TAIL_LEAST = 5  # so that checkpoints are renewed as well
    store = SqliteArticleStore.open(folder / "corpus.sqlite")
    indexer = indexer_of(store, folder)
    print("open", flush=True)  # noqa: T201 - the test reads it
    indexer.open()
    number = seed * 10_000
    while True:
        job = seeded.choice(["add", "add", "remove", "rebuild", "full", "rollback"])
        print(job, flush=True)  # noqa: T201 - the test reads it
        match job:
            case "add":
                count = seeded.randint(1, 12)
                store.add([draft(number + offset) for offset in range(count)])
                number += count
                indexer.catch_up()
            case "remove":
                here = [article.id for article in store.articles()]
                for article_id in seeded.sample(here, len(here) // 4):
                    store.remove(article_id)
                indexer.catch_up()
            case "rollback" if indexer.status().previous:
                indexer.rollback()
            case "rebuild" | "full":
                for _ in indexer.rebuild(full=job == "full"):
                    pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
