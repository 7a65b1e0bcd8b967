"""Files as people bring them, and some that mean harm."""

from __future__ import annotations

import io
from zlib import compress, compressobj

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    StreamObject,
)

PARAGRAPH = (
    "La société Boréal a fermé hier son service de cartes, que trois cents villes payaient encore"
    " au printemps. Elle n’a pas dit pourquoi."
)
PAGE = f"""<!doctype html><html><head><meta charset="iso-8859-1">
<title>Boréal ferme ses cartes | Le Fil</title>
<meta property="og:title" content="Boréal ferme ses cartes">
<meta property="og:site_name" content="Le Fil">
<meta name="author" content="Jeanne Martin">
<meta property="article:published_time" content="2022-11-03T08:00:00+01:00">
<link rel="canonical" href="https://lefil.example/boreal"></head>
<body><nav><a href="/">Accueil</a> <a href="/x">Rubriques</a></nav>
<div id="cookie-banner"><p>Nous utilisons des cookies pour vous suivre partout.</p></div>
<article><h1>Boréal ferme ses cartes</h1><p>{PARAGRAPH}</p><p>Un second paragraphe vient ensuite,
avec des mots <b>en gras</b> et un <a href="/l">lien</a> vers la suite de cette histoire.</p>
</article>
<footer>Mentions légales</footer></body></html>"""

# Small, and it would keep a parser for minutes: each attribute is compared with all before it.
BOMB = f"<html><body {' '.join(f'a{number}=1' for number in range(100_000))}><p>x".encode()


def pdf(*lines: str, **information: str) -> bytes:
    """A PDF of one page with a text layer."""
    content = DecodedStreamObject()
    shown = b" T* ".join(b"(" + line.encode("cp1252") + b") Tj" for line in lines)
    content.set_data(b"BT /F1 12 Tf 14 TL 50 700 Td " + shown + b" ET")
    return _pdf_of(content, information)


def pdf_bomb(megabytes: int, *, layers: int = 1) -> bytes:
    """A PDF of some kilobytes, of whose one page so much is unpacked: a word, again and again."""
    squeezed = compressobj(9)
    words = b"(word) Tj " * 100_000
    parts = [squeezed.compress(words) for _ in range(megabytes)]
    data = b"".join([*parts, squeezed.flush()])
    for _ in range(layers - 1):
        data = compress(data, 9)
    content = StreamObject()
    content[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode")] * layers)
    content.set_data(data)
    return _pdf_of(content, {})


def _pdf_of(content: StreamObject, information: dict[str, str]) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(width=600, height=800)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    page[NameObject("/Contents")] = writer._add_object(content)
    writer.add_metadata({f"/{key}": value for key, value in information.items()})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
