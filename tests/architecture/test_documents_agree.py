"""What documents promise is what the code has."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import typer
from dotenv import dotenv_values

from bot.cli import commands
from bot.settings import Settings

ROOT = Path(__file__).parents[2]


def command_names() -> list[str]:
    group = typer.main.get_command(commands)
    found = []
    for name, command in group.commands.items():
        below = getattr(command, "commands", None)
        found += [f"{name} {child}" for child in below] if below else [name]
    return found


def test_the_example_settings_are_the_settings() -> None:
    named = dotenv_values(ROOT / ".env.example")
    assert set(named) == {f.name.upper() for f in dataclasses.fields(Settings)}


def test_the_example_settings_are_the_defaults() -> None:
    assert Settings.from_env(dotenv_values(ROOT / ".env.example")) == Settings.from_env({})


def test_each_example_setting_is_explained_above_it() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for block in text.split("\n\n")[1:]:
        *comments, assignment = block.strip().splitlines()
        assert comments, assignment
        assert all(line.startswith("# ") for line in comments), assignment


def test_the_readme_names_every_setting_and_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for field in dataclasses.fields(Settings):
        assert f"`{field.name.upper()}`" in readme
    for name in command_names():
        assert f"newsdesk {name}" in readme


def test_all_promised_commands_are_there() -> None:
    promised = """run chat ask search add import rebuild rollback status doctor backup restore"""
    articles = ["articles list", "articles show", "articles remove"]
    assert set(command_names()) >= {*promised.split(), *articles}


@pytest.mark.parametrize("name", command_names())
def test_each_command_and_each_of_its_parameters_has_help(name: str) -> None:
    command = typer.main.get_command(commands)
    for part in name.split():
        command = command.commands[part]
    assert re.match(r"[A-Z][^.]*\.", command.help or "")
    assert all(getattr(parameter, "help", None) for parameter in command.params)


@pytest.mark.parametrize("name", sorted({*command_names()} - {"run", "chat"}))
def test_each_command_that_ends_by_itself_speaks_to_programs(name: str) -> None:
    command = typer.main.get_command(commands)
    for part in name.split():
        command = command.commands[part]
    assert any("--json" in parameter.opts for parameter in command.params)


def test_versions_are_exact_and_name_no_host() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line)
