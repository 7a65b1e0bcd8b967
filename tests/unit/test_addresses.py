from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.addresses import is_plain_host, is_public


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1
    192.0.2.1 198.18.0.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 fe80::1 fc00::1 fd00:ec2::254 ff02::1
    2001:db8::1 2002:7f00:1:: 2002:808:808:: 2002:a00:1:: 2001:0:a00:1:: 64:ff9b::a00:1
    64:ff9b:1::a00:1 100::1 2001:1::1 2001:20::1 3fff::1 5f00::1 fec0::1 4000::1 ::8.8.8.8
    2606:4700::5efe:a00:1 2606:4700::200:5efe:808:808 192.0.0.9 192.0.0.192 192.88.99.1
    168.63.129.16 100.100.100.200 198.51.100.1 203.0.113.1 0.1.2.3 fd20:ce::254""".split(),
)
def test_private_special_and_wrapped_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "168.63.129.17", "2606:4700::1", "2a00:1450::5eff:a00:1"],
)
def test_public_addresses_are(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="127.0.0.0/8"))
def test_no_private_address_is_public_in_any_wrapping(address: IPv4Address) -> None:
    number = int(address)
    assert not is_public(address)
    assert not is_public(IPv6Address((0xFFFF << 32) | number))
    assert not is_public(IPv6Address((0x2002 << 112) | (number << 80)))
    assert not is_public(IPv6Address((0x64FF9B << 96) | number))
    assert not is_public(IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)))
    assert not is_public(IPv6Address((0x26064700 << 96) | (0x5EFE << 32) | number))


@pytest.mark.parametrize(
    "host",
    """example.org example.org. a-b.example xn--bcher-kva.example localhost 8.8.8.8 ::1
    2606:4700::1 1and1.example 4.example my_host.example""".split(),
)
def test_usual_hosts_are_plain(host: str) -> None:
    assert is_plain_host(host)


@pytest.mark.parametrize(
    "host",
    """2130706433 0x7f000001 0x7f.1 127.1 0177.0.0.1 127.0.0.1. 017700000001 127.0.0.0x1 8.8.8.8.
    0:0:0:0:0:0:0:1 ::FFFF:7F00:0001 fe80::1%eth0 -a.example a..b example.org%2f a/b a@b
    é.example １２７.０.０.１""".split(),
)
def test_disguised_hosts_are_not(host: str) -> None:
    assert not is_plain_host(host)
    assert not is_plain_host("")
