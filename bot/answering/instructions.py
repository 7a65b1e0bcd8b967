"""Words of an article that speak to a language model instead of to readers. Pure.

They are not shown to a model: what it does not see, it cannot obey. No list of phrases is complete,
so nothing relies on this one alone; what a model writes is proven all the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from index.analysis import fold
from index.models import Span
from index.sentences import sentences

_GAP: Final = r"[^.\n]{0,50}"
_ORDER: Final = (
    r"(?:^[^\w\n]*+|[.!?:;,»”\"(\[]\s*|\b(?:please|must|should|shall|always|now|then|and|only|veuillez"
    r"|toujours|maintenant|puis|et|dois|devez) )"
)
_PHRASES: Final = (
    # To leave what it was told.
    rf"{_ORDER}(?:ignore[zr]?|disregard|forget|override|bypass|stop following|do not follow"
    r"|set aside|put aside|fai(?:s|tes) abstraction|laisse[zr]? de cote|oublie[zr]?"
    rf"|neglige[zr]?|contourne[zr]?|ne (?:tiens|tenez|suis|suivez) (?:pas|plus))\b{_GAP}"
    r"\b(?:instructions?|rules?|prompts?|guidelines?|directions?|above|previous|prior|earlier"
    r"|consignes?|regles?|directives?|ci-dessus|precede\w*|(?:was|were) (?:said|told))\b",
    r"\b(?:new|updated|nouvelles?) (?:instructions?|consignes?|rules|regles) ?:",
    # To be somebody else.
    r"\byou are (?:now|no longer) |\bfrom now on,? (?:you|reply|answer|respond|speak|write)\b",
    r"\b(?:tu es|vous etes) (?:maintenant|desormais)\b"
    r"|\b(?:desormais|a partir de maintenant),? (?:tu|vous|repon\w+|ecris|ecrivez|parle)\b",
    rf"{_ORDER}(?:pretend|act as|fais comme si|faites comme si|joue[zr]? le role)\b"
    rf"|\b(?:you are|tu es|vous etes) (?:an?|une?) {_GAP}\b(?:ai|assistant|chatbot|ia|modele)\b",
    # By name.
    r"\b(?:note|message|attention|instructions?|consignes?|notice|rappel|avis|dear|chere?|hey)\b"
    r"[^.\n]{0,20}\b(?:ai|assistants?|language models?|llms?|chatbots?|ia"
    r"|modeles? de lang(?:ue|age)|robots?) ?[:,!]",
    r"\b(?:if you are|si (?:tu es|vous etes)) (?:an?|une?) (?:ai|assistant|language|llm|bot|ia"
    r"|modele)\b",
    r"^[^\w\n]*+(?:system|assistant|developer|user|systeme|utilisateur|admin)\b ?"
    r"(?:prompt|message|override|note|update)? ?\W* ?:",
    r"<\|?/?(?:im_start|im_end|system|endoftext|inst)\b|\[/?inst\]"
    r"|#{2,} ?(?:instruction|system|consigne)",
    # What to write.
    rf"{_ORDER}(?:reply|respond|answer|output|print|write|say|reponds|repondez|affiche[zr]?"
    r"|renvo(?:ie|yez)|ecri(?:s|vez)|di(?:s|tes))\b[^.\n]{0,20}(?:\b(?:only|exactly|just|nothing"
    r"|with|in|as|seulement|uniquement|exactement|rien|par|avec|en)\b|[:\"“«{])",
    r"\banswerable\b|\"(?:sentences|quotes|passage)\" ?:",
    rf"{_ORDER}(?:reveal|print|repeat|show|output|leak|recite|revele[zr]?|affiche[zr]?|repete[zr]?"
    rf"|recopie[zr]?|montre[zr]?|divulgue[zr]?)\b{_GAP}\b(?:prompt|instructions|rules|consignes"
    r"|regles)\b",
    rf"{_ORDER}(?:do not|don't|never|refuse to) (?:answer|reply|respond|cite)\b"
    rf"|{_ORDER}(?:ne (?:reponds|repondez|cite|citez) (?:pas|jamais|rien)|refuse[sz]? de repondre)",
    r"\b(?:ais?|(?:ai|ia) (?:systems?|models?|assistants?)|llms?|chatbots?|(?:language )?models"
    r"|les ia|systemes? d'ia|modeles? de lang(?:ue|age))"
    r" (?:must|should|shall|are to|have to|doivent|devront)"
    r" (?:always |not |never |toujours |ne pas )?(?:declin\w+|refus\w+|answer|reply|respond"
    r"|repondre)\b",
    rf"{_ORDER}(?:consider|assume|treat|considere[zr]?|suppose[zr]?|pars|partez){_GAP}"
    r"\b(?:passages?|this article|cet article|the question|la question)\b"
    r"[^.\n]{0,30}\b(?:not|no|un\w+|irrelevant|ne|n'\w+|aucune?|sans)\b",
    rf"{_ORDER}(?:tell|inform|dis|dites|indique[zs]?|annonce[zs]?)\b[^.\n]{{0,10}}"
    r"\b(?:user|reader|asker|utilisateur|lecteur)s?\b",
    rf"{_ORDER}(?:begin|start|end|finish|prefix|add|append|insert|include|commence[zr]?"
    rf"|termine[zr]?|ajoute[zr]?|insere[zr]?|inclu(?:s|ez)|put|mets|mettez)\b{_GAP}"
    r"\b(?:repl(?:y|ies)|answers?|sentences?|reponses?|phrases?)\b",
    r"\b(?:best|only|right|correct|seule|bonne|meilleure) (?:reply|answer|response|reponse)\b"
    r" (?:to|a)\b.{0,40}(?: is|:)",
    rf"{_ORDER}(?:mention|ping|notify|mentionne[zr]?|notifie[zr]?)\b[^.\n]{{0,20}}@",
)  # fmt: skip
_LOOK_ALIKE: Final = str.maketrans("аеіјорсухѕԁһѵԛѡαοιρντυ", "aeijopcyxsdhvqwaoipvtu")
_SPACED_OUT: Final = re.compile(r"\b(?:[^\W\d_][ .\-_*]){3,}[^\W\d_]\b")
_BETWEEN: Final = re.compile(r"[ .\-_*]")
_INSTRUCTION: Final = re.compile("|".join(f"(?:{p})" for p in _PHRASES), re.MULTILINE)


def addresses_a_model(text: str) -> bool:
    """Tell whether a text gives orders to whatever answers from it, in English or French."""
    return _INSTRUCTION.search(_seen(text)) is not None


def _seen(text: str) -> str:
    """What a reader sees, folded: no invisible signs, other scripts' letters or wide spacing."""
    visible = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    plain = fold(visible).replace("’", "'").translate(_LOOK_ALIKE)
    return _SPACED_OUT.sub(lambda word: _BETWEEN.sub("", word[0]), plain)


def orders(text: str) -> list[Span]:
    """Find the parts of a text that speak to a model, in order.

    Each reaches from its first such sentence to the end of the paragraph: orders go on.
    """
    found: list[Span] = []
    for span in sentences(text):
        goes_on = bool(found) and "\n\n" not in text[found[-1].end : span.start]
        if goes_on:
            found[-1] = Span(found[-1].start, span.end)
        elif addresses_a_model(text[span.start : span.end]):
            found.append(span)
    return found


def is_in_order(text: str, span: Span) -> bool:
    """Tell whether a slice of a text has a part of what `orders` finds in it.

    Reads no more than the paragraphs around it: an article may be long, and its quotes many.
    """
    start = text.rfind("\n\n", 0, span.start) + 1
    end = text.find("\n\n", span.end)
    around = text[start : end if end >= 0 else len(text)]
    within = Span(span.start - start, span.end - start)
    return any(order.overlaps(within) for order in orders(around))
