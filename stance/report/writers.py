"""Writing results into files, complete or not at all."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from stance.errors import InputError
from stance.inference.results import COLUMNS
from stance.ingest.compressed import COMPRESSIONS, open_bytes, plain_suffix
from stance.report.html import page_html
from stance.report.table import print_table

if TYPE_CHECKING:
    from stance.inference.results import ScoredArticle

FORMATS: tuple[str, ...] = ("table", "jsonl", "csv", "parquet", "html")
"""Names that `write_results` understands."""

_BY_SUFFIX = {f".{name}": name for name in FORMATS if name != "table"} | {".htm": "html"}

Records = Callable[["ScoredArticle"], list[dict[str, Any]]]

_NESTED = ("aliases", "probabilities", "statements")


def format_of(name: str | None, output: Path | None) -> str:
    """Returns the format that is asked for, by name or else by the output's suffix.

    Raises:
        InputError: There is no format of this name, or it cannot be compressed.
    """
    inside = "" if output is None else plain_suffix(output)
    if name is None:
        name = _BY_SUFFIX.get(inside, "table")
    if name not in FORMATS:
        raise InputError(f"unknown format '{name}'", fix=f"use one of {', '.join(FORMATS)}")
    packed = output is not None and output.suffix.lower() in COMPRESSIONS
    if packed and name not in ("jsonl", "csv"):
        fix = "compress JSONL or CSV; Parquet packs itself"
        raise InputError(f"the format {name} is not compressed", source=str(output), fix=fix)
    return name


def write_records(records: Iterable[dict[str, Any]], format_name: str, output: Path) -> Path | None:
    """Writes the records of a finished run beside their output, in its form.

    Args:
        records: As `ScoredArticle.records` gives them.
        format_name: "jsonl", "csv" or "parquet".
        output: File that they are meant for; it is not touched.

    Returns:
        The file that was written, None where plain JSON lines are all that is needed.

    Raises:
        InputError: It cannot be written.
    """
    if format_name == "jsonl" and output.suffix.lower() not in COMPRESSIONS:
        return None
    written = output.with_name(f"{output.stem}.tmp{output.suffix}")
    try:
        with open_bytes(written, "wb") as stream:
            if format_name == "parquet":
                _write_parquet(records, stream)
            else:
                with io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
                    _WRITERS[format_name](records, text)
    except BaseException as error:
        written.unlink(missing_ok=True)
        if isinstance(error, OSError):
            what = f"cannot be written ({error.strerror or error})"
            raise InputError(what, source=str(output), fix="make room") from error
        raise
    return written


def write_results(
    scored: Iterable[ScoredArticle], format_name: str, output: Path | None, records: Records
) -> None:
    """Writes results as they come, to standard output or as a table or page into a file.

    Args:
        scored: Scored articles; read once.
        format_name: One of `FORMATS`.
        output: File to write, or None for standard output.
        records: Makes the records of one article.

    Raises:
        InputError: The output cannot be written. A file is then left as it was before.
    """
    if format_name == "parquet" and output is None and sys.stdout.isatty():
        raise InputError("Parquet is not text", fix="name a file with --output")
    with _opened(output, binary=format_name == "parquet") as stream:
        if format_name == "html":
            stream.write(page_html(scored, title="Stances"))
            return
        rows = (record for article in scored for record in records(article))
        _WRITERS[format_name](rows, stream)


@contextmanager
def _opened(output: Path | None, *, binary: bool) -> Iterator[IO[Any]]:
    """Opens the output under a temporary name; it gets its own when everything is written."""
    if output is None:
        yield sys.stdout.buffer if binary else sys.stdout
        return
    partial = output.with_name(output.name + ".part")
    try:
        stream = partial.open("wb") if binary else partial.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror})", source=str(output), fix="name another file"
        ) from error
    try:
        with stream:
            yield stream
        partial.replace(output)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", source=str(output)) from error
    finally:
        partial.unlink(missing_ok=True)


def _write_table(rows: Iterable[dict[str, Any]], stream: IO[str]) -> None:
    from rich.console import Console

    print_table(rows, Console(file=stream))


def _write_jsonl(rows: Iterable[dict[str, Any]], stream: IO[str]) -> None:
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_csv(rows: Iterable[dict[str, Any]], stream: IO[str]) -> None:
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        nested = {k: json.dumps(row[k], ensure_ascii=False) for k in _NESTED}
        writer.writerow({**row, **nested})


def _write_parquet(rows: Iterable[dict[str, Any]], stream: IO[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(pa)
    sink = io.BytesIO() if stream is sys.stdout.buffer else stream
    with pq.ParquetWriter(sink, schema) as writer:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == 1000:
                writer.write_table(pa.Table.from_pylist(batch, schema))
                batch.clear()
        writer.write_table(pa.Table.from_pylist(batch, schema))
    if isinstance(sink, io.BytesIO):
        stream.write(sink.getvalue())


def _schema(pa: Any) -> Any:
    """Returns the Parquet columns: the nested ones as lists and structs."""
    text, number = pa.string(), pa.float64()
    mention = pa.struct([("text", text), ("start", pa.int64()), ("end", pa.int64())])
    statement = pa.struct(
        [
            ("text", text),
            ("field", text),
            ("spans", pa.list_(pa.list_(pa.int64()))),
            ("cue", mention),
            ("source", mention),
            ("direct", pa.bool_()),
            ("weight", number),
        ]
    )
    labels = ("support", "deny", "ambiguous", "none")
    types = {
        "aliases": pa.list_(text),
        "confidence": number,
        "probabilities": pa.struct([(label, number) for label in labels]),
        "statements": pa.list_(statement),
    }
    return pa.schema([(name, types.get(name, text)) for name in COLUMNS])


_WRITERS: dict[str, Callable[[Iterable[dict[str, Any]], IO[Any]], None]] = {
    "table": _write_table,
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "parquet": _write_parquet,
}
