"""How long an article may be."""

from __future__ import annotations

from stance.errors import InputError

MAX_BYTES = 2_000_000
"""Longest text of one article, in bytes of UTF-8."""


def check_size(text: str, source: str, line: int | None = None) -> None:
    """Raises `InputError` where a text has more than `MAX_BYTES`."""
    size = len(text.encode("utf-8", errors="replace"))
    if size > MAX_BYTES:
        raise too_long(size, source, line)


def too_long(size: int, source: str, line: int | None = None) -> InputError:
    """Returns the error for a text of `size` bytes."""
    what = f"{size:,} bytes of text, more than {MAX_BYTES:,}"
    return InputError(what, source=source, line=line, fix="split the article")
