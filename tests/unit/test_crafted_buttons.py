"""Whatever stands in a `custom_id`: who has not the right, starts nothing with it."""

from __future__ import annotations

import asyncio
import re
from types import SimpleNamespace
from unittest.mock import AsyncMock, Mock

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import index_buttons, moderation
from bot.index_buttons import AdminButton
from bot.moderation import ModeratorButton
from bot.permissions import Permissions
from bot.server_settings import Servers, ServerSettings

MANAGE_MESSAGES, ADMINISTRATOR = 1 << 13, 1 << 3
ROLES = frozenset({11, 12})
KEYS = st.from_regex(r"[\w-]{1,32}", fullmatch=True)
BITS = st.integers(0, (1 << 50) - 1)


class Tripwire:
    """Notes whatever is wanted of it."""

    def __init__(self) -> None:
        self.touched: list[str] = []

    def __getattr__(self, name: str) -> object:
        self.touched.append(name)
        raise AttributeError(name)


def pressed(
    button: type[ModeratorButton | AdminButton],
    custom_id: str,
    *,
    permissions: int,
    roles: frozenset[int],
    guild_id: int | None = 1,
    guilds: int = 1,
) -> tuple[Tripwire, Mock]:
    """Press a button as somebody, and return what was touched and the interaction."""
    wire = Tripwire()
    servers = Servers(ServerSettings(moderator_role_ids=ROLES))
    interaction = Mock(spec=discord.Interaction)
    interaction.locale = discord.Locale.british_english
    interaction.guild_id = guild_id
    interaction.user = Mock(spec=discord.Member, id=5, roles=[Mock(id=one) for one in roles])
    interaction.user.guild_permissions = discord.Permissions(permissions)
    interaction.client = SimpleNamespace(
        permissions=Permissions(admin_role_ids=frozenset({21}), servers=servers),
        newsroom=wire,
        keeper=wire,
        progress_every_s=1.0,
        following=set(),
        guilds=[object()] * guilds,
        get_guild=lambda number: object() if number == 1 else None,
    )
    interaction.response = Mock(spec=discord.InteractionResponse)
    interaction.response.is_done.return_value = False
    interaction.response.send_message = AsyncMock()
    interaction.response.defer = AsyncMock()

    async def press() -> None:
        match = re.fullmatch(button.__discord_ui_compiled_template__, custom_id)
        assert match is not None
        made = await button.from_custom_id(interaction, Mock(), match)
        await made.callback(interaction)

    asyncio.run(press())
    return wire, interaction


def assert_refused(wire: Tripwire, interaction: Mock, words: str) -> None:
    assert wire.touched == []
    interaction.response.defer.assert_not_called()
    interaction.response.send_message.assert_awaited_once()
    told = interaction.response.send_message.await_args
    assert words in told.args[0]
    assert told.kwargs["ephemeral"]


@given(action=st.sampled_from(list(moderation.Action)), key=KEYS, bits=BITS)
def test_nobody_becomes_a_moderator_by_a_custom_id(
    action: moderation.Action, key: str, bits: int
) -> None:
    bits &= ~MANAGE_MESSAGES & ~ADMINISTRATOR
    made = f"newsdesk-article:{action}:{key}"
    asked = pressed(ModeratorButton, made, permissions=bits, roles=frozenset({1, 31}))
    assert_refused(*asked, "Only moderators")


@given(action=st.sampled_from(list(index_buttons.Action)), key=KEYS, bits=BITS)
def test_nobody_becomes_an_admin_by_a_custom_id(
    action: index_buttons.Action, key: str, bits: int
) -> None:
    made = f"newsdesk-index:{action}:{key}"
    asked = pressed(AdminButton, made, permissions=bits & ~ADMINISTRATOR, roles=ROLES)
    assert_refused(*asked, "Only admins")


@given(action=st.sampled_from(list(index_buttons.Action)), key=KEYS, bits=BITS)
def test_nobody_is_an_admin_in_a_direct_message_or_while_no_server_is_named(
    action: index_buttons.Action, key: str, bits: int
) -> None:
    made = f"newsdesk-index:{action}:{key}"
    admin = bits | ADMINISTRATOR
    alone = pressed(AdminButton, made, permissions=admin, roles=ROLES, guild_id=None)
    assert_refused(*alone, "Only admins")
    several = pressed(AdminButton, made, permissions=admin, roles=ROLES, guilds=2)
    assert_refused(*several, "DISCORD_GUILD_IDS")


@pytest.mark.parametrize(
    ("button", "made", "bits", "roles"),
    [
        (ModeratorButton, "newsdesk-article:add:1", MANAGE_MESSAGES, frozenset()),
        (ModeratorButton, "newsdesk-article:add:1", 0, frozenset({12})),
        (ModeratorButton, "newsdesk-article:add:1", 0, frozenset({21})),
        (AdminButton, "newsdesk-index:rebuild:-", ADMINISTRATOR, frozenset()),
        (AdminButton, "newsdesk-index:rebuild:-", 0, frozenset({21})),
    ],
)
def test_who_has_the_right_gets_through(
    button: type[ModeratorButton | AdminButton], made: str, bits: int, roles: frozenset[int]
) -> None:
    wire, interaction = pressed(button, made, permissions=bits, roles=roles)
    interaction.response.defer.assert_awaited_once()
    assert wire.touched
