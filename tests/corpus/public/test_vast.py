from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from stance.corpus.public.vast import proposition, read
from stance.errors import InputError

from .conftest import WriteTable


def row(
    number: int,
    topic: str,
    label: str,
    *,
    kind: str = "3",
    stem: str | None = None,
    post: str = "Nobody should have to pay for the tram.",
) -> dict[str, str]:
    return {
        "author": "A Reader",
        "post": post,
        "new_topic": topic,
        "label": label,
        "type_idx": kind,
        "new_id": str(number),
        "arc_id": "77",
        "topic_str": topic if stem is None else stem,
    }


def test_labels_are_mapped(tmp_path: Path, write_table: WriteTable) -> None:
    write_table(
        "vast/vast_train.csv",
        [row(1, "tram fares", "0"), row(2, "free trams", "1"), row(3, "the mayor", "2", kind="2")],
    )
    rows = read(tmp_path, "train")
    assert [(r.id, r.proposition, set(r.allowed)) for r in rows] == [
        ("train-1", "The author is in favour of tram fares.", {"deny"}),
        ("train-2", "The author is in favour of free trams.", {"support"}),
        ("train-3", "The author is in favour of the mayor.", {"ambiguous", "none"}),
    ]
    assert {r.group for r in rows} == {"77"}
    assert {r.passage for r in rows} == {"Nobody should have to pay for the tram."}
    assert {r.weight for r in rows} == {1.0}


def test_a_synthetic_row_has_the_drawn_topic_in_its_usual_wording(
    tmp_path: Path, write_table: WriteTable
) -> None:
    other = "Swimming lessons saved my son."
    write_table(
        "vast/vast_train.csv",
        [
            row(1, "swimming lessons", "1", stem="swimming lesson", post=other),
            row(2, "swimming lessons", "1", stem="swimming lesson", post=other + " Twice."),
            row(3, "swiming lessons", "1", stem="swimming lesson", post=other + " Really."),
            row(4, "tram fares", "2", kind="4", stem="swimming lesson"),
            row(5, "tram fares", "2", kind="4", stem="unknown stem"),
        ],
    )
    synthetic = read(tmp_path, "train")[3:]
    assert [(r.proposition, set(r.allowed)) for r in synthetic] == [
        ("The author is in favour of swimming lessons.", {"none"}),
        ("The author is in favour of unknown stem.", {"none"}),
    ]


def test_rows_of_one_pair_share_the_weight_of_one(tmp_path: Path, write_table: WriteTable) -> None:
    write_table(
        "vast/vast_dev.csv",
        [row(1, "trams", "0"), row(2, "trams", "1"), row(3, "buses", "1")],
    )
    assert [r.weight for r in read(tmp_path, "dev")] == [0.5, 0.5, 1.0]


def test_a_zip_comes_before_a_plain_table(tmp_path: Path, write_table: WriteTable) -> None:
    plain = write_table("vast/vast_test.csv", [row(1, "trams", "0")])
    with zipfile.ZipFile(plain.with_suffix(".zip"), "w") as archive:
        archive.write(plain, "vast_test.csv")
    plain.write_text("nothing of use")
    assert [r.id for r in read(tmp_path, "test")] == ["test-1"]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row(1, "trams", "3"), r"vast_train.csv:2: label '3' is not one of 0, 1, 2"),
        (row(1, "trams", "1", kind="5"), r"vast_train.csv:2: type_idx '5' is not one of"),
        (row(1, "trams", "1", kind="4"), r"vast_train.csv:2: synthetic row"),
        (row(1, "trams", "1", stem=" "), r"vast_train.csv:2: the topic_str is empty"),
        (row(1, " ", "1", stem="tram"), r"vast_train.csv:2: the new_topic is empty"),
        (row(1, "trams", "1", post=""), r"vast_train.csv:2: the passage is empty"),
    ],
)
def test_broken_rows_are_named(
    tmp_path: Path, write_table: WriteTable, bad: dict[str, str], message: str
) -> None:
    write_table("vast/vast_train.csv", [bad])
    with pytest.raises(InputError, match=message):
        read(tmp_path, "train")


def test_absent_splits_say_where_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=f"vast_test.zip: .*fetch_public.py vast --root {tmp_path}"
    ):
        read(tmp_path, "test")
    with pytest.raises(InputError, match="vast has no split 'valid'; use one of train, dev, test"):
        read(tmp_path, "valid")


def test_a_topic_with_a_full_stop_gets_no_second() -> None:
    assert proposition(" trams. ") == "The author is in favour of trams."
