"""What the benches tell is all that they measured."""

from pathlib import Path

import pytest

from bench.growth import DRAWN, draw
from bench.tables import write_table


def test_a_table_has_each_figure_of_each_column(capsys: pytest.CaptureFixture[str]) -> None:
    write_table({"1,000": {"open (s)": 0.0125}, "10,000": {"open (s)": 1234.5, "disk (MB)": 80.0}})
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines() if line.strip()]
    told = [[cell.strip() for cell in row[1:-1]] for row in rows]
    assert told[0] == ["", "1,000", "10,000"]
    assert told[2:] == [["open (s)", "0.013", "1,234"], ["disk (MB)", "", "80.000"]]


def test_a_picture_of_growth_names_each_figure_that_is_drawn(tmp_path: Path) -> None:
    names = [name for names in DRAWN.values() for name in names]
    draw({size: dict.fromkeys(names, size / 10) for size in (1_000, 10_000)}, tmp_path / "g.svg")
    picture = (tmp_path / "g.svg").read_text(encoding="utf-8")
    assert [name for name in names if f"<!-- {name} -->" not in picture] == []
