"""One checkpoint of several: the mean of their weights.

Runs that start from the same checkpoint often lie in one basin, and the mean of what they learned
then errs less than each of them (Wortsman et al., "Model soups", ICML 2022).
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from stance.classification.calibration import fit_calibration, macro_f1
from stance.classification.gold import gold_passages
from stance.config import build
from stance.corpus.splits import load
from stance.errors import ModelError
from stance.schema import MODEL_LABELS
from stance.training.config import LABEL2ID, StanceConfig
from stance.training.runs import PROVENANCE
from stance.training.stance import CALIBRATION, predict_logits

logger = logging.getLogger(__name__)

_WEIGHTS = "model.safetensors"


def average_checkpoints(checkpoints: Sequence[Path], output: Path) -> Path:
    """Averages stance checkpoints and calibrates the result anew.

    Args:
        checkpoints: At least two folders that `train_stance` wrote; all of one architecture. The
            last one's configuration says how passages look.
        output: Folder to write.

    Returns:
        `output`, with the provenance of all parts.

    Raises:
        ModelError: There are fewer than two, or one is missing or of another shape.
    """
    if len(checkpoints) < 2:
        raise ModelError("give two checkpoints or more")
    parts = [_provenance(folder) for folder in checkpoints]
    weights = [load_file(folder / _WEIGHTS) for folder in checkpoints]
    shapes = [{name: tensor.shape for name, tensor in w.items()} for w in weights]
    for folder, shape in zip(checkpoints, shapes, strict=True):
        if shape != shapes[-1]:
            raise ModelError(f"{folder}: not of the same architecture as {checkpoints[-1]}")
    shutil.copytree(checkpoints[-1], output, dirs_exist_ok=True)
    mean = {name: torch.stack([w[name] for w in weights]).mean(0) for name in weights[-1]}
    save_file(mean, output / _WEIGHTS, metadata={"format": "pt"})
    config = build(StanceConfig, parts[-1]["config"])
    passages = gold_passages(
        load(Path(config.data.root), "dev"), form=config.passage.form, single_statements=False
    )
    logits = predict_logits(
        output,
        config.target.proposition,
        [p.passage for p in passages],
        config.passage.max_tokens,
    )
    gold = np.array([LABEL2ID[p.label] for p in passages])
    calibration = fit_calibration(logits, gold)
    _write(output / CALIBRATION, asdict(calibration))
    found = logits.argmax(1)
    scores = {
        "eval_accuracy": float((found == gold).mean()),
        "eval_macro_f1": macro_f1(gold, found, range(len(MODEL_LABELS) - 1)),
    }
    _write(output / PROVENANCE, {**parts[-1], "scores": scores, "averaged": parts})
    logger.info("%s: %s", output, scores)
    return output


def _provenance(checkpoint: Path) -> dict[str, Any]:
    path = checkpoint / PROVENANCE
    if not path.is_file():
        raise ModelError(f"{path}: missing; give a checkpoint that scripts/train_stance.py wrote")
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


def _write(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
