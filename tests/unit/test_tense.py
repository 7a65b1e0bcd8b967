"""Whether the newest is asked for, and the tense, of folded questions."""

from __future__ import annotations

import pytest

from index.analysis import fold
from index.tense import is_in_past, is_in_present, wants_latest


@pytest.mark.parametrize(
    "question",
    [
        "What's new with Apple?",
        "What is new at OpenAI?",
        "What's new in AI?",
        "whats new on the merger",
        "Anything new on the merger?",
        "What does it cost at the moment?",
        "Who runs Kelmar at present?",
        "Quoi de neuf chez Apple ?",
        "Quoi de nouveau sur la fusion ?",
        "Y a-t-il du nouveau sur la fusion ?",
        "Fusion de Kelmar, du nouveau ?",
        "Qui dirige Kelmar à présent ?",
        "Combien coûte l'accès à l'heure actuelle ?",
        "Quelles sont les dernières nouvelles ?",
        "Que dit la dernière annonce de cette année ?",
    ],
)
def test_the_newest_is_wanted(question: str) -> None:
    assert wants_latest(fold(question))


@pytest.mark.parametrize(
    "question",
    [
        "Qui est parti lundi dernier ?",
        "Qui est parti l'an dernier ?",
        "Qui est parti l'année dernière ?",
        "Qui est parti la semaine dernière ?",
        "Quel chiffre d'affaires le trimestre dernier ?",
        "Quel chiffre d'affaires au dernier trimestre 2022 ?",
        "Qu'a annoncé Apple l'été dernier ?",
        "Qu'a annoncé Apple en mars dernier ?",
        "Que s'est-il passé ces dernières 24 heures ?",
        "Que s'est-il passé au cours des trois derniers mois ?",
        "What was its loss in the last quarter?",
        "What is New York's fine?",
        "What's new in iOS 18?",
        "Que pense-t-on du nouveau patron ?",
    ],
)
def test_a_date_is_no_wish_for_the_newest(question: str) -> None:
    assert not wants_latest(fold(question))


@pytest.mark.parametrize(
    "question",
    [
        "Quand Quibble s'est-il arrêté ?",
        "Quand Quibble s'est arrêté ?",
        "Quels éditeurs se sont joints au procès ?",
        "Quand est-il parti ?",
        "Les prix sont-ils montés ?",
        "Combien de clients sont déjà partis ?",
        "Quand est sortie la console ?",
        "Par où les pirates sont-ils entrés ?",
        "Comment le pirate est entré chez Kelmar ?",
        "Combien d'inventeurs sont nés en France ?",
        "Qui est devenu patron d'Optus ?",
        "C'est quand que la console est sortie ?",
        "Qu'est-ce qui est arrivé à Quibble ?",
        "Combien a coûté le rachat ?",
        "Combien le rachat a-t-il coûté ?",
        "Was the fee high?",
    ],
)
def test_some_are_in_the_past(question: str) -> None:
    assert not is_in_present(fold(question))
    assert is_in_past(fold(question))


@pytest.mark.parametrize(
    "question",
    [
        "Quibble est-il disponible en France ?",
        "TikTok est-il interdit ?",
        "Où est basé Quibble ?",
        "Comment est réparti l'argent ?",
        "Les prix sont-ils fixes ?",
        "L'écart est entre 3 et 5 % ?",
        "Combien coûte l'accès ?",
        "Combien coûte l'amende si la batterie est morte ?",
        "Les clients qui se sont fait voler peuvent-ils être indemnisés ?",
        "C'est quoi Mastodon ?",
        "Has the ban ended?",
    ],
)
def test_others_are_in_the_present(question: str) -> None:
    assert is_in_present(fold(question))
