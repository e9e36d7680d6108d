"""The row that public corpora give the stance model, and what their readers share."""

from __future__ import annotations

import csv
import hashlib
import math
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from stance.errors import InputError
from stance.schema import MODEL_LABELS, NONE, Stance

SUPPORTED: frozenset[str] = frozenset({Stance.SUPPORT.value})
"""The passage affirms the proposition."""

DENIED: frozenset[str] = frozenset({Stance.DENY.value})
"""The passage rejects the proposition."""

LEFT_OPEN: frozenset[str] = frozenset({Stance.AMBIGUOUS.value})
"""The passage bears on the proposition and settles it neither way."""

UNRELATED: frozenset[str] = frozenset({NONE})
"""The passage says nothing about the proposition."""

UNSETTLED: frozenset[str] = LEFT_OPEN | UNRELATED
"""Neither affirmed nor rejected; the corpus does not tell `LEFT_OPEN` from `UNRELATED`."""

_DEV_SHARE = 0.1
_SPLIT_SEED = "public-pairs-1"


@dataclass(frozen=True, kw_only=True, slots=True)
class PairExample:
    """A proposition, a passage, and the outputs of the stance model that are right for them.

    Attributes:
        proposition: What may be affirmed or rejected.
        passage: What was said.
        allowed: Right outputs, a non-empty part of `stance.schema.MODEL_LABELS`. Usually one. The
            loss is minus the log of their summed probability, so that a row which leaves open
            which of two outputs is meant teaches only what it knows.
        group: Rows of one group stay on one side of any split.
        corpus: Name in `stance.corpus.public.PAIR_READERS`.
        id: Unique in the corpus.
        weight: Weight in the loss, above 0.
    """

    proposition: str
    passage: str
    allowed: frozenset[str]
    group: str
    corpus: str
    id: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        for name in ("proposition", "passage", "group", "corpus", "id"):
            if not getattr(self, name).strip():
                raise ValueError(f"the {name} is empty")
        if not self.allowed or not self.allowed <= frozenset(MODEL_LABELS):
            raise ValueError(
                f"allowed {sorted(self.allowed)} is not a non-empty part of "
                f"{', '.join(MODEL_LABELS)}"
            )
        if not (math.isfinite(self.weight) and self.weight > 0):
            raise ValueError(f"weight {self.weight} is not above 0")


def pair_at(path: Path, line: int | None, **fields: Any) -> PairExample:
    """Builds a row; a value that it refuses is an `InputError` at `path` and `line`."""
    try:
        return PairExample(**fields)
    except ValueError as error:
        raise InputError(str(error), source=str(path), line=line) from error


def group_of(text: str) -> str:
    """Returns a short key that is the same for texts that differ in case or white space only."""
    folded = " ".join(text.lower().split())
    return hashlib.blake2b(folded.encode("utf-8"), digest_size=8).hexdigest()


def seeded_split(group: str) -> str:
    """Returns "dev" for one group in ten, else "train": always the same for the same group."""
    digest = hashlib.blake2b(f"{_SPLIT_SEED}:{group}".encode(), digest_size=8).digest()
    return "dev" if int.from_bytes(digest) < _DEV_SHARE * 2**64 else "train"


def check_split(corpus: str, split: str, known: Collection[str]) -> None:
    """Refuses a split that the corpus does not have.

    Raises:
        InputError: `split` is not among `known`.
    """
    if split not in known:
        raise InputError(f"{corpus} has no split '{split}'", fix=f"use one of {', '.join(known)}")


def missing(path: Path, corpus: str) -> InputError:
    """Returns the error for a file of `corpus` that is not there."""
    return InputError(
        f"this file of the corpus {corpus} is not there",
        source=str(path),
        fix=f"get it with scripts/fetch_public.py {corpus} --root {path.parent.parent}",
    )


def read_rows(
    path: Path, columns: Collection[str], *, corpus: str, delimiter: str = ","
) -> Iterator[tuple[int, dict[str, str]]]:
    """Reads a table with a header, plain or alone in a zip.

    Args:
        path: A UTF-8 file.
        columns: Columns that must be there; others come along.
        corpus: Name for `scripts/fetch_public.py`, told where the file is missing.
        delimiter: One character.

    Yields:
        The line on which the row ends (one-based) and the row.

    Raises:
        InputError: The file is missing or broken; names the line where there is one.
    """
    try:
        with open_text(path) as stream:
            yield from _rows(stream, columns, path, delimiter)
    except FileNotFoundError as error:
        raise missing(path, corpus) from error
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise InputError(f"cannot be read ({error})", source=str(path)) from error


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Opens a UTF-8 file, or the only file in a zip, newlines untouched."""
    # By content as well: a download is checked under a temporary name.
    if path.suffix != ".zip" and not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len(names) != 1:
            raise zipfile.BadZipFile(f"holds {len(names)} files, not one")
        with archive.open(names[0]) as raw:
            yield TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def _rows(
    stream: TextIO, columns: Collection[str], path: Path, delimiter: str
) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(stream, delimiter=delimiter, strict=True)
    try:
        absent = [name for name in columns if name not in (reader.fieldnames or ())]
        if absent:
            raise InputError(f"no column {', '.join(absent)}", source=str(path), line=1)
        for row in reader:
            # DictReader files surplus cells under None and fills missing ones with None.
            if None in row or None in row.values():
                raise InputError(
                    f"the row has not the {len(reader.fieldnames or ())} cells of the header",
                    source=str(path),
                    line=reader.line_num,
                )
            yield reader.line_num, row
    except csv.Error as error:
        # DictReader counts a line only when its row is whole; the reader below it knows.
        line = reader.reader.line_num
        raise InputError(f"broken row ({error})", source=str(path), line=line) from error
