"""Files that may be compressed: `.gz` and `.zst` after the suffix of what is inside."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stance.errors import InputError

COMPRESSIONS: dict[str, str] = {".gz": "gzip", ".zst": "zstd"}
"""Names of the compressions by suffix, as pyarrow calls them."""


def plain_suffix(path: Path) -> str:
    """Returns the suffix in lower case, without that of a compression: ".jsonl" of "a.jsonl.gz"."""
    if path.suffix.lower() in COMPRESSIONS:
        path = path.with_suffix("")
    return path.suffix.lower()


@contextmanager
def open_bytes(path: Path, mode: str = "rb") -> Iterator[IO[bytes]]:
    """Opens a file for reading ("rb") or writing ("wb") bytes, through its compression if any.

    Raises:
        InputError: What is read is not compressed as its name says, or cut off.
        OSError: The file cannot be opened.
    """
    compression = COMPRESSIONS.get(path.suffix.lower())
    if compression is None:
        with path.open(mode) as plain:
            yield plain
        return
    import pyarrow as pa

    path.open(mode).close()  # for an error with its reason
    if mode == "wb":
        with pa.output_stream(str(path), compression=compression) as sink:
            yield sink
        return
    with pa.input_stream(str(path), compression=compression) as source:
        try:
            yield io.BufferedReader(source)
        except (OSError, EOFError) as error:
            raise InputError(
                f"not {compression} as its name says, or cut off",
                source=str(path),
                fix="compress it again",
            ) from error
