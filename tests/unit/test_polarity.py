"""Negated words are told from the others, in French and English, and doubtful ones from both."""

from __future__ import annotations

import pytest

from bot.answering.proof.polarity import Polarity, clauses, has_negation


def _standing(text: str, word: str) -> Polarity:
    (found,) = {one.polarity for clause in clauses(text) for one in clause if one.text == word}
    return found


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Google was not fined.", "fined"),
        ("Google wasn't fined in Paris.", "Paris"),
        ("Google cannot pay.", "pay"),
        ("Google can’t pay.", "pay"),
        ("The site no longer works.", "works"),
        ("Nobody was fined.", "fined"),
        ("Not one of the 27 states is included.", "included"),
        ("It was never before fined.", "fined"),
        ("Google denied that it paid users.", "paid"),
        ("Google refused to pay.", "pay"),
        ("Google failed to pay.", "pay"),
        ("The judge did not say that Google abused it.", "abused"),
        ("Le tribunal n'a pas condamné Google.", "condamné"),
        ("Google ne paie plus la taxe.", "paie"),
        ("Google n’a jamais payé.", "payé"),
        ("Personne n'a été condamné.", "condamné"),
        ("Le juge n'a pas dit que Google a payé.", "payé"),
        ("Aucun pays ne participe.", "participe"),
        ("Google refuse de payer.", "payer"),
        ("Google nie avoir payé.", "payé"),
        ("Google dément avoir payé.", "payé"),
        ("Pas de produit, pas de client.", "client"),
        ("Google did not, it said, pay and leave.", "said"),
    ],
)
def test_negated(text: str, word: str) -> None:
    assert _standing(text, word) is Polarity.NEGATED
    assert has_negation(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Google was fined.", "fined"),
        ("Google was not fined, but Apple was sued.", "sued"),
        ("Google was fined because it did not pay.", "fined"),
        ("Not only Apple paid.", "paid"),
        ("It costs no more than five euros.", "costs"),
        ("No. 5 was sold.", "sold"),
        ("No 5 was sold.", "sold"),
        ("No, Google paid.", "paid"),
        ("He worked for next to nothing, they say.", "worked"),
        ("No doubt Google paid.", "paid"),
        ("Google ne paie que deux euros.", "euros"),
        ("Non seulement Apple paie.", "paie"),
        ("Google ne paie pas seulement la taxe.", "taxe"),
        ("Le plus gros tour jamais réalisé.", "réalisé"),
        ("Un pas important.", "important"),
        ("N'hésitez pas à payer.", "payer"),
        ("Sans aucun doute, Google paie.", "paie"),
    ],
)
def test_plain(text: str, word: str) -> None:
    assert _standing(text, word) is Polarity.PLAIN
    assert not any(w.text == word and w.polarity is not Polarity.PLAIN
                   for clause in clauses(text) for w in clause)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Google was not fined.", "Google"),  # of whom is spoken
        ("It will not launch until May.", "launch"),
        ("Google did not deny paying.", "paying"),
        ("Not all users left.", "users"),
        ("It was sold without notice.", "notice"),
        ("Google stopped selling phones.", "phones"),
        ("Google paie avant qu'il ne parte.", "parte"),
        ("Elle coûte plus cher que je ne pensais.", "pensais"),
        ("Il a été retiré sans préavis ni compensation.", "compensation"),
        ("Le Canada non plus.", "Canada"),
        ("Il n'a aucune règle qui oblige à payer.", "payer"),
    ],
)
def test_either(text: str, word: str) -> None:
    assert _standing(text, word) is Polarity.EITHER


def test_a_long_text_of_negations_loses_no_word() -> None:
    found = clauses("ne not , no pas qui " * 20_000)
    assert sum(map(len, found)) == 4 * 20_000
