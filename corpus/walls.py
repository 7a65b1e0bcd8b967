"""Tells when a page's text is what stands before an article: a cookie banner or a paywall. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

_FEW_WORDS = 150
_COOKIES = re.compile(
    r"accept (?:all )?cookies|we use cookies|cookie (?:policy|settings|preferences)|our partners"
    r"|manage (?:your )?(?:choices|consent)|accepter (?:tous )?les cookies|utilis\w+ des cookies"
    r"|nos partenaires|gérer (?:mes|vos) (?:choix|préférences)|politique de cookies"
    r"|enable javascript|activer javascript",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe to (?:continue|read|unlock)|subscribers? only|already a subscriber"
    r"|(?:sign|log) in to (?:continue|read)|to continue reading|remaining free articles?"
    r"|réservée?s? aux abonnée?s|déjà abonnée?|abonnez-vous pour|(?:lire|lisez) la suite"
    r"|il (?:vous )?reste .{0,20}% de cet article",
    re.IGNORECASE,
)


class Wall(StrEnum):
    """What seems to stand before the article."""

    COOKIES = "cookies"
    PAYWALL = "paywall"


def wall_in(text: str) -> Wall | None:
    """Guess what stands before an article instead of it.

    A phrase of a paywall is enough, wherever it is: it often ends the first paragraphs. Of a
    cookie banner there must be two, or little else, since articles are written about cookies.
    """
    if _PAYWALL.search(text):
        return Wall.PAYWALL
    found = len(_COOKIES.findall(text))
    if found >= 2 or (found and len(text.split()) < _FEW_WORDS):
        return Wall.COOKIES
    return None
