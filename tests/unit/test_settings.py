from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import Settings, environment

NAMES = [field.name.upper() for field in dataclasses.fields(Settings)]


def test_nothing_has_to_be_set() -> None:
    settings = Settings.from_env({})
    assert settings.newsdesk_data == Path("data")
    assert settings.log_level == logging.INFO
    assert settings.llm_timeout_s == 30
    assert settings.discord_cooldown_s == 3
    assert settings.discord_questions_per_day == 200
    assert settings.discord_kept_days == 365
    assert settings.discord_guild_ids == frozenset()
    optional = (
        settings.discord_token,
        settings.discord_api_url,
        settings.embedding_model,
        settings.reranker_model,
        settings.llm_model,
        settings.llm_base_url,
        settings.llm_api_key,
    )
    assert optional == (None,) * 7


def test_empty_variables_are_not_set() -> None:
    assert Settings.from_env(dict.fromkeys(NAMES, "  ")) == Settings.from_env({})


def test_every_variable_is_read() -> None:
    settings = Settings.from_env(
        {
            "NEWSDESK_DATA": "mes données",
            "LOG_LEVEL": "debug",
            "DISCORD_TOKEN": "a.b.c",
            "DISCORD_API_URL": "http://127.0.0.1:8080/api/",
            "DISCORD_COOLDOWN_S": "0",
            "DISCORD_QUESTIONS_PER_DAY": "7",
            "DISCORD_KEPT_DAYS": "30",
            "DISCORD_GUILD_IDS": "123456789012345678, 223456789012345678,",
            "DISCORD_MODERATOR_ROLE_IDS": "323456789012345678",
            "DISCORD_ADMIN_ROLE_IDS": "523456789012345678",
            "DISCORD_LOG_CHANNEL_ID": "423456789012345678",
            "EMBEDDING_MODEL": "intfloat/multilingual-e5-small",
            "RERANKER_MODEL": "some/cross-encoder",
            "LLM_MODEL": "openai:gpt:latest",
            "LLM_BASE_URL": "http://[::1]:11434/v1",
            "LLM_API_KEY": "k-1",
            "LLM_TIMEOUT_S": "2.5",
            "LLM_TOKENS_PER_DAY": "0",
            "LLM_TOKENS_PER_PERSON_PER_DAY": "9000",
        }
    )
    assert settings == Settings(
        newsdesk_data=Path("mes données"),
        log_level=logging.DEBUG,
        discord_token="a.b.c",  # noqa: S106 - no token of anybody
        discord_api_url="http://127.0.0.1:8080/api",
        discord_cooldown_s=0,
        discord_questions_per_day=7,
        discord_kept_days=30,
        discord_guild_ids=frozenset({123456789012345678, 223456789012345678}),
        discord_moderator_role_ids=frozenset({323456789012345678}),
        discord_admin_role_ids=frozenset({523456789012345678}),
        discord_log_channel_id=423456789012345678,
        embedding_model="intfloat/multilingual-e5-small",
        reranker_model="some/cross-encoder",
        llm_model="openai:gpt:latest",
        llm_base_url="http://[::1]:11434/v1",
        llm_api_key="k-1",
        llm_timeout_s=2.5,
        llm_tokens_per_day=0,
        llm_tokens_per_person_per_day=9000,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", "hunter two"),
        ("DISCORD_TOKEN", "hünter2"),
        ("LLM_API_KEY", "hunter\n2"),
        ("DISCORD_API_URL", "ftp://hunter2.example"),
        ("DISCORD_API_URL", "https://"),
        ("DISCORD_COOLDOWN_S", "-1"),
        ("DISCORD_COOLDOWN_S", "nan"),
        ("DISCORD_COOLDOWN_S", "86401"),
        ("DISCORD_QUESTIONS_PER_DAY", "-1"),
        ("DISCORD_QUESTIONS_PER_DAY", "hunter2"),
        ("DISCORD_QUESTIONS_PER_DAY", "1.5"),
        ("DISCORD_KEPT_DAYS", "0"),
        ("DISCORD_KEPT_DAYS", "36501"),
        ("DISCORD_KEPT_DAYS", "hunter2"),
        ("DISCORD_GUILD_IDS", "hunter2"),
        ("DISCORD_GUILD_IDS", "123456789012345678;hunter"),
        ("DISCORD_MODERATOR_ROLE_IDS", "@hunters"),
        ("DISCORD_LOG_CHANNEL_ID", "#hunter"),
        ("DISCORD_LOG_CHANNEL_ID", "123456789012345678 223456789012345678"),
        ("LLM_BASE_URL", "localhost:11434"),
        ("LLM_BASE_URL", "http://me:hunter2@host/v1"),
        ("DISCORD_API_URL", "https://hunter2@host/api"),
        ("LLM_BASE_URL", "http://host:notaport/"),
        ("LLM_BASE_URL", "http://[::1"),
        ("LLM_MODEL", "hunter2"),
        ("LLM_MODEL", "openai:"),
        ("LLM_MODEL", ":hunter2"),
        ("LLM_TIMEOUT_S", "hunter2"),
        ("LLM_TIMEOUT_S", "0"),
        ("LLM_TIMEOUT_S", "-1"),
        ("LLM_TIMEOUT_S", "nan"),
        ("LLM_TIMEOUT_S", "inf"),
        ("LLM_TIMEOUT_S", "601"),
        ("LLM_TOKENS_PER_DAY", "hunter2"),
        ("LLM_TOKENS_PER_PERSON_PER_DAY", "-5"),
        ("LOG_LEVEL", "hunter2"),
        ("NEWSDESK_DATA", "hunter2\0"),
    ],
)
def test_a_bad_value_is_named_by_its_variable_and_never_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})
    assert [problem.partition(" ")[0] for problem in caught.value.problems] == [name]
    assert "hunter" not in str(caught.value)


def test_all_problems_are_named_together() -> None:
    env = {"LOG_LEVEL": "loud", "LLM_MODEL": "x", "LLM_TIMEOUT_S": "soon", "LLM_BASE_URL": "x"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(env)
    assert {problem.partition(" ")[0] for problem in caught.value.problems} == set(env)


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_whatever_is_set_gives_settings_or_names_variables(env: dict[str, str]) -> None:
    problems: tuple[str, ...] = ()
    try:
        assert 0 < Settings.from_env(env).llm_timeout_s <= 600
    except SettingsError as error:
        problems = error.problems or ("nothing is named",)
    assert {problem.partition(" ")[0] for problem in problems} <= set(env)


def test_secrets_stay_out_of_the_repr() -> None:
    secrets = {"DISCORD_TOKEN": "hunter2", "LLM_API_KEY": "hunter3"}
    assert "hunter" not in repr(Settings.from_env(secrets))


def test_the_environment_comes_before_the_file(
    accented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "\ufeffLOG_LEVEL=ERROR\nNEWSDESK_DATA='été/$HOME'\nLLM_MODEL\n"
    (accented / ".env").write_text(lines, encoding="utf-8")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    settings = Settings.from_env(environment(accented))
    assert settings.log_level == logging.DEBUG
    assert settings.newsdesk_data == Path("été/$HOME")
    assert settings.llm_model is None


def test_there_need_not_be_a_file(tmp_path: Path) -> None:
    assert Settings.from_env(environment(tmp_path)) == Settings.from_env({})


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: p.write_bytes(b"A=\xff\xfe")])
def test_a_file_that_cannot_be_read_is_a_problem_of_the_settings(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    make(tmp_path / ".env")
    with pytest.raises(SettingsError, match="cannot be read"):
        environment(tmp_path)
