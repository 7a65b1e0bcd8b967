"""Replies are read leniently; of their texts nothing is left but plain words."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.errors import UnusableAnswerError
from bot.answering.reply import Claim, QuotedWords, ReplyReader, plain_text

OBJECT = '{"quotes": [{"passage": 1, "quote": "a {b} c"}], "text": "It is so."}'
WRAPPED = f'{{"answerable": true, "sentences": [{OBJECT}]}}'
CLAIM = Claim("It is so.", (QuotedWords(1, "a {b} c"),))
REFUSAL = '{"answerable": false}'


def read(*pieces: str) -> tuple[list[Claim], ReplyReader]:
    reader = ReplyReader()
    claims = [claim for piece in pieces for claim in reader.read(piece)]
    return claims + reader.end(), reader


@pytest.mark.parametrize(
    "reply",
    [
        OBJECT,
        f"```json\n{OBJECT}\n```",
        f"Sure! Here it is:\n\n{OBJECT}\n\nHope {{that}} helps.",
        f'<think>Maybe {{"answerable": false}}?</think>{OBJECT}',
        OBJECT.replace('"passage": 1', '"passage": "[1]"'),
        OBJECT.replace("{b}", "{b}\n").replace("\n c", " c"),
        OBJECT.replace('"quotes": [', '"quotes": [{"passage": 1}, {"passage": 2.5, "quote": "x"},'),
        f'null {{"text": 3, "quotes": []}} "x" {OBJECT}',
        WRAPPED,
        WRAPPED.replace('"sentences": [', '"sentences": [null, {"text": 3, "quotes": []}, "x",'),
        f"[{OBJECT}]",
        f'{{"quotes": [{{"passage": 1, "quote": "a bad \\escape"}}], "text": "Not so."}}\n{OBJECT}',
    ],
)
def test_reads_the_object_whatever_stands_around_it(reply: str) -> None:
    claims, reader = read(reply)
    assert [claim.text for claim in claims] == ["It is so."]
    assert [" ".join(q.quote.split()) for q in claims[0].quotes] == ["a {b} c"]
    assert not reader.is_cut


def test_a_claim_is_read_as_soon_as_its_object_has_ended() -> None:
    reader = ReplyReader()
    for sign in f"Sure:\n{OBJECT}"[:-1]:
        assert reader.read(sign) == []
    assert reader.read("}\n{") == [CLAIM]
    assert reader.read(OBJECT[1:]) == [CLAIM]
    assert reader.end() == []


@pytest.mark.parametrize("reply", [f"Sorry. {REFUSAL}", f'{REFUSAL[:-1]}, "sentences": []}}'])
def test_the_model_may_say_that_it_found_nothing(reply: str) -> None:
    claims, reader = read(reply)
    assert (claims, reader.is_refusal) == ([], True)


@pytest.mark.parametrize(
    "reply",
    [
        "It is so.",
        "",
        "{}",
        "[1, 2]",
        '{"sentences": "It is so."}',
        '{"sentences": {"text": "It is so."}}',
        OBJECT[:-1],
        WRAPPED[:-3].replace("{b}", "b").replace('"text"', '"txt"'),
        '{"sentences":' + "[" * 15_000,
        '{"a":' * 3_900,
        '{"a":[' + "{}," * 6_000,
    ],
)
def test_anything_else_is_unusable(reply: str) -> None:
    with pytest.raises(UnusableAnswerError):
        read(reply)


@pytest.mark.parametrize("begun", [OBJECT[:-1], OBJECT[:20], '{"answerable": ', '{"text'])
def test_a_reply_that_breaks_off_is_known_to(begun: str) -> None:
    claims, reader = read(OBJECT, begun)
    assert claims == [CLAIM]
    assert reader.is_cut is (begun != '{"text')


def test_a_hostile_length_is_cut() -> None:
    quotes = [{"passage": 1, "quote": "x"}] * 20
    claims, _ = read(*[json.dumps({"text": "It.", "quotes": quotes})] * 20)
    assert (len(claims), len(claims[0].quotes)) == (12, 6)
    long = {"text": "x" * 1001, "quotes": []}
    assert read(json.dumps(long), OBJECT)[0] == [CLAIM]


PARTS = st.sampled_from(
    [OBJECT, WRAPPED, OBJECT[:30], REFUSAL, "<think>", "</think>", "{", "}", '"', "\\", "\n", "so"]
)


@given(parts=st.lists(PARTS | st.text(max_size=5), max_size=8), data=st.data())
@example(parts=["<think>", OBJECT, "</think>", OBJECT], data=None)
def test_in_which_pieces_a_reply_comes_makes_no_difference(
    parts: list[str], data: st.DataObject | None
) -> None:
    reply = "".join(parts)
    cuts = set(range(len(reply)))
    if data is not None:
        cuts = data.draw(st.sets(st.integers(0, len(reply)), max_size=12))
    at = [0, *sorted(cuts), len(reply)]
    pieces = [reply[start:end] for start, end in pairwise(at)]

    def outcome(*pieces: str) -> object:
        try:
            claims, reader = read(*pieces)
        except UnusableAnswerError as error:
            return error.reason
        return claims, reader.is_refusal, reader.is_cut

    assert outcome(*pieces) == outcome(reply)


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


@pytest.mark.parametrize(
    "text", ["a" + "_" * 19_000 + "a", "a" * 19_000, "x://" * 4_000, "_ " * 9_000]
)
def test_a_long_reply_of_nothing_is_made_plain_in_one_pass(text: str) -> None:
    assert len(plain_text(text)) <= len(text)
