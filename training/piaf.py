"""Split PIAF for training, fitting and checking: `python -m training.piaf PIAF_FOLDER OUT_FOLDER`.

PIAF 1.0 (Keraron et al. 2020, arXiv 2007.00968) has French questions on paragraphs of Wikipedia.
`training/sets/piaf-questions.jsonl` adds their English translations, and questions in both
languages that look alike but that no paragraph answers. OUT_FOLDER gets three question sets,
`train`, `fit` and `check`, that share no Wikipedia article.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

WRITTEN: Final = Path(__file__).parent / "sets" / "piaf-questions.jsonl"
SHARES: Final = {"train": 6, "fit": 2, "check": 2}
_NUMBERED: Final = re.compile(r" \(\d+\)$")

Line = dict[str, Any]


def part_of(title: str) -> str:
    """The part that the paragraphs of a Wikipedia article fall to, the same one each time."""
    parts = [name for name, share in SHARES.items() for _ in range(share)]
    return parts[zlib.crc32(_NUMBERED.sub("", title).encode()) % len(parts)]


def parts(
    articles: list[Line], questions: list[Line], written: list[Line]
) -> dict[str, list[Line]]:
    """Sort the questions of PIAF, and those written for it, into parts."""
    of_paragraph: dict[str, list[Line]] = defaultdict(list)
    for question in questions:
        of_paragraph[question["article_ids"][0]].append(question)
    added = {line["id"]: line for line in written}
    sorted_: dict[str, list[Line]] = {name: [] for name in SHARES}
    for article in articles:
        own = of_paragraph[article["id"]]
        line = added.get(article["id"], {"english": [], "unanswerable": []})
        part = sorted_[part_of(article["title"])]
        for place, question in enumerate(own):
            english = line["english"][place] if line["english"] else None
            part.append(question | {"translation": english})
        part += _unanswerable(article["id"], line["unanswerable"])
    return sorted_


def _unanswerable(paragraph: str, written: list[Line]) -> Iterator[Line]:
    for number, line in enumerate(written):
        yield line | {
            "id": f"{paragraph}-{number}",
            "answerable": False,
            "article_ids": [],
            "pair": f"{line['lang']}2none",
        }


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _write(path: Path, lines: list[Line]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")


def main(
    piaf: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    out: Annotated[Path, typer.Argument(help="Folder to make.")],
) -> None:
    """Write the three question sets."""
    articles = _read(piaf / "articles.jsonl")
    sorted_ = parts(articles, _read(piaf / "questions.jsonl"), _read(WRITTEN))
    for name, questions in sorted_.items():
        (out / name).mkdir(parents=True, exist_ok=True)
        own = [article for article in articles if part_of(article["title"]) == name]
        _write(out / name / "articles.jsonl", own)
        _write(out / name / "questions.jsonl", questions)
        typer.echo(f"{name}: {len(own)} paragraphs, {len(questions)} questions")


if __name__ == "__main__":
    typer.run(main)
