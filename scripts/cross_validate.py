"""Cross-validates the recipe on a public corpus: `python scripts/cross_validate.py [overrides]`."""

from __future__ import annotations

import logging

import hydra
from omegaconf import DictConfig

from scripts._hydra import CONFIGS, run
from stance.config import build
from stance.training.config import StanceConfig
from stance.training.cross_validation import cross_validate


@hydra.main(version_base="1.3", config_path=CONFIGS, config_name="cross_validate")
def main(cfg: DictConfig) -> None:
    """Composes, converts, trains a model a fold."""
    logging.getLogger("stance").setLevel(logging.INFO)

    def job(values: dict[str, object]) -> object:
        corpus = str(values.pop("corpus"))
        return cross_validate(build(StanceConfig, values), corpus)

    run(cfg, job)


if __name__ == "__main__":
    main()
