"""`python -m tests.crash --kills 200 --seed 1`: the long run of the crash harness."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Annotated

import typer

from tests.crash.harness import Harness


def main(
    kills: Annotated[int, typer.Option(min=1, help="How often to kill.")] = 200,
    seed: Annotated[int, typer.Option(help="Decides deeds and moments.")] = 1,
) -> None:
    """Kill a bot at work so often, and check its data after each time."""
    with TemporaryDirectory() as folder:
        harness, began = Harness(Path(folder) / "data", seed), monotonic()
        harness.kill(kills, rebuild_every=20)
    sys.stdout.write(
        f"{kills} kills in {monotonic() - began:.0f} s with seed {seed}: nothing lost.\n"
        f"moments: {dict(harness.died_at)}\n"
        f"under way: {dict(harness.killed_in)}\n"
        f"acknowledged deeds: {harness.book.acknowledged}, articles at the end:"
        f" {len(harness.book.titles)}\n"
        f"compared with a fresh index: {harness.compared} times\n"
        f"recovery: median {median(harness.recovery_s):.2f} s, longest"
        f" {max(harness.recovery_s):.2f} s\n"
    )


if __name__ == "__main__":
    typer.run(main)
