"""Every knob, read once from a mapping; nothing else touches the environment."""

from __future__ import annotations

import logging
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.rate_limit import LONGEST_COOLDOWN_S

_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every knob of Newsdesk. `.env.example` explains each one to the admin.

    A field has the name of its variable in lower case. None means: not set. A variable that is
    empty is not set.
    """

    newsdesk_data: Path
    log_level: int
    discord_token: str | None = field(repr=False)
    discord_api_url: str | None
    discord_cooldown_s: float
    discord_questions_per_day: int
    discord_kept_days: int
    discord_guild_ids: frozenset[int]
    discord_moderator_role_ids: frozenset[int]
    discord_admin_role_ids: frozenset[int]
    discord_log_channel_id: int | None
    embedding_model: str | None
    reranker_model: str | None
    llm_model: str | None
    llm_base_url: str | None
    llm_api_key: str | None = field(repr=False)
    llm_timeout_s: float
    llm_tokens_per_day: int
    llm_tokens_per_person_per_day: int

    @classmethod
    def from_env(cls, env: Mapping[str, str | None]) -> Self:
        """Read all variables.

        Raises:
            SettingsError: with every problem there is, not only the first.
        """
        read = _Reader(env)
        settings = cls(
            newsdesk_data=read.path("NEWSDESK_DATA", default="data"),
            log_level=read.level("LOG_LEVEL", default="INFO"),
            discord_token=read.header("DISCORD_TOKEN"),
            discord_api_url=read.url("DISCORD_API_URL"),
            discord_cooldown_s=read.seconds(
                "DISCORD_COOLDOWN_S", default=3.0, most=LONGEST_COOLDOWN_S, zero=True
            ),
            discord_questions_per_day=read.count("DISCORD_QUESTIONS_PER_DAY", default=200),
            discord_kept_days=read.count("DISCORD_KEPT_DAYS", default=365, least=1, most=36_500),
            discord_guild_ids=read.discord_ids("DISCORD_GUILD_IDS"),
            discord_moderator_role_ids=read.discord_ids("DISCORD_MODERATOR_ROLE_IDS"),
            discord_admin_role_ids=read.discord_ids("DISCORD_ADMIN_ROLE_IDS"),
            discord_log_channel_id=read.discord_id("DISCORD_LOG_CHANNEL_ID"),
            embedding_model=read.text("EMBEDDING_MODEL"),
            reranker_model=read.text("RERANKER_MODEL"),
            llm_model=read.provider_and_model("LLM_MODEL"),
            llm_base_url=read.url("LLM_BASE_URL"),
            llm_api_key=read.header("LLM_API_KEY"),
            llm_timeout_s=read.seconds("LLM_TIMEOUT_S", default=30.0, most=600.0),
            llm_tokens_per_day=read.count("LLM_TOKENS_PER_DAY", default=1_000_000),
            llm_tokens_per_person_per_day=read.count(
                "LLM_TOKENS_PER_PERSON_PER_DAY", default=100_000
            ),
        )
        read.finish()
        return settings


def environment(directory: Path) -> dict[str, str | None]:
    """Merge `directory/.env`, if there is one, under the process's environment.

    Raises:
        SettingsError: there is a `.env` that cannot be read.
    """
    dotenv = directory / ".env"
    try:
        with dotenv.open(encoding="utf-8-sig") as stream:
            values = dotenv_values(stream=stream, interpolate=False)
    except FileNotFoundError:
        values = {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{dotenv} cannot be read as UTF-8 text"]) from error
    return {**values, **os.environ}


class _Reader:
    """Reads variables one by one and keeps the problems for the end."""

    def __init__(self, env: Mapping[str, str | None]) -> None:
        self._env = env
        self._problems: list[str] = []

    def text(self, name: str) -> str | None:
        return (self._env.get(name) or "").strip() or None

    def header(self, name: str) -> str | None:
        """A secret that travels in an HTTP header, where only visible ASCII may stand."""
        value = self.text(name)
        if value is not None and not all("!" <= character <= "~" for character in value):
            self._problems.append(f"{name} contains a blank or a character that no key contains")
        return value

    def path(self, name: str, *, default: str) -> Path:
        value = self.text(name) or default
        if "\0" in value:
            self._problems.append(f"{name} must be a path")
            value = default
        return Path(value).expanduser()

    def url(self, name: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
            sound = sound and (parts.port is None or parts.port > 0)
            # It would be shown where an address is: in messages, in the log of a proxy.
            sound = sound and parts.username is None and parts.password is None
        except ValueError:
            sound = False
        if not sound:
            self._problems.append(
                f"{name} must be a URL that begins with http:// or https://, without a password"
            )
        return value.rstrip("/")

    def provider_and_model(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None:
            provider, _, model = value.partition(":")
            if not provider.strip() or not model.strip():
                self._problems.append(f"{name} must have the form provider:model")
        return value

    def count(self, name: str, *, default: int, least: int = 0, most: int = 999_999_999) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            self._problems.append(f"{name} must be a whole number from {least} to {most}")
            return default
        return int(value)

    def discord_ids(self, name: str) -> frozenset[int]:
        """What Discord copies as the ID of a server, role or channel, several apart by commas."""
        values = re.split(r"[\s,]+", self.text(name) or "")
        ids = [value for value in values if value]
        if not all(re.fullmatch(r"[0-9]{15,20}", value) for value in ids):
            self._problems.append(f"{name} must be IDs of Discord, with commas between them")
            return frozenset()
        return frozenset(map(int, ids))

    def discord_id(self, name: str) -> int | None:
        ids = self.discord_ids(name)
        if len(ids) > 1:
            self._problems.append(f"{name} must be one ID of Discord")
        return min(ids, default=None)

    def seconds(self, name: str, *, default: float, most: float, zero: bool = False) -> float:
        value = self.text(name)
        try:
            seconds = default if value is None else float(value)
        except ValueError:
            seconds = math.nan
        if not (0 < seconds <= most or (zero and seconds == 0)):
            least = "from 0" if zero else "above 0"
            self._problems.append(f"{name} must be a number of seconds {least}, at most {most:g}")
        return seconds

    def level(self, name: str, *, default: str) -> int:
        value = (self.text(name) or default).upper()
        if value not in _LEVELS:
            self._problems.append(f"{name} must be one of {', '.join(_LEVELS)}")
            value = default
        return logging.getLevelNamesMapping()[value]

    def finish(self) -> None:
        if self._problems:
            raise SettingsError(self._problems)
