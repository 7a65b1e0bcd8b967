"""Which prompts a model gets by its name, where it ships none."""

from __future__ import annotations

import pytest

from index.family_prompts import family_prompts

E5 = {"query": "query: ", "document": "passage: "}
TASK = "Given a web search query, retrieve relevant passages that answer the query"
INSTRUCT = {"query": f"Instruct: {TASK}\nQuery: "}
ENGLISH = {"query": "Represent this sentence for searching relevant passages: "}
CHINESE = {"query": "为这个句子生成表示以用于检索相关文章："}


@pytest.mark.parametrize(
    ("name", "prompts"),
    [
        ("intfloat/multilingual-e5-small", E5),
        ("E5-base", E5),
        ("models--intfloat--e5-base-v2", E5),
        ("intfloat/multilingual-e5-large-instruct", INSTRUCT),
        ("intfloat/e5-mistral-7b-instruct", INSTRUCT),
        ("BAAI/bge-small-en-v1.5", ENGLISH),
        ("/somewhere/BAAI_bge-large-en/", ENGLISH),
        ("BAAI/bge-large-zh", CHINESE),
        ("BAAI/bge-large-zh-noinstruct", {}),
        ("BAAI/bge-m3", {}),
        ("BAAI/bge-multilingual-gemma2", {"query": f"<instruct>{TASK}\n<query>"}),
        ("some5-model", {}),
        ("bge-small-english", {}),
        ("", {}),
    ],
)
def test_a_family_gets_what_its_model_cards_ask_for(name: str, prompts: dict[str, str]) -> None:
    assert family_prompts(name) == prompts


def test_the_first_name_that_tells_decides() -> None:
    assert family_prompts("0123abcd", "bge-base-en", "intfloat/e5-base") == ENGLISH
