"""The script that aggregates runs over seeds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def _run(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts/over_seeds.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_runs_are_averaged_and_kept(root: Path, tmp_path: Path) -> None:
    files = []
    for i, value in enumerate((0.5, 0.6, 0.7)):
        path = tmp_path / f"{i}.json"
        path.write_text(json.dumps({"figures": {"f1": {"value": value}}}), "utf-8")
        files.append(path)
    out = tmp_path / "out.json"
    assert _run(root, *files, "--output", out).returncode == 0
    figure = json.loads(out.read_text("utf-8"))["figures"]["f1"]
    assert (figure["value"], figure["n"]) == (pytest.approx(0.6), 3)
    assert figure["low"] < 0.6 < figure["high"]


def test_other_files_get_one_line(root: Path, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}", "utf-8")
    for name in ("x.json", "missing.json"):
        done = _run(root, tmp_path / name, "--output", tmp_path / "out.json")
        assert done.returncode == 2
        assert "give files that scripts/evaluate.py wrote" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "out.json").exists()
