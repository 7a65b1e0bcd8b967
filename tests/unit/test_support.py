"""A sentence may say what its quotes say: no other number, no other name, no other thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.proof.names import Context, claimed_names
from bot.answering.proof.support import Evidence, is_supported, separate_sentences
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


def _says(sentence: str, quote: str, languages: str = "en en", text: str | None = None) -> bool:
    """Hold a sentence against a quote of an article of 28 October 2022."""
    language, of = languages.split()
    story = article(text or quote, language=of, published=date(2022, 10, 28))
    evidence = Evidence(
        quotes=[quote], articles=[story], languages=frozenset({of}), question="what happened?"
    )
    return is_supported(
        sentence, language=language, evidence=evidence, context=Context([story.text])
    )


FINED = "Google was fined for abuse by the court."
NOT_FINED = "Google was not fined for abuse by the court."
CONDAMNE = "Le tribunal a condamné Google pour abus."
PAS_CONDAMNE = "Le tribunal n'a pas condamné Google pour abus."


@pytest.mark.parametrize(
    ("languages", "one", "other"),
    [
        ("en en", FINED, NOT_FINED),
        ("en en", FINED, "Nobody was fined for abuse by the court."),
        ("en en", "Apple will sell the phone.", "Apple will never sell the phone."),
        ("en en", "Apple can sell the phone.", "Apple can't sell the phone."),
        ("en en", "Google paid the users.", "Google refused to pay the users."),
        ("en en", "Google paid the users.", "Google denied that it paid the users."),
        ("fr fr", CONDAMNE, PAS_CONDAMNE),
        ("fr fr", "Apple vend le téléphone.", "Apple ne vend plus le téléphone."),
        ("fr fr", "Google a payé les abonnés.", "Google nie avoir payé les abonnés."),
        ("fr fr", "Google a payé les abonnés.", "Google refuse de payer les abonnés."),
        ("fr en", CONDAMNE, "The court did not fine Google for abuse."),
        ("fr en", PAS_CONDAMNE, "The court fined Google for abuse."),
        ("fr en", "Apple ne vendra jamais le téléphone.", "Apple will sell the phone."),
    ],
)
def test_nothing_that_is_said_is_denied_nor_the_reverse(
    languages: str, one: str, other: str
) -> None:
    language, of = languages.split()
    assert not _says(one, other, languages)
    assert not _says(other, one, f"{of} {language}")


@pytest.mark.parametrize(
    ("languages", "sentence", "quote"),
    [
        ("en en", NOT_FINED, NOT_FINED),
        ("en en", "The court did not fine Google.", NOT_FINED),
        ("en fr", "The court did not fine Google.", PAS_CONDAMNE),
        ("fr en", "Le tribunal n'a pas condamné Google.", "The court did not fine Google."),
        ("en en", "Apple appealed.", "Apple was not fined, but it appealed."),
        ("en en", "Google was fined.", "Not only Apple but Google was fined by the court."),
        ("en en", "It costs 5 euros.", "It costs no more than 5 euros."),
        ("fr fr", "Google paie 5 euros.", "Google ne paie que 5 euros."),
        ("fr fr", "Google a payé avant de partir.", "Google a payé avant qu'il ne parte."),
        ("en fr", "The clients can no longer pay.", "Les clients ne peuvent plus payer."),
        ("en en", "It will launch in May.", "It will not launch until May."),
        ("en en", "Google no longer sells phones.", "Google stopped selling phones."),
    ],
)
def test_a_negation_that_both_have_or_that_is_none_speaks_against_nothing(
    languages: str, sentence: str, quote: str
) -> None:
    assert _says(sentence, quote, languages)


@pytest.mark.parametrize(
    ("languages", "one", "other"),
    [
        ("en en", "Prices at Google rose by 5% in May.", "Prices at Google fell by 5% in May."),
        ("en en", "The court approved the sale.", "The court blocked the sale."),
        ("en en", "Google hired 300 people.", "Google laid off 300 people."),
        ("en en", "Meta was found guilty by a court.", "Meta was acquitted by a court."),
        ("en en", "It sold more than 300 phones.", "It sold fewer than 300 phones."),
        ("en en", "The plan costs $20 a month.", "The plan costs $20 a year."),
        ("fr fr", "Google emploie plus de 100 salariés.", "Google emploie moins de 100 salariés."),
        ("fr fr", "L'action Google a gagné 7 %.", "L'action Google a perdu 7 %."),
        ("fr en", "Le Kenya impose une interdiction.", "Kenya lifted a ban."),
        ("fr fr", "Google a fait un bénéfice.", "Google a fait une perte."),
        ("fr fr", "Les prix ont augmenté de 5 %.", "Les prix ont baissé de 5 %."),
        ("fr en", "Google a recruté 300 personnes.", "Google fired 300 people."),
        ("fr en", "Les prix de Google augmentent de 5 %.", "Prices at Google drop by 5%."),
        ("fr en", "Apple ouvre un magasin à Lyon.", "Apple closes a shop in Lyon."),
    ],
)
def test_nothing_is_turned_into_its_opposite(languages: str, one: str, other: str) -> None:
    language, of = languages.split()
    assert not _says(one, other, languages)
    assert not _says(other, one, f"{of} {language}")
    assert _says(one, one, f"{language} {language}")


@pytest.mark.parametrize(
    ("languages", "one", "other"),
    [
        ("en en", "Google sued Microsoft in May.", "Microsoft sued Google in May."),
        ("en en", "Google was sued by Microsoft in May.", "Google sued Microsoft in May."),
        ("en en", "Sam Altman fired Greg Brockman.", "Greg Brockman fired Sam Altman."),
        ("fr fr", "Google poursuit Microsoft en justice.", "Microsoft poursuit Google en justice."),
        ("fr fr", "Google a été racheté par Microsoft.", "Google a racheté Microsoft."),
        ("fr en", "Google a acheté Microsoft.", "Microsoft bought Google."),
    ],
)
def test_who_does_it_and_to_whom_is_not_exchanged(languages: str, one: str, other: str) -> None:
    language, of = languages.split()
    assert not _says(one, other, languages)
    assert not _says(other, one, f"{of} {language}")
    assert _says(one, one, f"{language} {language}")


@pytest.mark.parametrize(
    ("languages", "sentence", "quote"),
    [
        ("en en", "Google was sued by Microsoft.", "Microsoft sued Google in May."),
        ("en en", "Google merged with Microsoft.", "Microsoft merged with Google in May."),
        ("en en", "Google sued Microsoft.", "Microsoft sued Google, and Google sued Microsoft."),
        ("fr fr", "Microsoft poursuit Google.", "C'est Google que poursuit Microsoft."),
        ("fr en", "Google est poursuivi par Microsoft.", "Microsoft sued Google in May."),
    ],
)
def test_the_same_roles_in_another_order_are_proven(
    languages: str, sentence: str, quote: str
) -> None:
    assert _says(sentence, quote, languages)


@pytest.mark.parametrize(
    ("languages", "sentence", "quote"),
    [
        ("en en", "Prices rose at Google.", "Prices fell in May, but then rose at Google."),
        ("en en", "Google did not reject the sale.", "Google did not reject the sale."),
        ("en en", "Sales at Google fell.", "Sales at Google did not rise: they fell."),
        ("fr en", "Les prix de Google montent.", "Prices at Google rise."),
        ("en en", "It costs at most 5 euros.", "It costs no more than 5 euros."),
        ("fr fr", "Google n'a plus de clients.", "Google n'a plus de clients."),
        ("en en", "It cost 5 euros a month.", "It cost 5 euros a month, as a year ago."),
        ("en en", "Google declined to comment on growth.", "Google declined to comment on growth."),
    ],
)
def test_what_is_said_of_both_sides_or_under_a_not_reverses_nothing(
    languages: str, sentence: str, quote: str
) -> None:
    assert _says(sentence, quote, languages)


def test_a_quote_cannot_leave_out_the_negation_of_its_sentence() -> None:
    text = "The judge said that search did not harm users of the web. It is late."
    quote = "harm users of the web"
    assert not _says("Search did harm users of the web.", quote, text=text)
    assert _says("Search did not harm users of the web.", quote, text=text)
    assert _says("Search did harm users of the web.", quote, text=f"The search did {quote}.")


@pytest.mark.parametrize(
    ("languages", "sentence", "quote"),
    [
        ("en en", "Twitter lost 12,000 users.", "Twitter lost 12 users."),
        ("en en", "Twitter lost 12 users.", "Twitter lost 12 million users."),
        ("fr fr", "Cinq cents abonnés ont quitté Twitter.", "Cinq abonnés ont quitté Twitter."),
        ("en en", "Two billion users left Twitter.", "Users left Twitter."),
        ("fr en", "Un million d'abonnés ont quitté Twitter.", "Users left Twitter."),
        ("en en", "Twitter lost 44% of users.", "Twitter lost $44 on users."),
        ("fr en", "Twitter a perdu 44 millions d'euros.", "Twitter lost $44 million."),
        ("en en", "Microsoft left Twitter because it feared lawsuits.", "Microsoft left Twitter."),
        ("en en", "Microsoft left Twitter after hackers stole money.", "Microsoft left Twitter."),
        ("fr fr", "Apple a quitté X parce que des pirates volaient.", "Apple a quitté X mardi."),
        ("fr en", "Apple a quitté X après que des pirates ont volé.", "Apple left X on Tuesday."),
        (
            "en en",
            "Musk bought Twitter for $44. send your password",
            "Musk bought Twitter for $44.",
        ),
        ("en en", "Twitter fired 28 workers.", "Twitter fired workers."),
        ("en en", "The court fined Google 2022 euros.", "The court fined Google."),
        ("en en", "The court fined Google in 2022 euros.", "The court fined Google in euros."),
        ("en en", "28% of users left Twitter.", "Users left Twitter."),
        ("en en", "Twitter fired workers on 28 April.", "Twitter fired workers in April."),
        ("fr fr", "L'ONU a condamné Google.", "Un tribunal a condamné Google."),
        ("fr fr", "L'UE a condamné Google.", "Google a eu une amende, un tribunal l'a condamné."),
        ("en fr", "Google was fined over AI.", "« J'ai vu Google condamné », a-t-il dit."),
        ("en en", "In May the court fined Google.", "The court fined Google and may appeal."),
        ("en en", "Google sold phones in March.", "Google sold phones and will march on."),
        ("fr fr", "En mars, Google a vendu la société.", "Google a vendu la société sur Mars."),
        ("en en", "The users of Apple left.", "The users of an apple left."),
        ("en en", "Users left AT&T.", "Users left at one point, t was late."),
        ("en en", "Then Tim Musk left.", "Then Tim Cook and Elon Musk left."),
    ],
)
def test_what_is_only_alike_proves_nothing(languages: str, sentence: str, quote: str) -> None:
    assert not _says(sentence, quote, languages)


@pytest.mark.parametrize(
    ("languages", "sentence", "quote"),
    [
        ("en en", "Twitter lost between 10 and 12 billion.", "Twitter lost 10 to 12 billion."),
        ("fr en", "Twitter a perdu 44 millions de dollars.", "Twitter lost $44 million."),
        ("en en", "Microsoft left because it feared fines.", "It feared fines: Microsoft left."),
        ("en en", "Google has sold phones since 2007.", "Since 2007 Google has sold phones."),
        ("en en", "On Thursday 27 October 2022, Google left.", "Google left on Thursday 27."),
        ("fr fr", "Google est parti le 3 mai 2022.", "Le 3 mai, Google est parti."),
        ("fr en", "L'UE a attaqué Google.", "The European Union attacked Google."),
        ("en fr", "Google left in March.", "Google est parti en mars."),
        ("en en", "The OpenAI CEO Sam Altman left.", "Sam Altman, CEO of OpenAI, left."),
        ("en en", "Then President Biden left.", "Then President Joe Biden left."),
    ],
)
def test_what_is_the_same_in_other_words_is_proven(
    languages: str, sentence: str, quote: str
) -> None:
    assert _says(sentence, quote, languages)


def test_the_dates_of_two_articles_make_no_third() -> None:
    stories = [
        article("Musk bought it.", number=n, published=day)
        for n, day in enumerate([date(2022, 10, 28), date(2023, 4, 19)], start=1)
    ]
    evidence = Evidence(
        quotes=["Musk bought it"], articles=stories, languages=frozenset({"en"}), question="?"
    )
    context = Context(["Musk bought it."])
    for day, supported in [("28 October 2022", True), ("19 April 2023", True),
                           ("28 April 2023", False), ("28 October 2023", False)]:  # fmt: skip
        sentence = f"Musk bought it on {day}."
        assert (
            is_supported(sentence, language="en", evidence=evidence, context=context) is supported
        )


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
        ("It costs $44. send money", ["It costs $44.", "send money"]),
        ("Il perd 44 %. Payez… vite", ["Il perd 44 %.", "Payez…", "vite"]),
        ("“It is late.” Buy now", ["“It is late.”", "Buy now"]),
    ],
)
def test_sentences_end_behind_every_stop_also_where_french_sets_a_space_before_it(
    text: str, parts: list[str]
) -> None:
    assert separate_sentences(text) == parts
