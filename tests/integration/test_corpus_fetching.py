"""Fetching from real servers on loopback, under names that only these tests know."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

import pytest
from aiohttp import web

from corpus.addresses import Address
from corpus.errors import (
    FetchError,
    ForbiddenAddressError,
    ForbiddenByRobotsError,
    TooLargeError,
    UnknownTypeError,
)
from corpus.fetching import USER_AGENT, FetchPolicy, fetch

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """A server; what it was asked for, by host and path."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)

    def url(self, path: str = "/a", host: str = "news.example") -> str:
        return f"http://{host}:{self.port}{path}"

    async def resolve(self, host: str, _port: int) -> list[Address]:
        self.looked_up.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [ip_address(number) for number in self.names[host]]

    @property
    def policy(self) -> FetchPolicy:
        return FetchPolicy(
            allows=lambda address: address.is_loopback, resolve=self.resolve, seconds=20
        )


@asynccontextmanager
async def site(
    page: Handler | None = None, robots: Handler | None = None, **pages: Handler
) -> AsyncIterator[Site]:
    found = Site(names={"news.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})

    async def handle(request: web.Request) -> web.StreamResponse:
        found.asked.append((request.host.partition(":")[0], request.path))
        found.headers = dict(request.headers)
        if request.path == "/robots.txt":
            return await robots(request) if robots else web.Response(status=404)
        handler = pages.get(request.path.strip("/"), page)
        return await handler(request) if handler else web.Response(status=404)

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    try:
        server = web.TCPSite(runner, "127.0.0.1", 0)
        await server.start()
        found.port = runner.addresses[0][1]
        yield found
    finally:
        await runner.cleanup()


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="<p>Hello</p>", content_type="text/html", charset="utf-8")


def redirect(location: str) -> Handler:
    async def handle(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": location})

    return handle


def raw(body: bytes, **headers: str) -> Handler:
    async def handle(_request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, headers={"Content-Type": "text/plain"} | named)

    return handle


async def test_a_page_is_fetched_from_the_address_that_was_judged() -> None:
    async with site(hello) as here:
        fetched = await fetch(here.url("/a?x=1"), policy=here.policy)
    assert fetched.data == b"<p>Hello</p>"
    assert fetched.content_type == "text/html; charset=utf-8"
    assert fetched.url == here.url("/a?x=1")
    assert here.asked == [("news.example", "/robots.txt"), ("news.example", "/a")]
    assert here.headers["User-Agent"] == USER_AGENT
    assert here.headers["Host"] == f"news.example:{here.port}"
    assert "Cookie" not in here.headers


async def test_without_a_policy_loopback_is_private() -> None:
    async with site(hello) as here:
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(ForbiddenAddressError) as caught:
                await fetch(here.url(host=host))
            assert caught.value.reason == "it is not on the public internet"
    assert here.asked == []


@pytest.mark.parametrize(
    "host",
    """2130706433 0x7f000001 127.1 127.0.0.1. [::ffff:127.0.0.1] [::1] [fe80::1] 10.0.0.1
    169.254.169.254 user@8.8.8.8""".split(),
)
async def test_private_addresses_are_refused_in_any_notation(host: str) -> None:
    async with site(hello) as here:
        with pytest.raises(ForbiddenAddressError):
            await fetch(here.url(host=host))
    assert here.asked == []


@pytest.mark.parametrize(
    "url", ["ftp://news.example/a", "file:///etc/passwd", "gopher://x/1", "news.example/a", ""]
)
async def test_only_http_and_https_are_fetched(url: str) -> None:
    with pytest.raises(ForbiddenAddressError) as caught:
        await fetch(url)
    assert caught.value.reason == "it is not http or https"


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1/a",
        "http://a:port/",
        "http://0177.0.0.1/",
        "http://１２７.０.０.１/",
        "http://a\x00b/",
        "http://" + "x" * 70_000,
    ],
)
async def test_what_is_no_url_says_so(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch(url)
    assert caught.value.reason == "not an address of a page"


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    async with site(hello) as here:
        here.names["mixed.example"] = ["127.0.0.1", "10.0.0.7"]
        with pytest.raises(ForbiddenAddressError):
            await fetch(here.url(host="mixed.example"), policy=here.policy)
    assert here.asked == []


async def test_a_name_that_changes_its_address_gains_nothing() -> None:
    async with site(hello) as here:
        answers = iter([["127.0.0.1"], ["10.0.0.7"]])

        async def rebinding(host: str, _port: int) -> list[Address]:
            here.looked_up.append(host)
            return [ip_address(number) for number in next(answers)]

        with pytest.raises(ForbiddenAddressError):
            await fetch(here.url(), policy=replace(here.policy, resolve=rebinding))
    # Once for robots.txt, once for the page: each connection goes where its look-up said.
    assert here.looked_up == ["news.example"] * 2
    assert here.asked == [("news.example", "/robots.txt")]


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async with site(hello) as here:
        here.names["news.example"] = ["::1", "127.0.0.1"]
        assert (await fetch(here.url(), policy=here.policy)).data == b"<p>Hello</p>"


async def test_a_name_without_address_is_not_known() -> None:
    async with site(hello) as here:
        with pytest.raises(FetchError) as caught:
            await fetch(here.url(host="nowhere.example"), policy=here.policy)
    assert caught.value.reason == "its name is not known"


async def test_a_redirect_is_followed_and_its_site_is_asked_for_its_rules() -> None:
    async with site(hello) as there:
        end = there.url("/end", host="other.example")
        async with site(redirect(f"{end}#part")) as here:
            fetched = await fetch(here.url("/start"), policy=here.policy)
    assert fetched.url.startswith(end)
    assert here.asked == [("news.example", "/robots.txt"), ("news.example", "/start")]
    assert there.asked == [("other.example", "/robots.txt"), ("other.example", "/end")]


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.7/", "http://2130706433/", "file:///etc/passwd", "http://u:p@news.example/"],
)
async def test_a_redirect_to_a_private_place_is_refused(location: str) -> None:
    async with site(redirect(location)) as here:
        here.names["10.0.0.7"] = ["10.0.0.7"]
        with pytest.raises(ForbiddenAddressError):
            await fetch(here.url(), policy=here.policy)


async def test_redirects_have_an_end() -> None:
    async with site(redirect("/a")) as here:
        with pytest.raises(FetchError) as caught:
            await fetch(here.url(), policy=here.policy)
    assert caught.value.reason == "more than 5 redirects"
    assert here.asked.count(("news.example", "/a")) == 6


async def test_robots_rules_are_followed() -> None:
    rules = raw(b"User-agent: *\nDisallow: /private\nUser-agent: newsdesk\nDisallow: /no\n")
    async with site(hello, robots=rules) as here:
        assert await fetch(here.url("/private/a"), policy=here.policy)
        with pytest.raises(ForbiddenByRobotsError):
            await fetch(here.url("/no/a"), policy=here.policy)
    assert ("news.example", "/no/a") not in here.asked


async def test_robots_rules_hold_after_a_redirect_on_the_same_site() -> None:
    rules = raw(b"User-agent: *\nDisallow: /no\n")
    async with site(hello, robots=rules, start=redirect("/no")) as here:
        with pytest.raises(ForbiddenByRobotsError):
            await fetch(here.url("/start"), policy=here.policy)
    assert here.asked == [("news.example", "/robots.txt"), ("news.example", "/start")]


async def test_where_the_rules_cannot_be_known_nothing_is_fetched() -> None:
    async def broken(_request: web.Request) -> web.Response:
        return web.Response(status=503)

    async with site(hello, robots=broken) as here:
        with pytest.raises(FetchError, match="503"):
            await fetch(here.url(), policy=here.policy)
    assert here.asked == [("news.example", "/robots.txt")]


async def test_rules_that_redirect_in_a_circle_count_as_none() -> None:
    async with site(hello, robots=redirect("/robots.txt")) as here:
        assert await fetch(here.url(), policy=here.policy)


@pytest.mark.parametrize("length", [1_000, 1_001])
async def test_the_limit_is_on_the_decompressed_bytes(length: int) -> None:
    body = gzip.compress(b"x" * length)
    async with site(raw(body, Content_Encoding="gzip")) as here:
        policy = replace(here.policy, largest_bytes=1_000)
        if length <= 1_000:
            assert len((await fetch(here.url(), policy=policy)).data) == length
        else:
            with pytest.raises(TooLargeError) as caught:
                await fetch(here.url(), policy=policy)
            assert (caught.value.size, caught.value.limit) == (None, 1_000)


async def test_an_endless_page_is_left_soon_after_the_limit() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 10_000)
                sent += 10_000
        except ConnectionError:
            return response

    async with site(endless) as here:
        with pytest.raises(TooLargeError):
            await fetch(here.url(), policy=replace(here.policy, largest_bytes=100_000))
    assert sent < 50_000_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
async def test_compression_that_was_not_asked_for_is_refused(encoding: str) -> None:
    body = gzip.compress(gzip.compress(b"x"))
    async with site(raw(body, Content_Encoding=encoding)) as here:
        with pytest.raises(FetchError, match="compressed"):
            await fetch(here.url(), policy=here.policy)


async def test_broken_compression_is_a_failed_connection() -> None:
    async with site(
        raw(zlib.compress(b"x" * 100)[:-8] + b"broken!!", Content_Encoding="gzip")
    ) as here:
        with pytest.raises(FetchError):
            await fetch(here.url(), policy=here.policy)


async def test_the_time_is_limited_in_total() -> None:
    release = asyncio.Event()

    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        await response.write(b"x")
        await release.wait()
        return response

    async with site(dripping) as here:
        with pytest.raises(FetchError) as caught:
            await fetch(here.url(), policy=replace(here.policy, seconds=0.3))
        release.set()
    assert caught.value.reason == "no answer within 0.3 seconds"


@pytest.mark.parametrize("kind", ["image/png", "application/zip", "application/octet-stream"])
async def test_other_types_are_not_read(kind: str) -> None:
    async with site(raw(b"x", Content_Type=kind)) as here:
        with pytest.raises(UnknownTypeError) as caught:
            await fetch(here.url(), policy=here.policy)
    assert caught.value.kind == kind


@pytest.mark.parametrize("status", [404, 410, 500, 304])
async def test_an_error_status_is_named(status: int) -> None:
    async def failing(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    async with site(failing) as here:
        with pytest.raises(FetchError) as caught:
            await fetch(here.url(), policy=here.policy)
    assert caught.value.reason == f"the server answered with status {status}"


async def test_nobody_listening_is_a_failed_connection() -> None:
    async with site(hello) as here:
        pass
    with pytest.raises(FetchError) as caught:
        await fetch(here.url(), policy=here.policy)
    assert caught.value.reason == "the connection failed"


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with site(hello) as here:
        assert await fetch(here.url(), policy=here.policy)
