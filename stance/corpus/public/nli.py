"""Natural language inference pairs: MultiNLI, SNLI and SICK as prepared in NLI_datasets.

The premise is the passage, the hypothesis the proposition. A neutral pair does not tell whether
its premise leaves the hypothesis open or says nothing about it, so both outputs are right.

SICK is a corpus of its own here, to be asked for by name, for three reasons. Its licence forbids
commercial use. Its sentences are captions put through a few rules ("wooden" becomes "made of wood",
agent and object change places). And its labels hold for both directions more often than they
should: most hypotheses of its 2,709 entailments say less than their premise (567 only drop content
words) or say the same in other words, but some add an adverb or an instrument to the premise and
thus read reversed. That is how the annotators judged near-paraphrases; the columns are in the
authors' order and are not swapped here.
"""

from __future__ import annotations

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

COLUMNS: tuple[str, ...] = ("premise", "hypothesis", "label")
"""Columns of all three files."""

_SPLITS = ("train", "dev")
_ALLOWED = {"entailment": SUPPORTED, "contradiction": DENIED, "neutral": UNSETTLED}


def read_mnli(root: Path, split: str) -> list[PairExample]:
    """Reads one split of MultiNLI's development pairs (Williams et al., NAACL 2018).

    Args:
        root: Folder that holds `nli/`.
        split: "train" or "dev", a tenth of the premises.

    Returns:
        Rows in the order of the file; pairs with one premise share a group.

    Raises:
        InputError: The file is missing or broken, or there is no such split.
    """
    return _read(root / "nli" / "mnli_dev.csv", "mnli", split)


def read_snli(root: Path, split: str) -> list[PairExample]:
    """Reads one split of SNLI's development pairs (Bowman et al., EMNLP 2015); as `read_mnli`."""
    return _read(root / "nli" / "snli_dev.csv", "snli", split)


def read_sick(root: Path, split: str) -> list[PairExample]:
    """Reads one split of SICK (Marelli et al., LREC 2014); as `read_mnli`, but for the groups.

    A group holds all pairs that are linked by a shared sentence.
    """
    return _read(root / "nli" / "sick_train.csv", "sick", split)


def _read(path: Path, corpus: str, split: str) -> list[PairExample]:
    check_split(corpus, split, _SPLITS)
    rows = list(read_rows(path, COLUMNS, corpus="nli"))
    if corpus == "sick":
        groups = _linked([(row["premise"], row["hypothesis"]) for _, row in rows])
    else:
        groups = [group_of(row["premise"]) for _, row in rows]
    out = []
    for number, ((line, row), group) in enumerate(zip(rows, groups, strict=True), start=1):
        if row["label"] not in _ALLOWED:
            raise InputError(
                f"label '{row['label']}' is not one of {', '.join(_ALLOWED)}",
                source=str(path),
                line=line,
            )
        if seeded_split(group) == split:
            out.append(
                pair_at(
                    path,
                    line,
                    proposition=row["hypothesis"].strip(),
                    passage=row["premise"].strip(),
                    allowed=_ALLOWED[row["label"]],
                    group=group,
                    corpus=corpus,
                    id=f"{corpus}-{number}",
                )
            )
    return out


def _linked(pairs: list[tuple[str, str]]) -> list[str]:
    """Returns a key for each pair, the same for pairs linked by a chain of shared sentences."""
    parent: dict[str, str] = {}

    def top(sentence: str) -> str:
        while (above := parent.setdefault(sentence, sentence)) != sentence:
            parent[sentence] = sentence = parent[above]
        return sentence

    for premise, hypothesis in pairs:
        one, other = sorted((top(premise), top(hypothesis)))
        parent[other] = one
    return [group_of(top(premise)) for premise, _ in pairs]
