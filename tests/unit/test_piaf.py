"""PIAF is split by Wikipedia article, and each part has what was written for its paragraphs."""

from __future__ import annotations

from training.piaf import SHARES, WRITTEN, part_of, parts

ARTICLES = [{"id": f"p{number}", "title": f"Sport ({number})"} for number in range(4)]
QUESTIONS = [
    {"id": "q1", "article_ids": ["p1"], "question": "Combien ?"},
    {"id": "q2", "article_ids": ["p2"], "question": "Qui ?"},
    {"id": "q3", "article_ids": ["p1"], "question": "Où ?"},
]
ADDED = {
    "id": "p1",
    "english": ["How many?", "Where?"],
    "unanswerable": [{"type": "near_miss", "lang": "en", "question": "When?"}],
}


def test_paragraphs_of_one_article_stay_together_whatever_their_number() -> None:
    assert len({part_of(str(article["title"])) for article in ARTICLES}) == 1
    assert {part_of(f"Article {number}") for number in range(50)} == set(SHARES)


def test_questions_get_their_own_translations_and_what_nothing_answers_is_marked() -> None:
    sorted_ = parts(ARTICLES, QUESTIONS, [ADDED])
    assert sorted(sorted_) == sorted(SHARES)
    translations = {q["id"]: q.get("translation") for part in sorted_.values() for q in part}
    assert translations == {"q1": "How many?", "q3": "Where?", "q2": None, "p1-0": None}
    (without,) = [q for part in sorted_.values() for q in part if q["id"] == "p1-0"]
    assert (without["answerable"], without["article_ids"], without["pair"]) == (
        False,
        [],
        "en2none",
    )


def test_what_was_written_is_there() -> None:
    assert WRITTEN.is_file()
