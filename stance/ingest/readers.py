"""Files, folders, tables and standard input → articles."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from stance.errors import InputError
from stance.ingest.encoding import decode
from stance.ingest.html import read_html
from stance.ingest.paragraphs import from_text
from stance.schema import Article

MAX_BYTES = 2_000_000
"""Longest text of one article, in bytes of UTF-8."""

_TEXT = (".txt", ".md")
_HTML = (".html", ".htm")
SUFFIXES: tuple[str, ...] = (*_TEXT, *_HTML, ".jsonl", ".csv", ".parquet")
"""Kinds of files that are read."""

_FIELDS = ("id", "title", "date", "outlet", "url")
_FRONT_MATTER = re.compile(r"---\r?\n((?:[^\n]*\n)*?)---\r?\n")
# A page is much longer than the article in it.
_MAX_HTML_BYTES = 10 * MAX_BYTES

Fail = Callable[[InputError], None]


def read_articles(
    inputs: Sequence[str],
    *,
    text_column: str = "text",
    on_error: Fail,
    stdin: IO[bytes] | None = None,
) -> Iterator[Article]:
    """Reads articles one by one.

    Args:
        inputs: Files, folders (read recursively, in order of names), or "-" for standard input.
        text_column: Column or key that holds the text in JSONL, CSV and Parquet.
        on_error: Is given what cannot be read; reading goes on with the rest.
        stdin: Stands in for standard input.

    Yields:
        Articles with their paragraphs.
    """
    csv.field_size_limit(16 * MAX_BYTES)
    for name in inputs:
        if name == "-":
            stream = stdin or sys.stdin.buffer
            yield from _guarded(lambda s=stream: _from_stdin(s), on_error, "standard input")
            continue
        for path in _paths(Path(name), on_error):
            yield from _guarded(lambda p=path: _from_file(p, text_column, on_error), on_error, str(path))


def _guarded(read: Callable[[], Iterator[Article]], on_error: Fail, source: str) -> Iterator[Article]:
    try:
        yield from read()
    except InputError as error:
        on_error(error)
    except OSError as error:
        reason = error.strerror or str(error)
        on_error(InputError(f"cannot be read ({reason})", source=source, fix="check path and rights"))


def _paths(path: Path, on_error: Fail) -> list[Path]:
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        if not found:
            on_error(
                InputError("a folder without articles", source=str(path), fix=_kinds())
            )
        return found
    if not path.exists():
        on_error(InputError("no such file or folder", source=str(path), fix="check the path"))
        return []
    if path.suffix.lower() not in SUFFIXES:
        on_error(InputError(f"unknown kind of file '{path.suffix}'", source=str(path), fix=_kinds()))
        return []
    return [path]


def _kinds() -> str:
    return f"files that are read end in {' '.join(SUFFIXES)}"


def _from_stdin(stream: IO[bytes]) -> Iterator[Article]:
    data = stream.read()
    if data.lstrip()[:15].lower().startswith((b"<!doctype", b"<html")):
        yield _checked(read_html(data, "standard input"), "standard input")
        return
    yield _checked(_plain(decode(data, "standard input"), "standard input"), "standard input")


def _from_file(path: Path, text_column: str, on_error: Fail) -> Iterator[Article]:
    suffix, source = path.suffix.lower(), str(path)
    if path.stat().st_size == 0:
        raise InputError("empty", source=source, fix="give a file with text")
    if suffix in _TEXT or suffix in _HTML:
        limit = MAX_BYTES if suffix in _TEXT else _MAX_HTML_BYTES
        if path.stat().st_size > 2 * limit:
            raise _too_long(path.stat().st_size, source)
        data = path.read_bytes()
        if suffix in _HTML:
            yield _checked(read_html(data, source), source)
        else:
            text = decode(data, source)
            read = _markdown if suffix == ".md" else _plain
            yield _checked(read(text, source), source)
        return
    rows = {".jsonl": _jsonl, ".csv": _csv, ".parquet": _parquet}[suffix](path, text_column, on_error)
    for line, row in rows:
        try:
            yield _from_row(row, text_column, source, line)
        except InputError as error:
            on_error(error)


def _plain(text: str, source: str) -> Article:
    return from_text(text, id=source, source=source)


def _markdown(text: str, source: str) -> Article:
    match = _FRONT_MATTER.match(text)
    fields: dict[str, str] = {}
    if match:
        for line in match[1].splitlines():
            key, colon, value = line.partition(":")
            if colon and key.strip().lower() in ("title", "date", "outlet", "url"):
                fields[key.strip().lower()] = value.strip().strip("\"'")
    body = text[match.end() :] if match else text
    heading = re.match(r"\s*# +(.+)", body)
    if heading and "title" not in fields:
        fields["title"] = heading[1].strip()
    return from_text(body, id=source, source=source, **fields)


def _checked(article: Article, source: str) -> Article:
    if not article.text.strip():
        raise InputError("no text in it", source=source, fix="give a file with text")
    size = len(article.text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _too_long(size, source)
    return article


def _too_long(size: int, source: str, line: int | None = None) -> InputError:
    what = f"{size:,} bytes of text, more than {MAX_BYTES:,}"
    return InputError(what, source=source, line=line, fix="split the article")


def _from_row(row: Mapping[str, Any], text_column: str, source: str, line: int) -> Article:
    text = row.get(text_column)
    if _missing(text):
        fix = f"give it one under '{text_column}', or name another with --text-column"
        raise InputError("a row without text", source=source, line=line, fix=fix)
    if not isinstance(text, str):
        what = f"'{text_column}' is {type(text).__name__}, not text"
        raise InputError(what, source=source, line=line, fix="make it a string")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _too_long(size, source, line)
    fields = {k: None if _missing(row.get(k)) else str(row[k]) for k in _FIELDS}
    article_id = fields.pop("id") or f"{source}#{line}"
    return from_text(text, id=article_id, source=source, **fields)


def _missing(value: object) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _jsonl(path: Path, _: str, on_error: Fail) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open("rb") as stream:
        for line, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            try:
                row = json.loads(decode(raw, str(path)))
            except json.JSONDecodeError as error:
                what = f"not JSON ({error.msg} at column {error.colno})"
                on_error(InputError(what, source=str(path), line=line, fix="correct the line"))
                continue
            if not isinstance(row, dict):
                fix = 'write {"text": "…"}'
                on_error(InputError("not a JSON object", source=str(path), line=line, fix=fix))
                continue
            yield line, row


def _csv(path: Path, text_column: str, _: Fail) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open("rb") as raw:
        head = raw.read(4096)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            encoding = "utf-16"
        else:
            decode(head[: head.rfind(b"\n") + 1] or head, str(path))
            encoding = "utf-8-sig"
        raw.seek(0)
        reader = csv.DictReader(io.TextIOWrapper(raw, encoding, errors="strict", newline=""))
        try:
            _need_column(text_column, list(reader.fieldnames or []), path)
            for row in reader:
                yield reader.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            fix = "save it as CSV in UTF-8"
            raise InputError(
                f"not CSV in UTF-8 ({error})", source=str(path), line=reader.line_num + 1, fix=fix
            ) from error


def _parquet(path: Path, text_column: str, _: Fail) -> Iterator[tuple[int, Mapping[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise InputError("not a Parquet file, or cut off", source=str(path)) from error
    _need_column(text_column, file.schema_arrow.names, path)
    columns = [c for c in (text_column, *_FIELDS) if c in file.schema_arrow.names]
    line = 0
    for batch in file.iter_batches(batch_size=256, columns=columns):
        for row in batch.to_pylist():
            line += 1
            yield line, row


def _need_column(name: str, there: list[str], path: Path) -> None:
    if name not in there:
        fix = f"name one with --text-column; there are: {', '.join(there) or 'none'}"
        raise InputError(f"no column '{name}'", source=str(path), fix=fix)
