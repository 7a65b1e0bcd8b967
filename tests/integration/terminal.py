"""The terminal as tests drive it: the real commands, in this process, on a data folder."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import run
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


class Terminal:
    def __init__(
        self,
        data: Path,
        capture: pytest.CaptureFixture[str],
        patch: pytest.MonkeyPatch,
    ) -> None:
        self.data = data
        self._capture = capture
        self._patch = patch

    def __call__(self, *arguments: object, stdin: bytes = b"", **variables: str) -> Outcome:
        """Run one command line; `variables` are settings, and stdin is no terminal."""
        env = {"NEWSDESK_DATA": str(self.data), **variables}
        stream = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        self._capture.readouterr()
        with self._patch.context() as patch:
            patch.setattr(sys, "stdin", stream)
            code = run(
                [str(argument) for argument in arguments],
                read_settings=lambda: Settings.from_env(env),
            )
        captured = self._capture.readouterr()
        outcome = Outcome(code, captured.out, captured.err)
        assert "Traceback" not in outcome.out + outcome.err
        return outcome
