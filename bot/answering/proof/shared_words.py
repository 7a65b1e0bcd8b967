"""How many words of a sentence its quotes have, and which they have under a negation. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from bot.answering.proof.names import CALENDAR
from bot.answering.proof.polarity import Polarity, Word, clauses
from index.analysis import fold, passage_terms, query_terms, tokens
from index.lexicon import is_common_word, query_words

_COGNATE_LETTERS: Final = 5
_LEAST_COGNATE: Final = 4
_LEAST_CLAUSE_WORDS: Final = 2
_ATTRIBUTING: Final = frozenset({"according", "reported", "reports", "rapporte", "indique"})
_CLAUSE: Final = re.compile(
    r"[,;:–—()]\s+|\s[–—-]\s|(?<!\w)(?:(?:and|but|so|or|because|while|when|if|although|though"
    r"|unless|whereas|et|mais|ou|donc|car|puisque|lorsque|quand|si"
    r"|(?:parce|après|avant|alors|tandis|pendant|bien|afin|pour|dès|depuis)\s+qu(?:e(?=\s)|(?=['’])))"
    # A time is no clause: "since 2007", "avant le 3 mai".
    r"|(?:since|after|before|until|après|avant|depuis)(?!\s+(?:the\s|le\s|la\s|l['’])?\d))[\s'’]",
    re.IGNORECASE,
)


class Words(NamedTuple):
    """How many words the quotes have, in their own language, and how many nothing has.

    Of the latter, `translatable` are in the lexicon: the quotes have none of their translations.
    """

    supported: int
    unsupported: int
    translatable: int

    @property
    def may_be_translated(self) -> bool:
        """Whether a clause may be of the quotes though the lexicon lacks many of its words."""
        return self.translatable <= max(self.supported, 1) and (
            self.supported > 0 or self.unsupported < _LEAST_CLAUSE_WORDS
        )


@dataclass(frozen=True, slots=True)
class SaidWords:
    """Words of the evidence: those that prove, and those that only question and bylines have.

    `language` is that of the sentences that are held against them; `cognates` are the beginnings
    of words that may be the same in another language.
    """

    language: str
    languages: frozenset[str]
    known: frozenset[str]
    cognates: frozenset[str]
    asked: frozenset[str]

    @classmethod
    def of(cls, said: str, languages: frozenset[str], *, asked: str, language: str) -> Self:
        """Collect the words of what is said and of what is asked.

        Args:
            said: What proves.
            languages: Those of `said`, ISO 639-1.
            asked: What neither proves nor counts against a sentence.
            language: That of the sentences.
        """
        return cls(
            language,
            languages,
            frozenset(t for code in languages for t in passage_terms(said, code)),
            frozenset(cognates(said) if languages != {language} else ()),
            frozenset(passage_terms(asked, language)),
        )

    def forms(self, token: str) -> set[str]:
        """Give the stems of a word in the languages of the evidence; none for a stop word."""
        return {
            form
            for code in self.languages
            for word in query_words(token, question_language=self.language, passage_language=code)
            for form in word
        }

    def count(self, text: str, *, cognates_of_names_only: bool = False) -> Words:
        """Hold each word of a text against the evidence.

        `cognates_of_names_only` is for what may be in the language of the evidence, where another
        word of the lexicon with the same beginning is just another word.
        """
        supported = unsupported = translatable = 0
        for token in tokens(text):
            if token[0].isdigit():
                supported += 1  # or the sentence would have fallen already
                continue
            stems = query_terms(token, self.language)
            if token.casefold() in _ATTRIBUTING or not stems:
                continue
            is_common = is_common_word(token, self.language)
            has_cognate = not cognates(token).isdisjoint(self.cognates) and not (
                cognates_of_names_only and is_common
            )
            if has_cognate or not self.forms(token).isdisjoint(self.known):
                supported += 1
            elif stems[0] not in self.asked:
                unsupported += 1
                translatable += is_common
        return Words(supported, unsupported, translatable)

    def have_enough_of(self, sentence: str) -> bool:
        """Tell whether they have at least half of the words, and of those of each clause."""
        words = self.count(sentence)
        across = self.languages != {self.language}
        parts = [part.strip(" .!?…") for part in _CLAUSE.split(sentence)]
        parts = [part for part in parts if part]
        return (
            words.supported >= max(words.unsupported, 1)
            and len(parts) == len(set(parts))
            and all(
                clause.supported >= clause.unsupported or (across and clause.may_be_translated)
                for clause in map(self.count, parts)
            )
        )

    def contradict(self, sentence: str, standing: Mapping[str, set[Polarity]]) -> bool:
        """Tell whether a clause has words that are said only under the opposite of its "not".

        Each word of a clause that is said as it stands there speaks for it, but for names, which
        are told of in many ways. A date alone counts for nothing: "on 3 May, not in April".

        Args:
            sentence: In `language`.
            standing: From `standing`.
        """
        return any(self._balance(clause, standing) < 0 for clause in clauses(sentence))

    def _balance(self, clause: Sequence[Word], standing: Mapping[str, set[Polarity]]) -> int:
        balance = 0
        is_date = True
        for word, polarity in clause:
            if not query_terms(word, self.language):
                continue
            is_date = is_date and fold(word) in CALENDAR
            stands = [standing.get(key, set()) for key in self._keys(word)]
            found = set[Polarity]().union(*stands)
            if not found or Polarity.EITHER in {polarity, *found}:
                continue
            if polarity not in found:
                balance -= 1
            elif len(found) == 1 and word.islower():
                balance += 1
        return 0 if is_date else balance

    def _keys(self, word: str) -> set[str]:
        if self.languages == {self.language}:
            return self.forms(word)
        return self.forms(word) | set(map(_cognate_key, cognates(word)))


def standing(text: str, languages: frozenset[str]) -> dict[str, set[Polarity]]:
    """Collect for each stem of a text how it stands there."""
    found: dict[str, set[Polarity]] = defaultdict(set)
    for clause in clauses(text):
        for word, polarity in clause:
            for code in languages:
                for stem in passage_terms(word, code):
                    found[stem].add(polarity)
            for beginning in cognates(word):
                found[_cognate_key(beginning)].add(polarity)
    return dict(found)


def _cognate_key(beginning: str) -> str:
    return f"{beginning}…"


def cognates(text: str) -> set[str]:
    """The beginnings of the longer words, and of names."""
    return {
        fold(token)[:_COGNATE_LETTERS]
        for token in tokens(text)
        if len(token) >= _LEAST_COGNATE or not token.islower()
    }
