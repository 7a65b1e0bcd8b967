"""Imported by the process that lives are forked from."""

from __future__ import annotations

from tests.crash import engine
from tests.crash import life as life

engine.warm_up()
