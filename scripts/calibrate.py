"""Fits the calibration over the whole way: `python scripts/calibrate.py [overrides]`."""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from scripts._hydra import CONFIGS, run
from stance.config import build
from stance.evaluation.calibrate_run import CalibrateConfig, calibrate


@hydra.main(version_base="1.3", config_path=CONFIGS, config_name="calibrate")
def main(cfg: DictConfig) -> None:
    """Composes, converts, fits."""
    run(cfg, lambda values: calibrate(build(CalibrateConfig, values)))


if __name__ == "__main__":
    main()
