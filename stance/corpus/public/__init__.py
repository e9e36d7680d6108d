"""Readers of public corpora, one file each; `scripts/fetch_public.py` gets the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stance.corpus.public import commitmentbank, gwsd, nli, perspectrum, vast
from stance.corpus.public.pairs import PairExample
from stance.corpus.public.polnear import read_polnear
from stance.errors import InputError

__all__ = ["PAIR_READERS", "PairExample", "folder_of", "read_pairs", "read_polnear"]

PAIR_READERS: dict[str, Callable[[Path, str], list[PairExample]]] = {
    "mnli": nli.read_mnli,
    "snli": nli.read_snli,
    "sick": nli.read_sick,
    "perspectrum": perspectrum.read,
    "vast": vast.read,
    "gwsd": gwsd.read,
    "commitmentbank": commitmentbank.read,
}
"""Readers of text pairs by name; each takes the folder of all corpora and a split."""


def read_pairs(name: str, root: str | Path, split: str) -> list[PairExample]:
    """Reads one split of a corpus of text pairs.

    Args:
        name: One of `PAIR_READERS`.
        root: Folder that holds one folder a corpus, as `scripts/fetch_public.py` fills it.
        split: "train", "dev" or, where the corpus has it, "test".

    Returns:
        Rows in a stable order; the same at every call.

    Raises:
        InputError: The name or split is unknown, or a file is missing or broken.
    """
    if name not in PAIR_READERS:
        raise InputError(
            f"no public corpus of pairs '{name}'", fix=f"use one of {', '.join(PAIR_READERS)}"
        )
    return PAIR_READERS[name](Path(root), split)


def folder_of(name: str) -> str:
    """Returns the folder, below that of all corpora, which holds the corpus `name`."""
    return "nli" if name in ("mnli", "snli", "sick") else name
