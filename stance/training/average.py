"""One checkpoint of several: the mean of their weights.

Runs that start from the same checkpoint often lie in one basin, and the mean of what they learned
then errs less than each of them (Wortsman et al., "Model soups", ICML 2022).
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from stance.classification.gold import gold_passages
from stance.config import build
from stance.corpus.splits import load
from stance.errors import ModelError
from stance.training.attribution import score_tagger
from stance.training.config import AttributionConfig, StanceConfig
from stance.training.runs import read_provenance, write_provenance
from stance.training.stance import calibrate_checkpoint

logger = logging.getLogger(__name__)

_WEIGHTS = "model.safetensors"


def average_checkpoints(checkpoints: Sequence[Path], output: Path) -> Path:
    """Averages checkpoints, and calibrates the result anew where it is a stance model.

    Args:
        checkpoints: At least two folders that `train_stance` or that `train_attribution` wrote;
            all of one task and architecture. The last one's configuration is the result's.
        output: Folder to write.

    Returns:
        `output`, with the provenance of all parts.

    Raises:
        ModelError: There are fewer than two, or one is missing or of another shape.
    """
    if len(checkpoints) < 2:
        raise ModelError("give two checkpoints or more")
    parts = [read_provenance(folder) for folder in checkpoints]
    weights = [load_file(folder / _WEIGHTS) for folder in checkpoints]
    shapes = [{name: tensor.shape for name, tensor in w.items()} for w in weights]
    for folder, shape in zip(checkpoints, shapes, strict=True):
        if shape != shapes[-1]:
            raise ModelError(f"{folder}: not of the same architecture as {checkpoints[-1]}")
    task = parts[-1]["task"]
    shutil.copytree(checkpoints[-1], output, dirs_exist_ok=True)
    mean = {name: torch.stack([w[name] for w in weights]).mean(0) for name in weights[-1]}
    save_file(mean, output / _WEIGHTS, metadata={"format": "pt"})
    config: AttributionConfig | StanceConfig
    if task == "attribution":
        config = build(AttributionConfig, parts[-1]["config"])
        scores = score_tagger(output, config)
    else:
        config = build(StanceConfig, parts[-1]["config"])
        passages = gold_passages(
            load(Path(config.data.root), "dev"), form=config.passage.form, single_statements=False
        )
        scores = calibrate_checkpoint(output, config, passages)
    data = parts[-1]["data_sha256"]
    write_provenance(output, config=config, data=data, scores=scores, task=task, averaged=parts)
    logger.info("%s: %s", output, scores)
    return output
