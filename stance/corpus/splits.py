"""Loading the authored corpus and its stored splits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import AnnotatedArticle
from stance.errors import InputError

SPLITS: tuple[str, ...] = ("train", "dev", "test")
"""Names of the stored splits."""

ARTICLES = "articles.jsonl"
BANK = "passages.jsonl"
CONTRAST = "contrast.jsonl"
SPLIT_IDS = "splits.json"

_Row = TypeVar("_Row")


def load(root: str | Path, split: str | None = None) -> list[AnnotatedArticle]:
    """Loads annotated articles.

    Args:
        root: Folder with `articles.jsonl` and `splits.json`, for instance `data/troops`.
        split: "train", "dev" or "test"; None gives all articles.

    Returns:
        Articles in the order of the file.

    Raises:
        InputError: A file is missing or broken, or the split is unknown.
    """
    root = Path(root)
    articles = list(read_rows(root / ARTICLES, AnnotatedArticle.from_dict))
    if split is None:
        return articles
    ids = set(split_ids(root)[_known(split)])
    return [a for a in articles if a.id in ids]


def load_bank(root: str | Path) -> list[AnnotatedPassage]:
    """Loads the passage bank, all of which is for training.

    Args:
        root: Folder with `passages.jsonl`, for instance `data/troops`.

    Raises:
        InputError: The file is missing or broken.
    """
    return list(read_rows(Path(root) / BANK, AnnotatedPassage.from_dict))


def load_contrast(root: str | Path, split: str | None = None) -> list[AnnotatedPassage]:
    """Loads the contrast set, none of which is for training.

    Args:
        root: Folder with `contrast.jsonl` and `splits.json`.
        split: "dev" or "test"; None gives both.

    Returns:
        Passages in the order of the file; one with a `partner` is an edit of that one.

    Raises:
        InputError: A file is missing or broken, or the split is unknown.
    """
    passages = list(read_rows(Path(root) / CONTRAST, AnnotatedPassage.from_dict))
    if split is None:
        return passages
    stored = contrast_ids(root)
    if split not in stored:
        raise InputError(f"the contrast set has no split '{split}'", fix="use dev or test")
    ids = set(stored[split])
    return [p for p in passages if p.situation in ids]


def split_ids(root: str | Path) -> dict[str, list[str]]:
    """Returns the article ids of each split."""
    stored = _stored_splits(root)
    return {name: stored[name] for name in SPLITS}


def contrast_ids(root: str | Path) -> dict[str, list[str]]:
    """Returns the situations of the contrast set for "dev" and for "test"."""
    stored: dict[str, list[str]] = _stored_splits(root)["contrast"]
    return stored


def _stored_splits(root: str | Path) -> dict[str, Any]:
    path = Path(root) / SPLIT_IDS
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({error})", source=str(path)) from error
    return stored


def _known(split: str) -> str:
    if split not in SPLITS:
        raise InputError(f"no split '{split}'", fix=f"use one of {', '.join(SPLITS)}")
    return split


def read_rows(path: Path, parse: Callable[[dict[str, Any]], _Row]) -> Iterator[_Row]:
    """Yields the rows of a built JSONL file.

    Raises:
        InputError: The file is missing, or a line is broken.
    """
    try:
        stream = path.open(encoding="utf-8")
    except OSError as error:
        raise InputError(
            "cannot be read", source=str(path), fix="run scripts/build_corpus.py"
        ) from error
    with stream:
        for number, line in enumerate(stream, start=1):
            try:
                yield parse(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(
                    f"not a row of the corpus ({error})", source=str(path), line=number
                ) from error
