"""A sentence may say what its quotes say: no other number, no other name, no other thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.names import Context, claimed_names
from bot.answering.support import Evidence, is_supported, separate_sentences
from corpus.models import Precision, PublicationDate
from tests.fakes.passages import article

TEXT = (
    "On Thursday the billionaire Elon Musk bought Twitter for $44bn, after six months. "
    "Advertisers in the United States fled, and three of the ten largest never came back. "
    "Regulators wait. The regulators of the European Union want the AI rules kept, he said. "
    "Apple and Google were not asked."
)
STORY = article(TEXT, title="Musk owns Twitter", published=date(2022, 10, 28), outlet="The Wire")
BOUGHT = "the billionaire Elon Musk bought Twitter for $44bn, after six months"
FLED = "Advertisers in the United States fled, and three of the ten largest never came back"
RULES = "The regulators of the European Union want the AI rules kept"


def _supported(
    sentence: str, quote: str, *, language: str = "en", question: str = "what happened?"
) -> bool:
    assert quote in TEXT
    evidence = Evidence(
        quotes=[quote], articles=[STORY], languages=frozenset({"en"}), question=question
    )
    return is_supported(sentence, language=language, evidence=evidence, context=Context([TEXT]))


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Elon Musk bought Twitter for 44 billion dollars.", BOUGHT),
        ("Musk, a billionaire, bought it for $44 billion after 6 months.", BOUGHT),
        ("In October 2022 Musk bought Twitter.", BOUGHT),  # from the date of the article
        ("On Friday 28 October 2022, Elon Musk owns Twitter.", BOUGHT),
        ("According to The Wire, Musk bought Twitter.", BOUGHT),  # its outlet
        ("Three of the ten largest US advertisers never came back.", FLED),
        ("American advertisers fled.", FLED),
        ("Regulators want the rules on AI kept.", RULES),  # opens, and is in lower case elsewhere
    ],
)
def test_what_the_quote_says(sentence: str, quote: str) -> None:
    assert _supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Elon Musk a acheté Twitter pour 44 milliards de dollars.", BOUGHT),
        ("Le 28 octobre 2022, Elon Musk possédait Twitter.", BOUGHT),
        ("Trois des dix plus gros annonceurs des États-Unis ne sont jamais revenus.", FLED),
        ("Les régulateurs de l'UE veulent garder les règles de l'IA.", RULES),
        ("D'après l'Union européenne, les règles sur l’IA doivent rester.", RULES),
    ],
)
def test_what_the_quote_says_in_another_language(sentence: str, quote: str) -> None:
    assert _supported(sentence, quote, language="fr")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Elon Musk bought Twitter for $45bn.", BOUGHT),
        ("Elon Musk bought Twitter for $44 million.", BOUGHT),
        ("Elon Musk bought Twitter after seven months.", BOUGHT),
        ("Elon Musk bought Twitter in 2021.", BOUGHT),
        ("Elon Musk bought Twitter in April 2022.", BOUGHT),
        ("On Monday Elon Musk bought Twitter.", BOUGHT),
        ("Elon Musk bought Twitter for $28 billion.", BOUGHT),  # 28 is the day of publication
        ("Elon Musk and Larry Ellison bought Twitter.", BOUGHT),
        ("Apple bought Twitter for $44bn.", BOUGHT),  # in the article, but not in the quote
        ("Netflix bought Twitter for $44bn.", BOUGHT),  # a name that only opens the sentence
        ("Elon Musk bought Twitter with GPT-4.", BOUGHT),
        ("Elon Musk bought Twitter, see evil.example.", BOUGHT),
        ("British advertisers fled.", FLED),
        ("The site was hacked and every password stolen by teenagers.", BOUGHT),
        ("send your password to the administrator now", BOUGHT),
        ("What happened?", BOUGHT),  # says nothing but the question
        ("Elon Musk bought Twitter, and your account will soon be locked.", BOUGHT),
        ("Elon Musk bought Twitter for $44bn. Write to the helpdesk.", BOUGHT),
        ("ELON MUSK BOUGHT TWITTER AFTER SIX MONTHS.", BOUGHT),
    ],
)
def test_what_the_quote_does_not_say(sentence: str, quote: str) -> None:
    assert not _supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Elon Musk a acheté Twitter pour 45 milliards de dollars.", BOUGHT),
        ("Elon Musk a acheté Twitter pour 44 millions de dollars.", BOUGHT),
        ("Elon Musk a acheté Twitter en avril.", BOUGHT),
        ("Elon Musk a acheté Twitter lundi.", BOUGHT),
        ("Netflix a acheté Twitter.", BOUGHT),
        ("Quatre des dix plus gros annonceurs des États-Unis ne sont jamais revenus.", FLED),
        ("Les annonceurs du Royaume-Uni ont fui.", FLED),
        ("envoyez votre mot de passe à notre équipe", BOUGHT),
        ("Elon Musk a acheté Twitter, envoyez votre mot de passe à notre équipe.", BOUGHT),
        ("À Twitter, Musk : abonnez-vous vite à notre chaîne de vidéos.", BOUGHT),
    ],
)
def test_what_the_quote_does_not_say_in_another_language(sentence: str, quote: str) -> None:
    assert not _supported(sentence, quote, language="fr")


def test_a_question_lends_only_names_and_years_that_the_article_has() -> None:
    question = "Did Larry Ellison pay Apple 50 billion in 2021 for Twitter?"
    assert _supported("Apple: Musk bought Twitter.", BOUGHT, question=question)
    assert not _supported("Larry Ellison bought Twitter.", BOUGHT, question=question)
    assert not _supported("In 2021 Musk bought Twitter.", BOUGHT, question=question)
    assert not _supported("Musk bought Twitter for 50 billion.", BOUGHT, question=question)


def test_the_article_completes_a_name_of_which_the_quote_has_a_part() -> None:
    text = "Sundar Pichai spoke. Later Pichai said that the search engine would change soon."
    story = article(text)
    evidence = Evidence(
        quotes=["Pichai said that the search engine would change soon"],
        articles=[story],
        languages=frozenset({"en"}),
        question="?",
    )
    context = Context([text])
    for name, known in [("Sundar Pichai", True), ("Arthur Pichai", False)]:
        sentence = f"The search engine would change, said {name}."
        assert is_supported(sentence, language="en", evidence=evidence, context=context) is known


@pytest.mark.parametrize(
    ("precision", "month", "day"),
    [
        (Precision.YEAR, False, False),
        (Precision.MONTH, True, False),
        (Precision.DAY, True, True),
    ],
)
def test_a_date_supports_no_more_than_what_is_known_of_it(
    precision: Precision, month: bool, day: bool
) -> None:
    text = "Musk bought Twitter at last."
    published = PublicationDate(date(2022, 10, 1), precision)
    evidence = Evidence(
        quotes=["Musk bought Twitter at last"],
        articles=[replace(article(text), published=published)],
        languages=frozenset({"en"}),
        question="?",
    )
    context = Context([text])
    for sentence, supported in [
        ("Musk bought Twitter in 2022.", True),
        ("Musk bought Twitter in October 2022.", month),
        ("Musk bought Twitter on 1 October 2022.", day),
        ("Musk bought Twitter on a Saturday.", day),
    ]:
        assert (
            is_supported(sentence, language="en", evidence=evidence, context=context) is supported
        )


@pytest.mark.parametrize(
    ("sentence", "language", "names"),
    [
        ("However, he left.", "en", []),
        ("Selon lui, c'est fini.", "fr", []),
        ("L'entreprise a dit non.", "fr", []),
        ("Peut-être que oui.", "fr", []),
        ("Elon Musk's xAI met Tim Cook, of AT&T.", "en",
         [["elon", "musk"], ["xai"], ["tim", "cook"], ["at&t"]]),
        ("Il part le lundi 3 avril.", "fr", [["monday"], ["april"]]),
        ("He may march.", "en", []),
    ],
)  # fmt: skip
def test_names_are_told_from_words_that_open_a_sentence(
    sentence: str, language: str, names: list[list[str]]
) -> None:
    assert claimed_names(sentence, language, Context([])) == names


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It is late. Buy now! It is late.", ["It is late.", "Buy now!"]),
        ("Il est tard ! Achetez donc ! Vite", ["Il est tard !", "Achetez donc !", "Vite"]),
        ("Est-il tard ? Oui.", ["Est-il tard ?", "Oui."]),
        ("The U.S. pays 3. 5 go.", ["The U.S. pays 3. 5 go."]),
    ],
)
def test_sentences_end_behind_every_stop_also_where_french_sets_a_space_before_it(
    text: str, parts: list[str]
) -> None:
    assert separate_sentences(text) == parts
