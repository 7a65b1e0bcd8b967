"""Markdown, with or without front matter."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.common.html_blocks import block_names
from markdown_it.token import Token
from w3lib.html import remove_comments, remove_tags, remove_tags_with_content
from yaml import YAMLError

from corpus.dates import parse_date
from corpus.formats.plain_text import split_date
from corpus.models import Draft

_FIELD_START = re.compile(r"^(?=[A-Za-z_][\w-]*[ \t]*:)", re.MULTILINE)
# What HTML tags are in a text, in the order in which they are to be replaced.
_BORDERS = [
    (re.compile(rf" ?{tag}[^<>]*> ?", re.IGNORECASE), border)
    for tag, border in (
        (r"</t[dh]> ?<t[dh]\b", " | "),
        (r"<li\b(?:[^<>]*> ?<p\b)?", "\n- "),
        (r"<(?:br|tr)\b", "\n"),
        (r"(?:</p> ?)?</li\b", ""),
        (r"</?(?:t[dhr]|thead|tbody)\b", ""),
        (rf"</?(?:pre|{'|'.join(block_names)})\b", "\n\n"),
    )
]


def read_markdown(text: str, origin: str) -> Draft:
    """Read the text without its markup, and what its front matter tells.

    A list item keeps its own line, and raw HTML its text. A first-level heading at the top is the
    title, unless the front matter gives one. The text may begin with `date 2023-04`, as a plain
    text may.
    """
    fields, body = _split(text)
    dates = (parse_date(fields.get(key)) for key in ("published_at", "published", "date"))
    published = next((date for date in dates if date), None)
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
    fields = _load(matter)
    if fields is None:
        # Most often for a title with a colon in it, which YAML wants in quotes.
        fields = dict(map(_field, _FIELD_START.split(matter)[1:]))
    if not isinstance(fields, dict) or not fields:
        return {}, text
    return {_name(key): value for key, value in fields.items()}, body


def _load(matter: str) -> object:
    try:
        return YAMLHandler().load(matter)
    except (YAMLError, ValueError, RecursionError):
        return None


def _field(written: str) -> tuple[str, object]:
    """Read one field of front matter; its first line as it stands if it is no YAML."""
    key, value = written.split(":", 1)
    loaded = _load(written)
    if isinstance(loaded, dict):
        return key, loaded.get(key.strip())
    return key, value.strip().split("\n")[0]


def _render(body: str) -> tuple[str | None, list[str]]:
    """Return the first-level heading at the top, if there is one, and the blocks of text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    heading = None
    if [token.tag for token in tokens[:1]] == ["h1"]:
        heading = _visible(tokens[1]) or None
        tokens = tokens[3:]
    return heading, ["\n".join(lines) for lines in _blocks(tokens) if any(lines)]


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
            cells.append(lines.pop().replace("\n", " "))
        elif token.type in ("fence", "code_block"):
            lines.extend(token.content.rstrip("\n").split("\n"))
        elif token.type in ("inline", "html_block"):
            lines.append(item + _visible(token))
            item = ""
        if depth == 0 and lines:
            yield lines
            lines = []


def _visible(token: Token) -> str:
    parts = []
    for child in token.children or [token]:
        if child.type in ("text", "code_inline"):
            parts.append(html.escape(child.content))
        elif child.type in ("html_inline", "html_block"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("<br>")
    return _html_text("".join(parts))


def _html_text(source: str) -> str:
    """Return the text of raw HTML, with blank lines between its paragraphs."""
    text = remove_tags_with_content(remove_comments(source), ("script", "style"))
    text = re.sub(r"\n[ \t\n]*", " ", text)
    for tag, border in _BORDERS:
        text = tag.sub(border, text)
    return html.unescape(remove_tags(text)).strip()


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
