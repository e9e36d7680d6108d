"""Bytes → text."""

from __future__ import annotations

import codecs
import logging

from stance.errors import InputError

logger = logging.getLogger(__name__)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\v\x1b")
_MAX_CONTROLS = 0.01


def decode(data: bytes, source: str) -> str:
    """Decodes a file: UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252.

    Args:
        data: The file's bytes.
        source: Its name, for messages.

    Raises:
        InputError: It is binary.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise InputError(f"not {encoding.upper()} as its BOM says", source=source) from error
    if b"\0" in data:
        raise _binary(source)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise _binary(source) from error
        logger.info("%s: not UTF-8, read as Windows-1252", source)
    if sum(c in _CONTROLS for c in text) > _MAX_CONTROLS * len(text):
        raise _binary(source)
    return text


def _binary(source: str) -> InputError:
    return InputError("binary, not text", source=source, fix="give a text, HTML or table file")
