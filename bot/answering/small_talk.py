"""Greetings and thanks, in French and English, that ask for nothing; pure."""

from __future__ import annotations

from typing import Final

from index.analysis import fold, tokens

_TALK: Final = frozenset(
    """hello hi hey yo goodbye bye thanks thank thx ty cheers great nice cool perfect awesome lovely
    wow ok okay alright bonjour bonsoir salut coucou merci genial parfait merveilleux bravo
    revoir ciao lol mdr""".split()
)
_BESIDE: Final = frozenset(
    """morning evening afternoon good night you so very much lot a again got it yes no sure
    please welcome bonne journee soiree nuit matin beaucoup bcp mille infiniment encore super
    top d'accord accord d oui non au bientot de rien tout le monde bot newsdesk""".split()
)


def is_small_talk(text: str) -> bool:
    """Tell whether someone greets, thanks or agrees, and asks nothing: "merci beaucoup !"."""
    words = {fold(token) for token in tokens(text)}
    return words <= _TALK | _BESIDE and not words.isdisjoint(_TALK)
