"""VAST: readers' comments with their stance on many topics (Allaway and McKeown, EMNLP 2020).

How a row came about (`type_idx`) decides how it is read:

- 1 to 3: people judged the comment on `new_topic`. Pro and con are support and deny. Neutral rows
  (242 of the training part) are about the topic without a stance, or hardly about it: both
  "ambiguous" and "none" are right.
- 4: synthetic, always neutral. `new_topic` still names what the comment is about; the topic that
  was drawn at random from elsewhere stands in `topic_str`, stemmed and without its stop words. The
  wording that `new_topic` gives this stem most often in the same file is restored. Right is "none".

One comment comes with the same topic up to five times, and 350 such pairs of the training part are
labelled both pro and con. All rows are kept, so that figures compare with the published ones; rows
of one pair share the weight of one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from stance.corpus.public.pairs import (
    DENIED,
    SUPPORTED,
    UNRELATED,
    UNSETTLED,
    PairExample,
    check_split,
    missing,
    pair_at,
    read_rows,
)
from stance.errors import InputError

COLUMNS: tuple[str, ...] = (
    "post",
    "new_topic",
    "topic_str",
    "label",
    "type_idx",
    "new_id",
    "arc_id",
)
"""Columns that are used."""

_SPLITS = ("train", "dev", "test")
_ALLOWED = {"0": DENIED, "1": SUPPORTED, "2": UNSETTLED}
_SYNTHETIC = "4"
_TYPES = ("1", "2", "3", _SYNTHETIC)


def read(root: Path, split: str) -> list[PairExample]:
    """Reads one of the authors' splits.

    Args:
        root: Folder that holds `vast/`, with `vast_SPLIT.zip` or `vast_SPLIT.csv`.
        split: "train", "dev" or "test".

    Returns:
        Rows in the order of the file; rows with one comment share a group.

    Raises:
        InputError: The file is missing or broken, or there is no such split.
    """
    check_split("vast", split, _SPLITS)
    path = _table(root / "vast", split)
    rows = list(read_rows(path, COLUMNS, corpus="vast"))
    for line, row in rows:
        _check(row, path, line)
    wordings = _wordings([row for _, row in rows])
    topics = [_topic(row, wordings) for _, row in rows]
    pairs = [(row["post"], topic) for (_, row), topic in zip(rows, topics, strict=True)]
    n_same = Counter(pairs)
    return [
        pair_at(
            path,
            line,
            proposition=proposition(topic),
            passage=row["post"].strip(),
            allowed=UNRELATED if row["type_idx"] == _SYNTHETIC else _ALLOWED[row["label"]],
            group=row["arc_id"],
            corpus="vast",
            id=f"{split}-{row['new_id']}",
            weight=1.0 / n_same[row["post"], topic],
        )
        for (line, row), topic in zip(rows, topics, strict=True)
    ]


def proposition(topic: str) -> str:
    """Words a topic as a proposition, fit for names ("israel"), nouns and gerunds alike."""
    return f"The author is in favour of {topic.strip().rstrip('.')}."


def _table(folder: Path, split: str) -> Path:
    paths = [folder / f"vast_{split}{suffix}" for suffix in (".zip", ".csv")]
    for path in paths:
        if path.is_file():
            return path
    raise missing(paths[0], "vast")


def _check(row: dict[str, str], path: Path, line: int) -> None:
    for name, known in (("label", tuple(_ALLOWED)), ("type_idx", _TYPES)):
        if row[name] not in known:
            raise InputError(
                f"{name} '{row[name]}' is not one of {', '.join(known)}",
                source=str(path),
                line=line,
            )
    for name in ("new_topic", "topic_str"):
        if not row[name].strip():
            raise InputError(f"the {name} is empty", source=str(path), line=line)
    if row["type_idx"] == _SYNTHETIC and row["label"] != "2":
        raise InputError(
            f"synthetic row (type_idx 4) with label {row['label']}, not 2",
            source=str(path),
            line=line,
        )


def _wordings(rows: list[dict[str, str]]) -> dict[str, str]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["type_idx"] != _SYNTHETIC:
            counts[row["topic_str"]][row["new_topic"]] += 1
    # Ties go to the first in the alphabet, not in the file.
    return {
        stem: min(counter, key=lambda wording: (-counter[wording], wording))
        for stem, counter in counts.items()
    }


def _topic(row: dict[str, str], wordings: dict[str, str]) -> str:
    if row["type_idx"] == _SYNTHETIC:
        return wordings.get(row["topic_str"], row["topic_str"])
    return row["new_topic"]
