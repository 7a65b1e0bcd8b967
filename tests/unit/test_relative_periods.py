"""Times told from the day of the question: the 15th of May 2024, a Wednesday, if not said."""

from __future__ import annotations

from datetime import date

import pytest

from index.models import Period
from index.periods import find_period

TODAY = date(2024, 5, 15)
PHRASES = {
    # days of the week
    "What did Apple announce on Monday?": "2024-05-13",
    "What happened on Wednesday?": "2024-05-15",
    "Who resigned last Monday?": "2024-05-13",
    "Who resigned last Wednesday?": "2024-05-08",
    "What happens next Monday?": "2024-05-20",
    "What will happen on Monday?": "2024-05-20",
    "this Friday": "2024-05-17",
    "this past Friday": "2024-05-10",
    "before Friday": "..2024-05-09",
    "since Monday": "2024-05-13..",
    "since last Monday": "2024-05-13..",
    "since Monday, April 8": "2024-04-08..",
    "on Monday 6 May": "2024-05-06",
    "between Monday and Wednesday": "2024-05-13..2024-05-15",
    "Qu'a annoncé Apple lundi ?": "2024-05-13",
    "Qu'a annoncé Apple lundi dernier ?": "2024-05-13",
    "le lundi passé": "2024-05-13",
    "Que se passera-t-il lundi ?": "2024-05-20",
    "lundi prochain": "2024-05-20",
    "ce vendredi": "2024-05-17",
    "depuis lundi": "2024-05-13..",
    "depuis lundi dernier": "2024-05-13..",
    "le lundi 6 mai": "2024-05-06",
    "entre lundi et mardi": "2024-05-13..2024-05-14",
    # weekends
    "this weekend": "2024-05-11..2024-05-12",
    "over the weekend": "2024-05-11..2024-05-12",
    "last weekend": "2024-05-11..2024-05-12",
    "next weekend": "2024-05-18..2024-05-19",
    "What is planned this weekend?": "2024-05-18..2024-05-19",
    "le week-end dernier": "2024-05-11..2024-05-12",
    "ce week-end": "2024-05-11..2024-05-12",
    "le week-end prochain": "2024-05-18..2024-05-19",
    # weeks, months, quarters
    "next week": "2024-05-20..2024-05-26",
    "next month": "2024-06-01..2024-06-30",
    "next year": "2025-01-01..2025-12-31",
    "last quarter": "2024-01-01..2024-03-31",
    "this quarter": "2024-04-01..2024-06-30",
    "next quarter": "2024-07-01..2024-09-30",
    "next March": "2025-03-01..2025-03-31",
    "la semaine prochaine": "2024-05-20..2024-05-26",
    "le mois prochain": "2024-06-01..2024-06-30",
    "l'an prochain": "2025-01-01..2025-12-31",
    "le trimestre dernier": "2024-01-01..2024-03-31",
    "au dernier trimestre": "2024-01-01..2024-03-31",
    "ce mois-ci": "2024-05-01..2024-05-31",
    "ce trimestre": "2024-04-01..2024-06-30",
    "le trimestre en cours": "2024-04-01..2024-06-30",
    "le semestre dernier": "2023-07-01..2023-12-31",
    "en mai dernier": "2023-05-01..2023-05-31",
    "en mars prochain": "2025-03-01..2025-03-31",
    "in the last week of March 2024": "2024-03-01..2024-03-31",
    "sur les trois derniers mois de 2023": "2023-01-01..2023-12-31",
    # seasons
    "last summer": "2023-06-01..2023-08-31",
    "last fall": "2023-09-01..2023-11-30",
    "this winter": "2023-12-01..2024-02-29",
    "this spring": "2024-03-01..2024-05-31",
    "next summer": "2024-06-01..2024-08-31",
    "since last summer": "2023-06-01..",
    "l'été dernier": "2023-06-01..2023-08-31",
    "au printemps dernier": "2023-03-01..2023-05-31",
    "cet été": "2024-06-01..2024-08-31",
    "cet hiver": "2023-12-01..2024-02-29",
    "l'été prochain": "2024-06-01..2024-08-31",
    "depuis l'été dernier": "2023-06-01..",
    "depuis l'été": "2023-06-01..",
    # parts of days, and hours
    "this morning": "2024-05-15",
    "tonight": "2024-05-15",
    "last night": "2024-05-14..2024-05-15",
    "in the past 24 hours": "2024-05-14..2024-05-15",
    "in the last 48h": "2024-05-13..2024-05-15",
    "three hours ago": "2024-05-14..2024-05-15",
    "ce matin": "2024-05-15",
    "cet après-midi": "2024-05-15",
    "hier soir": "2024-05-14",
    "cette nuit": "2024-05-14..2024-05-15",
    "dernières 24 heures": "2024-05-14..2024-05-15",
    "ces 48 dernières heures": "2024-05-13..2024-05-15",
    "depuis 48 heures": "2024-05-13..",
    "il y a 3 heures": "2024-05-14..2024-05-15",
    "au cours des derniers six mois": "2023-11-17..2024-05-15",
    "What will change in the next six months?": "2024-05-16..2024-11-11",
    "Que va-t-il se passer ces prochaines semaines ?": "2024-05-16..2024-06-05",
    # since, up to
    "since the beginning of the year": "2024-01-01..",
    "since the start of the week": "2024-05-13..",
    "since January": "2024-01-01..",
    "since yesterday": "2024-05-14..",
    "by the end of the year": "..2024-12-31",
    "up to March 2024": "..2024-03-31",
    "up to March": "..2024-03-31",
    "at the end of the month": "2024-05-21..2024-05-31",
    "in the first half of the year": "2024-01-01..2024-06-30",
    "depuis le début de l'année": "2024-01-01..",
    "depuis le début du mois": "2024-05-01..",
    "depuis hier": "2024-05-14..",
    "depuis janvier": "2024-01-01..",
    "d'ici mars 2024": "..2024-03-31",
    "d'ici mars": "..2025-03-31",
    "d'ici la fin de l'année": "..2024-12-31",
    "jusqu'à mars": "..2024-03-31",
    "jusqu'au mois de mars": "..2024-03-31",
    "en début de semaine": "2024-05-13..2024-05-15",
    "en fin d'année": "2024-09-01..2024-12-31",
    # what is to come
    "What is planned in September?": "2024-09-01..2024-09-30",
    "What will Apple launch on June 3?": "2024-06-03",
    "Which games are upcoming in March?": "2025-03-01..2025-03-31",
    "How much do Netflix plans cost in March?": "2024-03-01..2024-03-31",
    "macOS Ventura in September": "2023-09-01..2023-09-30",
    "this January": "2024-01-01..2024-01-31",
    "What was planned in September?": "2023-09-01..2023-09-30",
    "Why didn't it come out in December as planned?": "2023-12-01..2023-12-31",
    "Qu'est-ce qui est prévu en septembre ?": "2024-09-01..2024-09-30",
    "Que sortira Apple en septembre ?": "2024-09-01..2024-09-30",
    "Que va annoncer Apple entre septembre et novembre ?": "2024-09-01..2024-11-30",
    "Qu'aura Apple en septembre ?": "2024-09-01..2024-09-30",
    "Que verra-t-on en septembre ?": "2024-09-01..2024-09-30",
    "Que deviendra Arm en septembre ?": "2024-09-01..2024-09-30",
    "Que fait Cassandra en septembre ?": "2023-09-01..2023-09-30",
    "Qu'avait prévu Apple en septembre ?": "2023-09-01..2023-09-30",
}
ON_OTHER_DAYS = {
    ("last summer", "2024-07-01"): "2023-06-01..2023-08-31",
    ("this summer", "2024-07-01"): "2024-06-01..2024-08-31",
    ("cet été", "2024-10-10"): "2024-06-01..2024-08-31",
    ("this winter", "2024-10-10"): "2024-12-01..2025-02-28",
    ("l'hiver dernier", "2024-02-01"): "2022-12-01..2023-02-28",
    ("le trimestre dernier", "2024-01-10"): "2023-10-01..2023-12-31",
    ("ce week-end", "2024-05-13"): "2024-05-11..2024-05-12",
    ("this weekend", "2024-05-17"): "2024-05-18..2024-05-19",
    ("last weekend", "2024-05-19"): "2024-05-11..2024-05-12",
    ("ce vendredi", "2024-05-13"): "2024-05-10",
    ("lundi", "2024-05-13"): "2024-05-13",
    ("lundi dernier", "2024-05-13"): "2024-05-06",
}


def period(told: str) -> Period:
    """Read "first..last", with an open end left out, or one day."""
    first, _, last = told.partition("..") if ".." in told else (told, "", told)
    return Period(*(date.fromisoformat(day) if day else None for day in (first, last)))


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_names_its_days(phrase: str) -> None:
    assert find_period(phrase, TODAY) == period(PHRASES[phrase])


@pytest.mark.parametrize(("phrase", "today"), ON_OTHER_DAYS)
def test_the_days_depend_on_the_day_of_the_question(phrase: str, today: str) -> None:
    told = ON_OTHER_DAYS[phrase, today]
    assert find_period(phrase, date.fromisoformat(today)) == period(told)


@pytest.mark.parametrize(
    "question",
    [
        "What was cheaper on Black Friday?",
        "Is support open from Monday to Friday?",
        "Why did it fall that Monday?",
        "Le service est ouvert du lundi au vendredi",
        "Le lundi, le musée est fermé ?",
        "Who left on Thursday 27?",
        "Qui est parti vendredi 13 ?",
        "Pourquoi Tidewheel a calé ce lundi-là ?",
        "Combien de bornes sont tombées ce samedi d'août ?",
        "Les audiences de la série Mercredi",
        "Qu'a fait la CNIL cette semaine-là ?",
        "Qu'a fait la CNIL cette année-là ?",
        "since the start of the week-long strike",
        "What went wrong in the last days of Twitter?",
        "Que s'est-il passé cette nuit-là ?",
        "Why did sales this fall short?",
        "Le plafond a été passé à 3 %",
        "What happened the next week?",
        "Why this may be dangerous",
        "Who hosts the Tonight Show?",
    ],
)
def test_other_words_name_none(question: str) -> None:
    assert find_period(question, TODAY) is None
