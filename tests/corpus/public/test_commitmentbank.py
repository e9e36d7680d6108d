from __future__ import annotations

from pathlib import Path

import pytest

from stance.corpus.public.commitmentbank import read
from stance.errors import InputError

from .conftest import WriteTable


def row(uid: str, mean: str, context: str = "It rained.", prompt: str = "the road was closed"):
    return {
        "": "1",
        "uID": uid,
        "Verb": "know",
        "Context": context,
        "Target": f"``Did she know that {prompt}?''",
        "Prompt": prompt,
        "Mean": mean,
        "Reponses": "1, 2",
    }


def rows_of(root: Path):
    return [r for split in ("train", "dev") for r in read(root, split)]


def test_mean_decides_with_its_bounds(tmp_path: Path, write_table: WriteTable) -> None:
    means = {"1": "support", "2.5": "support", "0.999": "ambiguous", "0": "ambiguous"}
    means |= {"-0.999": "ambiguous", "-1": "deny", "-3": "deny"}
    write_table(
        "commitmentbank/CommitmentBank-items.csv",
        [row(f"BNC-{mean}", mean, f"Context {mean}.") for mean in means],
    )
    assert {r.id: set(r.allowed) for r in rows_of(tmp_path)} == {
        f"BNC-{mean}": {label} for mean, label in means.items()
    }


def test_passage_is_context_and_target_in_plain_quotes(
    tmp_path: Path, write_table: WriteTable
) -> None:
    write_table(
        "commitmentbank/CommitmentBank-items.csv",
        [row("a", "0"), row("b", "0"), row("c", "0", ""), row("d", "0", "")],
    )
    by_id = {r.id: r for r in rows_of(tmp_path)}
    assert by_id["a"].passage == 'It rained. "Did she know that the road was closed?"'
    assert by_id["c"].passage == '"Did she know that the road was closed?"'
    assert by_id["a"].proposition == "the road was closed"
    assert by_id["a"].group == by_id["b"].group
    assert len({by_id[key].group for key in "acd"}) == 3, "no context is no common context"


@pytest.mark.parametrize(
    ("mean", "message"), [("x", r"items.csv:2: broken Mean"), ("3.5", r"items.csv:2: Mean 3.5 is")]
)
def test_broken_means_are_named(
    tmp_path: Path, write_table: WriteTable, mean: str, message: str
) -> None:
    write_table("commitmentbank/CommitmentBank-items.csv", [row("a", mean)])
    with pytest.raises(InputError, match=message):
        read(tmp_path, "train")


def test_absent_parts_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"fetch_public\.py commitmentbank"):
        read(tmp_path, "dev")
    with pytest.raises(InputError, match="commitmentbank has no split 'test'"):
        read(tmp_path, "test")
