"""Servers that mean harm: whatever they send, a fetch ends soon and in one sentence."""

from __future__ import annotations

import asyncio
import ssl
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address

import pytest
import trustme
from hypothesis import example, given
from hypothesis import strategies as st

from bot.error_messages import message_for
from corpus.addresses import Address, is_public, resolve
from corpus.errors import CorpusError, FetchError, ForbiddenAddressError, TooLargeError
from corpus.fetching import FetchPolicy, fetch

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
MEGABYTE = 1_000_000


async def here(_host: str, _port: int) -> list[Address]:
    return [ip_address("127.0.0.1")]


def policy(seconds: float = 20, *, largest_bytes: int = MEGABYTE) -> FetchPolicy:
    return FetchPolicy(
        allows=lambda address: address.is_loopback,
        resolve=here,
        seconds=seconds,
        largest_bytes=largest_bytes,
    )


@asynccontextmanager
async def server(
    page: Script, robots: Script | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Answer each request for a page by what `page` writes; yield the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            if b"/robots.txt " not in request:
                await page(writer)
            elif robots is not None:
                await robots(writer)
            else:
                await sends(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


def sends(*parts: bytes) -> Script:
    async def write(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
        await writer.drain()

    return write


def sends_forever(head: bytes, part: bytes, *, pause_s: float = 0) -> Script:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return write


def bomb() -> tuple[bytes, bytes]:
    """A gzip that never ends: its head, and ten megabytes of blanks that may come any often."""
    packer = zlib.compressobj(wbits=31)
    head = packer.compress(b" " * 1_000) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * 10 * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return PAGE + b"Content-Encoding: gzip\r\n\r\n" + head, again


SLOW = {
    "silence": sends_forever(b"", b"", pause_s=0.01),
    "a head in drops": sends_forever(PAGE + b"X: ", b"x", pause_s=0.01),
    "a page in drops": sends_forever(PAGE + b"\r\n", b"x", pause_s=0.01),
    "please continue": sends_forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}
BROKEN = {
    "noise": sends(bytes(range(256)) * 10),
    "a page without a head": sends(b"<html>Hello</html>\r\n\r\n"),
    "nothing at all": sends(),
    "a head without an end": sends_forever(PAGE, b"X: x\r\n"),
    "a line without an end": sends_forever(PAGE + b"X: ", b"x" * 1_000),
    "less than it promised": sends(PAGE + b"Content-Length: 1000\r\n\r\nx"),
    "two lengths": sends(PAGE + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"),
    "a length below zero": sends(PAGE + b"Content-Length: -1\r\n\r\nx"),
    "a chunk of no size": sends(PAGE + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "a chunk size without an end": sends_forever(
        PAGE + b"Transfer-Encoding: chunked\r\n\r\n", b"1" * 100
    ),
    "broken gzip": sends(PAGE + b"Content-Encoding: gzip\r\n\r\n" + b"\x1f\x8b\x08" + b"x" * 99),
    "no place to go on": sends(b"HTTP/1.1 302 Found\r\nLocation: http://\r\n\r\n"),
    "a place of nonsense": sends(b"HTTP/1.1 302 Found\r\nLocation: \xff//[::\r\n\r\n"),
}
ENDLESS = {
    "a page": sends_forever(PAGE + b"\r\n", b"x" * 10_000),
    "a page of a huge length": sends_forever(
        PAGE + b"Content-Length: 999999999999999999\r\n\r\n", b"x" * 10_000
    ),
    "chunks": sends_forever(
        PAGE + b"Transfer-Encoding: chunked\r\n\r\n", b"2710\r\n" + b"x" * 10_000 + b"\r\n"
    ),
    "one chunk": sends_forever(
        PAGE + b"Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n", b"x" * 10_000
    ),
    "a compressed page": sends_forever(*bomb()),
}


async def refused(page: Script, limits: FetchPolicy) -> CorpusError:
    async with server(page) as port:
        with pytest.raises(CorpusError) as caught:
            async with asyncio.timeout(60):  # a fetch without an end is to fail, not to hang
                await fetch(f"http://news.example:{port}/a", policy=limits)
    sentence, expected = message_for(caught.value, reference="-")
    assert expected
    assert sentence.startswith("http://")
    return caught.value


@pytest.mark.parametrize("page", SLOW.values(), ids=SLOW)
async def test_who_keeps_us_waiting_is_left_when_the_time_is_over(page: Script) -> None:
    error = await refused(page, policy(0.3))
    assert isinstance(error, FetchError)
    assert error.reason == "no answer within 0.3 seconds"


@pytest.mark.parametrize("page", BROKEN.values(), ids=BROKEN)
async def test_what_is_no_answer_is_a_failed_fetch(page: Script) -> None:
    assert isinstance(await refused(page, policy()), FetchError)


@pytest.mark.parametrize("page", ENDLESS.values(), ids=ENDLESS)
async def test_what_has_no_end_is_left_at_the_limit_of_size(page: Script) -> None:
    tracemalloc.start()
    try:
        assert isinstance(await refused(page, policy()), TooLargeError)
        assert tracemalloc.get_traced_memory()[1] < 300 * MEGABYTE
    finally:
        tracemalloc.stop()


RULES = {
    "rules without an end": sends_forever(PAGE + b"\r\n", b"Disallow: /x\r\n" * 1_000),
    "compressed rules without an end": sends_forever(*bomb()),
    "rules made of stars": sends(
        PAGE, b"\r\nUser-agent: *\nDisallow: /", b"*a" * 100_000, b"*b\n", b"Disallow: /*a*a*b\n"
    ),
    "rules that are noise": sends(PAGE + b"\r\n", bytes(range(256)) * 1_000),
}


@pytest.mark.parametrize("robots", RULES.values(), ids=RULES)
async def test_rules_that_mean_harm_are_read_as_far_as_they_go(robots: Script) -> None:
    async with server(sends(PAGE + b"\r\nHello"), robots) as port:
        url = f"http://news.example:{port}/{'a' * 2_000}"
        assert (await fetch(url, policy=policy())).data == b"Hello"


async def test_rules_in_drops_do_not_outlast_the_time() -> None:
    robots = sends_forever(PAGE + b"\r\n", b"x", pause_s=0.01)
    async with server(sends(PAGE + b"\r\nHello"), robots) as port:
        with pytest.raises(FetchError) as caught:
            await fetch(f"http://news.example:{port}/", policy=policy(0.3))
    assert caught.value.reason == "no answer within 0.3 seconds"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /\nAllow: /news", "/news/a", True),  # the longer rule counts
        ("Allow: /\nDisallow: /news", "/news/a", False),
        ("Disallow: /*/print", "/news/print", False),
        ("Disallow: /*.pdf$", "/news/a.pdf", False),
        ("Disallow: /*.pdf$", "/news/a.pdf?x", True),
        ("Disallow: /caf%C3%A9", "/café", False),
        ("Disallow:", "/news", True),
    ],
)
async def test_rules_are_understood_as_the_standard_says(
    rules: str, path: str, *, allowed: bool
) -> None:
    robots = sends(PAGE + b"\r\nUser-agent: *\n" + rules.encode())
    async with server(sends(PAGE + b"\r\nHello"), robots) as port:
        try:
            await fetch(f"http://news.example:{port}{path}", policy=policy())
        except FetchError as error:
            assert "robots.txt" in str(error)  # noqa: PT017 - which of both, is the question
            assert not allowed
        else:
            assert allowed


def tls_for(name: str, authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_a_certificate_is_of_the_name_and_not_of_the_address() -> None:
    page = sends(PAGE + b"\r\nHello")
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    limits = replace(policy(), tls=trusting)
    async with server(page, tls=tls_for("news.example", authority)) as port:
        url = f"https://news.example:{port}/a"
        assert (await fetch(url, policy=limits)).data == b"Hello"
        with pytest.raises(FetchError) as caught:
            await fetch(url, policy=policy())  # which trusts no stranger
        assert caught.value.reason == "the connection failed"
    for name in ("other.example", "127.0.0.1"):
        async with server(page, tls=tls_for(name, authority)) as port:
            with pytest.raises(FetchError) as caught:
                await fetch(f"https://news.example:{port}/a", policy=limits)
        assert caught.value.reason == "the connection failed"


async def test_https_is_not_spoken_to_who_does_not_speak_it() -> None:
    async with server(sends(PAGE + b"\r\nHello")) as port:
        with pytest.raises(FetchError):
            await fetch(f"https://news.example:{port}/a", policy=policy(0.3))


PARTS = st.sampled_from(
    ["http:", "https:", "//", "/", "\\", "@", ":", "[", "]", "%", "%00", "?", "#", ".", "。", "::1",
     "127.0.0.1", "news.example", "0x7f", "１", "é", "xn--", "..", " ", "\t", "\r\n", "\ud800"]
)  # fmt: skip


@example("http://xn--/")
@given(st.lists(PARTS | st.text(max_size=3), max_size=12).map("".join))
def test_any_text_is_fetched_from_nowhere_but_public_places(url: str) -> None:
    async def private(_host: str, _port: int) -> list[Address]:
        return [ip_address("127.0.0.1")]

    with pytest.raises(FetchError):
        asyncio.run(fetch(url, policy=FetchPolicy(resolve=private)))
    with pytest.raises(FetchError):
        asyncio.run(fetch(f"http://{url}", policy=FetchPolicy(resolve=private)))


@pytest.mark.parametrize(
    "host",
    """2130706433 0x7f000001 017700000001 0x7f.1 127.0.1 127.1 0 127.0.0.1. 0.0.0.0 localhost 1.2.3
    [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:7f00:1] [::ffff:127.0.0.1] [::ffff:a9fe:a9fe]
    [fe80::1%25eth0] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001::80ff:fffe]
    [fd00:ec2::254] [fec0::1] 169.254.169.254 168.63.129.16 192.0.0.192 100.100.100.200 10.0.0.1
    a:b@8.8.8.8 8.8.8.8@127.0.0.1 8.8.8.8\\@127.0.0.1 127.0.0.1\\.x.example 127。0。0。1
    127.0.0.1%00.x.example %31%32%37.0.0.1""".split(),
)
async def test_no_notation_gets_a_redirect_to_a_private_place(host: str) -> None:
    first = ip_address("127.0.0.1")

    async def resolve_first(name: str, port: int) -> list[Address]:
        return [first] if name == "news.example" else await resolve(name, port)

    location = f"HTTP/1.1 302 Found\r\nLocation: http://{host}/\r\n\r\n".encode()
    async with server(sends(location)) as port:
        # This one object is allowed, and not the same address found by another name.
        limits = FetchPolicy(allows=lambda a: a is first or is_public(a), resolve=resolve_first)
        with pytest.raises(ForbiddenAddressError):
            await fetch(f"http://news.example:{port}/a", policy=limits)
