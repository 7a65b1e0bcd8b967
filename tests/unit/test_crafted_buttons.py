"""Whatever stands in a `custom_id`: it starts nothing that its presser may not, and is answered."""

from __future__ import annotations

import asyncio
import re
from types import SimpleNamespace
from unittest.mock import AsyncMock, Mock

import discord
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot import index_buttons, moderation, views
from bot.desk import Desk
from bot.index_buttons import AdminButton
from bot.index_keeper import IndexKeeper
from bot.journal import AnswerForgottenError
from bot.moderation import ModeratorButton
from bot.newsroom import Newsroom
from bot.permissions import Permissions
from bot.server_settings import Servers, ServerSettings
from bot.views import AnswerButton
from bot.workers import Worker
from corpus.ingest import Ingest
from corpus.models import Draft
from tests.fakes.article_store import MemoryArticleStore

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
    button: type[AnswerButton | ModeratorButton | AdminButton],
    custom_id: str,
    *,
    permissions: int,
    roles: frozenset[int],
    guild_id: int | None = 1,
    guilds: int = 1,
    room: object | None = None,
) -> tuple[Tripwire, Mock]:
    """Press a button as somebody, and return what was touched and the interaction.

    What the button works on is `room`, or something that only notes what is wanted of it.
    """
    wire = Tripwire()
    room = room or wire
    servers = Servers(ServerSettings(moderator_role_ids=ROLES))
    interaction = Mock(spec=discord.Interaction)
    interaction.locale = discord.Locale.british_english
    interaction.guild_id = guild_id
    interaction.user = Mock(spec=discord.Member, id=5, roles=[Mock(id=one) for one in roles])
    interaction.user.guild_permissions = discord.Permissions(permissions)
    interaction.client = SimpleNamespace(
        permissions=Permissions(admin_role_ids=frozenset({21}), servers=servers),
        desk=room,
        newsroom=room,
        keeper=room,
        progress_every_s=1.0,
        following=set(),
        guilds=[object()] * guilds,
        get_guild=lambda number: object() if number == 1 else None,
    )
    interaction.context = discord.app_commands.AppCommandContext(dm_channel=guild_id is None)
    interaction.response = response = Mock(spec=discord.InteractionResponse)
    response.is_done.side_effect = lambda: first_replies(interaction) > 0
    response.send_message, response.defer, response.send_modal = (AsyncMock() for _ in range(3))
    interaction.edit_original_response = AsyncMock()
    interaction.original_response = AsyncMock()
    interaction.followup = Mock(send=AsyncMock())

    async def press() -> None:
        match = re.fullmatch(button.__discord_ui_compiled_template__, custom_id)
        assert match is not None
        made = await button.from_custom_id(interaction, Mock(), match)
        await made.callback(interaction)

    asyncio.run(press())
    return wire, interaction


def first_replies(interaction: Mock) -> int:
    response = interaction.response
    return sum(
        one.await_count for one in (response.send_message, response.defer, response.send_modal)
    )


def said(interaction: Mock) -> list[str]:
    """All the sentences that the presser was told."""
    sent = (interaction.response.send_message, interaction.followup.send)
    return [call.args[0] for one in sent for call in one.await_args_list]


def at_once() -> Mock:
    """A worker without a thread."""
    worker = Mock(spec=Worker)
    worker.run = AsyncMock(side_effect=lambda call, *args, **named: call(*args, **named))
    return worker


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


@given(
    action=st.sampled_from(list(views.Action)),
    key=st.from_regex(r"[\w-]{16}", fullmatch=True),
    bits=BITS,
)
def test_whatever_key_an_answer_is_asked_for_by_is_answered_once(
    action: views.Action, key: str, bits: int
) -> None:
    desk = Mock(spec=Desk)
    for name in ("quotes", "rate", "wish", "shared"):
        getattr(desk, name).side_effect = AnswerForgottenError
    made = f"newsdesk:{action}:{key}"
    _, interaction = pressed(AnswerButton, made, permissions=bits, roles=ROLES, room=desk)
    assert first_replies(interaction) == 1
    if action in {views.Action.MORE, views.Action.BAD}:
        assert said(interaction) == []
        return
    assert len(said(interaction)) == 1
    assert "too old" in said(interaction)[0]
    [asked] = [call for call in desk.mock_calls if key in map(str, call.args)]
    assert asked.args[0] == key


HASHES = st.from_regex(r"[0-9]{1,18}-[0-9a-f]{12}", fullmatch=True)


@given(action=st.sampled_from(list(moderation.Action)), key=KEYS | HASHES)
def test_whatever_key_a_moderator_sends_changes_no_article_and_is_answered_once(
    action: moderation.Action, key: str
) -> None:
    store = MemoryArticleStore()
    [article] = store.add([Draft(text="Some text.", origin="t", title="One", language="en")])
    before = store.revision()
    worker = at_once()
    newsroom = Newsroom(
        store=store,
        ingest=Ingest(store),
        corpus_worker=worker,
        indexer=Mock(),
        index_worker=worker,
        audit=Mock(),
        audit_worker=worker,
        fetch=AsyncMock(),
        extractor=Mock(),
        extraction_worker=worker,
    )
    assume(not key.endswith(f"-{article.content_hash[:12]}"))
    made = f"newsdesk-article:{action}:{key}"
    _, interaction = pressed(
        ModeratorButton, made, permissions=MANAGE_MESSAGES, roles=frozenset(), room=newsroom
    )
    assert store.revision() == before
    assert first_replies(interaction) == 1
    if action not in {moderation.Action.CANCEL, moderation.Action.LEAVE}:
        [told] = said(interaction)
        assert "no longer have" in told or "There is no article" in told


@given(
    action=st.sampled_from(["rollback", "cancel", "leave"]),
    key=KEYS.filter(lambda key: key != "7"),
)
def test_whatever_key_an_admin_sends_leaves_the_index_and_is_answered_once(
    action: str, key: str
) -> None:
    indexer, worker = Mock(), at_once()
    indexer.snapshot.generation = 7
    keeper = IndexKeeper(
        indexer=indexer,
        index_worker=worker,
        store=MemoryArticleStore(),
        corpus_worker=worker,
        audit=Mock(),
        audit_worker=worker,
        new_check=Mock(),
        model=None,
        knows=("en", "fr"),
    )
    made = f"newsdesk-index:{action}:{key}"
    _, interaction = pressed(
        AdminButton, made, permissions=ADMINISTRATOR, roles=frozenset(), room=keeper
    )
    indexer.rolling_back.assert_not_called()
    assert first_replies(interaction) == 1
    begins = {"rollback": ("Another index is published",), "cancel": ("This rebuild is not",)}
    told = said(interaction)
    assert len(told) == len(begins.get(action, ()))
    assert all(one.startswith(begins[action]) for one in told)
