"""`ask` and `chat` as a person and a program see them; what answers is told what to say."""

from __future__ import annotations

import pytest

from bot.answering.errors import EmptyQuestionError
from bot.app import App
from bot.terminal.console import Growing
from tests.fakes.answers import ScriptedAnswers, abstained, answered
from tests.integration.terminal import Terminal


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> ScriptedAnswers:
    answers = ScriptedAnswers()
    monkeypatch.setattr(App, "answers", answers)
    return answers


def test_an_answer_is_printed_with_its_sources(
    terminal: Terminal, answers: ScriptedAnswers
) -> None:
    asked = terminal("ask", "why", "did Microsoft", "leave?")
    assert asked.code == 0
    assert answers.asked == ["why did Microsoft leave?"]
    assert asked.out.startswith("The new fee was too high. [1]\n\nSources\n[1] Microsoft drops")
    assert asked.err == ""


@pytest.mark.parametrize("command", ["ask", "chat"])
def test_what_is_written_so_far_is_for_the_eyes_of_a_person_only(
    terminal: Terminal, answers: ScriptedAnswers, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(Growing, "show", lambda _, text: shown.append(text.plain))
    answers.grows = [answered("One. [1]")]
    question = ("ask", "why?") if command == "ask" else ("chat",)
    told = terminal(*question, stdin=b"why?\n")
    assert [text.partition("\n")[0] for text in shown] == ["One. [1]"]
    assert "One." not in told.out
    assert terminal("ask", "why?", "--json").json["answered"] is True
    assert len(shown) == 1


def test_long_lines_are_left_whole_for_whoever_reads_the_pipe(
    terminal: Terminal, answers: ScriptedAnswers
) -> None:
    answers.answer_given = answered("word " * 100 + "[1]")
    assert "word " * 100 + "[1]\n" in terminal("ask", "why?").out


def test_not_knowing_is_an_answer(terminal: Terminal, answers: ScriptedAnswers) -> None:
    answers.answer_given = abstained()
    asked = terminal("ask", "why?")
    assert asked.code == 0
    assert asked.out.startswith("I have nothing on this.")


def test_nothing_but_json_is_on_stdout(terminal: Terminal, answers: ScriptedAnswers) -> None:
    answers.answer_given = answered(fallback="The model is away.")
    asked = terminal("ask", "why?", "--json")
    assert asked.json["answered"] is True
    assert asked.out.count("\n") == 1
    assert asked.err == "The model is away.\n"


def test_a_chat_answers_each_line_until_the_input_ends(
    terminal: Terminal, answers: ScriptedAnswers
) -> None:
    lines = "Why did Bing grow?\n\n  \net d'été ?\nWho runs Mastodon?"
    chat = terminal("chat", stdin=lines.encode())
    assert chat.code == 0
    assert answers.asked == ["Why did Bing grow?", "et d'été ? (Bing grow)", "Who runs Mastodon?"]
    assert chat.out.count("Sources") == 3
    assert chat.out.count("Understood as: et d'été ? (Bing grow)\n\nThe new fee") == 1


def test_a_question_that_fails_does_not_end_the_chat(
    terminal: Terminal, answers: ScriptedAnswers
) -> None:
    answers.answer_given = EmptyQuestionError()
    chat = terminal("chat", stdin=b"?!\n!?\n")
    assert chat.code == 0
    assert chat.err.count("There is no word in this question.") == 2


def test_input_that_is_no_utf8_is_read_as_far_as_it_can(
    terminal: Terminal, answers: ScriptedAnswers
) -> None:
    chat = terminal("chat", stdin="où est l'été ?\n".encode("latin-1"))
    assert chat.code == 0
    assert "est l'" in answers.asked[0]


def test_run_without_a_token_answers_an_example_and_opens_the_chat(
    terminal: Terminal, answers: ScriptedAnswers
) -> None:
    terminal("add", "-", stdin=b"One article is enough for this test of the first start. " * 5)
    ran = terminal("run", stdin=b"mine?\n")
    assert ran.code == 0
    assert answers.asked == ["why did Microsoft leave Twitter?", "mine?"]
    assert "discord.com/developers/applications" in ran.err
    assert ".env" in ran.err
    listed = terminal("articles", "list", "--json").json
    assert len(listed) == 1


def test_run_with_a_token_serves_discord_and_passes_its_exit_code_on(
    terminal: Terminal, answers: ScriptedAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []

    async def serve(app: App, token: str) -> int:
        served.append(token)
        assert app.answers is answers
        return 1

    monkeypatch.setattr("bot.serving.serve", serve)
    terminal("add", "-", stdin=b"One article is enough for this test of the first start. " * 5)
    ran = terminal("run", DISCORD_TOKEN="a.b.c")  # noqa: S106 - no token of anybody
    assert ran.code == 1
    assert served == ["a.b.c"]
    assert answers.asked == []
