"""Whether a sentence says the opposite of its quotes: that prices rose, where they fell. Pure.

Only where the one has words of one side alone and the other words of the other side alone: what a
quote says of both, or under a "not", tells nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.answering.proof.polarity import Polarity, clauses
from index.analysis import fold

_OPPOSITES: Final = (
    (
        r"ris(?:es?|en|ing)|rose|rais(?:es?|ed|ing)|increas\w+|gr[eo]w\w*|climb\w*|soar\w*|surg\w+"
        r"|jump\w*|gain\w*|higher|doubl\w+|tripl\w+|hauss\w+|augment\w+|progress\w+|grimp\w+"
        r"|bondi\w*|croi(?:t|ss\w+)|accrois\w*|accru\w*|relev\w+|eleve\w*",
        r"f[ae]lls?|fallen|falling|drop\w*|declin\w+(?! to)|decreas\w+|shr[aiu]nk\w*|plung\w+"
        r"|plummet\w*|slump\w*|tumbl\w+|lower\w*|cuts?|cutting|reduc\w+|reduis\w*|reduit\w*"
        r"|halv\w+|baiss\w+|diminu\w+|recul\w+|chut\w+|tomb\w+",
    ),
    (
        r"approv\w+|accept\w*|allow\w*|permit\w*|authori[sz]\w+|approuv\w+|autoris\w+"
        r"|permet\w*|permis\w*|adopt\w*|valid\w+",
        r"reject\w*|refus\w*|den(?:y|ies|ied|ying)|block\w*|bann?(?:s|ed|ing)?|forb\w+|prohib\w+"
        r"|veto\w*|rejet\w+|bloqu\w+|interdi(?:ts?|tes?|re|sent|sait|ctions?)",
    ),
    (
        r"hir(?:es?|ed|ing)|recruit\w*|recrut\w+|embauch\w+",
        r"fir(?:es|ed|ing)|sack\w*|la(?:id|y|ys|ying) off|layoffs?|dismiss\w*|licenci\w+",
    ),
    (
        r"(?:re)?open(?:s|ed|ing)?|r?ouvr\w+|r?ouvert\w*",
        r"clos(?:es|ed|ing|ure)|shut\w*|ferm(?:e|es|er|ee|ees|ent|eture|ait|a)",
    ),
    (r"guilty|convict\w*|coupables?|condamn\w+", r"acquit\w*|innocen\w+|relax(?:e|ee|es|er)"),
    (r"profits?|profitable|benefices?|rentables?", r"loss|losses|pertes?|deficit\w*"),
    (r"win|wins|won|winning|gagn\w+|remport\w+", r"los(?:es?|t|ing)|perd\w*"),
    (r"impos\w+|instaur\w+", r"lift(?:s|ed|ing)?|lev(?:e|es|ent|er|ee|ees)|repeal\w*|abrog\w+"),
)
# Not by the "not" of their clause: "plus" is half of one.
_NUMBER: Final = r"(?=[$€£]?\d|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|cent|mille)"
_MEASURES: Final = (
    (
        rf"(?<!no )(?<!not )more than|at least|(?<!pas )plus (?:de |d['’]){_NUMBER}|au moins",
        rf"(?<!no )(?<!not )(?:less|fewer) than|at most|(?<!pas )moins (?:de |d['’]){_NUMBER}"
        r"|au plus",
    ),
    (
        r"(?:per|each|every|par|chaque) (?:month|mois)|monthly|mensuel\w*"
        r"|\d[\w.,]*(?: \w+)? a month",
        r"(?:per|each|every|par|chaque) (?:year|an)|yearly|annual(?:ly)?|annuel\w*"
        r"|\d[\w.,]*(?: \w+)? a year(?! (?:ago|later|earlier|before|after))",
    ),
)


def is_reversed(sentence: str, said: str) -> bool:
    """Tell whether a sentence is on one side of an opposite, and what is said on the other."""
    return any(
        claimed.count(True) == 1 and told == [not side for side in claimed]
        for claimed, told in zip(_stands(sentence), _stands(said), strict=True)
    )


def _stands(text: str) -> Iterator[list[bool]]:
    """For each opposite, on which of its two sides a text has words."""
    plain = "\n".join(
        " ".join(fold(word) for word, polarity in clause if polarity is Polarity.PLAIN)
        for clause in clauses(text)
    )
    for opposites, words in ((_OPPOSITES, plain), (_MEASURES, fold(text))):
        for sides in opposites:
            yield [re.search(rf"\b(?:{side})\b", words) is not None for side in sides]


def without_opposites(text: str) -> str:
    """Take out of a text, which comes back folded, the words that have an opposite."""
    words = "|".join(side for sides in _OPPOSITES for side in sides)
    return re.sub(rf"\b(?:{words})\b", " ", fold(text))
