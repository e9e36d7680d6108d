from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stance.corpus.public.pairs import (
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

ROW: dict[str, Any] = {
    "proposition": "The ferry sails on Sundays.",
    "passage": "There is a Sunday sailing at noon.",
    "allowed": SUPPORTED,
    "group": "g",
    "corpus": "c",
    "id": "1",
}


def test_a_row_keeps_what_it_is_given() -> None:
    row = PairExample(**ROW | {"allowed": UNSETTLED, "weight": 0.5})
    assert row.allowed == {"ambiguous", "none"}
    assert row.weight == 0.5
    assert PairExample(**ROW).weight == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"proposition": " "}, "the proposition is empty"),
        ({"passage": ""}, "the passage is empty"),
        ({"group": ""}, "the group is empty"),
        ({"corpus": ""}, "the corpus is empty"),
        ({"id": ""}, "the id is empty"),
        ({"allowed": frozenset()}, "not a non-empty part"),
        ({"allowed": frozenset({"support", "agree"})}, "agree"),
        ({"weight": 0.0}, "not above 0"),
        ({"weight": float("nan")}, "not above 0"),
        ({"weight": float("inf")}, "not above 0"),
    ],
)
def test_a_bad_row_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PairExample(**ROW | change)
    with pytest.raises(InputError, match=f"table.csv:7: .*{message}"):
        pair_at(Path("table.csv"), 7, **ROW | change)


def test_group_ignores_case_and_white_space_only() -> None:
    assert group_of("The  ferry\nsails ") == group_of("the ferry sails")
    assert group_of("the ferry sails") != group_of("the ferry sails.")


def test_seeded_split_is_stored_and_gives_a_tenth_to_dev() -> None:
    counts = Counter(seeded_split(str(n)) for n in range(5000))
    assert set(counts) == {"train", "dev"}
    assert 0.08 < counts["dev"] / 5000 < 0.12
    # A change here moves rows between the splits that models were trained on.
    assert [n for n in range(40) if seeded_split(str(n)) == "dev"] == [6, 8, 36, 38]


def test_an_unknown_split_is_answered_with_the_known() -> None:
    with pytest.raises(InputError, match="mnli has no split 'valid'; use one of train, dev"):
        check_split("mnli", "valid", ("train", "dev"))


def test_rows_come_with_their_last_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('\ufeffa,b\n"one\ntwo",x\nthree,y\n'.encode())
    assert list(read_rows(path, ("a", "b"), corpus="c")) == [
        (3, {"a": "one\ntwo", "b": "x"}),
        (4, {"a": "three", "b": "y"}),
    ]


def test_a_zip_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "t.zip.part"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("t.csv", "a\n1\n")
    assert list(read_rows(path, ("a",), corpus="c")) == [(2, {"a": "1"})]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\n1\n", "t.csv:1: no column b"),
        (b"", "t.csv:1: no column a, b"),
        (b"a,b\n1,2\n1\n", "t.csv:3: the row has not the 2 cells of the header"),
        (b"a,b\n1,2,3\n", "t.csv:2: the row has not the 2 cells"),
        (b'a,b\n1,"2" 3\n', "t.csv:2: broken row"),
        (b"a,b\n1,\xff\n", "t.csv: cannot be read"),
    ],
)
def test_a_broken_table_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        list(read_rows(path, ("a", "b"), corpus="c"))


def test_a_missing_table_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"fetch_public.py vast --root {tmp_path}"):
        list(read_rows(tmp_path / "vast" / "t.csv", ("a",), corpus="vast"))


def test_a_broken_zip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    path.write_bytes(b"no zip")
    with pytest.raises(InputError, match=r"t\.zip: cannot be read"):
        list(read_rows(path, ("a",), corpus="c"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", "a\n")
        archive.writestr("two.csv", "a\n")
    with pytest.raises(InputError, match="holds 2 files, not one"):
        list(read_rows(path, ("a",), corpus="c"))
