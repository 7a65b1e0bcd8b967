"""Different figures for the same, told apart from the same figures and from other matters."""

from __future__ import annotations

import pytest

from bot.answering.disagreements import disagree
from bot.answering.evidence import Evidence
from index.models import Span
from tests.fakes.evidence import NO_FEATURES
from tests.fakes.passages import article

RECALL = "Volta recalls 12,000 electric scooters because of their battery."
RAPPEL = "Volta rappelle {} trottinettes électriques à cause de leur batterie."
KILLED = "Two people were killed in the accident at the factory."
BANNED = "The court of Rome fined the firm for its advertising."
FINES = "The CNIL imposes a fine of 150 million euros on Google."
MERGER = "The merger was approved by the regulator."
OPENS = "The big factory will open in Germany in 2026."
SALES = "Sales of the electric car rose in Europe."
RAISED = "The company raised 45 million euros from its investors on 12 March 2024."


def sentence(text: str, language: str = "en") -> Evidence:
    return Evidence(article(text, language=language), Span(0, len(text)), NO_FEATURES, 1.0)


@pytest.mark.parametrize(
    ("one", "language", "other", "differ"),
    [
        (RECALL, "en", "Because of the battery, 15,000 electric scooters of Volta recalled.", True),
        (RECALL, "fr", RAPPEL.format("15 000"), True),
        (RECALL, "fr", RAPPEL.format("12 000"), False),
        (RECALL, "fr", RAPPEL.format("douze mille"), False),
        (RECALL, "fr", RAPPEL.format("toutes ses"), False),
        (RECALL, "en", "Volta recalls 12,000 electric scooters, 3 models, over a battery.", False),
        (RECALL, "en", "Shares of Volta fell by 7 per cent on Tuesday in Paris.", False),
        (RECALL, "fr", "L'action de Volta a perdu 7 pour cent mardi à Paris.", False),
        (RAISED, "fr", "L'entreprise a levé 30 millions d'euros de ses investisseurs.", True),
        (RAISED, "fr", "Le 11 mars, elle a levé 45 millions d'euros de ses investisseurs.", False),
        (KILLED, "en", KILLED.replace("Two", "Three"), True),
        (KILLED, "en", KILLED.replace("Two", "2"), False),
        (KILLED, "fr", "Trois personnes ont été tuées dans l'accident de l'usine.", True),
        (RECALL, "en", RECALL.replace("12,000", "12 million"), True),
        (RECALL, "en", RECALL.replace("12,000", "12"), True),
        (BANNED, "en", "The court of Rome did not fine the firm for its advertising.", True),
        (BANNED, "fr", "Le tribunal de Rome n'a pas condamné la firme pour sa publicité.", True),
        (BANNED, "fr", "Le tribunal de Rome a condamné la firme pour sa publicité.", False),
        (BANNED, "en", "The firm does not comment on its advertising in Rome.", False),
        (BANNED, "en", BANNED.replace("Rome", "Lyon").replace("fined", "did not fine"), False),
        (FINES, "en", FINES.replace("Google", "Apple").replace("150", "8"), False),
        (FINES, "en", FINES.replace("150", "8"), True),
        (MERGER, "en", MERGER.replace("approved", "blocked"), True),
        (MERGER, "en", "The regulator blocked the new airport.", False),
        (OPENS, "en", OPENS.replace("2026", "2028"), True),
        (OPENS, "fr", "La grande usine ouvrira en Allemagne en 2028.", True),
        (OPENS, "en", OPENS.replace(" in 2026", ""), False),
        (SALES, "en", SALES.replace("rose", "fell"), True),
        (SALES, "fr", "Les ventes de la voiture électrique ont baissé en Europe.", True),
        (SALES, "fr", "Les ventes de la voiture électrique ont augmenté en Europe.", False),
        (SALES, "en", "The price of petrol fell in Asia, say its sellers.", False),
        (RAISED, "en", "On March 11, it raised 45 million euros from its investors.", False),
    ],
)  # fmt: skip
def test_sentences_disagree_where_they_give_different_figures_for_the_same(
    one: str, language: str, other: str, *, differ: bool
) -> None:
    assert disagree(sentence(one), sentence(other, language)) is differ
    assert disagree(sentence(other, language), sentence(one)) is differ
