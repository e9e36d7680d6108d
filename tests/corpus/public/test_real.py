"""The readers on the released files; counts as measured there."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import pytest

from stance.corpus.public import PAIR_READERS, read_pairs
from stance.corpus.public.fetch import check
from stance.corpus.public.sources import SOURCES
from stance.errors import InputError

COUNTS = {
    ("mnli", "train"): {"support": 6325, "deny": 5888, "ambiguous none": 5518},
    ("mnli", "dev"): {"support": 673, "deny": 644, "ambiguous none": 599},
    ("snli", "train"): {"support": 2982, "deny": 2933, "ambiguous none": 2903},
    ("snli", "dev"): {"support": 343, "deny": 342, "ambiguous none": 328},
    ("sick", "train"): {"support": 2497, "deny": 1262, "ambiguous none": 5006},
    ("sick", "dev"): {"support": 212, "deny": 117, "ambiguous none": 406},
    ("perspectrum", "train"): {"support": 3594, "deny": 3369, "none": 3485},
    ("perspectrum", "dev"): {"support": 1047, "deny": 1023, "none": 1050},
    ("perspectrum", "test"): {"support": 1471, "deny": 1301, "none": 596},
    ("vast", "train"): {"support": 5327, "deny": 5595, "ambiguous none": 242, "none": 2313},
    ("gwsd", "train"): {"support": 623, "deny": 324, "ambiguous none": 708},
    ("gwsd", "dev"): {"support": 78, "deny": 37, "ambiguous none": 80},
    ("commitmentbank", "train"): {"support": 349, "deny": 351, "ambiguous": 384},
    ("commitmentbank", "dev"): {"support": 41, "deny": 35, "ambiguous": 40},
}
HELD_OUT = {("vast", "dev"): 2062, ("vast", "test"): 3006, ("gwsd", "test"): 200}

rows_of = functools.cache(read_pairs)


@pytest.mark.parametrize(("name", "split"), COUNTS)
def test_counts(datasets: Path, name: str, split: str) -> None:
    rows = rows_of(name, datasets, split)
    counts = Counter(" ".join(sorted(row.allowed)) for row in rows)
    assert counts == COUNTS[name, split]
    assert len({row.id for row in rows}) == len(rows)
    assert {row.corpus for row in rows} == {name}


@pytest.mark.parametrize("name", PAIR_READERS)
def test_splits_share_no_group(datasets: Path, name: str) -> None:
    groups = {s: {r.group for r in rows_of(name, datasets, s)} for n, s in COUNTS if n == name}
    assert sum(map(len, groups.values())) == len(set().union(*groups.values()))


@pytest.mark.parametrize(("name", "split"), HELD_OUT)
def test_held_out_parts_are_whole_or_told_to_be_absent(
    datasets: Path, name: str, split: str
) -> None:
    folder = datasets / name
    if name == "vast":
        absent = not list(folder.glob(f"vast_{split}.*"))
    else:
        absent = "\tTrue\n" not in (folder / "GWSD.tsv").read_text(encoding="utf-8")
    if absent:
        with pytest.raises(InputError, match=r"fetch_public\.py"):
            read_pairs(name, datasets, split)
    else:
        assert len(read_pairs(name, datasets, split)) == HELD_OUT[name, split]


def test_vast_weights_count_pairs(datasets: Path) -> None:
    rows = rows_of("vast", datasets, "train")
    assert sum(row.weight for row in rows) == pytest.approx(12142)


@pytest.mark.parametrize("name", SOURCES)
def test_the_files_are_those_that_are_fetched(datasets: Path, name: str) -> None:
    assert [str(f) for f in check(SOURCES[name], datasets) if f.is_fault] == []
