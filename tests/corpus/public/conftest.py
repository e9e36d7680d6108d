"""Small corpora in the released forms. All sentences are made up for these tests."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

WriteTable = Callable[[str, Iterable[Mapping[str, str]]], Path]
WriteJson = Callable[[str, object], Path]


@pytest.fixture
def datasets() -> Path:
    default = Path(__file__).resolve().parents[4] / "shared" / "datasets"
    root = Path(os.environ.get("STANCE_DATASETS", default))
    if not root.is_dir():
        pytest.skip(f"the public corpora are not at {root}; set STANCE_DATASETS")
    return root


@pytest.fixture
def write_table(tmp_path: Path) -> WriteTable:
    """Writes rows with the header of the first; tabs between cells where the name is .tsv."""

    def write(name: str, rows: Iterable[Mapping[str, str]]) -> Path:
        rows = list(rows)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as stream:
            delimiter = "\t" if path.suffix == ".tsv" else ","
            table = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
        return path

    return write


@pytest.fixture
def write_json(tmp_path: Path) -> WriteJson:
    def write(name: str, value: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    return write
