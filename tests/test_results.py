"""Figures in documents are those of the files that they name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def _script(root: Path, name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_documents_hold_what_was_measured(root):
    done = _script(root, "results_table.py", "--check")
    assert done.returncode == 0, f"{done.stdout}{done.stderr}run scripts/results_table.py"


def test_a_table_takes_its_figures_from_files(root, monkeypatch, tmp_path):
    from scripts import results_table

    monkeypatch.setattr(results_table, "ROOT", tmp_path)
    (tmp_path / "results").mkdir()
    figure = {"value": 0.625, "low": 0.5, "high": 0.75}
    (tmp_path / "results/a-dev.json").write_text(json.dumps({"x": {"y": {"f1": figure}}}))
    row = {"label": "F1", "file": "a-{column}.json", "section": "x.y", "figure": "f1"}
    made = results_table.table({"columns": ["dev", "test"], "rows": [{**row, "digits": 3}]})
    last = made.splitlines()[-1]
    assert last == "| F1 | 0.625 [0.500, 0.750] | – | `results/a-*.json` |"
    for broken in ({"figure": "f2"}, {"section": "z"}, {"file": "none.json"}):
        with pytest.raises((KeyError, ValueError)):
            results_table.table({"columns": ["dev"], "rows": [row | broken]})


@pytest.mark.slow
def test_evaluation_is_benchmarked(root):
    done = _script(root, "benchmark.py", "evaluation")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["seconds"] < 60
