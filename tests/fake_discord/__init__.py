"""A Discord on loopback: HTTP API v10 and gateway, spoken to by the unmodified discord.py.

It enforces what Discord enforces. Whatever it refuses is kept in `FakeDiscord.breaches`, so that a
test fails even where the bot swallows the refusal.
"""

from tests.fake_discord.people import Attached, Person
from tests.fake_discord.server import FakeDiscord
from tests.fake_discord.world import Message, Reply

__all__ = ["Attached", "FakeDiscord", "Message", "Person", "Reply"]
