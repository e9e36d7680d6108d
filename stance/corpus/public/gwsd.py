"""GWSD: opinions in news sentences on global warming (Luo et al., Findings of EMNLP 2020)."""

from __future__ import annotations

import math
from pathlib import Path

from stance.corpus.public.pairs import (
    DENIED,
    SUPPORTED,
    UNSETTLED,
    PairExample,
    check_split,
    group_of,
    pair_at,
    read_rows,
    seeded_split,
)
from stance.errors import InputError

PROPOSITION = "Climate change is a serious concern."
"""The question that the workers judged, as a proposition."""

_POSTERIOR = {"agree": SUPPORTED, "disagree": DENIED, "neutral": UNSETTLED}

COLUMNS: tuple[str, ...] = ("sentence", *_POSTERIOR, "guid", "in_held_out_test")
"""Columns that are used."""

_SPLITS = ("train", "dev", "test")


def read(root: Path, split: str) -> list[PairExample]:
    """Reads one split.

    The label is the largest of the posterior; screening sentences, which have none, are left out.
    The authors' held-out rows are "test"; the others fall into "train" and "dev" by sentence.

    Args:
        root: Folder that holds `gwsd/`.
        split: "train", "dev" or "test".

    Returns:
        Rows in the order of the file; the same sentence has the same group wherever it stands.

    Raises:
        InputError: The file is missing or broken, or holds no row of the split.
    """
    check_split("gwsd", split, _SPLITS)
    path = root / "gwsd" / "GWSD.tsv"
    out = []
    for line, row in read_rows(path, COLUMNS, corpus="gwsd", delimiter="\t"):
        held_out = row["in_held_out_test"]
        if held_out not in ("True", "False"):
            raise InputError(
                f"in_held_out_test '{held_out}' is neither True nor False",
                source=str(path),
                line=line,
            )
        cells = [row[name] for name in _POSTERIOR]
        if not any(cells):
            continue
        label = _largest(cells, path, line)
        group = group_of(row["sentence"])
        if split == ("test" if held_out == "True" else seeded_split(group)):
            out.append(
                pair_at(
                    path,
                    line,
                    proposition=PROPOSITION,
                    passage=row["sentence"].strip(),
                    allowed=_POSTERIOR[label],
                    group=group,
                    corpus="gwsd",
                    id=row["guid"],
                )
            )
    if split == "test" and not out:
        raise InputError(
            "this copy lacks the held-out rows",
            source=str(path),
            fix=f"move it away and run scripts/fetch_public.py gwsd --root {root}",
        )
    return out


def _largest(cells: list[str], path: Path, line: int) -> str:
    try:
        posterior = [float(cell) for cell in cells]
    except ValueError as error:
        raise InputError(f"broken posterior ({error})", source=str(path), line=line) from error
    if not math.isclose(sum(posterior), 1.0, abs_tol=1e-3):
        raise InputError(
            f"the posterior sums to {sum(posterior):.3f}, not 1", source=str(path), line=line
        )
    return max(zip(posterior, _POSTERIOR, strict=True))[1]
