"""Whether more than one thing answers a question."""

from __future__ import annotations

import pytest

from index.enumeration import asks_several


@pytest.mark.parametrize(
    "question",
    [
        "What countries banned TikTok?",
        "What companies bought Arm's chips?",
        "What other brands does the group own?",
        "On what conditions did Beijing agree?",
        "Which islands were on the list?",
        "Which were the first countries to agree?",
        "Name three companies that left",
        "Give me two examples of fines",
        "Can you give me examples of fines?",
        "Cite trois entreprises touchées",
        "Peux-tu me citer deux amendes ?",
        "Citez les deux réserves du test",
        "Donne-moi plusieurs exemples",
        "Qu'est-ce qui distingue Mastodon de Bluesky ?",
        "What distinguishes Mastodon from Bluesky?",
        "What sets Mastodon apart from Bluesky?",
        "Twitter Blue est-il moins cher que Meta Verified ?",
        "L'iPhone coûte-t-il plus cher que le Pixel ?",
        "Is Twitter Blue cheaper than Meta Verified?",
        "Does an iPhone cost more than a Pixel?",
        "Does the Pixel get more updates than the iPhone?",
        "What did AT&T and Verizon announce?",
        "What did X and Meta announce?",
        "Qu'ont annoncé AT&T et Verizon ?",
    ],
)
def test_several_things_answer(question: str) -> None:
    assert asks_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which class was stopped?",
        "Which process failed?",
        "Which business was sold?",
        "Which status has the case?",
        "Which firm makes the chips?",
        "On which day did the users leave?",
        "What status was given to it?",
        "What happens to the users?",
        "What makes Apple so rich?",
        "What damages did the court award?",
        "What do users have to do?",
        "Name the boss of Apple",
        "Give me an example",
        "Qui a été distingué par le jury ?",
        "Le laser a-t-il donné des mesures ?",
        "Is the fine higher than expected?",
        "By how much is Canada bigger than Russia?",
        "Si Fenwick trouvait un acheteur plus généreux que Castellan, que paierait-il ?",
        "Dans quel pays a-t-on trouvé Orrorin, plus vieux que Toumaï ?",
    ],
)
def test_one_thing_answers(question: str) -> None:
    assert not asks_several(question)
