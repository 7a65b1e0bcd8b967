from __future__ import annotations

import pytest

from corpus.walls import Wall, wall_in

LONG = "The court decided on the case that the two companies had brought. " * 40


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG} Subscribe to continue reading.",
        "Already a subscriber? Sign in to read.",
        f"{LONG} Article réservé aux abonnés.",
        "Il vous reste 78.5% de cet article à lire.",
    ],
)
def test_a_paywall_is_recognised(text: str) -> None:
    assert wall_in(text) is Wall.PAYWALL


@pytest.mark.parametrize(
    "text",
    [
        "We use cookies to improve your experience.",
        "Avec votre accord, nos partenaires et nous utilisons des cookies.",
        "Please enable JavaScript to view this page.",
    ],
)
def test_a_cookie_banner_is_recognised(text: str) -> None:
    assert wall_in(text) is Wall.COOKIES


@pytest.mark.parametrize(
    "text", ["", LONG, f"{LONG} The regulator looked at their cookie policy.", "He ate cookies."]
)
def test_articles_are_no_walls(text: str) -> None:
    assert wall_in(text) is None
