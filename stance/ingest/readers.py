"""Files, folders, tables and standard input → articles."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from stance.errors import InputError
from stance.ingest import rows
from stance.ingest.compressed import COMPRESSIONS
from stance.ingest.encoding import decode
from stance.ingest.html import read_html
from stance.ingest.limits import MAX_BYTES, check_size, too_long
from stance.ingest.paragraphs import from_text
from stance.schema import Article

_TEXT = (".txt", ".md")
_HTML = (".html", ".htm")
SUFFIXES: tuple[str, ...] = (*_TEXT, *_HTML, *rows.SUFFIXES)
"""Kinds of files that are read."""

STDIN = "-"
_STDIN_NAME = "standard input"
# UTF-16 takes two bytes where UTF-8 takes one; a page is much longer than the article in it.
_MAX_TEXT_FILE = 2 * MAX_BYTES
_MAX_HTML_FILE = 10 * MAX_BYTES

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n((?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_YAML_LINE = re.compile(r"\s*(?:[\w -]+:.*|[ \t-].*|#.*)?\Z")
_FRONT_FIELDS = ("title", "date", "outlet", "url")
_HEADING = re.compile(r"\s*# +([^\r\n]+)")

Fail = Callable[[InputError], None]


def read_articles(
    inputs: Sequence[str],
    *,
    text_column: str = "text",
    on_error: Fail,
    stdin: IO[bytes] | None = None,
) -> Iterator[Article]:
    """Reads articles one by one, as they are asked for.

    Args:
        inputs: Files, folders (read recursively, in order of names, without hidden files and
            those of other kinds), or "-" for standard input.
        text_column: Column or key that holds the text in JSONL, CSV and Parquet.
        on_error: Is given what cannot be read; reading goes on with the rest.
        stdin: Stands in for standard input.

    Yields:
        Articles with their paragraphs.
    """
    for name in inputs:
        if name == STDIN:
            yield from _guarded(_from_stdin(stdin or sys.stdin.buffer), _STDIN_NAME, on_error)
        elif os.path.isdir(name):
            yield from _from_folder(Path(name), text_column, on_error)
        else:
            path = Path(name)
            yield from _guarded(_from_file(path, text_column, on_error), name, on_error)


def _guarded(articles: Iterator[Article], source: str, on_error: Fail) -> Iterator[Article]:
    try:
        yield from articles
    except InputError as error:
        on_error(error)
    except OSError as error:
        on_error(_unreadable(error, source))


def _unreadable(error: OSError, source: str) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError("no such file or folder", source=source, fix="check the path")
    reason = error.strerror or str(error)
    return InputError(f"cannot be read ({reason})", source=source, fix="check path and rights")


def _is_read(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES or rows.is_table(path)


def _kinds() -> str:
    packed = " and ".join(COMPRESSIONS)
    return f"files that are read end in {' '.join(SUFFIXES)} (tables also in {packed} after that)"


# --- folders -----------------------------------------------------------------------------------


def _from_folder(folder: Path, text_column: str, on_error: Fail) -> Iterator[Article]:
    some = False
    for path in walk(folder, on_error):
        some = True
        yield from _guarded(_from_file(path, text_column, on_error), str(path), on_error)
    if not some:
        on_error(InputError("a folder without articles", source=str(folder), fix=_kinds()))


def walk(folder: Path, on_error: Fail) -> Iterator[Path]:
    """Yields the files in order of their names; follows links, but into no folder twice."""
    seen: set[tuple[int, int]] = set()
    todo = [folder]
    while todo:
        path = todo.pop()
        try:
            if path.is_dir():
                status = path.stat()
                key = (status.st_dev, status.st_ino)
                if key not in seen:
                    seen.add(key)
                    inside = (p for p in path.iterdir() if not p.name.startswith("."))
                    todo.extend(sorted(inside, reverse=True))
            elif _is_read(path):
                yield path
        except OSError as error:
            on_error(_unreadable(error, str(path)))


# --- single files ------------------------------------------------------------------------------


def _from_file(path: Path, text_column: str, on_error: Fail) -> Iterator[Article]:
    source, suffix = str(path), path.suffix.lower()
    size = path.stat().st_size
    if not path.is_file():
        raise InputError("neither a file nor a folder", source=source, fix=_kinds())
    if not _is_read(path):
        raise InputError(f"unknown kind of file '{path.suffix}'", source=source, fix=_kinds())
    if size == 0:
        raise InputError("empty", source=source, fix="give a file with text")
    if rows.is_table(path):
        yield from rows.read_rows(path, text_column, on_error)
        return
    if size > (_MAX_HTML_FILE if suffix in _HTML else _MAX_TEXT_FILE):
        raise too_long(size, source)
    data = path.read_bytes()
    if suffix in _HTML:
        yield _checked(read_html(data, source), source)
    elif suffix == ".md":
        yield _checked(_markdown(decode(data, source), source), source)
    else:
        yield _checked(from_text(decode(data, source), id=source, source=source), source)


def _from_stdin(stream: IO[bytes]) -> Iterator[Article]:
    data = stream.read(_MAX_HTML_FILE + 1)
    if len(data) > _MAX_HTML_FILE:
        raise too_long(len(data), _STDIN_NAME)
    if data.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        article = read_html(data, _STDIN_NAME)
    else:
        article = from_text(decode(data, _STDIN_NAME), id=STDIN)
    yield _checked(article, _STDIN_NAME)


def _markdown(text: str, source: str) -> Article:
    fields: dict[str, str] = {}
    front = _FRONT_MATTER.match(text)
    # A rule of dashes at the beginning is no front matter; what stands below it tells.
    if front and all(_YAML_LINE.match(line) for line in front[1].splitlines()):
        text = text[front.end() :]
        fields = _front_fields(front[1])
    heading = _HEADING.match(text)
    if heading:
        fields.setdefault("title", heading[1].strip())
    return from_text(text, id=source, source=source, **fields)


def _front_fields(block: str) -> dict[str, str]:
    fields = {}
    for line in block.splitlines():
        key, _, value = line.partition(":")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1].strip()
        if value and key.lower() in _FRONT_FIELDS:
            fields[key.lower()] = value
    return fields


def _checked(article: Article, source: str) -> Article:
    if not article.text.strip():
        raise InputError("empty, no text in it", source=source, fix="give a file with text")
    check_size(article.text, source)
    return article
