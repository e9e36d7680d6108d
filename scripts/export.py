"""Exports a checkpoint to int8 ONNX: `python scripts/export.py checkpoint=… output_dir=…`."""

from __future__ import annotations

import logging

import hydra
from omegaconf import DictConfig

from scripts._hydra import CONFIGS, run
from stance.config import build
from stance.training.config import ExportConfig
from stance.training.export import export


@hydra.main(version_base="1.3", config_path=CONFIGS, config_name="export")
def main(cfg: DictConfig) -> None:
    """Composes, converts, exports."""
    logging.getLogger("stance").setLevel(logging.INFO)
    run(cfg, lambda values: export(build(ExportConfig, values)))


if __name__ == "__main__":
    main()
