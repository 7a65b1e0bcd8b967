"""Whether more than one thing answers a question, in French and English; pure."""

from __future__ import annotations

import re
from typing import Final

from index.analysis import fold

_ASKS: Final = (
    r"(?:which|what|who|when|how|where|why|quels?|quelles?|qui|quand|comment|pourquoi|combien|quoi)"
)
_AUXILIARY: Final = (
    "(?:do|did|does|is|are|was|were|has|have|had|will|would|can|could|should|may|might|must)"
)
_VERB: Final = (
    "(?:makes|owns|says|gets|pays|sells|takes|gives|holds|keeps|wants|builds|buys|stays|receives"
    "|happens)"
)
_PLURAL: Final = (
    rf"(?!(?:{_AUXILIARY}|{_VERB}|this|news|series|species|alias|grounds|means|damages|sales)\b)"
    r"\w{2,}[^\Wius]s"
)
"""Not "class" or "status", verbs, or what is one thing or an amount in spite of its form."""
_PLURAL_PREDICATE: Final = (
    rf"(?:{_AUXILIARY}|use|make|sell|offer|own|want|bought|sold|made|left|won|lost|took|got|cut"
    r"|built|paid|joined|\w+ed)"
)
_SEVERAL: Final = re.compile(
    rf"\b{_ASKS}\b.*(?:,|\b(?:and|et|puis|then)\b).*\b{_ASKS}\b"
    r"|\b(?:lists?|liste[rsz]?|all the|every|each|respectively|enumer\w+|timeline|chronolog\w+"
    r"|compar\w+|versus|vs|differences?|differs?|tou(?:s|tes) les|chaque|chacune?|resume[rsz]?"
    r"|summari[sz]e|recap\w*|quels|quelles|tour a tour|d'une part)\b"
    rf"|\bwhich (?:(?!(?:{_AUXILIARY}|{_VERB})\b)\w+ ){{0,3}}{_PLURAL}\b"
    rf"|\bwhat (?:(?!{_AUXILIARY}\b|\w+(?:s|ed) )\w+ )?{_PLURAL} {_PLURAL_PREDICATE}\b"
    r"|\bwh(?:at|ich) (?:are|were) the\b|\bde (?:combien|quoi) a\b"
    r"|\bqui (?:distingue|differencie)(?:nt)?\b|\bse (?:distinguent|differencient)\b"
    r"|\bdistinguish(?:es)?\b|\bwhat sets .* apart\b"
)
_NUMBER: Final = (
    "(?:[2-9]|1\\d|two|three|four|five|six|seven|eight|nine|ten|deux|trois|quatre|cinq|sept|huit|neuf"
    "|dix|several|some|examples|plusieurs|quelques|des)"
)
_NAMING: Final = re.compile(
    r"^\W*(?:please |can you |could you |peux-tu |pouvez-vous )?(?:me |nous )?"
    r"(?:name|give(?: me| us)?|tell me|cite[rsz]?|nomme[rsz]?|donne[rsz]?(?:[ -](?:moi|nous))?)"
    rf" (?:the |les )?{_NUMBER}\b"
)
_TWO_NAMES: Final = re.compile(r"\b[A-ZÀ-Ý][\w.&-]* (?:and|et|vs\.?) [A-ZÀ-Ý]\w+")
_NAME: Final = "(?:[A-ZÀ-Ý]|i[A-Z])"
_COMPARISON: Final = re.compile(
    rf"^\W*(?i:is|are|was|were|does|do|did|has|have|will|can) .*(?:\w+er|worse|(?:more|less)"
    rf"(?: \w+)?) than (?:the |an? )?{_NAME}"
    rf"|^(?!.*\b(?i:si|s'|{_ASKS})\b)[^,;]*\b(?:plus|moins|aussi|autant|mieux|meilleure?s?|pires?)"
    rf"(?: (?:de |d')?\w+)? qu(?:e |')(?:l'|le |la |les |celle? |celui |d')*{_NAME}[^,;]*$"
)


def asks_several(question: str) -> bool:
    """Tell whether it asks for a list, for two things at once, or compares."""
    question = question.replace("’", "'")
    folded = fold(question)
    return any(pattern.search(folded) for pattern in (_SEVERAL, _NAMING)) or any(
        pattern.search(question) for pattern in (_TWO_NAMES, _COMPARISON)
    )
