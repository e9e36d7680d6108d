"""Cross-validation on a public corpus, with a tiny model and rows made here."""

from __future__ import annotations

import json

import pytest

from stance.config import build
from stance.corpus.public import PairExample
from stance.errors import ConfigError
from stance.training import cross_validation
from stance.training.config import StanceConfig
from stance.training.cross_validation import FOLDS, cross_validate
from tests.training.test_configs import composed

SAID = {
    "support": "we will send soldiers",
    "deny": "no soldiers will go",
    "ambiguous": "it is early",
}


@pytest.fixture
def config(root, tiny_model, tmp_path):
    values = composed(root, "cross_validate")
    values.pop("corpus")
    values["model"] = {
        "name": "tiny", "source": str(tiny_model), "sha256": None, "init": "base",
        "attention_dropout": None,
    }  # fmt: skip
    values["training"] |= {
        "epochs": 25,
        "learning_rate": 2e-2,
        "precision": "fp32",
        "batch_size": 4,
    }
    values["training"]["progress"] = False
    values["passage"]["max_tokens"] = 32
    values["intermediate"]["corpora"] = None
    values["output_dir"] = str(tmp_path / "runs")
    return values


@pytest.fixture
def rows(monkeypatch):
    made = [
        PairExample(
            proposition="troops should be deployed", passage=words, allowed=frozenset({label}),
            group=f"g{i}", corpus="gwsd", id=f"{label}-{i}",
        )
        for i in range(10)
        for label, words in SAID.items()
    ]  # fmt: skip
    halves = {"train": made[:20], "dev": made[20:]}
    monkeypatch.setattr(cross_validation, "read_pairs", lambda _name, _root, split: halves[split])
    return made


def test_every_row_is_scored_by_a_model_that_has_not_read_it(config, rows, tmp_path):
    result = cross_validate(build(StanceConfig, config), "gwsd")
    assert result["rows"] == 30
    assert len(result["folds"]) == FOLDS
    assert result["macro_f1"] > 0.45  # the largest class alone gives 0.17
    stored = json.loads((tmp_path / "runs/scores.json").read_text("utf-8"))
    assert stored["macro_f1"] == result["macro_f1"]


def test_a_corpus_that_the_first_stage_reads_is_refused(config, rows):
    config["intermediate"]["corpora"] = {"gwsd": 1.0}
    with pytest.raises(ConfigError, match="'gwsd' is to be scored; give 0"):
        cross_validate(build(StanceConfig, config), "gwsd")
