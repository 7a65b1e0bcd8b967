"""Greetings and thanks, in French and English, that ask for nothing; pure."""

from __future__ import annotations

from typing import Final

from index.analysis import fold, tokens

_WORDS: Final = frozenset(
    """hello hi hey yo morning evening afternoon good goodbye bye night thanks thank thx ty you so
    very much lot a again cheers great nice cool perfect awesome lovely wow ok okay alright got it
    yes no sure please welcome bonjour bonsoir salut coucou bonne journee soiree nuit matin
    merci beaucoup bcp mille infiniment encore super genial parfait top merveilleux bravo
    d'accord accord d oui non au revoir ciao bientot à de rien tout le monde bot newsdesk lol
    mdr""".split()
)
_TALK: Final = frozenset(
    """hello hi hey yo goodbye bye thanks thank thx ty cheers great nice cool perfect awesome lovely
    wow ok okay alright bonjour bonsoir salut coucou merci genial parfait merveilleux bravo
    revoir ciao lol mdr""".split()
)


def is_small_talk(text: str) -> bool:
    """Tell whether someone greets, thanks or agrees, and asks nothing: "merci beaucoup !"."""
    words = {fold(token) for token in tokens(text)}
    return words <= _WORDS and not words.isdisjoint(_TALK)
