"""Scores models or predictions: `python scripts/evaluate.py [overrides]`; see configs/."""

from __future__ import annotations

import sys
from typing import Any

import hydra
from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from scripts._hydra import CONFIGS, run
from stance.config import build
from stance.evaluation.run import EvaluateConfig, run_evaluation


@hydra.main(version_base="1.3", config_path=CONFIGS, config_name="evaluate")
def main(cfg: DictConfig) -> None:
    """Composes, converts, evaluates, prints."""
    run(cfg, lambda values: _print(_evaluated(values)))


def _evaluated(values: dict[str, Any]) -> dict[str, Any]:
    model = values.pop("model", None)
    config = build(EvaluateConfig, values)
    embed = None
    if model is not None and config.task != "attribution":
        from stance.training.config import ModelConfig
        from stance.training.embedding import frozen_encoder

        embed = frozen_encoder(build(ModelConfig, model), max_tokens=config.probe.max_tokens)
    return run_evaluation(config, embed=embed)


def _print(scores: dict[str, Any]) -> None:
    console = Console(file=sys.stdout)
    for name, figures in scores.items():
        table = Table("figure", "value", "95 % interval", title=name)
        for figure, value in figures.items() if isinstance(figures, dict) else ():
            if isinstance(value, dict) and value.get("value") is not None:
                table.add_row(
                    figure, f"{value['value']:.3f}", f"{value['low']:.3f}–{value['high']:.3f}"
                )
        if table.row_count:
            console.print(table)


if __name__ == "__main__":
    main()
