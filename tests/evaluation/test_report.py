"""Tests of `stance.evaluation.report`."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from stance.errors import InputError
from stance.evaluation import evaluate, evaluate_files, render, render_figures

if TYPE_CHECKING:
    from .conftest import MakeSpeaker


def _row(article: str, name: str | None, stance: str | None = None) -> str:
    return json.dumps({"article_id": article, "speaker": name, "stance": stance, "kind": "person"})


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Gold of another annotator, and predictions with an article that gold lacks."""
    gold, predictions = tmp_path / "gold.jsonl", tmp_path / "predictions.jsonl"
    gold.write_text(f"{_row('a1', 'Anna Bergdal', 'deny')}\n{_row('a2', None)}\n")
    rows = [_row("a1", "Bergdal", "deny"), _row("a2", "Tavor", "deny"), _row("zz", "Tavor")]
    predictions.write_text("\n".join(rows))
    return gold, predictions


def test_files_are_evaluated_with_their_digests(files: tuple[Path, Path]) -> None:
    evaluation = evaluate_files(*files, n_resamples=50, seed=1, allow_unknown=True)
    result = json.loads(json.dumps(evaluation.to_dict(), allow_nan=False))
    assert result["counts"] == {
        "articles": 2,
        "articles_without_stance": 1,
        "articles_predicted": 2,
        "gold_speakers": 1,
        "gold_stances": 1,
        "predicted_speakers": 2,
        "predicted_stances": 2,
        "false_speakers_without_stance": 1,
        "unknown_articles": 1,
    }
    assert result["unknown_articles"] == ["zz"]
    assert result["figures"]["detection/precision"]["value"] == 0.5
    assert set(result["figures"]["detection/precision"]) == {"value", "low", "high", "n"}
    assert result["figures"]["stance/support/f1"]["value"] is None
    assert result["confusion"]["deny"] == {"support": 0, "deny": 1, "ambiguous": 0}
    assert result["bootstrap"] == {
        "n_resamples": 50,
        "seed": 1,
        "level": 0.95,
        "unit": "article",
    }
    for given, path in zip(result["inputs"], files, strict=True):
        assert given["path"] == str(path)
        assert given["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [given["role"] for given in result["inputs"]] == ["gold", "predictions"]


def test_an_unknown_article_is_an_error_unless_allowed(files: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match=r"predictions\.jsonl:3: article 'zz' is not in gold"):
        evaluate_files(*files, n_resamples=0, seed=1, allow_unknown=False)


def test_an_absent_file_is_an_error(files: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match=r"absent\.jsonl: cannot be read"):
        evaluate_files(files[0], Path("absent.jsonl"), n_resamples=0, seed=1, allow_unknown=False)


def _rendered(evaluation_files: tuple[Path, Path], terminal: bool, width: int) -> str:
    evaluation = evaluate_files(*evaluation_files, n_resamples=50, seed=1, allow_unknown=True)
    console = Console(file=io.StringIO(), force_terminal=terminal, width=width)
    render(evaluation, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_table_is_plain_text_where_there_is_no_terminal(files: tuple[Path, Path]) -> None:
    text = _rendered(files, terminal=False, width=80)
    assert text.isascii()
    assert "\x1b" not in text
    line = next(row for row in text.splitlines() if "detection/precision" in row)
    assert [cell.strip() for cell in line.strip("|").split("|")] == [
        "detection/precision",
        "0.500",
        "0.000 to 1.000",
        "2",
    ]
    undefined = next(row for row in text.splitlines() if "stance/support/f1" in row)
    assert [cell.strip() for cell in undefined.strip("|").split("|")][1:] == ["-", "-", "0"]
    assert hashlib.sha256(files[0].read_bytes()).hexdigest() in text
    assert "unknown articles: 1" in text


def test_every_figure_is_shown_in_full_at_80_columns(files: tuple[Path, Path]) -> None:
    text = _rendered(files, terminal=False, width=80)
    evaluation = evaluate_files(*files, n_resamples=0, seed=1, allow_unknown=True)
    for name in evaluation.figures:
        assert f" {name} " in text
    assert "\x1b" in _rendered(files, terminal=True, width=80)


def test_names_are_not_read_as_markup(speaker: MakeSpeaker) -> None:
    evaluation = evaluate({"a1": (speaker("Anna Bergdal", "deny"),)}, {}, n_resamples=0, seed=0)
    console = Console(file=io.StringIO(), width=80)
    render_figures({"[bold]odd[/bold]": evaluation.figures["detection/f1"]}, console)
    assert isinstance(console.file, io.StringIO)
    assert "[bold]odd[/bold]" in console.file.getvalue()


def test_importing_evaluation_needs_neither_torch_nor_hydra() -> None:
    code = "import sys, stance.evaluation; print(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for name in ("torch", "transformers", "hydra", "omegaconf", "requests"):
        assert f"'{name}'" not in done.stdout
    assert "'sklearn'" in done.stdout
