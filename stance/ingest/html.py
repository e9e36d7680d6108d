"""A web page → article, by the library trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from stance.errors import InputError
from stance.ingest.encoding import FALLBACK, decode
from stance.ingest.paragraphs import from_text
from stance.schema import Article, ParagraphKind

logger = logging.getLogger(__name__)

_MIN_LETTERS = 50
"""Letters in whole sentences that an article has at least; a page of links has none."""

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]+(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_CHARSET_WITHIN = 4096
# Browsers read these as Windows-1252 (WHATWG Encoding Standard), and so are pages written.
_LATIN = frozenset({"iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"})

_LAYOUT = ("table", "thead", "tbody", "tfoot", "tr", "td")
_BLOCKS = frozenset(
    ["p", "head", "item", "quote", "list", "table", "cell", "div", "body", "main", "code"]
)
_SENTENCE = re.compile(r"[.!?…][\"”’»')\]]*\Z")
_BREAK = "\n"
_FULL_LINE = 40
"""Code points from which on a line of a page is taken for broken by hand at a width."""


def read_html(data: bytes, source: str) -> Article:
    """Takes title, date, outlet, address and main text out of a page.

    Paragraphs of the page become lines of the text, with blank lines between them.

    Args:
        data: The page's bytes; its declared charset is honoured.
        source: Its path or URL.

    Raises:
        InputError: There is no article in it, or it cannot be parsed.
    """
    import trafilatura

    page = decode(data, source, declared=_charset(data))
    try:
        tree = trafilatura.load_html(page)
        if tree is not None:
            _unwrap_layout(tree)
        found: Any = tree is not None and trafilatura.bare_extraction(
            tree,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            favor_recall=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # whatever a stranger's page makes the parser stumble over
        logger.debug("%s: the HTML parser failed", source, exc_info=True)
        what = f"the HTML cannot be parsed ({type(error).__name__})"
        raise InputError(what, source=source, fix="save its text as .txt") from error
    article = from_text(
        "\n\n".join(_lines(found.body)) if found else "",
        id=source,
        source=source,
        title=_known(found and found.title),
        date=_known(found and found.date),
        outlet=_known(found and found.sitename),
        url=_known(found and found.url),
    )
    if _sentence_letters(article) < _MIN_LETTERS:
        raise InputError("no article text found in the page", source=source, fix="save it as text")
    return article


def _charset(data: bytes) -> str | None:
    match = _CHARSET.search(data[:_CHARSET_WITHIN])
    if match is None:
        return None
    name = match[1].decode("ascii", errors="replace").lower()
    return FALLBACK if name in _LATIN else name


def _unwrap_layout(tree: Any) -> None:
    """Turns tables that hold paragraphs, as old pages use for their layout, into plain blocks.

    Otherwise the menu in one cell and the article in another are read as one row of data.
    """
    for table in list(tree.iter("table")):
        if table.tag != "table":
            continue  # was inside another one
        nested = any(inner is not table for inner in table.iter("table"))
        is_data = next(table.iter("th"), None) is not None
        has_blocks = next(table.iter("p", "h1", "h2", "h3", "br"), None) is not None
        if nested or (has_blocks and not is_data):
            for element in list(table.iter(*_LAYOUT)):
                element.tag = "div"


def _lines(body: Any) -> Iterator[str]:
    """Yields the paragraphs of trafilatura's XML, white space collapsed."""
    for block in "".join(_walk(body)).split("\0"):
        yield from _rejoined([" ".join(line.split()) for line in block.split(_BREAK)])


def _walk(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag == "graphic":
        return
    if element.tag == "row":
        cells = [" ".join("".join(_walk(cell)).replace("\0", " ").split()) for cell in element]
        yield f"\0{' | '.join(filter(None, cells))}\0"
        return
    edge = "\0" if element.tag in _BLOCKS else ""
    yield edge
    if element.tag == "lb":
        yield _BREAK
    # Newlines in the source of a page mean nothing.
    yield (element.text or "").replace("\n", " ")
    for child in element:
        yield from _walk(child)
        yield (child.tail or "").replace("\n", " ")
    yield edge


def _rejoined(lines: list[str]) -> Iterator[str]:
    """Joins lines that a <br> breaks inside a sentence."""
    joined = ""
    for line in lines:
        goes_on = len(joined) >= _FULL_LINE and not _SENTENCE.search(joined)
        if joined and line and (line[0].islower() or (goes_on and joined[-1] not in ":;")):
            joined = f"{joined} {line}"
            continue
        if joined:
            yield joined
        joined = line
    if joined:
        yield joined


def _known(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _sentence_letters(article: Article) -> int:
    texts = [
        article.text[p.start : p.end] for p in article.paragraphs if p.kind is ParagraphKind.TEXT
    ]
    return sum(c.isalpha() for text in texts if _SENTENCE.search(text) for c in text)
