"""Fits the screen: `python scripts/train_screen.py [overrides]`; see configs/train_screen.yaml."""

from __future__ import annotations

import logging

import hydra
from omegaconf import DictConfig

from scripts._hydra import CONFIGS, run
from stance.config import build
from stance.training.config import ScreenConfig
from stance.training.screen import train_screen


@hydra.main(version_base="1.3", config_path=CONFIGS, config_name="train_screen")
def main(cfg: DictConfig) -> None:
    """Composes, converts, fits."""
    logging.getLogger("stance").setLevel(logging.INFO)
    run(cfg, lambda values: train_screen(build(ScreenConfig, values)))


if __name__ == "__main__":
    main()
