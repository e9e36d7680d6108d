from __future__ import annotations

from pathlib import Path

import pytest

from stance.corpus.public.nli import read_mnli, read_sick, read_snli
from stance.errors import InputError

from .conftest import WriteTable


def row(premise: str, hypothesis: str, label: str) -> dict[str, str]:
    return {"premise": premise, "hypothesis": hypothesis, "label": label}


def test_premise_is_the_passage_and_labels_are_mapped(
    tmp_path: Path, write_table: WriteTable
) -> None:
    premise = "The baker sold every loaf by nine."
    write_table(
        "nli/mnli_dev.csv",
        [
            row(premise, "No bread was left at ten. ", "entailment"),
            row(premise, "The baker sold nothing.", "contradiction"),
            row(premise, "The baker was tired.", "neutral"),
        ],
    )
    rows = [r for split in ("train", "dev") for r in read_mnli(tmp_path, split)]
    assert [(r.id, r.proposition, set(r.allowed)) for r in rows] == [
        ("mnli-1", "No bread was left at ten.", {"support"}),
        ("mnli-2", "The baker sold nothing.", {"deny"}),
        ("mnli-3", "The baker was tired.", {"ambiguous", "none"}),
    ]
    assert {r.passage for r in rows} == {premise}
    assert len({r.group for r in rows}) == 1, "one premise, one group"


@pytest.mark.parametrize(
    ("reader", "name"),
    [(read_mnli, "mnli_dev"), (read_snli, "snli_dev"), (read_sick, "sick_train")],
)
def test_splits_share_no_group_and_lose_no_row(
    tmp_path: Path, write_table: WriteTable, reader: type, name: str
) -> None:
    write_table(
        f"nli/{name}.csv",
        [
            row(f"Boat {n // 2} left.", f"Boat {n // 2} is gone, {n}.", "entailment")
            for n in range(80)
        ],
    )
    train, dev = reader(tmp_path, "train"), reader(tmp_path, "dev")
    assert len(train) + len(dev) == 80
    assert train
    assert dev
    assert not {r.group for r in train} & {r.group for r in dev}
    assert train == reader(tmp_path, "train")


def test_sick_groups_chains_of_shared_sentences(tmp_path: Path, write_table: WriteTable) -> None:
    write_table(
        "nli/sick_train.csv",
        [
            row("A cook is peeling a carrot", "A carrot is being peeled", "entailment"),
            row("A dog is asleep", "A dog is awake", "contradiction"),
            row("A carrot is being peeled", "A cook is resting", "neutral"),
            row("A man waits", "A cook is resting", "neutral"),
        ],
    )
    rows = [r for split in ("train", "dev") for r in read_sick(tmp_path, split)]
    groups = {r.id: r.group for r in rows}
    assert groups["sick-1"] == groups["sick-3"] == groups["sick-4"] != groups["sick-2"]


def test_faults_are_named(tmp_path: Path, write_table: WriteTable) -> None:
    with pytest.raises(InputError, match=f"fetch_public.py nli --root {tmp_path}"):
        read_snli(tmp_path, "train")
    with pytest.raises(InputError, match="sick has no split 'test'; use one of train, dev"):
        read_sick(tmp_path, "test")
    write_table("nli/snli_dev.csv", [row("A bell rings.", "It is quiet.", "-")])
    with pytest.raises(InputError, match=r"snli_dev.csv:2: label '-' is not one of entailment"):
        read_snli(tmp_path, "train")
    write_table("nli/snli_dev.csv", [row("A bell rings.", " ", "neutral")])
    with pytest.raises(InputError, match=r"snli_dev.csv:2: the proposition is empty"):
        [read_snli(tmp_path, split) for split in ("train", "dev")]
