"""What the bench compares does what it is timed for (those that the install brings)."""

from datetime import date
from pathlib import Path

import pytest

from bench.contenders import Contender, Newsdesk, SentenceTransformersFaiss
from corpus.models import Draft, Precision, PublicationDate

TEXTS = {
    "chips": "The chip maker opened a factory for processors near Dresden on Tuesday. Some two"
    " thousand people will work in it, and the first processors are to leave it next spring. The"
    " region had competed with places in Ireland and Israel for years.",
    "music": "The streaming service raised the price of music subscriptions in Canada. A month now"
    " costs eleven dollars, one more than before, and families pay seventeen. The company says"
    " that labels asked for more, which the labels deny.",
    "privacy": "La commission a infligé une amende pour des données personnelles mal gardées. Le"
    " réseau avait laissé les adresses de ses membres sans protection pendant deux ans. Il a"
    " annoncé qu'il ferait appel de cette décision devant le tribunal.",
}
DRAFTS = [
    Draft(
        text=text,
        origin="test",
        title=name.capitalize(),
        published=PublicationDate(date(2023, 4, 19), Precision.DAY),
        language="fr" if name == "privacy" else "en",
        external_id=name,
    )
    for name, text in TEXTS.items()
]
QUESTION = "what did music subscriptions cost in Canada?"


@pytest.mark.parametrize("kind", [Newsdesk, SentenceTransformersFaiss])
def test_a_contender_follows_each_change_and_so_does_one_opened_later(
    kind: type[Contender], tmp_path: Path
) -> None:
    contender = kind(tmp_path)
    assert contender.build(DRAFTS[:2]) == 2
    assert contender.search(QUESTION, None)[0] == "music"
    contender.add(DRAFTS[2])
    assert set(kind(tmp_path).search("amende données personnelles", None)) == set(TEXTS)
    contender.remove("music")
    assert "music" not in kind(tmp_path).search(QUESTION, None)
    contender.rebuild([DRAFTS[0], DRAFTS[2], DRAFTS[1]])
    assert contender.search(QUESTION, None)[0] == "music"
    contender.build_anew(DRAFTS)
    assert contender.search(QUESTION, None)[0] == "music"


def test_only_newsdesk_hides_what_a_question_could_not_know(tmp_path: Path) -> None:
    before = date(2023, 4, 18)
    for kind, found in ((Newsdesk, 0), (SentenceTransformersFaiss, 2)):
        contender = kind(tmp_path / kind.__name__)
        contender.build(DRAFTS[:2])
        assert len(contender.search(QUESTION, None)) == 2
        assert len(contender.search(QUESTION, before)) == found
