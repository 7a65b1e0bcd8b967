"""One page over the network, guarded against being led into private places."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import httpx
from protego import Protego

from corpus.addresses import Address, Resolve, is_plain_host, is_public, resolve
from corpus.errors import (
    FetchError,
    ForbiddenAddressError,
    ForbiddenByRobotsError,
    TooLargeError,
    UnknownTypeError,
)
from corpus.extracting import LARGEST_FILE_BYTES

USER_AGENT = "Newsdesk/0.1 (self-hosted news archive; fetches single pages that a person asked for)"

_ROBOTS_NAME = "Newsdesk"
_LARGEST_ROBOTS_BYTES = 500_000
_ACCEPTED = {
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "application/pdf",
}
# One layer of these at most grows a thousandfold; others, and layers upon layers, are refused.
_ENCODINGS = {"", "identity", "gzip", "deflate"}


@cache  # reading all authorities takes longer than many a page
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """What fetching may do. `allows` judges every address before a connection to it is made."""

    allows: Callable[[Address], bool] = is_public
    resolve: Resolve = resolve
    seconds: float = 30
    redirects: int = 5
    largest_bytes: int = LARGEST_FILE_BYTES
    tls: ssl.SSLContext = field(default_factory=_trusted)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found at `url`, the address after all redirects; its bytes are decompressed."""

    url: str
    data: bytes
    content_type: str | None


async def fetch(url: str, *, policy: FetchPolicy | None = None) -> Fetched:
    """Fetch one page, within the total time of the policy.

    Every address is looked up once, judged, and connected to as judged, also after redirects.

    Raises:
        ForbiddenAddressError: The URL, or one it leads to, is not http(s) or not public.
        ForbiddenByRobotsError: The site's robots.txt asks not to.
        TooLargeError: There is more than the policy allows.
        UnknownTypeError: It is neither text, Markdown, HTML nor PDF.
        FetchError: Anything else that keeps the page away.
    """
    policy = policy or FetchPolicy()
    transport = _GuardedTransport(policy)
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"}
    try:
        async with (
            asyncio.timeout(policy.seconds),
            httpx.AsyncClient(
                transport=transport, headers=headers, trust_env=False, timeout=policy.seconds
            ) as client,
        ):
            return await _fetch(client, url, policy)
    except TimeoutError as error:
        raise FetchError(url, f"no answer within {policy.seconds:g} seconds") from error
    except httpx.TimeoutException as error:
        raise FetchError(url, f"no answer within {policy.seconds:g} seconds") from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise FetchError(url, "the connection failed") from error


async def _fetch(client: httpx.AsyncClient, url: str, policy: FetchPolicy) -> Fetched:
    rules: dict[httpx.URL, Protego] = {}
    target = _parse(url)
    for _ in range(policy.redirects + 1):
        robots = target.copy_with(raw_path=b"/robots.txt", fragment=None)
        if robots not in rules:
            rules[robots] = await _read_robots(client, robots, policy)
        if not await asyncio.to_thread(rules[robots].can_fetch, str(target), _ROBOTS_NAME):
            raise ForbiddenByRobotsError(str(target), "robots.txt asks not to")
        async with client.stream("GET", target) as response:
            if not response.has_redirect_location:
                return await _read_page(response, policy)
            target = _next(response)
    raise FetchError(url, f"more than {policy.redirects} redirects")


async def _read_page(response: httpx.Response, policy: FetchPolicy) -> Fetched:
    url = str(response.url)
    if response.status_code != httpx.codes.OK:
        raise FetchError(url, f"the server answered with status {response.status_code}")
    content_type = response.headers.get("Content-Type")
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type and media_type not in _ACCEPTED:
        raise UnknownTypeError(url, kind=media_type)
    data = await _read(response, policy.largest_bytes)
    if len(data) > policy.largest_bytes:
        raise TooLargeError(url, size=None, limit=policy.largest_bytes)
    return Fetched(url, data, content_type)


async def _read_robots(client: httpx.AsyncClient, url: httpx.URL, policy: FetchPolicy) -> Protego:
    """Read a site's rules as RFC 9309 says: none where there is no such file.

    Where the server fails, the rules are unknown, and nothing may be fetched.
    """
    for _ in range(policy.redirects + 1):
        async with client.stream("GET", url) as response:
            if response.has_redirect_location:
                url = _next(response)
                continue
            if response.is_server_error:
                raise FetchError(str(url), f"the server answered with {response.status_code}")
            data = await _read(response, _LARGEST_ROBOTS_BYTES) if response.is_success else b""
        text = data[:_LARGEST_ROBOTS_BYTES].decode("utf-8-sig", "replace")
        return await asyncio.to_thread(Protego.parse, text)
    return Protego.parse("")


async def _read(response: httpx.Response, limit: int) -> bytes:
    """Read the decompressed bytes, and stop soon after the limit."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchError(str(response.url), "compressed in a way that was not asked for")
    data = bytearray()
    async for part in response.aiter_bytes():
        data += part
        if len(data) > limit:
            break
    return bytes(data)


def _next(response: httpx.Response) -> httpx.URL:
    return _parse(response.headers["Location"], base=response.url)


def _parse(url: str, *, base: httpx.URL | None = None) -> httpx.URL:
    try:
        parsed = base.join(url) if base else httpx.URL(url)
        _ = parsed.host  # decoded only now: a name that cannot be fails here
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(url, "not an address of a page") from error
    if parsed.scheme not in ("http", "https"):
        raise ForbiddenAddressError(url, "it is not http or https")
    if parsed.userinfo:
        raise ForbiddenAddressError(parsed.host, "it holds a user name")
    return parsed


class _GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to judged addresses only, and asks there for the host that the URL names."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        # A connection must not be used again for another host that has the same address.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._network = httpx.AsyncHTTPTransport(verify=policy.tls, trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        host = url.raw_host.decode("ascii")
        failure: httpx.ConnectError | None = None
        for address in await self._addresses(url, host):
            pinned = httpx.Request(
                request.method,
                url.copy_with(host=str(address)),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions | {"sni_hostname": host},
            )
            try:
                return await self._network.handle_async_request(pinned)
            except httpx.ConnectError as error:
                failure = error
        raise failure or FetchError(str(url), "its name is not known")

    async def aclose(self) -> None:
        await self._network.aclose()

    async def _addresses(self, url: httpx.URL, host: str) -> list[Address]:
        if not is_plain_host(host):
            raise ForbiddenAddressError(str(url), "its host is written in a disguised way")
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = await self._policy.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(str(url), "its name is not known") from error
        if not all(self._policy.allows(address) for address in addresses):
            raise ForbiddenAddressError(str(url), "it is not on the public internet")
        return addresses
