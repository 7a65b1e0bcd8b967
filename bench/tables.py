"""Figures as a table, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

Figures: TypeAlias = dict[str, float]

_TOLD_WHOLE: Final = 100
_CHARACTERS: Final = 160


def write_table(columns: Mapping[str, Figures]) -> None:
    """Write figures to stdout, a column for each of what was measured."""
    table = Table(box=MARKDOWN)
    table.add_column()
    for name in columns:
        table.add_column(name, justify="right")
    for row in dict.fromkeys(row for figures in columns.values() for row in figures):
        values = (figures.get(row) for figures in columns.values())
        table.add_row(row, *("" if value is None else _told(value) for value in values))
    Console(width=_CHARACTERS).print(table)


def write_json(figures: object, file: Path) -> None:
    """Write figures into a file, and make its folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _told(value: float) -> str:
    return f"{value:,.{0 if abs(value) >= _TOLD_WHOLE else 3}f}"
