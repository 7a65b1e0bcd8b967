from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.logs import LOG_NAME, interaction_id, set_up_logging
from bot.workers import Worker


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
    for handler in ours():
        root.removeHandler(handler)
        handler.close()


def ours() -> list[logging.Handler]:
    return [one for one in logging.getLogger().handlers if one.get_name() == "newsdesk"]


def test_lines_carry_the_id_of_the_request_through_threads(accented: Path) -> None:
    set_up_logging(accented, logging.INFO, to_terminal=False)
    log, worker = logging.getLogger("index.somewhere"), Worker("index")

    async def request() -> None:
        interaction_id.set("r-42")
        await worker.run(log.info, "found %d passages", 7)

    asyncio.run(request())
    worker.close()
    text = (accented / LOG_NAME).read_text(encoding="utf-8")
    assert "INFO index_0 [r-42] index.somewhere: found 7 passages" in text


def test_setting_it_up_again_does_not_double_the_lines(tmp_path: Path) -> None:
    for _ in range(2):
        set_up_logging(tmp_path, logging.INFO, to_terminal=False)
    logging.getLogger("bot").info("once")
    assert (tmp_path / LOG_NAME).read_text(encoding="utf-8").count("once") == 1


def test_the_level_holds_for_our_rooms_and_others_only_warn(tmp_path: Path) -> None:
    set_up_logging(tmp_path, logging.DEBUG, to_terminal=False)
    logging.getLogger("corpus").debug("ours")
    logging.getLogger("httpx").info("theirs")
    text = (tmp_path / LOG_NAME).read_text(encoding="utf-8")
    assert "ours" in text
    assert "theirs" not in text


def test_where_no_file_can_be_the_terminal_gets_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging(tmp_path / "missing", logging.INFO, to_terminal=False)
    logging.getLogger("bot").info("still told")
    assert "still told" in capsys.readouterr().err


def test_a_path_that_is_no_text_can_be_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging(tmp_path, logging.INFO, to_terminal=False)
    name = b"\xe9t\xe9".decode("ascii", "surrogateescape")
    [handler] = ours()  # pytest's own would send the name to where it cannot be written
    handler.handle(logging.makeLogRecord({"name": "bot", "msg": f"cannot read {name}"}))
    assert r"cannot read \udce9t\udce9" in (tmp_path / LOG_NAME).read_text(encoding="utf-8")
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_full_disk_is_told_once_and_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / LOG_NAME
    path.symlink_to("/dev/full")
    set_up_logging(tmp_path, logging.INFO, to_terminal=False)
    for number in range(3):
        logging.getLogger("bot").info("line %d", number)
    assert capsys.readouterr().err == f"{path} cannot be written: no space left on device.\n"


def test_a_mistake_of_ours_in_a_line_is_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging(tmp_path, logging.INFO, to_terminal=False)
    [handler] = [h for h in logging.getLogger().handlers if h.get_name() == "newsdesk"]
    handler.handle(logging.makeLogRecord({"msg": "line %d", "args": ("one",)}))
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("is_open_elsewhere", [False, True])
def test_a_full_log_is_put_aside_and_nothing_is_lost_where_it_cannot_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_open_elsewhere: bool,
) -> None:
    monkeypatch.setattr(logs, "_MOST_BYTES", 300)
    if is_open_elsewhere:
        monkeypatch.setattr(Path, "rename", refused)  # as Windows does
        monkeypatch.setattr(os, "rename", refused)
    set_up_logging(tmp_path, logging.INFO, to_terminal=False)
    for number in range(4):
        logging.getLogger("bot").info("line %d %s", number, "x" * 80)
    kept = [path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())]
    assert len(kept) == (1 if is_open_elsewhere else 2)
    assert all(f"line {number} " in "".join(kept) for number in range(4))
    assert capsys.readouterr().err == ""


def refused(*_: object) -> None:
    raise PermissionError(13, "The process cannot access the file because it is being used")
