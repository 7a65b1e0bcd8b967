"""The days that a question names, on the 15th of May 2024, a Wednesday."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.models import Period
from index.periods import find_period

TODAY = date(2024, 5, 15)
OPEN = None
PHRASES = {
    # English
    "What did Apple announce today?": ("2024-05-15", "2024-05-15"),
    "What happened yesterday?": ("2024-05-14", "2024-05-14"),
    "news of this week": ("2024-05-13", "2024-05-19"),
    "Who was fined last week?": ("2024-05-06", "2024-05-12"),
    "layoffs this month": ("2024-05-01", "2024-05-31"),
    "layoffs last month": ("2024-04-01", "2024-04-30"),
    "deals of this year": ("2024-01-01", "2024-12-31"),
    "deals of last year": ("2023-01-01", "2023-12-31"),
    "in 2022": ("2022-01-01", "2022-12-31"),
    "in April 2023": ("2023-04-01", "2023-04-30"),
    "in February 2024": ("2024-02-01", "2024-02-29"),
    "in April": ("2024-04-01", "2024-04-30"),
    "in August": ("2023-08-01", "2023-08-31"),
    "in May": ("2024-05-01", "2024-05-31"),
    "on April 19, 2023": ("2023-04-19", "2023-04-19"),
    "on April 19th": ("2024-04-19", "2024-04-19"),
    "on June 3": ("2023-06-03", "2023-06-03"),
    "on 19 April 2023": ("2023-04-19", "2023-04-19"),
    "on the 1st of March 2023": ("2023-03-01", "2023-03-01"),
    "on 2023-04-19": ("2023-04-19", "2023-04-19"),
    "in 2023-04": ("2023-04-01", "2023-04-30"),
    "in early 2023": ("2023-01-01", "2023-05-02"),
    "in late 2023": ("2023-09-01", "2023-12-31"),
    "at the end of March 2024": ("2024-03-21", "2024-03-31"),
    "in mid-April 2024": ("2024-04-10", "2024-04-21"),
    "in the summer of 2023": ("2023-06-01", "2023-08-31"),
    "in the winter of 2023": ("2023-12-01", "2024-02-29"),
    "in H1 2023": ("2023-01-01", "2023-06-30"),
    "in the first half of 2023": ("2023-01-01", "2023-06-30"),
    "in the second half of 2023": ("2023-07-01", "2023-12-31"),
    "in the 3rd quarter of 2023": ("2023-07-01", "2023-09-30"),
    "in the last quarter of 2023": ("2023-10-01", "2023-12-31"),
    "in the 2010s": ("2010-01-01", "2019-12-31"),
    "in the early 2010s": ("2010-01-01", "2013-05-02"),
    "in the 90s": ("1990-01-01", "1999-12-31"),
    "on 01/04/23": ("2023-04-01", "2023-04-01"),
    "on 01/04/99": ("1999-04-01", "1999-04-01"),
    "Apple 2023": ("2023-01-01", "2023-12-31"),
    "CES 2024": ("2024-01-01", "2024-12-31"),
    "Google I/O 2023": ("2023-01-01", "2023-12-31"),
    "Windows in 2022": ("2022-01-01", "2022-12-31"),
    "in Q2 2023": ("2023-04-01", "2023-06-30"),
    "in Q4 2023": ("2023-10-01", "2023-12-31"),
    "since 2023": ("2023-01-01", OPEN),
    "since last month": ("2024-04-01", OPEN),
    "layoffs from April 2023": ("2023-04-01", "2023-04-30"),
    "news from last week": ("2024-05-06", "2024-05-12"),
    "articles from 2023 on AI": ("2023-01-01", "2023-12-31"),
    "from April 2023 on": ("2023-04-01", OPEN),
    "from April 2023 onwards": ("2023-04-01", OPEN),
    "from April 2023 to now": ("2023-04-01", OPEN),
    "prior to 2023": (OPEN, "2022-12-31"),
    "before late 2023": (OPEN, "2023-08-31"),
    "before the end of 2023": (OPEN, "2023-12-31"),
    "by the end of this year": (OPEN, "2024-12-31"),
    "early last year": ("2023-01-01", "2023-05-02"),
    "at the end of March": ("2024-03-21", "2024-03-31"),
    "early in 2023": ("2023-01-01", "2023-05-02"),
    "in March last year": ("2023-03-01", "2023-03-31"),
    "on March 3 last year": ("2023-03-03", "2023-03-03"),
    "last March": ("2024-03-01", "2024-03-31"),
    "last May": ("2023-05-01", "2023-05-31"),
    "in Q3 of 2023": ("2023-07-01", "2023-09-30"),
    "in the third quarter of 2023": ("2023-07-01", "2023-09-30"),
    "on 12/04/2023": ("2023-04-12", "2023-04-12"),
    "the day before yesterday": ("2024-05-13", "2024-05-13"),
    "on 4 May at Google": ("2024-05-04", "2024-05-04"),
    "in Jan at Google": ("2024-01-01", "2024-01-31"),
    "the 2023 layoffs": ("2023-01-01", "2023-12-31"),
    "in 2022 people left": ("2022-01-01", "2022-12-31"),
    "before May 2023": (OPEN, "2023-04-30"),
    "after May 2023": ("2023-06-01", OPEN),
    "until the 3rd of June 2023": (OPEN, "2023-06-03"),
    "by 2022": (OPEN, "2022-12-31"),
    "between March 2023 and June 2023": ("2023-03-01", "2023-06-30"),
    "between March and June 2023": ("2023-03-01", "2023-06-30"),
    "from March to June 2023": ("2023-03-01", "2023-06-30"),
    "from 2021 to 2023": ("2021-01-01", "2023-12-31"),
    "in February and March": ("2024-02-01", "2024-03-31"),
    "between January and March": ("2024-01-01", "2024-03-31"),
    "between March and June": ("2023-03-01", "2023-06-30"),
    "from November to February 2023": ("2022-11-01", "2023-02-28"),
    "between 3 and 10 March 2024": ("2024-03-03", "2024-03-10"),
    "from 28 December to 3 January 2024": ("2023-12-28", "2024-01-03"),
    "on March 3-10, 2024": ("2024-03-03", "2024-03-10"),
    "between March 3 and April 10, 2024": ("2024-03-03", "2024-04-10"),
    "six months ago": ("2023-11-02", "2023-12-02"),
    "in the last six months": ("2023-11-17", "2024-05-15"),
    "in the past year": ("2023-05-16", "2024-05-15"),
    "past month": ("2024-04-15", "2024-05-15"),
    "three days ago": ("2024-05-12", "2024-05-12"),
    "two weeks ago": ("2024-04-28", "2024-05-04"),
    "in the last 10 days": ("2024-05-05", "2024-05-15"),
    "in the past two weeks": ("2024-05-01", "2024-05-15"),
    "over the past months": ("2024-02-15", "2024-05-15"),
    # French
    "Qu'a annoncé Apple aujourd'hui ?": ("2024-05-15", "2024-05-15"),
    "Qu'a annoncé Apple aujourd’hui ?": ("2024-05-15", "2024-05-15"),
    "Que s'est-il passé hier ?": ("2024-05-14", "2024-05-14"),
    "les nouvelles de cette semaine": ("2024-05-13", "2024-05-19"),
    "la semaine dernière": ("2024-05-06", "2024-05-12"),
    "la semaine passée": ("2024-05-06", "2024-05-12"),
    "ce mois": ("2024-05-01", "2024-05-31"),
    "le mois dernier": ("2024-04-01", "2024-04-30"),
    "cette année": ("2024-01-01", "2024-12-31"),
    "l'an dernier": ("2023-01-01", "2023-12-31"),
    "l’année dernière": ("2023-01-01", "2023-12-31"),
    "en 2022": ("2022-01-01", "2022-12-31"),
    "en avril 2023": ("2023-04-01", "2023-04-30"),
    "EN AOUT 2023": ("2023-08-01", "2023-08-31"),
    "en décembre": ("2023-12-01", "2023-12-31"),
    "le 1er mars 2023": ("2023-03-01", "2023-03-01"),
    "le 19 avril": ("2024-04-19", "2024-04-19"),
    "début 2023": ("2023-01-01", "2023-05-02"),
    "fin mars 2024": ("2024-03-21", "2024-03-31"),
    "à l'été 2023": ("2023-06-01", "2023-08-31"),
    "au printemps 2023": ("2023-03-01", "2023-05-31"),
    "au S2 2023": ("2023-07-01", "2023-12-31"),
    "au premier semestre 2023": ("2023-01-01", "2023-06-30"),
    "au 2e semestre de 2023": ("2023-07-01", "2023-12-31"),
    "dans la seconde moitié de 2023": ("2023-07-01", "2023-12-31"),
    "au 3e trimestre 2023": ("2023-07-01", "2023-09-30"),
    "au 1er trimestre 2023": ("2023-01-01", "2023-03-31"),
    "au dernier trimestre 2023": ("2023-10-01", "2023-12-31"),
    "dans les années 2010": ("2010-01-01", "2019-12-31"),
    "au début des années 2010": ("2010-01-01", "2013-05-02"),
    "depuis les années 2010": ("2010-01-01", OPEN),
    "les années 90": ("1990-01-01", "1999-12-31"),
    "le 01/04/23": ("2023-04-01", "2023-04-01"),
    "au mois d'août": ("2023-08-01", "2023-08-31"),
    "au T3 2023": ("2023-07-01", "2023-09-30"),
    "depuis 2023": ("2023-01-01", OPEN),
    "à partir d'avril 2023": ("2023-04-01", OPEN),
    "avant mai 2023": (OPEN, "2023-04-30"),
    "après mai 2023": ("2023-06-01", OPEN),
    "jusqu'en mai 2023": (OPEN, "2023-05-31"),
    "entre mars et juin 2023": ("2023-03-01", "2023-06-30"),
    "de 2021 à 2023": ("2021-01-01", "2023-12-31"),
    "il y a trois jours": ("2024-05-12", "2024-05-12"),
    "il y a 2 semaines": ("2024-04-28", "2024-05-04"),
    "ces 10 derniers jours": ("2024-05-05", "2024-05-15"),
    "layoffs depuis deux ans": ("2022-05-16", OPEN),
    "depuis sept ans": ("2017-05-17", OPEN),
    "il y a six mois": ("2023-11-02", "2023-12-02"),
    "il y a cinq ans": ("2018-11-16", "2019-11-15"),
    "au cours des trois derniers mois": ("2024-02-15", "2024-05-15"),
    "avant-hier": ("2024-05-13", "2024-05-13"),
    "le 12/04/2023": ("2023-04-12", "2023-04-12"),
    "avant la fin de 2023": (OPEN, "2023-12-31"),
    "à la fin de 2023": ("2023-09-01", "2023-12-31"),
    "début de l'année 2023": ("2023-01-01", "2023-05-02"),
    "à la fin du mois de mars 2024": ("2024-03-21", "2024-03-31"),
    "mi-mars": ("2024-03-11", "2024-03-21"),
    "en mars de l'an dernier": ("2023-03-01", "2023-03-31"),
    "mars dernier": ("2024-03-01", "2024-03-31"),
    "au troisième trimestre 2023": ("2023-07-01", "2023-09-30"),
    "entre janvier et mars": ("2024-01-01", "2024-03-31"),
    "du 3 au 10 mars 2024": ("2024-03-03", "2024-03-10"),
    "ces dernières semaines": ("2024-04-24", "2024-05-15"),
}


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_names_its_days(phrase: str) -> None:
    since, until = PHRASES[phrase]
    assert find_period(phrase, TODAY) == Period(
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) if until else None,
    )


@pytest.mark.parametrize(
    "question",
    [
        "Why did Microsoft leave Twitter?",
        "May Apple use the data?",
        "Il a mis fin au contrat",
        "Will the march of the robots go on?",
        "How much RAM has the RTX 2080?",
        "a fine of $2000",
        "2000 € d'amende",
        "45 % et 2023%",
        "2000 dollars",
        "31 February is no day",
        "Why GPT-4 may be dangerous?",
        "Windows 11 may get it",
        "Who left after Jan Leike resigned?",
        "the company founded by Jan Koum",
        "What was seized before Mar-a-Lago?",
        "the last Mars mission",
        "images of Mars",
        "en sept ans",
        "réduit de dix-sept à sept",
        "lay off 2000 people",
        "a loss of 2000 jobs",
        "2000 postes supprimés",
        "Windows 2000",
        "When does support for Office 2019 end?",
        "une licence Windows Server 2022",
        "a woman in her 90s",
        "",
    ],
)
def test_other_words_name_none(question: str) -> None:
    assert find_period(question, TODAY) is None


WORDS = """in en since depuis before avant after après until jusqu'en the le la l' of de early mid
fin début between and et to from 2023 1999 2023-02-31 29 31 0 999 february mai may august q4 t1
summer hiver ago il y a last past ces derniers dernière days semaines years ans an few yesterday
hier today this cette week month year année , - depuis six sept jan troisième trimestre the quarter
12/04/2023 avant-hier prior dernier onwards on au 01/04/23 monday lundi next prochain weekend
planned sera half semestre 2010s hours d'ici up night soir""".split()
QUESTIONS = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
)


@given(question=QUESTIONS, today=st.dates())
@example(question="after 31 December 9999", today=date.max)
@example(question="yesterday", today=date.min)
@example(question="next winter", today=date.max)
@example(question="last winter", today=date.min)
@example(question="next six months will", today=date.max)
@example(question="lundi", today=date.min)
@example(question="999 years ago", today=date(500, 1, 1))
@example(question="since ２０２３", today=TODAY)
def test_no_question_fails_and_no_period_ends_before_it_begins(question: str, today: date) -> None:
    period = find_period(question, today)
    if period is not None and period.since and period.until:
        assert period.since <= period.until


@given(year=st.integers(1990, 2026), month=st.integers(1, 12))
def test_a_month_of_a_year_is_found_in_both_languages(year: int, month: int) -> None:
    first = date(year, month, 1)
    english = first.strftime("%B")
    french = (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ).split()[month - 1]
    period = find_period(f"in {english} {year}", TODAY)
    assert period == find_period(f"en {french} {year}", TODAY)
    assert period is not None
    assert period.since == first
    assert period.until is not None
    assert (period.until.year, period.until.month) == (year, month)
