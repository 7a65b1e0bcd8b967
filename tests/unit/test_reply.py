"""Replies are read leniently; of their texts nothing is left but plain words."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.errors import UnusableAnswerError
from bot.answering.reply import Claim, QuotedWords, parse_reply, plain_text

OBJECT = '{"sentences": [{"quotes": [{"passage": 1, "quote": "a {b} c"}], "text": "It is so."}]}'
CLAIMS = [Claim("It is so.", (QuotedWords(1, "a {b} c"),))]


@pytest.mark.parametrize(
    "reply",
    [
        OBJECT,
        f"```json\n{OBJECT}\n```",
        f"Sure! Here it is:\n\n{OBJECT}\n\nHope {{that}} helps.",
        f'<think>Maybe {{"answerable": false}}?</think>{OBJECT}',
        OBJECT.replace('"passage": 1', '"passage": "[1]"'),
        OBJECT.replace("{b}", "{b}\n").replace("\n c", " c"),
        OBJECT.replace('"sentences"', '"answerable": true, "sentences"'),
        OBJECT.replace('"quotes": [', '"quotes": [{"passage": 1}, {"passage": 2.5, "quote": "x"},'),
        OBJECT.replace('"sentences": [', '"sentences": [null, {"text": 3, "quotes": []}, "x",'),
    ],
)
def test_reads_the_object_whatever_stands_around_it(reply: str) -> None:
    claims = parse_reply(reply)
    assert claims is not None
    assert [claim.text for claim in claims] == ["It is so."]
    assert [" ".join(q.quote.split()) for q in claims[0].quotes] == ["a {b} c"]


def test_the_model_may_say_that_it_found_nothing() -> None:
    assert parse_reply('Sorry. {"answerable": false, "sentences": []}') is None


@pytest.mark.parametrize(
    "reply",
    [
        "It is so.",
        "",
        "{}",
        "[1, 2]",
        '{"sentences": "It is so."}',
        '{"sentences": {"text": "It is so."}}',
        OBJECT[:-3],
        OBJECT + " " * 20_000,
        '{"sentences":' + "[" * 15_000,
        '{"a":' * 3_900,
    ],
)
def test_anything_else_is_unusable(reply: str) -> None:
    with pytest.raises(UnusableAnswerError):
        parse_reply(reply)


def test_a_hostile_length_is_cut() -> None:
    quotes = [{"passage": 1, "quote": "x"}] * 20
    claims = parse_reply(json.dumps({"sentences": [{"text": "It.", "quotes": quotes}] * 20}))
    assert claims is not None
    assert (len(claims), len(claims[0].quotes)) == (12, 6)
    long = {"text": "x" * 1001, "quotes": []}
    assert parse_reply(json.dumps({"sentences": [long]})) == []


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("It fell [1].", "It fell."),
        ("It fell [1, 2] 【3】 [4][5-6].", "It fell."),
        ("It fell ([source](https://evil.example/x)).", "It fell (source)."),
        ("It fell [1](https://evil.example).", "It fell."),
        ("![pixel](https://evil.example/p.png) It fell.", "pixel It fell."),
        ("See https://evil.example/a?b=c for more.", "See for more."),
        ("See www.evil.example and HTTP://EVIL.example.", "See and"),
        ("See ht*tps://evil.example now.", "See now."),
        ("**It** _fell_ `hard` ~~not~~ ||really||.", "It fell hard not really."),
        ("- It fell.", "It fell."),
        ("## It fell", "It fell"),
        ("@everyone <@123> <@&4> <#5> <:smile:6> it fell.", "it fell."),
        ("@\u200beveryone @*here* fell", "fell"),
        ("It 💀 fe\u0336ll ☠\ufe0f by 5 °C 🏴‍☠️.", "It fell by 5 °C."),
        ("It\n\nfell\u202e \x07.", "It fell."),
        ("Le cours a pris 10\u202f% (+2,5) en 2023 !", "Le cours a pris 10 % (+2,5) en 2023 !"),
        ("snake_case stays, so does C++.", "snake_case stays, so does C++."),
    ],
)
def test_plain_text(written: str, plain: str) -> None:
    assert plain_text(written) == plain


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            "@ everyone here # < > & 1 [ ] ( ) http s:// x * _ ` \u200b 【 www. e.example |".split(
                " "
            )
        ),
        max_size=25,
    ).map("".join)
)
@example("@@everyone")
@example("@EVERYONE0")
@example("<@<@1>1>")
@example("[[1]](x)")
@example("https[]://x")
@example("@https://x everyone")
@example("\ud800")
def test_nothing_that_discord_acts_on_is_left(text: str) -> None:
    plain = plain_text(text)
    assert not set("[]【】<>`*|\n\u200b") & set(plain)
    assert "://" not in plain
    assert "@everyone" not in plain.casefold()
    assert "@here" not in plain.casefold()
    plain.encode()
