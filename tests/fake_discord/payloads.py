"""Discord's payloads, as far as the fake makes them up."""

from __future__ import annotations

from typing import Final

from tests.fake_discord.rules import Payload

_FIRST_ROLE: Final = 1 << 20
_PERMISSIONS: Final = 50


def roles_with(permissions: int, guild_id: int) -> list[int]:
    """The ids of those roles of a guild of which each gives one of these permissions."""
    bits = (bit for bit in range(_PERMISSIONS) if permissions >> bit & 1)
    return [guild_id + _FIRST_ROLE + bit for bit in bits]


def guild_payload(guild_id: int, name: str, bot_user: Payload) -> Payload:
    everyone = {
        "id": str(guild_id),
        "name": "@everyone",
        "permissions": "0",
        "position": 0,
        "color": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    giving = [
        {**everyone, "id": str(role), "name": f"may {bit}", "permissions": str(1 << bit)}
        for bit, role in enumerate(roles_with((1 << _PERMISSIONS) - 1, guild_id))
    ]
    return {
        "id": str(guild_id),
        "name": name,
        "preferred_locale": "en-US",
        "owner_id": "1",
        "roles": [everyone, *giving],
        "channels": [],
        "members": [member_payload(bot_user)],
        "member_count": 3,
        "features": [],
    }


def channel_payload(channel_id: int, guild_id: int, name: str) -> Payload:
    return {
        "id": str(channel_id),
        "type": 0,
        "name": name,
        "position": 0,
        "guild_id": str(guild_id),
        "permission_overwrites": [],
        "nsfw": False,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }


def dm_payload(channel_id: int, user: Payload) -> Payload:
    return {
        "id": str(channel_id),
        "type": 1,
        "last_message_id": None,
        "recipients": [user],
        "flags": 0,
    }


def group_payload(channel_id: int, user: Payload) -> Payload:
    return {**dm_payload(channel_id, user), "type": 3, "name": None, "owner_id": user["id"]}


def message_payload(message_id: int, channel: Payload, author: Payload, data: Payload) -> Payload:
    payload: Payload = {
        "id": str(message_id),
        "channel_id": channel["id"],
        "author": author,
        "content": data.get("content") or "",
        "timestamp": "2024-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": data.get("attachments") or [],
        "embeds": data.get("embeds") or [],
        "components": data.get("components") or [],
        "pinned": False,
        "type": 0,
        "flags": data.get("flags", 0),
    }
    if "guild_id" in channel:
        payload["guild_id"] = channel["guild_id"]
    return payload


def user_payload(user_id: int, name: str, *, bot: bool = False) -> Payload:
    return {
        "id": str(user_id),
        "username": name,
        "global_name": name,
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
    }


def member_payload(user: Payload) -> Payload:
    return {
        "user": user,
        "nick": None,
        "roles": [],
        "joined_at": "2023-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
