"""Bytes → text."""

from __future__ import annotations

import codecs
import logging
import re
from typing import IO

from stance.errors import InputError

logger = logging.getLogger(__name__)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROLS = 0.01
_MAX_BROKEN = 0.1
_SURROGATE = re.compile("[\ud800-\udfff]")
_CHUNK = 1 << 20
FALLBACK = "cp1252"
"""What is neither UTF-8 nor marked by a BOM is read as Windows-1252."""


def decode(data: bytes, source: str, *, declared: str | None = None) -> str:
    """Decodes a file: by its BOM, else as UTF-8, as it declares itself, as Windows-1252.

    Bytes that form valid UTF-8 beyond ASCII are UTF-8 whatever the file declares: pages are often
    saved in UTF-8 under their old declaration, and no other encoding gives such bytes by chance.

    Args:
        data: The file's bytes.
        source: Its name, for messages.
        declared: Encoding that the file itself names, if any.

    Returns:
        The text without BOM, newlines untouched.

    Raises:
        InputError: It is binary, or not what its BOM says.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return clean(data[len(bom) :].decode(encoding), source)
            except UnicodeDecodeError as error:
                what = f"not {encoding.upper()} as its BOM says"
                raise InputError(what, source=source, fix="save it as UTF-8") from error
    if b"\0" in data:
        raise _binary(source)
    try:
        return clean(data.decode("utf-8"), source)
    except UnicodeDecodeError:
        pass
    encoding = _other_than_utf8(data, declared)
    logger.info("%s: not UTF-8, read as %s", source, encoding)
    return clean(data.decode(encoding, errors="replace"), source)


def marked_encoding(stream: IO[bytes], source: str) -> str | None:
    """Returns the encoding that a file's BOM names, None without BOM; else as `text_encoding`."""
    return _marked(stream.read(_CHUNK), source)


def _marked(head: bytes, source: str) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        raise _binary(source)
    return None


def text_encoding(stream: IO[bytes], source: str) -> str:
    """Finds the encoding of a file that is too long to be decoded at once.

    Args:
        stream: The file, open for reading bytes; is read through.
        source: Its name, for messages.

    Returns:
        A name for `open`, by the rules of `decode`.

    Raises:
        InputError: It begins as a binary file does.
    """
    chunk = stream.read(_CHUNK)
    marked = _marked(chunk, source)
    if marked is not None:
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = stream.read(_CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        encoding = _other_than_utf8(chunk, None)
        logger.info("%s: not UTF-8, read as %s", source, encoding)
        return encoding
    return "utf-8"


def clean(text: str, source: str, line: int | None = None) -> str:
    """Replaces lone surrogates, which no file could hold, and refuses binary data.

    Args:
        text: Decoded text, or a string out of JSON.
        source: Where it comes from, for messages.
        line: Line in `source`, where there is one.

    Returns:
        Text of the same length in code points, a BOM at its beginning aside.

    Raises:
        InputError: It holds NUL or many other control characters.
    """
    controls = len(_CONTROL.findall(text)) > _MAX_CONTROLS * len(text)
    broken = text.count("\ufffd") > _MAX_BROKEN * len(text)
    if "\0" in text or controls or broken:
        raise _binary(source, line)
    return _SURROGATE.sub("\ufffd", text.removeprefix("\ufeff"))


def _other_than_utf8(data: bytes, declared: str | None) -> str:
    """What bytes that are not valid UTF-8 are: as declared, damaged UTF-8, or the fallback."""
    if declared:
        try:
            data.decode(declared)
        except (UnicodeDecodeError, LookupError):
            pass
        else:
            return declared
    # One broken character in a page must not turn all its others into mojibake.
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(not c.isascii() for c in text) - broken
    return "utf-8" if whole > broken else FALLBACK


def _binary(source: str, line: int | None = None) -> InputError:
    fix = "give a text, HTML or table file"
    return InputError("binary, not text", source=source, line=line, fix=fix)
