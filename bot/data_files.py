"""What the files are called that the bot keeps beside the articles, in the data folder."""

from __future__ import annotations

from typing import Final

DISCORD_FILE: Final = "discord.db"
TOKENS_FILE: Final = "tokens.db"
