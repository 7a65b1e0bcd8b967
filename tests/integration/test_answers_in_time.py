"""Stories that went on, asked about afterwards: the newer leads, the older is marked, with dates.

Real files of articles, the real model, in both languages and across them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.answering.models import Answered
from bot.app import App
from bot.settings import Settings
from corpus.models import Draft, Precision, PublicationDate

TODAY = date(2024, 5, 15)


def told(language: str, day: date, title: str, text: str) -> Draft:
    return Draft(
        text=text,
        origin="test",
        title=title,
        language=language,
        outlet="The Ledger" if language == "en" else "Le Carnet",
        published=PublicationDate(day, Precision.DAY),
    )


STORIES = [
    told("en", date(2024, 1, 10), "Unity charges developers a fee for every installation",
         "Unity will charge game developers a fee of 20 cents each time a player installs a game."
         " The installation fee applies from March, the company said on Wednesday."),
    told("en", date(2024, 2, 20), "Unity withdraws its installation fee",
         "Unity has withdrawn the installation fee that it had announced for game developers."
         " The company apologised on Tuesday and said that no developer will pay it."),
    told("fr", date(2024, 2, 2), "Le Kenya suspend le service Worldcoin",
         "Le Kenya a suspendu le service Worldcoin, qui photographie l'iris de ses clients. Le"
         " gouvernement veut d'abord vérifier ce que deviennent les données, a dit le ministre."),
    told("en", date(2024, 4, 8), "Kenya lifts its ban on Worldcoin",
         "Kenya has lifted the suspension of Worldcoin, which scans the iris of its clients."
         " The minister said on Monday that the service may start again at once."),
    told("fr", date(2024, 3, 1), "Humane livrera sa broche en avril",
         "La broche électronique de Humane sera livrée en avril aux premiers acheteurs, annonce la"
         " jeune entreprise. Elle coûte 699 dollars et se porte sur un vêtement."),
    told("fr", date(2024, 3, 28), "Humane repousse la livraison de sa broche",
         "La livraison de la broche électronique de Humane est repoussée au mois de juin, écrit"
         " l'entreprise à ses acheteurs. Elle invoque un défaut de la batterie de la broche."),
    told("en", date(2022, 6, 1), "Quibble stops its video service",
         "The video service Quibble stopped on Wednesday after two years, its founder wrote."
         " Subscribers of Quibble get their money back by the end of the month."),
    told("en", date(2024, 4, 2), "Volta recalls its scooters",
         "Volta recalls 12,000 electric scooters because their battery may catch fire, the maker"
         " said on Monday. Owners get a new battery for nothing, it says."),
    replace(
        told("en", date(2024, 4, 3), "Electric scooters of Volta recalled",
             "Because their battery may catch fire, Volta recalls 15,000 electric scooters, the"
             " maker said on Monday. The company's shares fell by a tenth on Tuesday."),
        outlet="The Post",
    ),
    told("fr", date(2024, 4, 3), "Volta rappelle ses trottinettes électriques",
         "La marque Volta rappelle ses trottinettes électriques, dont la batterie peut prendre feu."
         " Les propriétaires en recevront une nouvelle, a promis lundi le fabricant."),
    told("en", date(2024, 3, 12), "Orbite raises money for its satellites",
         "The French start-up Orbite has raised 45 million euros for its satellites from investors,"
         " it said on Tuesday. It wants to launch the first of them next year."),
    told("fr", date(2024, 3, 11), "Orbite lève des fonds pour ses satellites",
         "La jeune entreprise française Orbite a levé 30 millions d'euros auprès d'investisseurs"
         " pour ses satellites, dit-elle. Elle veut lancer le premier l'an prochain."),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    data = tmp_path_factory.mktemp("in time")
    with App(Settings.from_env({"NEWSDESK_DATA": str(data)}), today=lambda: TODAY) as app:
        list(app.ingest.add(STORIES))
        app.indexer.open()
        app.indexer.catch_up()
        yield app


async def answered(app: App, question: str) -> Answered:
    answer = await app.answers.answer(question)
    assert isinstance(answer, Answered), answer.text
    return answer


@pytest.mark.parametrize(
    ("question", "newer", "earlier"),
    [
        (
            "Is there an installation fee for Unity game developers now?",
            "Unity withdraws its installation fee",
            "Earlier, The Ledger (10 January 2024): “",
        ),
        (
            "Les développeurs doivent-ils encore payer une redevance d'installation à Unity ?",
            "Unity withdraws its installation fee",
            "Auparavant, The Ledger (10 janvier 2024, en anglais) : « ",
        ),
        (
            "Is Worldcoin still suspended in Kenya?",
            "Kenya lifts its ban on Worldcoin",
            "Earlier, Le Carnet (2 February 2024, in French): “",
        ),
        (
            "Worldcoin est-il toujours suspendu au Kenya ?",
            "Kenya lifts its ban on Worldcoin",
            "Auparavant, Le Carnet (2 février 2024) : « ",
        ),
        (
            "When is Humane's pin going to be delivered, as of today?",
            "Humane repousse la livraison de sa broche",
            "Earlier, Le Carnet (1 March 2024, in French): “",
        ),
        (
            "Où en est la livraison de la broche de Humane ?",
            "Humane repousse la livraison de sa broche",
            "Auparavant, Le Carnet (1er mars 2024) : « ",
        ),
    ],
)
async def test_the_newer_leads_and_the_older_is_marked(
    app: App, question: str, newer: str, earlier: str
) -> None:
    answer = await answered(app, question)
    assert answer.citations[0].article.title == newer
    assert earlier in answer.text
    assert "months ago" not in answer.text


@pytest.mark.parametrize(
    ("question", "older"),
    [
        (
            "What fee for each installation did Unity announce in January 2024?",
            "Unity charges developers",
        ),
        ("Quel service le Kenya a-t-il suspendu en février 2024 ?", "Le Kenya suspend"),
        ("What did Kenya do about Worldcoin before it lifted the suspension?", "Le Kenya suspend"),
    ],
)
async def test_a_time_that_is_named_comes_before_the_newest(
    app: App, question: str, older: str
) -> None:
    answer = await answered(app, question)
    assert answer.citations[0].article.title is not None
    assert answer.citations[0].article.title.startswith(older)


async def test_what_is_old_by_now_is_said_to_be(app: App) -> None:
    answer = await answered(app, "Does the video service Quibble still exist?")
    assert answer.text.endswith(
        "\n\nThe newest article that I have on this is of 1 June 2022, 23 months ago."
    )
    answer = await answered(app, "Que devient le service vidéo Quibble en ce moment ?")
    assert answer.text.endswith("du 1er juin 2022, a 23 mois.")


async def test_outlets_that_tell_the_same_are_counted(app: App) -> None:
    question = "Que promet Volta aux propriétaires de ses trottinettes électriques ?"
    answer = await answered(app, question)
    assert answer.citations[0].article.outlet == "Le Carnet"
    named = re.search(r"Rapporté aussi par (.*)\.", answer.text)
    assert named is not None
    assert "The Post (3 avril 2024, en anglais)" in named[1]
    assert "The Ledger (2 avril 2024, en anglais)" in named[1]


async def test_figures_that_differ_stand_side_by_side_with_their_dates(app: App) -> None:
    answer = await answered(app, "How many electric scooters did Volta recall?")
    assert "The Ledger (2 April 2024): “Volta recalls 12,000" in answer.text
    assert "The Post (3 April 2024): “Because their battery may catch fire" in answer.text
    assert "15,000" in answer.text
    assert "Also reported by Le Carnet (3 April 2024, in French)." in answer.text
    assert answer.text.endswith("\n\nThese sources do not agree.")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How much money did Orbite raise?", "These sources do not agree."),
        ("Combien Orbite a-t-elle levé ?", "Ces sources ne disent pas la même chose."),
    ],
)
async def test_figures_that_differ_between_languages_are_said_to_differ(
    app: App, question: str, said: str
) -> None:
    answer = await answered(app, question)
    assert "45 million euros" in answer.text
    assert "30 millions d'euros" in answer.text
    assert answer.text.endswith(f"\n\n{said}")


async def test_nothing_from_the_week_that_is_asked_for_is_said_to_be_so(app: App) -> None:
    answer = await answered(app, "Has Kenya lifted the suspension of Worldcoin this week?")
    assert answer.text.endswith(
        "None of these articles is known to be of the time that you ask about."
    )
    answer = await answered(app, "Quel service le Kenya a-t-il suspendu cette semaine ?")
    assert "de l'époque dont vous parlez" in answer.text
