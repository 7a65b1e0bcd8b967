"""Which addresses of the network may be fetched from. Pure but for the look-up of names."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Resolve: TypeAlias = Callable[[str, int], Awaitable[list[Address]]]

_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
# `2130706433`, `0x7f.1`, `0177.0.0.1`, `127.1`: the system's resolver takes these for addresses.
_NUMERIC = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)\.?", re.IGNORECASE)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Global by the look of it, or in the eyes of some versions of `ipaddress`.
_NEVER: tuple[IPv4Network | IPv6Network, ...] = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # of protocols; the metadata of one cloud
            "192.88.99.0/24",  # relays into 6to4
            "168.63.129.16/32",  # the host under a machine of another cloud
            "2001::/23",  # of protocols, among them Teredo and ORCHID
            "2002::/16",  # 6to4
            "3fff::/20",  # for documentation
        ),
    )
)
# An address whose second half is made of an IPv4 address (ISATAP).
_ISATAP = {0x00005EFE, 0x02005EFE}


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet; one wrapped in another never does."""
    if isinstance(address, IPv6Address) and (
        address not in _GLOBAL_UNICAST or int(address) >> 32 & 0xFFFFFFFF in _ISATAP
    ):
        return False
    if any(address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_plain_host(host: str) -> bool:
    """Tell a host name, or an address in its one usual notation, from anything disguised."""
    try:
        return str(ip_address(host)) == host.lower() and "%" not in host
    except ValueError:
        return bool(_HOST_NAME.fullmatch(host)) and not _NUMERIC.fullmatch(host)


async def resolve(host: str, port: int) -> list[Address]:
    """Look a host up once; raise `OSError` if it has no address."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
    return [ip_address(number) for number in numbers]
