from __future__ import annotations

from pathlib import Path

import pytest

from stance.corpus.public.gwsd import PROPOSITION, read
from stance.errors import InputError

from .conftest import WriteTable


def row(number: int, sentence: str, *posterior: str, held_out: str = "False") -> dict[str, str]:
    disagree, agree, neutral = posterior or ("", "", "")
    return {
        "": str(number),
        "round": "1",
        "batch": "0",
        "sent_id": f"t{number}",
        "sentence": sentence,
        **{f"worker_{n}": "neutral" for n in range(8)},
        "disagree": disagree,
        "agree": agree,
        "neutral": neutral,
        "guid": f"1_0_t{number}",
        "in_held_out_test": held_out,
    }


def test_posterior_decides_and_screening_rows_are_left_out(
    tmp_path: Path, write_table: WriteTable
) -> None:
    write_table(
        "gwsd/GWSD.tsv",
        [
            row(0, "This screening sentence has no posterior."),
            row(1, 'They call the "heat" a fraud.', "0.9", "0.05", "0.05"),
            row(2, "Our valley must act before it floods.", "0.1", "0.6", "0.3"),
            row(3, "The station measures rain.", "0.2", "0.3", "0.5"),
            row(4, "Seas will swallow the pier.", "0.1", "0.8", "0.1", held_out="True"),
        ],
    )
    rows = [r for split in ("train", "dev") for r in read(tmp_path, split)]
    assert {(r.id, *sorted(r.allowed)) for r in rows} == {
        ("1_0_t1", "deny"),
        ("1_0_t2", "support"),
        ("1_0_t3", "ambiguous", "none"),
    }
    assert {r.proposition for r in rows} == {PROPOSITION}
    assert [r.passage for r in rows if r.id == "1_0_t1"] == ['They call the "heat" a fraud.']
    assert [r.id for r in read(tmp_path, "test")] == ["1_0_t4"]


def test_duplicates_share_a_group_and_a_split(tmp_path: Path, write_table: WriteTable) -> None:
    posterior = ("0.1", "0.8", "0.1")
    sentences = [row(n, f"Glacier {n % 30} melts.", *posterior) for n in range(60)]
    write_table("gwsd/GWSD.tsv", sentences)
    train, dev = read(tmp_path, "train"), read(tmp_path, "dev")
    assert len(train) + len(dev) == 60
    assert not {r.passage for r in train} & {r.passage for r in dev}
    assert len({r.group for r in train + dev}) == 30


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row(1, "It warms.", "0.9", "x", "0.1"), r"GWSD.tsv:2: broken posterior"),
        (row(1, "It warms.", "0.9", "", "0.1"), r"GWSD.tsv:2: broken posterior"),
        (row(1, "It warms.", "0.9", "0.9", "0.1"), r"GWSD.tsv:2: the posterior sums to 1.900"),
        (row(1, "It warms.", "0", "1", "0", held_out="no"), r"GWSD.tsv:2: in_held_out_test 'no'"),
    ],
)
def test_broken_rows_are_named(
    tmp_path: Path, write_table: WriteTable, bad: dict[str, str], message: str
) -> None:
    write_table("gwsd/GWSD.tsv", [bad])
    with pytest.raises(InputError, match=message):
        read(tmp_path, "train")


def test_absent_parts_say_where_to_get_them(tmp_path: Path, write_table: WriteTable) -> None:
    with pytest.raises(InputError, match=f"fetch_public.py gwsd --root {tmp_path}"):
        read(tmp_path, "train")
    write_table("gwsd/GWSD.tsv", [row(1, "It warms.", "0", "1", "0")])
    with pytest.raises(InputError, match=f"lacks the held-out rows; .*gwsd --root {tmp_path}"):
        read(tmp_path, "test")
    with pytest.raises(InputError, match="gwsd has no split 'valid'; use one of train, dev, test"):
        read(tmp_path, "valid")
