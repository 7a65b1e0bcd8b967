"""People of the fake Discord: what somebody can do in a real client, through the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fake_discord.payloads import (
    member_payload,
    message_payload,
    roles_with,
    user_payload,
)
from tests.fake_discord.rules import Payload
from tests.fake_discord.server import FakeDiscord
from tests.fake_discord.world import Message, Reply, modal_inputs

_COMMAND, _COMPONENT, _AUTOCOMPLETE, _SUBMIT = 2, 3, 4, 5
_TEXT, _ROLES, _CHANNELS = 4, 6, 8
_DIRECT, _GROUP = 1, 3
_CONTEXTS = {_DIRECT: 1, _GROUP: 2}
_SUBCOMMAND, _STRING, _INTEGER, _BOOLEAN, _ATTACHMENT = 1, 3, 4, 5, 11


@dataclass(frozen=True)
class Attached:
    """A file that somebody attaches."""

    id: int
    name: str
    data: bytes
    content_type: str | None = None
    size: int | None = None

    def payload(self, url: str) -> Payload:
        address = f"{url}/files/{self.id}"
        return {
            "id": str(self.id),
            "filename": self.name,
            "size": len(self.data) if self.size is None else self.size,
            "url": address,
            "proxy_url": address,
            "content_type": self.content_type,
        }


_KINDS = {str: _STRING, bool: _BOOLEAN, int: _INTEGER, Attached: _ATTACHMENT}


class Person:
    """Somebody in the server, with a client language and permissions (a bit set of Discord's).

    They have `permissions` everywhere, by roles, and `here` only in the channel that they write in.
    """

    def __init__(
        self,
        discord: FakeDiscord,
        name: str = "Ada",
        *,
        locale: str = "en-US",
        permissions: int = 0,
        here: int = 0,
        roles: tuple[int, ...] = (),
    ) -> None:
        self.discord = discord
        self.payload = user_payload(discord.new_id(), name)
        self.locale = locale
        self.permissions = permissions
        self.here = here
        self.roles = roles

    @property
    def id(self) -> int:
        return int(self.payload["id"])

    async def use(
        self, name: str, *, dm: bool = False, **options: str | bool | int | Attached
    ) -> Reply:
        """Use a slash command as it is registered, such as `ask` or `article list`.

        Options as a client would let them be typed.
        """
        command, below = self._named(name)
        sent = _options(below, options)
        files = {
            str(value.id): value.payload(self.discord.url)
            for value in options.values()
            if isinstance(value, Attached)
        }
        for value in options.values():
            if isinstance(value, Attached):
                self.discord.files[value.id] = value.data
        data = {
            **_head(command),
            "options": _nested(command, below, sent),
            "resolved": {"attachments": files},
        }
        return await self._interact(_COMMAND, data, dm=dm)

    async def use_on(self, name: str, message: Message, *, dm: bool = False) -> Reply:
        """Choose a command of the message's context menu."""
        command = self._command(name, kind=3)
        resolved = {"messages": {str(message.id): message.payload}}
        data = {**_head(command), "target_id": str(message.id), "resolved": resolved}
        return await self._interact(_COMMAND, data, dm=dm)

    async def type_option(self, name: str, option: str, text: str) -> Reply:
        """Type into an option that completes itself."""
        command, below = self._named(name)
        typed = [{"name": option, "type": _STRING, "value": text, "focused": True}]
        data = {**_head(command), "options": _nested(command, below, typed)}
        return await self._interact(_AUTOCOMPLETE, data)

    async def press(self, message: Message, label: str) -> Reply:
        """Press the button on which `label` stands."""
        button = message.buttons[label]
        return await self._press(message, button["custom_id"])

    async def press_id_of(self, message: Message, action: str, key: str) -> Reply:
        """Press a button that was put below the message with an id of one's own making."""
        return await self.press_id(message, f"newsdesk:{action}:{key}")

    async def press_id(self, message: Message, custom_id: str) -> Reply:
        """Press a button with this id, whether or not it is below the message."""
        button = {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
        rows = [*message.payload["components"], {"type": 1, "components": [button]}]
        crafted = Message({**message.payload, "components": rows})
        return await self._press(crafted, custom_id)

    async def _press(self, message: Message, custom_id: str) -> Reply:
        data = {"custom_id": custom_id, "component_type": 2}
        return await self._interact(_COMPONENT, data, message=message)

    async def choose(self, message: Message, custom_id: str, *values: str) -> Reply:
        """Choose from a list with this id, whether or not it is below the message."""
        data = {"custom_id": custom_id, "component_type": 3, "values": list(values)}
        return await self._interact(_COMPONENT, data, message=message)

    async def submit(self, opened: Reply, **values: str | tuple[int, ...]) -> Reply:
        """Fill the inputs of the modal that `opened` shows, in their order, and send it.

        What is chosen from a list of channels or roles is a tuple of their ids.
        """
        modal = await opened.opened_modal()
        inputs = modal_inputs(modal)
        assert len(values) <= len(inputs)
        rows = []
        for row, value in zip(modal["components"], values.values(), strict=False):
            is_label = row["type"] == 18
            item = row["component"] if is_label else row["components"][0]
            filled = {"type": item["type"], "custom_id": item["custom_id"], "id": 1}
            filled |= _filled(item, value)
            rows.append(
                {"type": 18, "component": filled, "id": 2}
                if is_label
                else {"type": 1, "components": [filled]}
            )
        data = {
            "custom_id": modal["custom_id"],
            "components": rows,
            "resolved": self._resolved([one for one in values.values() if isinstance(one, tuple)]),
        }
        dm = self.discord.channels[opened.channel_id]["type"] == _DIRECT
        return await self._interact(_SUBMIT, data, message=opened.asked_from, dm=dm)

    def _resolved(self, chosen: list[tuple[int, ...]]) -> Payload:
        """Describe the channels and roles that were chosen."""
        ids = {number for some in chosen for number in some}
        channels = self.discord.channels
        roles = [role for guild in self.discord.guilds.values() for role in guild["roles"]]
        return {
            "channels": {str(n): {**channels[n], "permissions": "0"} for n in ids if n in channels},
            "roles": {role["id"]: role for role in roles if int(role["id"]) in ids},
        }

    async def say(
        self, text: str, *, dm: bool = False, reply_to: Message | None = None, mention: bool = False
    ) -> Message:
        """Write a message, perhaps in answer to another one."""
        discord = self.discord
        channel_id = discord.dm_with(self.payload) if dm else discord.channel_id
        mentions = mention or (
            reply_to is not None and reply_to.payload["author"]["id"] == discord.bot_user["id"]
        )
        content = f"<@{discord.bot_user['id']}> {text}" if mention else text
        payload = message_payload(
            discord.new_id(), discord.channels[channel_id], self.payload, {"content": content}
        )
        payload["mentions"] = [discord.bot_user] if mentions else []
        if "guild_id" in payload:
            payload["member"] = {
                k: v for k, v in member_payload(self.payload).items() if k != "user"
            }
        if reply_to is not None:
            payload |= {
                "type": 19,
                "message_reference": {
                    "message_id": str(reply_to.id),
                    "channel_id": str(channel_id),
                },
                "referenced_message": reply_to.payload,
            }
        message = Message(payload)
        discord.messages[message.id] = message
        if discord.channels[channel_id]["type"] == _GROUP:
            return message
        session = discord.gateway.session
        assert session is not None
        seen = payload
        if not (dm or mentions or session.sees_content):
            seen = {**payload, "content": "", "embeds": [], "attachments": [], "components": []}
        await discord.gateway.dispatch("MESSAGE_CREATE", seen)
        return message

    def _named(self, name: str) -> tuple[Payload, Payload]:
        """Find a command, and the subcommand that is meant, if there are any."""
        first, _, rest = name.partition(" ")
        command = self._command(first, kind=1)
        if not rest:
            return command, command
        [below] = [one for one in command["options"] if one["name"] == rest]
        return command, below

    def _command(self, name: str, *, kind: int) -> Payload:
        for command in self.discord.commands:
            if command["name"] == name and command.get("type", 1) == kind:
                return command
        msg = f"{name!r} is not registered: {self.discord.commands}"
        raise AssertionError(msg)

    async def _interact(
        self, kind: int, data: Payload, *, message: Message | None = None, dm: bool = False
    ) -> Reply:
        discord = self.discord
        channel_id = discord.dm_with(self.payload) if dm else discord.channel_id
        if message is not None:
            channel_id = int(message.payload["channel_id"])
        channel = discord.channels[channel_id]
        interaction_id = discord.new_id()
        reply = Reply(
            discord,
            interaction_id,
            f"interaction-{interaction_id}",
            kind,
            channel_id,
            self.id,
            discord.clock(),
            asked_from=message,
        )
        discord.replies[reply.token] = reply
        payload: Payload = {
            "id": str(interaction_id),
            "application_id": str(discord.application_id),
            "type": kind,
            "token": reply.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel_id),
            "channel": {**channel, "permissions": "0"},
            "locale": self.locale,
            "app_permissions": "0",
            "attachment_size_limit": 10_000_000,
            "entitlements": [],
            "context": _CONTEXTS.get(channel["type"], 0),
        }
        if channel["type"] in _CONTEXTS:
            owners = {"1": str(self.id)} if channel["type"] == _GROUP else {"0": "0"}
            payload |= {"user": self.payload, "authorizing_integration_owners": owners}
        else:
            guild_id = channel["guild_id"]
            is_there = int(guild_id) in discord.gateway.joined
            owners = {"0": guild_id} if is_there else {"1": str(self.id)}
            payload |= {
                "guild_id": guild_id,
                "authorizing_integration_owners": owners,
                "guild_locale": "en-US",
                "guild": {"id": guild_id, "locale": "en-US", "features": []},
                "member": {
                    **member_payload(self.payload),
                    "roles": [
                        str(role)
                        for role in (*self.roles, *roles_with(self.permissions, int(guild_id)))
                    ],
                    "permissions": str(self.permissions | self.here),
                },
            }
        if message is not None:
            payload["message"] = message.payload
        await discord.gateway.dispatch("INTERACTION_CREATE", payload)
        return reply


def _filled(item: Payload, value: str | tuple[int, ...]) -> Payload:
    """Refuse to fill in what a client would not take."""
    if isinstance(value, tuple):
        assert item["type"] in {_ROLES, _CHANNELS}
        assert item.get("min_values", 1) <= len(value) <= item.get("max_values", 1)
        return {"values": [str(number) for number in value]}
    assert item["type"] == _TEXT
    assert len(value) <= item.get("max_length", 4000)
    return {"value": value}


def _nested(command: Payload, below: Payload, options: list[Payload]) -> list[Payload]:
    if command is below:
        return options
    return [{"name": below["name"], "type": _SUBCOMMAND, "options": options}]


def _head(command: Payload) -> Payload:
    return {"id": command["id"], "name": command["name"], "type": command.get("type", 1)}


def _options(command: Payload, values: dict[str, Any]) -> list[Payload]:
    """Refuse to send what a client would not let anybody type."""
    known = {option["name"]: option for option in command.get("options", [])}
    assert set(values) <= set(known), f"no such option: {set(values) - set(known)}"
    needed = {name for name, option in known.items() if option.get("required")}
    assert needed <= set(values), f"missing: {needed - set(values)}"
    sent = []
    for name, value in values.items():
        option = known[name]
        kind = _KINDS[type(value)]
        assert option["type"] == kind, f"{name}: type {option['type']}"
        if isinstance(value, Attached):
            sent.append({"name": name, "type": kind, "value": str(value.id)})
            continue
        if isinstance(value, str):
            assert option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000)
        sent.append({"name": name, "type": kind, "value": value})
    return sent
