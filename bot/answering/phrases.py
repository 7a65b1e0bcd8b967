"""The words around quotes, in the question's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from corpus.languages import UNDETERMINED
from corpus.models import Article, Precision, PublicationDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What Newsdesk itself says in one language; braces are filled in.

    `months` counts from January. `of_day` stands before a day, `of_vowel` before another date that
    begins with a vowel, `of_date` before the rest. `languages` names the languages of sources by
    ISO 639-1 code.
    """

    opening_quote: str
    closing_quote: str
    colon: str
    unnamed_outlet: str
    on_day: str
    on_month: str
    first_day: str
    months: tuple[str, ...]
    of_day: str
    of_vowel: str
    of_date: str
    in_language: str
    languages: dict[str, str]
    further: str
    translated: str
    earlier: str
    later: str
    also: str
    differ: str
    other_time: str
    old: str
    nothing: str
    nothing_at_all: str
    newest: str
    fallback: str
    model_away: str
    budget_spent: str
    own_budget_spent: str
    broken_off: str


_ENGLISH: Final = Phrases(
    opening_quote="“",
    closing_quote="”",
    colon=":",
    unnamed_outlet="An article",
    on_day="{day} {month} {year}",
    on_month="{month} {year}",
    first_day="{day}",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    of_day="of {date}",
    of_vowel="of {date}",
    of_date="of {date}",
    in_language="in {language}",
    languages={
        "fr": "French", "en": "English", "de": "German", "es": "Spanish", "it": "Italian",
        "pt": "Portuguese", "nl": "Dutch", "ca": "Catalan", "pl": "Polish", "cs": "Czech",
        "ro": "Romanian", "sv": "Swedish", "da": "Danish", "nb": "Norwegian", "fi": "Finnish",
    },
    further="Further on",
    translated="Translation by the language model",
    earlier="Earlier",
    later="More recently",
    also="Also reported by {others}.",
    differ="These sources do not agree.",
    other_time="None of these articles is known to be of the time that you ask about.",
    old="The newest article that I have on this is {of_date}, {months} months ago.",
    nothing="I have found nothing that answers this.",
    nothing_at_all="I have no article yet, so I cannot answer.",
    newest="The newest article that I know of: {date}.",
    fallback="The language model gave no answer that could be checked, so these are quotes.",
    model_away="The language model is not available at the moment, so these are quotes.",
    budget_spent="The language model's budget of today is spent, so these are quotes.",
    own_budget_spent="Your share of the language model for today is spent, so these are quotes.",
    broken_off="The language model did not finish its answer, so the rest are quotes.",
)  # fmt: skip
_FRENCH: Final = Phrases(
    opening_quote="« ",
    closing_quote=" »",
    colon=" :",
    unnamed_outlet="Un article",
    on_day="{day} {month} {year}",
    on_month="{month} {year}",
    first_day="{day}er",
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre",
    ),
    of_day="du {date}",
    of_vowel="d'{date}",
    of_date="de {date}",
    in_language="en {language}",
    languages={
        "fr": "français", "en": "anglais", "de": "allemand", "es": "espagnol", "it": "italien",
        "pt": "portugais", "nl": "néerlandais", "ca": "catalan", "pl": "polonais",
        "cs": "tchèque", "ro": "roumain", "sv": "suédois", "da": "danois", "nb": "norvégien",
        "fi": "finnois",
    },
    further="Plus loin",
    translated="Traduction par le modèle de langue",
    earlier="Auparavant",
    later="Plus récemment",
    also="Rapporté aussi par {others}.",
    differ="Ces sources ne disent pas la même chose.",
    other_time="Aucun de ces articles n'est de l'époque dont vous parlez, que je sache.",
    old="L'article le plus récent que j'aie à ce sujet, {of_date}, a {months} mois.",
    nothing="Je n'ai rien trouvé qui réponde à cette question.",
    nothing_at_all="Je n'ai encore aucun article, je ne peux donc pas répondre.",
    newest="L'article le plus récent que je connaisse : {date}.",
    fallback="Le modèle de langue n'a pas donné de réponse vérifiable, voici donc des citations.",
    model_away="Le modèle de langue n'est pas disponible en ce moment, voici donc des citations.",
    budget_spent="Le budget du jour du modèle de langue est épuisé, voici donc des citations.",
    own_budget_spent=(
        "Votre part du jour du modèle de langue est épuisée, voici donc des citations."
    ),
    broken_off="Le modèle de langue n'a pas fini sa réponse, le reste est donc fait de citations.",
)  # fmt: skip
_PHRASES: Final = {"en": _ENGLISH, "fr": _FRENCH}


def phrases_for(language: str) -> Phrases:
    """The phrases of a language (ISO 639-1); English for those that have none."""
    return _PHRASES.get(language, _ENGLISH)


def written_date(published: PublicationDate, phrases: Phrases) -> str:
    """Write a date out as exactly as it is known: "1er avril 2023", "avril 2023" or "2023"."""
    first = published.first
    month = phrases.months[first.month - 1]
    match published.precision:
        case Precision.YEAR:
            return str(first.year)
        case Precision.MONTH:
            return phrases.on_month.format(month=month, year=first.year)
        case Precision.DAY:
            day = phrases.first_day if first.day == 1 else "{day}"
            return phrases.on_day.format(
                day=day.format(day=first.day), month=month, year=first.year
            )


def of_date(published: PublicationDate, phrases: Phrases) -> str:
    """Write a date as that of something: "du 1er avril 2023", "d'avril 2023" or "de 2023"."""
    written = written_date(published, phrases)
    if published.precision is Precision.DAY:
        return phrases.of_day.format(date=written)
    begins_with_vowel = written[0].lower() in "aeiou"
    return (phrases.of_vowel if begins_with_vowel else phrases.of_date).format(date=written)


_NO_MARKS: Final = str.maketrans("[]", "()")
_INNER: Final = str.maketrans("“”«»", "‘’‹›")
"""Square brackets around a number are marks of citations; an outlet's name must not make one."""


def in_quotation_marks(quote: str, phrases: Phrases) -> str:
    """Put a quote between quotation marks, so that it cannot seem to end within.

    It is one line; what looks like the mark of a source is put in round brackets; and where one of
    its own quotations ends that did not begin in it, these get the inner signs.
    """
    line = quote.replace("\n", " ").translate(_NO_MARKS)
    line = line.translate(_INNER) if _closes_another(line) else line
    return f"{phrases.opening_quote}{line}{phrases.closing_quote}"


def _closes_another(line: str) -> bool:
    opened = 0
    for sign in line:
        opened += (sign in "“«") - (sign in "”»")
        if opened < 0:
            return True
    return False


def introduction(article: Article, language: str) -> str:
    """Say who says it, when, and in which language, if it is not the question's."""
    phrases = phrases_for(language)
    about = [written_date(article.published, phrases)] if article.published else []
    if article.language not in (language, UNDETERMINED):
        named = phrases.languages.get(article.language, article.language)
        about.append(phrases.in_language.format(language=named))
    who = (article.outlet or phrases.unnamed_outlet).translate(_NO_MARKS)
    return f"{who} ({', '.join(about)})" if about else who
