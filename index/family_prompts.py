"""Prompts that model cards ask for, of families whose published files leave them out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

_TASK: Final = "Given a web search query, retrieve relevant passages that answer the query"
_FAMILIES: Final = (
    (r"e5\b.*\binstruct", {"query": f"Instruct: {_TASK}\nQuery: "}),
    (r"e5", {"query": "query: ", "document": "passage: "}),
    (
        r"bge-(?:small|base|large)-en",
        {"query": "Represent this sentence for searching relevant passages: "},
    ),
    (
        r"bge-(?:small|base|large)-zh(?!-noinstruct)",
        {"query": "为这个句子生成表示以用于检索相关文章："},
    ),
    (r"bge-multilingual-gemma2", {"query": f"<instruct>{_TASK}\n<query>"}),
)


def family_prompts(*names: str) -> dict[str, str]:
    """Return the prompts of the family that the first telling name of a model belongs to."""
    for name in names:
        last = Path(name).name.lower().replace("_", "-")
        for family, prompts in _FAMILIES:
            if re.search(rf"\b(?:{family})\b", last):
                return prompts
    return {}


def names_of(folder: Path) -> tuple[str, ...]:
    """Return what a model in a folder may be called: by the folder, the hub's cache, itself."""
    cached = [part for part in folder.absolute().parts if part.startswith("models--")]
    config = folder / "config.json"
    known = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
    return (folder.name, *cached, str(known.get("_name_or_path", "")))
