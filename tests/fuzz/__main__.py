"""`python -m tests.fuzz TARGET --seconds 300`: looks for bytes that break a target.

What it has found interesting is in build/fuzz/TARGET, where the next run begins; what broke the
target is beside it, and `python -m tests.fuzz TARGET --input FILE` tries that alone.
"""

from __future__ import annotations

import logging
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import atheris
import typer

with atheris.instrument_imports(
    include=["bot", "corpus", "htmldate", "markdown_it", "pypdf", "trafilatura", "w3lib", "yaml"]
):
    from tests.fuzz.targets import TARGETS, seeds

Name = StrEnum("Name", list(TARGETS))
_FOUND: Final = Path("build/fuzz")
_LONGEST_BYTES: Final = 4_096
_HANGS_AFTER_S: Final = 20
_MOST_MEGABYTES: Final = 2_000


def main(
    target: Name,
    seconds: Annotated[int, typer.Option(min=1, help="For how long to look.")] = 300,
    tried: Annotated[Path | None, typer.Option("--input", help="Try only this file.")] = None,
) -> None:
    """Fuzz one target; ends with what libFuzzer ends with, 0 if nothing broke."""
    if tried is not None:
        TARGETS[target](tried.read_bytes())
        return
    logging.disable()  # parsers tell of each damage
    corpus = _FOUND / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    arguments = [
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST_BYTES}",
        f"-timeout={_HANGS_AFTER_S}",
        f"-rss_limit_mb={_MOST_MEGABYTES}",
        f"-artifact_prefix={_FOUND}/{target}-",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    typer.run(main)
