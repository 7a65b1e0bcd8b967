"""What an admin reads about the settings of a server; pure."""

from __future__ import annotations

from bot.locales import Words
from bot.rendering import Page
from bot.server_settings import ServerSettings


def settings_page(settings: ServerSettings, words: Words) -> Page:
    """Show what holds in a server, whether it set that itself or not.

    Channels and roles are written as mentions, which an embed shows by name and which ping nobody.
    """
    log = settings.log_channel_id
    facts = {
        words.channels_label: _mentions("#", settings.channel_ids) or words.every_channel,
        words.roles_label: _mentions("@&", settings.moderator_role_ids) or words.no_roles,
        words.log_label: words.no_log if log is None else f"<#{log}>",
        words.cooldown_label: words.seconds(settings.cooldown_s or 0.0),
    }
    lines = [f"**{name}**\n{value}" for name, value in facts.items()]
    return Page("\n\n".join([words.settings_hold, *lines]))


def _mentions(sign: str, ids: frozenset[int]) -> str:
    return ", ".join(f"<{sign}{number}>" for number in sorted(ids))
