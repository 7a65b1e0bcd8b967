"""Markdown, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token
from yaml import YAMLError

from corpus.dates import parse_date
from corpus.formats.plain_text import split_date
from corpus.models import Draft

_SIMPLE_FIELD = re.compile(r"^([A-Za-z_]+)[ \t]*:[ \t]*(.+)$", re.MULTILINE)


def read_markdown(text: str, origin: str) -> Draft:
    """Read the text without its markup, and what its front matter tells.

    A list item keeps its own line. A first-level heading at the top is the title, unless the
    front matter gives one. The text may begin with `date 2023-04`, as a plain text may.
    """
    fields, body = _split(text)
    published = parse_date(_first(fields, "published_at", "published", "date"))
    if published is None:
        published, body = split_date(body)
    heading, blocks = _render(body)
    title = _text(fields, "title")
    if title is None or (heading and heading.casefold() == title.casefold()):
        title = title or heading
    elif heading:
        blocks.insert(0, heading)
    return Draft(
        text="\n\n".join(blocks),
        origin=origin,
        title=title,
        outlet=_text(fields, "outlet", "source", "site", "publisher"),
        author=_text(fields, "author", "authors", "by"),
        published=published,
        language=_text(fields, "language", "lang"),
        url=_text(fields, "url", "link", "canonical", "canonical_url"),
        external_id=_text(fields, "id"),
        topics=_texts(_first(fields, "topics", "tags")),
    )


def _split(text: str) -> tuple[dict[str, object], str]:
    """Separate the front matter from the body; no fields if there is none."""
    handler = YAMLHandler()
    text = text.strip()
    if not handler.detect(text):
        return {}, text
    try:
        matter, body = handler.split(text)
    except ValueError:
        return {}, text
    try:
        fields: object = handler.load(matter)
    except (YAMLError, ValueError, RecursionError):
        # Most often a title with a colon in it, which YAML wants in quotes.
        fields = dict(_SIMPLE_FIELD.findall(matter))
    if not isinstance(fields, dict) or not fields:
        return {}, text
    return {_name(key): value for key, value in fields.items()}, body


def _render(body: str) -> tuple[str | None, list[str]]:
    """Return the first-level heading at the top, if there is one, and the blocks of text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    heading = None
    if [token.tag for token in tokens[:1]] == ["h1"]:
        heading = _inline(tokens[1]) or None
        tokens = tokens[3:]
    return heading, ["\n".join(lines) for lines in _blocks(tokens)]


def _blocks(tokens: Sequence[Token]) -> Iterator[list[str]]:
    """Yield the lines of each block: a paragraph, a whole list, a table."""
    lines: list[str] = []
    depth = 0  # of lists and tables, whose parts stay in one block
    cells: list[str] = []
    item = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            depth -= 1
        elif token.type == "list_item_open":
            item = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "tr_close":
            lines.append(" | ".join(cells))
            cells = []
        elif token.type in ("th_close", "td_close"):
            cells.append(lines.pop())
        elif token.type in ("fence", "code_block"):
            lines.extend(token.content.rstrip("\n").split("\n"))
        elif token.type == "inline":
            lines.append(item + _inline(token))
            item = ""
        if depth == 0 and lines:
            yield lines
            lines = []


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
    return "".join(parts).strip()


def _first(fields: dict[str, object], *keys: str) -> object:
    return next((fields[key] for key in keys if fields.get(key)), None)


def _text(fields: dict[str, object], *keys: str) -> str | None:
    return ", ".join(_texts(_first(fields, *keys))) or None


def _texts(value: object) -> tuple[str, ...]:
    """Return the texts in a value that may be one text or number, or a list of such."""
    values = value if isinstance(value, list) else [value]
    return tuple(_written(one) for one in values if isinstance(one, str | int | float) and one)


def _name(key: object) -> str:
    return _written(key).lower().replace("-", "_")


def _written(value: object) -> str:
    """Write a value as text; nothing for a number of thousands of digits, which Python refuses."""
    try:
        return str(value).strip()
    except ValueError:
        return ""
