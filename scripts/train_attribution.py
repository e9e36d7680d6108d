"""Trains the tagger: `python scripts/train_attribution.py [overrides]`; see configs/."""

from __future__ import annotations

import logging

import hydra
from omegaconf import DictConfig

from scripts._hydra import CONFIGS, run
from stance.config import build
from stance.training.attribution import train_attribution
from stance.training.config import AttributionConfig


@hydra.main(version_base="1.3", config_path=CONFIGS, config_name="train_attribution")
def main(cfg: DictConfig) -> None:
    """Composes, converts, trains."""
    logging.getLogger("stance").setLevel(logging.INFO)
    run(cfg, lambda values: train_attribution(build(AttributionConfig, values)))


if __name__ == "__main__":
    main()
