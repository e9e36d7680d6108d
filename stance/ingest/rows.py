"""JSONL, CSV and Parquet → articles, row by row."""

from __future__ import annotations

import csv
import datetime
import io
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from stance.errors import InputError
from stance.ingest.compressed import COMPRESSIONS, open_bytes, plain_suffix
from stance.ingest.encoding import clean, decode, marked_encoding, text_encoding
from stance.ingest.limits import MAX_BYTES, check_size
from stance.ingest.paragraphs import from_text
from stance.schema import Article

logger = logging.getLogger(__name__)

Fail = Callable[[InputError], None]
Row = tuple[int, Mapping[str, Any]]

_FIELDS = ("id", "title", "date", "outlet", "url")
# A row may hold other columns, and JSON needs up to six bytes for one.
_MAX_ROW = 16 * MAX_BYTES
_DELIMITERS = (",", ";", "\t")
_BATCH = 64


def read_rows(path: Path, text_column: str, on_error: Fail) -> Iterator[Article]:
    """Reads a table one row at a time.

    Args:
        path: A `.jsonl`, `.csv` or `.parquet` file.
        text_column: Column or key that holds the text.
        on_error: Is given each row that cannot be used; the rest goes on.

    Yields:
        Articles with their paragraphs; without an `id` their id is `path#line` (in Parquet, the
        number of the row).

    Raises:
        InputError: The file as a whole, or what is left of it, cannot be read.
    """
    source = str(path)
    for line, row in _READERS[plain_suffix(path)](path, text_column, on_error):
        try:
            yield _article(row, text_column, source, line)
        except InputError as error:
            on_error(error)


def _article(row: Mapping[str, Any], text_column: str, source: str, line: int) -> Article:
    text = row.get(text_column)
    if _missing(text):
        fix = f"give it one under '{text_column}', or name another with --text-column"
        raise InputError("a row without text", source=source, line=line, fix=fix)
    if not isinstance(text, str):
        what = f"'{text_column}' is {type(text).__name__}, not text"
        raise InputError(what, source=source, line=line, fix="make it a string")
    text = clean(text, source, line)
    check_size(text, source, line)
    fields = {name: _field(name, row.get(name), source, line) for name in _FIELDS}
    article_id = fields.pop("id") or f"{source}#{line}"
    return from_text(text, id=article_id, source=fields["url"] or source, **fields)


def _missing(value: object) -> bool:
    # NaN, the null of floats, is not equal to itself.
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _field(name: str, value: Any, source: str, line: int) -> str | None:
    if _missing(value):
        return None
    if isinstance(value, str):
        return clean(value.strip(), source, line)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # an integer column with nulls
    if isinstance(value, int | float):
        return str(value)
    logger.info("%s:%d: '%s' is %s, left out", source, line, name, type(value).__name__)
    return None


# --- JSONL -------------------------------------------------------------------------------------


def _jsonl(path: Path, _: str, on_error: Fail) -> Iterator[Row]:
    source = str(path)
    with open_bytes(path) as stream:
        encoding = marked_encoding(stream, source)
    with open_bytes(path) as stream:
        for line, raw in enumerate(_json_lines(stream, encoding), start=1):
            try:
                row = _json_row(raw, source, line)
            except InputError as error:
                on_error(error)
                continue
            if row is not None:
                yield line, row


def _json_lines(stream: IO[bytes], encoding: str | None) -> Iterator[bytes | str | None]:
    """Yields lines; None for one that is too long to be a row."""
    if encoding == "utf-16":
        # Here a byte that looks like a newline may be half of a character.
        with io.TextIOWrapper(stream, encoding=encoding, errors="replace") as text:
            yield from text
        return
    while raw := stream.readline(_MAX_ROW):
        whole = len(raw) < _MAX_ROW or raw.endswith(b"\n")
        yield raw if whole else None
        while not whole and (raw := stream.readline(_MAX_ROW)):
            whole = raw.endswith(b"\n")


def _json_row(raw: bytes | str | None, source: str, line: int) -> Mapping[str, Any] | None:
    if raw is None:
        what = f"more than {_MAX_ROW:,} bytes in one line"
        raise InputError(what, source=source, line=line, fix="write one article a line")
    if not raw.strip():
        return None
    try:
        text = raw if isinstance(raw, str) else decode(raw, source)
    except InputError as error:
        raise InputError(error.what, source=source, line=line, fix=error.fix) from error
    try:
        row = json.loads(text, strict=False)  # strictness would refuse plain tabs and newlines
    except (ValueError, RecursionError) as error:
        where = (
            f"{error.msg} at column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else type(error).__name__
        )
        fix = "correct the line"
        raise InputError(f"not JSON ({where})", source=source, line=line, fix=fix) from error
    if not isinstance(row, dict):
        what = f"a JSON {type(row).__name__}, not an object"
        raise InputError(what, source=source, line=line, fix='write {"text": "…"}')
    return row


# --- CSV ---------------------------------------------------------------------------------------


def _csv(path: Path, text_column: str, on_error: Fail) -> Iterator[Row]:
    source = str(path)
    # The module's own limit of 128 kB is less than an article may have; it has no other place.
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_ROW))
    with open_bytes(path) as raw:
        encoding = text_encoding(raw, source)
    with _text(path, encoding) as stream:
        delimiter = _delimiter(stream.readline(_MAX_ROW), text_column)
    with _text(path, encoding) as stream:
        reader = csv.DictReader(stream, delimiter=delimiter, restkey="")
        last = 0
        try:
            reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
            _need_column(text_column, reader.fieldnames, source)
            last = reader.line_num
            for row in reader:
                line, last = last + 1, reader.line_num
                if row.get("") and "" not in reader.fieldnames:
                    what = "more fields than the header has"
                    fix = f"put \"…\" around fields with '{delimiter}' in them"
                    on_error(InputError(what, source=source, line=line, fix=fix))
                    continue
                yield line, row
        except csv.Error as error:
            # Most often a quotation mark that is never closed and takes in all the rest.
            what, fix = f"not CSV from here on ({error})", "look for an unclosed quotation mark"
            raise InputError(what, source=source, line=last + 1, fix=fix) from error


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[IO[str]]:
    with (
        open_bytes(path) as raw,
        io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as stream,
    ):
        yield stream


def _delimiter(header: str, text_column: str) -> str:
    for delimiter in _DELIMITERS:
        names = next(csv.reader([header], delimiter=delimiter), [])
        if text_column in (name.strip() for name in names):
            return delimiter
    return max(_DELIMITERS, key=header.count)


# --- Parquet -----------------------------------------------------------------------------------


def _parquet(path: Path, text_column: str, _: Fail) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = str(path)
    line = 0
    with path.open("rb") as stream:
        try:
            file = pq.ParquetFile(stream)
            names = file.schema_arrow.names
            _need_column(text_column, names, source)
            columns = [name for name in (text_column, *_FIELDS) if name in names]
            for batch in file.iter_batches(batch_size=_BATCH, columns=list(dict.fromkeys(columns))):
                for row in batch.to_pylist():
                    line += 1
                    yield line, row
        except (pa.ArrowException, OSError) as error:
            what = f"not a Parquet file, or cut off after row {line}"
            raise InputError(what, source=source, fix="write it again") from error


def _need_column(name: str, there: list[str], source: str) -> None:
    if name not in there:
        fix = f"name one with --text-column; there are: {', '.join(there) or 'none'}"
        raise InputError(f"no column '{name}'", source=source, fix=fix)


_READERS: dict[str, Callable[[Path, str, Fail], Iterator[Row]]] = {
    ".jsonl": _jsonl,
    ".csv": _csv,
    ".parquet": _parquet,
}
SUFFIXES: tuple[str, ...] = tuple(_READERS)
"""Kinds of tables that are read; all but Parquet, which packs itself, may be compressed."""


def is_table(path: Path) -> bool:
    """Whether a file is a table by its name, compressed or not."""
    packed = path.suffix.lower() in COMPRESSIONS
    return plain_suffix(path) in SUFFIXES and not (packed and plain_suffix(path) == ".parquet")
