"""A follow-up takes along what it lacks; a question on something else takes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import in_context

LEFT = "Why did Microsoft leave Twitter?"
QUITTE = "Pourquoi Microsoft a-t-il quitté Twitter ?"


@pytest.mark.parametrize(
    ("earlier", "question", "understood"),
    [
        ([], " when? ", "when?"),
        ([LEFT], "when?", "when? (Microsoft leave Twitter)"),
        ([LEFT], "And what did Musk say?", "And what did Musk say? (Microsoft leave Twitter)"),
        ([LEFT], "Did it sue?", "Did it sue? (Microsoft leave Twitter)"),
        ([LEFT, "when?"], "who says so?", "who says so? (Microsoft leave Twitter)"),
        ([QUITTE], "et quand ?", "et quand ? (Microsoft quitté Twitter)"),
        ([QUITTE], "Cela coûte combien ?", "Cela coûte combien ? (Microsoft quitté Twitter)"),
        ([QUITTE], "Auprès de qui ?", "Auprès de qui ? (Microsoft quitté Twitter)"),
        (["Is the AI Act ready?"], "What are the fines?", "What are the fines? (AI Act ready)"),
    ],
)  # fmt: skip
def test_what_a_follow_up_lacks_is_carried_over(
    earlier: list[str], question: str, understood: str
) -> None:
    assert in_context(earlier, question) == understood


@pytest.mark.parametrize(
    ("before", "question", "understood"),
    [
        (LEFT, "And Google?", "Why did Google leave Twitter?"),
        ("Who fired Sam Altman?", "What about Elon Musk?", "Who fired Elon Musk?"),
        ("What does the Twitter API cost?", "and Reddit?", "What does the Reddit API cost?"),
        ("Google fait-il payer la sortie ?", "Et Amazon ?", "Amazon fait-il payer la sortie ?"),
        ("Who is the CEO of Twitter?", "And of Mastodon?", "Who is the CEO of Mastodon?"),
        ("Who is the CEO of Twitter?", "And Mastodon?", "Who is the CEO of Mastodon?"),
        ("Did OpenAI fire Sam Altman?", "And Ilya Sutskever?", "Did OpenAI fire Ilya Sutskever?"),
        ("What did Apple say in March 2024?", "And in April?", "What did Apple say in April 2024?"),
        ("Qui dirige Mastodon ?", "Quid de Bluesky ?", "Qui dirige Bluesky ?"),
        ("La CNIL a-t-elle puni Google ?", "Et Apple ?", "La CNIL a-t-elle puni Apple ?"),
        (
            "Que reproche la CNIL à Google ?",
            "Et à Apple ?",
            "Que reproche la CNIL à Apple ?",
        ),
        (
            "Quelle amende la CNIL a-t-elle infligée à Google ?",
            "Et Apple ?",
            "Quelle amende la CNIL a-t-elle infligée à Apple ?",
        ),
        ("why?", "And Google?", "And Google?"),
    ],
)
def test_another_name_takes_the_place_of_one_of_its_kind(
    before: str, question: str, understood: str
) -> None:
    assert in_context([before], question) == understood


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("What did Apple announce?", "And in April?"),
        ("What did Apple announce?", "What about Europe?"),
        ("What did Apple announce?", "And with Google?"),
        ("Que fait Unity avec sa redevance ?", "Combien de clients payants a-t-il gagnés ?"),
        ("Que fait Unity avec sa redevance ?", "Pourquoi veut-elle licencier des salariés ?"),
        ("Que fait Unity avec sa redevance ?", "pourquoi l'a-t-il racheté ?"),
    ],
)
def test_a_name_that_fits_nowhere_and_a_pronoun_take_all_along(before: str, question: str) -> None:
    understood = in_context([before], question)
    assert understood.startswith(f"{question} (")
    assert ("Apple" in understood) or ("Unity" in understood)


@pytest.mark.parametrize(
    "question",
    [
        "How many users does Bluesky have?",
        "Who runs Mastodon?",
        "why did bard make google lose 100 billion",
        "Why did Apple say that it would appeal?",
        "Combien d'utilisateurs a Bluesky ?",
        "Pourquoi le New York Times attaque-t-il OpenAI ?",
        "Qu'est-ce que Mastodon ?",
        "Combien d'abonnés y a-t-il chez Mastodon ?",
        "Est-il vrai que Bluesky est payant ?",
        "pourquoi la commission européenne enquête-t-elle sur mastodon ?",
        "que facture AWS pour sortir ses données ?",
    ],
)
@pytest.mark.parametrize("before", [LEFT, QUITTE])
def test_a_new_subject_takes_nothing_along(before: str, question: str) -> None:
    assert in_context([before], question) == question


@given(st.lists(st.text(max_size=300), max_size=5), st.text(min_size=1, max_size=300))
def test_any_conversation_makes_a_question_of_a_sensible_length(
    earlier: list[str], question: str
) -> None:
    understood = in_context(earlier, question)
    assert len(understood) <= 12 * 301 + 700
    assert in_context([], question) == question.strip()
