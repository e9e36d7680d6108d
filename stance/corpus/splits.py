"""Loading the authored corpus and its stored splits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from stance.corpus.schema import AnnotatedArticle
from stance.errors import InputError

SPLITS: tuple[str, ...] = ("train", "dev", "test")
"""Names of the stored splits."""

ARTICLES = "articles.jsonl"
SPLIT_IDS = "splits.json"


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
    articles = list(_read(root / ARTICLES))
    if split is None:
        return articles
    ids = set(split_ids(root)[_known(split)])
    return [a for a in articles if a.id in ids]


def split_ids(root: str | Path) -> dict[str, list[str]]:
    """Returns the article ids of each split."""
    path = Path(root) / SPLIT_IDS
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({error})", source=str(path)) from error
    return {name: stored[name] for name in SPLITS}


def _known(split: str) -> str:
    if split not in SPLITS:
        raise InputError(f"no split '{split}'", fix=f"use one of {', '.join(SPLITS)}")
    return split


def _read(path: Path) -> Iterator[AnnotatedArticle]:
    try:
        stream = path.open(encoding="utf-8")
    except OSError as error:
        raise InputError(
            "cannot be read", source=str(path), fix="run scripts/build_corpus.py"
        ) from error
    with stream:
        for number, line in enumerate(stream, start=1):
            try:
                yield AnnotatedArticle.from_dict(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(
                    f"not an annotated article ({error})", source=str(path), line=number
                ) from error
