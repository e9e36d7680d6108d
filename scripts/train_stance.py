"""Trains the stance model: `python scripts/train_stance.py [overrides]`; see configs/."""

from __future__ import annotations

import logging

import hydra
from omegaconf import DictConfig

from scripts._hydra import CONFIGS, run
from stance.config import build
from stance.training.config import StanceConfig
from stance.training.stance import train_stance


@hydra.main(version_base="1.3", config_path=CONFIGS, config_name="train_stance")
def main(cfg: DictConfig) -> None:
    """Composes, converts, trains."""
    logging.getLogger("stance").setLevel(logging.INFO)
    run(cfg, lambda values: train_stance(build(StanceConfig, values)))


if __name__ == "__main__":
    main()
