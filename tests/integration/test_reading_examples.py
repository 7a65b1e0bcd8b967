"""The reader is trained on what answers, and on the nearest passages that do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.chunking import Chunker
from tests.fakes.embedder import HashingEmbedder
from training.reading_examples import Examples, read_examples

ARTICLES = [
    {
        "id": "ferries",
        "lang": "en",
        "title": "Ferries",
        "text": "The council of Brest met on Monday to talk. It ordered two electric ferries.\n\n"
        "The price of the ferries is 12 million euros. Passengers are glad of it.",
    },
    {
        "id": "storm",
        "lang": "en",
        "title": "Storm",
        "text": "A storm closed the harbour of Lisbon. No ferries left for two days.",
    },
]
QUESTIONS = [
    {
        "id": "price",
        "question": "What is the price of the ferries?",
        "translation": "Quel est le prix ?",
        "answer_keys": ["12 million"],
        "article_ids": ["ferries"],
    },
    {
        "id": "quoted",
        "question": "What did the council order?",
        "evidence": [{"article_id": "ferries", "quote": "ordered two electric"}],
        "article_ids": ["ferries"],
    },
    {"id": "lost", "question": "Who?", "answer_keys": ["nobody"], "article_ids": ["ferries"]},
    {"id": "near", "question": "Why did the ferries sink?", "answerable": False},
]


@pytest.fixture
def examples(tmp_path: Path) -> Examples:
    for name, lines in (("articles", ARTICLES), ("questions", QUESTIONS)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    embedder = HashingEmbedder()
    return read_examples([tmp_path], Chunker(embedder), embedder.embed_passages)


def said(examples: Examples, passage: int, place: int) -> str:
    read = examples.passages[passage]
    return read.text[read.sentences[place].start : read.sentences[place].end]


def test_a_sentence_answers_that_has_a_key_or_is_quoted(examples: Examples) -> None:
    right = {
        one.question: [
            said(examples, passage, place) for passage, own in one.right.items() for place in own
        ]
        for one in examples.answerable
    }
    assert right == {
        "What is the price of the ferries?": ["The price of the ferries is 12 million euros."],
        "Quel est le prix ?": ["The price of the ferries is 12 million euros."],
        "What did the council order?": ["It ordered two electric ferries."],
    }


def test_what_does_not_answer_is_offered_nearest_first(examples: Examples) -> None:
    embed = HashingEmbedder().embed_passages
    assert [one.question for one in examples.unanswerable] == ["Why did the ferries sink?"]
    for one in (*examples.answerable, *examples.unanswerable):
        assert not set(one.right) & set(one.wrong)
        question = embed([one.question])[0]
        offered = embed([examples.passages[place].text for place in one.wrong])
        closeness = [float(vector @ question) for vector in offered]
        assert closeness == sorted(closeness, reverse=True)
        assert len(one.right) + len(one.wrong) == len(examples.passages) == 2
