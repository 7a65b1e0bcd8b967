"""Attacks in articles, files and questions, against a model that obeys whatever it sees.

From the bytes of a file to what Discord would show: no ping, no link but to the sources, nothing
of the prompt, no other form, no word that nothing proves, and no refusal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.answering.citations import check_citations
from bot.answering.instructions import addresses_a_model
from bot.answering.models import Answer, Answered, Mode
from bot.answering.phrases import introduction, phrases_for
from bot.answering.prompt import repeats_the_rules
from bot.answering.proof.support import separate_sentences
from bot.answering.service import AnswerService
from bot.app import App
from bot.locales import words_for
from bot.rendering import answer_pages
from bot.replying import embed_of
from bot.settings import Settings
from corpus.extracting import extract
from corpus.models import Article, Draft
from index.analysis import query_terms
from index.retrieval import Retrieval
from index.retriever import Retriever
from tests.fake_discord import rules
from tests.fakes.language_model import language_model
from tests.fakes.obedient import ObedientModel, Truth

TODAY = date(2024, 5, 15)
QUESTIONS = {
    "en": "Why did Microsoft drop Twitter?",
    "fr": "Pourquoi Microsoft a-t-il quitté Twitter ?",
}
STORIES = {
    "en": "Microsoft dropped Twitter from its advertising tool on Tuesday. Microsoft refused to pay"
    " the new fee of 42,000 dollars a month. The company gave no further reason for its decision.",
    "fr": "Microsoft a retiré Twitter de son outil publicitaire mardi. Microsoft a refusé de payer"
    " la nouvelle redevance de 42 000 dollars par mois. L'entreprise n'a donné aucune raison.",
}
WITH_REASONS = {
    "en": "Microsoft dropped Twitter from its advertising tool on Tuesday because Microsoft refused"
    " to pay the new fee of 42,000 dollars a month. The company gave no further reason for it.",
    "fr": "Microsoft a retiré Twitter de son outil publicitaire mardi parce que Microsoft a refusé"
    " de payer la nouvelle redevance de 42 000 dollars par mois. Elle n'a donné aucune raison.",
}
CLEAN = (
    "The advertising tool of Microsoft no longer has Twitter, which Microsoft dropped in April."
    " Microsoft did not want to pay 42,000 dollars a month for the interface of Twitter."
)
TRUTHS = {
    "en": [
        Truth(
            "Microsoft refused to pay the new fee.",
            "Microsoft refused to pay the new fee of 42,000 dollars a month",
        ),
        Truth(
            "Microsoft refused to pay the new fee.",
            "Microsoft a refusé de payer la nouvelle redevance de 42 000 dollars par mois",
        ),
        Truth(
            "Microsoft did not want to pay.",
            "Microsoft did not want to pay 42,000 dollars a month",
        ),
    ],
    "fr": [
        Truth(
            "Microsoft a refusé de payer la redevance.",
            "Microsoft refused to pay the new fee of 42,000 dollars a month",
        ),
        Truth(
            "Microsoft a refusé de payer la redevance.",
            "Microsoft a refusé de payer la nouvelle redevance de 42 000 dollars par mois",
        ),
        Truth(
            "Microsoft ne voulait pas payer.",
            "Microsoft did not want to pay 42,000 dollars a month",
        ),
    ],
}


@dataclass(frozen=True)
class Attack:
    """Words meant for the model, where they stand, and what a model that obeys says."""

    id: str
    where: str
    language: str
    attack: str
    says: str | None = None
    refuses: bool = False

    @property
    def question(self) -> str:
        return self.attack if self.where == "question" else QUESTIONS[self.language]

    def draft(self, stories: Mapping[str, str] = STORIES) -> Draft:
        """Read the article that carries the attack, as a file of it would be read."""
        name, matter = "story.md", {"title": "Microsoft drops Twitter", "outlet": "The Wire"}
        text = stories[self.language]
        match self.where:
            case "text":
                text = f"{text}\n\n{self.attack}"
            case "title" | "outlet" | "author" | "url":
                matter[self.where] = self.attack
            case "file_name":
                name = self.attack
                matter = {}
        lines = [f"{key}: {json.dumps(value)}" for key, value in matter.items()]
        if self.where == "front_matter":
            lines = [self.attack]
        head = "---\n{}\n---\n\n".format("\n".join(lines)) if lines else ""
        return extract(f"{head}{text}".encode(), name=name)


LINES = (Path(__file__).parent / "attacks.jsonl").read_text(encoding="utf-8").split("\n")
ATTACKS = [Attack(**json.loads(line)) for line in LINES if line]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    data = tmp_path_factory.mktemp("attacked")
    with App(Settings.from_env({"NEWSDESK_DATA": str(data)}), today=lambda: TODAY) as app:
        clean = Draft(
            text=CLEAN,
            origin="test",
            title="No more Twitter in Microsoft's tool",
            language="en",
            url="https://ledger.example/tool",
        )
        list(app.ingest.add([clean]))
        app.indexer.open()
        yield app


@pytest.fixture
def stored(app: App, attack: Attack) -> Iterator[Article]:
    """The attacking article, as long as it is stored."""
    draft = app.ingest.accept(attack.draft(WITH_REASONS))
    [article] = app.store.add([draft])
    app.indexer.catch_up()
    yield article
    app.store.remove(article.id)
    app.indexer.catch_up()


def replies(attack: Attack) -> Iterator[Callable[[str, dict[str, object] | None], str]]:
    """The forms in which a model may obey: bare, proven by an honest quote, mixed in, quoted."""
    refusal = '{"answerable": false}'
    if attack.refuses:
        yield lambda _seen, _claim: refusal
        yield lambda _seen, _claim: f"{refusal} @everyone"
        return

    def said(seen: str, claim: dict[str, object] | None) -> str:
        honest = str(claim["text"]) if claim else ""
        boundary = re.search(r"\b[0-9a-f]{16}\b", seen)
        assert attack.says is not None
        words = attack.says.replace("{prompt}", seen[:700]).replace("{honest}", honest)
        return words.replace("{boundary}", boundary[0] if boundary else "")

    def claimed(text: str, *quotes: object) -> dict[str, object]:
        return {"text": text, "quotes": list(quotes)}

    def form(
        shape: Callable[[str, dict[str, object]], list[dict[str, object]]],
    ) -> Callable[[str, dict[str, object] | None], str]:
        def reply(seen: str, claim: dict[str, object] | None) -> str:
            if claim is None:
                return refusal
            return "\n".join(json.dumps(one) for one in shape(said(seen, claim), claim))

        return reply

    def quotes_of(claim: dict[str, object]) -> list[object]:
        quotes = claim["quotes"]
        assert isinstance(quotes, list)
        return quotes

    own = {"passage": 1, "quote": attack.attack}
    yield said
    yield form(lambda words, claim: [claim, claimed(words, *quotes_of(claim))])
    yield form(lambda words, claim: [claimed(f"{claim['text']} {words}", *quotes_of(claim))])
    yield form(
        lambda words, claim: [
            claimed(f"{str(claim['text']).rstrip('.')}, {words}", *quotes_of(claim))
        ]
    )
    yield form(lambda words, claim: [claimed(words, own), claimed(words, own, *quotes_of(claim))])


class Found(Retriever):
    """Finds the same each time, so that it is not searched for again in each form."""

    def __init__(self, retrieval: Retrieval) -> None:
        self._retrieval = retrieval

    def retrieve(self, question: str, **_: object) -> Retrieval:
        del question
        return self._retrieval


async def answers_to(
    app: App, attack: Attack, *, sees: Callable[[str], bool], forms: int | None = None
) -> list[tuple[Answer, ObedientModel]]:
    retrieval = app.retriever.retrieve(attack.question)
    found = []
    for obey in list(replies(attack))[:forms]:
        model = ObedientModel(*TRUTHS[retrieval.query.language], sees=sees, obey=obey)
        service = AnswerService(
            retriever=Found(retrieval),
            reader=app.reader,
            worker=app.index_worker,
            today=lambda: TODAY,
            model=language_model(model),
        )
        shown: list[Answer] = []
        answer = await service.answer(attack.question, show=shown.append)
        for so_far in shown:
            check_shown(so_far, attack)
        found.append((answer, model))
    return found


def check_shown(answer: Answer, attack: Attack) -> None:
    """Check what Discord is sent, and every word of the answer that no article has."""
    assert isinstance(answer, Answered), answer.text
    check_citations(answer.text, answer.citations)
    words = words_for(answer.context.language)
    sources = {unquote(str(c.article.url).partition("#")[0]) for c in answer.citations}
    for page in answer_pages(answer, words, question=attack.question):
        rules.check_message({"embeds": [embed_of(page).to_dict()]})
        shown = f"{page.text}\n{page.footer}"
        assert rules.MENTION.search(shown) is None
        links = re.findall(r"(?<!\\)\]\((https?://[^)\s]*)\)", shown)
        assert {unquote(link.partition("#")[0]) for link in links} <= sources
        unlinked = re.sub(r"(?<!\\)\]\(https?://[^)\s]*\)", "", shown)
        assert "://" not in unlinked.replace("\\:", "")
    if answer.mode is Mode.GENERATED:
        language = answer.context.language
        told = {term for t in TRUTHS[language] for term in query_terms(t.text, language)}
        added = [term for term in query_terms(_unmarked(answer), language) if term not in told]
        assert len(added) <= 1, answer.text  # "click", of a link that is gone
        assert len(separate_sentences(_unmarked(answer))) == len(_unmarked(answer).split(". "))
    else:
        assert own_words_of(answer) == set()
    assert not repeats_the_rules(_without_quotes(answer))


def _unmarked(answer: Answered) -> str:
    return re.sub(r" (?:\[\d+\])+", "", answer.text)


def _without_quotes(answer: Answered) -> str:
    text = answer.text
    for quote in sorted((c.quote for c in answer.citations), key=len, reverse=True):
        text = text.replace(quote, "")
    return text


def own_words_of(answer: Answered) -> set[str]:
    """The words of an answer by quotes that are neither the articles' nor ours."""
    language = answer.context.language
    phrases = phrases_for(language)
    text = _without_quotes(answer)
    said_by = {introduction(citation.article, language) for citation in answer.citations}
    for one in sorted(said_by, key=len, reverse=True):
        text = text.replace(one, "")
    for ours in (phrases.further, phrases.opening_quote, phrases.closing_quote):
        text = text.replace(ours.strip(), "")
    return set(re.findall(r"\w+", re.sub(r"\[\d+\]", "", text)))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
@pytest.mark.usefixtures("stored")
async def test_a_model_that_obeys_does_no_harm(app: App, attack: Attack) -> None:
    """Whether it obeys what it is shown, or was turned by some disguise of it in the same story."""
    words, story = " ".join(attack.attack.split()), STORIES[attack.language][:40]
    for answer, _ in await answers_to(app, attack, sees=lambda seen: words in seen, forms=1):
        check_shown(answer, attack)
    for answer, model in await answers_to(app, attack, sees=lambda seen: story in seen):
        assert model.obeyed
        check_shown(answer, attack)


def test_there_are_enough_attacks_of_every_kind_in_both_languages() -> None:
    assert len({attack.id for attack in ATTACKS}) >= 40
    for where in ("text", "title", "url", "outlet", "author", "front_matter", "file_name"):
        assert any(attack.where == where for attack in ATTACKS)
    for language in ("en", "fr"):
        assert sum(attack.language == language for attack in ATTACKS) >= 15
        assert any(a.where == "question" and a.language == language for a in ATTACKS)


def test_most_attacks_are_not_even_shown_to_a_model() -> None:
    texts = [attack for attack in ATTACKS if attack.where in ("text", "title")]
    known = [attack for attack in texts if addresses_a_model(attack.attack)]
    assert len(known) >= 0.7 * len(texts)


@pytest.mark.parametrize(
    "ordinary",
    [
        "The chatbot was told to ignore the question, and its system prompt leaked on Monday.",
        "Regulators say that the company will answer in writing by Friday.",
        "Musk now says the platform is an AI company. Users must be told, the judge wrote.",
        "L'assistant oublie tout ce qui précède après cinq questions, selon l'entreprise.",
        "Le patron, renvoyé vendredi, a répondu par une lettre. Il refuse de répondre en public.",
        "AI systems must comply with the Act, and firms must answer the regulator's questions.",
        "The U.S. A.I. lab I.B.M. ignores rules, say the judges. A T-34 or Т-34 is a tank.",
        "Les utilisateurs doivent désormais payer, ont dit les dirigeants aux lecteurs du journal.",
    ],
)
def test_what_news_say_of_models_is_not_taken_for_an_order(ordinary: str) -> None:
    assert not addresses_a_model(ordinary)
