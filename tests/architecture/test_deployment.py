"""What the README says about Discord and systemd is right."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import discord
import pytest

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "docs" / "newsdesk.service"
NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)


def test_the_invite_link_asks_for_the_least_permissions() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    link = re.search(r"https://discord\.com/oauth2/authorize\?\S+", readme)
    assert link is not None
    asked = dict(part.split("=") for part in link[0].partition("?")[2].split("&"))
    assert asked == {
        "client_id": "APPLICATION_ID",
        "scope": "bot+applications.commands",
        "permissions": str(NEEDED.value),
    }


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze"
)
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    installed = UNIT.read_text(encoding="utf-8")
    program = re.search(r"^ExecStart=(\S+)", installed, re.MULTILINE)
    assert program is not None
    # systemd looks whether the program is there; here it is elsewhere.
    copy = tmp_path / UNIT.name
    copy.write_text(installed.replace(program[1], f'"{sys.executable}"'), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - a program of the system
        ["systemd-analyze", "verify", "--man=no", str(copy)],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, UNIT.name in done.stderr) == (0, False), done.stderr
