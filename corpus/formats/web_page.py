"""HTML pages: the article without what surrounds it."""

from __future__ import annotations

from urllib.parse import urlsplit

import trafilatura

from corpus.dates import parse_date
from corpus.errors import NoTextError
from corpus.models import Draft


def read_web_page(html: str, origin: str, *, url: str | None = None) -> Draft:
    """Read the main text of a page and what its metadata tell.

    The page's own canonical address counts only if it is on the site that the page came from.
    The language is left to be detected: what pages declare is often their template's.

    Raises:
        NoTextError: No main text is found.
    """
    page = trafilatura.bare_extraction(
        html,
        url=url,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if page is None or not (page.text or "").strip():
        raise NoTextError(origin)
    lines = page.text.strip().split("\n")
    if page.title and lines[0].strip() == page.title.strip():
        lines = lines[1:]
    own = page.url if page.url and (url is None or _site(page.url) == _site(url)) else url
    return Draft(
        text="\n".join(lines),
        origin=origin,
        title=page.title,
        outlet=page.sitename,
        author=page.author,
        published=parse_date(page.date),
        url=own,
        topics=tuple(topic.strip() for tags in page.tags or () for topic in tags.split(",")),
    )


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
