"""How many articles there will be, told from the files without reading them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from stance.ingest.readers import STDIN, walk
from stance.ingest.rows import is_table

_BLOCK = 1 << 20


def count_articles(inputs: Sequence[str]) -> int | None:
    """Counts the articles of files and folders, for a progress bar.

    Args:
        inputs: As for `read_articles`.

    Returns:
        Their number; what cannot be read is counted too. None where it cannot be told without
        reading all: standard input, CSV (a field may hold lines) and compressed tables.
    """
    total = 0
    for name in inputs:
        if name == STDIN:
            return None
        try:
            for path in walk(Path(name), lambda _error: None):
                found = _in_file(path)
                if found is None:
                    return None
                total += found
        except (OSError, ValueError):
            return None
    return total


def _in_file(path: Path) -> int | None:
    if not is_table(path):
        return 1
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        with path.open("rb") as stream:
            return sum(block.count(b"\n") for block in iter(partial(stream.read, _BLOCK), b""))
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        return int(pq.read_metadata(path).num_rows)
    return None
