"""CommitmentBank: how far an author is committed to an embedded claim.

De Marneffe, Simons, Tonhauser, "The CommitmentBank", Sinn und Bedeutung 23, 2019. The claim stands
under a negation, a modal, a question or a conditional, so that its words alone do not tell.
"""

from __future__ import annotations

from pathlib import Path

from stance.corpus.public.pairs import (
    DENIED,
    LEFT_OPEN,
    SUPPORTED,
    PairExample,
    check_split,
    group_of,
    pair_at,
    read_rows,
    seeded_split,
)
from stance.errors import InputError

COLUMNS: tuple[str, ...] = ("uID", "Context", "Target", "Prompt", "Mean")
"""Columns that are used."""

_COMMITTED = 1.0
_SCALE_END = 3.0
_SPLITS = ("train", "dev")


def read(root: Path, split: str) -> list[PairExample]:
    """Reads one split.

    The mean of the workers' answers runs from -3 (certain that the claim is false) to 3 (certain
    that it is true). At 1 and above the claim is supported, at -1 and below denied, else left open.

    Args:
        root: Folder that holds `commitmentbank/`.
        split: "train" or "dev", a tenth of the contexts.

    Returns:
        Rows in the order of the file; items with one context share a group.

    Raises:
        InputError: The file is missing or broken, or there is no such split.
    """
    check_split("commitmentbank", split, _SPLITS)
    path = root / "commitmentbank" / "CommitmentBank-items.csv"
    out = []
    for line, row in read_rows(path, COLUMNS, corpus="commitmentbank"):
        mean = _mean(row["Mean"], path, line)
        group = group_of(row["Context"].strip() or row["uID"])
        if seeded_split(group) == split:
            out.append(
                pair_at(
                    path,
                    line,
                    proposition=_plain(row["Prompt"]),
                    passage=_plain(f"{row['Context']} {row['Target']}"),
                    allowed=SUPPORTED
                    if mean >= _COMMITTED
                    else DENIED
                    if mean <= -_COMMITTED
                    else LEFT_OPEN,
                    group=group,
                    corpus="commitmentbank",
                    id=row["uID"],
                )
            )
    return out


def _plain(text: str) -> str:
    # Penn Treebank quotation marks: no news text that the model will see has them.
    return " ".join(text.replace("``", '"').replace("''", '"').split())


def _mean(cell: str, path: Path, line: int) -> float:
    try:
        mean = float(cell)
    except ValueError as error:
        raise InputError(f"broken Mean ({error})", source=str(path), line=line) from error
    if not -_SCALE_END <= mean <= _SCALE_END:
        raise InputError(f"Mean {mean} is not between -3 and 3", source=str(path), line=line)
    return mean
