"""A web page → article, by the library trafilatura."""

from __future__ import annotations

from typing import Any

from stance.errors import InputError
from stance.ingest.paragraphs import from_text
from stance.schema import Article

_MIN_LETTERS = 80


def read_html(data: bytes, source: str) -> Article:
    """Takes title, date, outlet and main text out of a page.

    Args:
        data: The page's bytes; its declared charset is honoured.
        source: Its path or URL.

    Raises:
        InputError: There is no article in it.
    """
    import trafilatura

    found: Any = trafilatura.bare_extraction(
        data, with_metadata=True, include_comments=False, favor_recall=True, include_tables=True
    )
    text = (found.text or "").strip() if found else ""
    if sum(c.isalpha() for c in text) < _MIN_LETTERS:
        raise InputError("no article text found in the page", source=source, fix="save it as text")
    return from_text(
        text,
        id=source,
        source=source,
        title=found.title,
        date=found.date,
        outlet=found.sitename,
        url=found.url,
    )
