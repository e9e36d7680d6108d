"""What the Hydra entry points share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from omegaconf import DictConfig, OmegaConf

from stance.errors import StanceError

CONFIGS = str(Path(__file__).resolve().parent.parent / "configs")
"""Folder of the YAML files."""


def run(cfg: DictConfig, job: Callable[[dict[str, Any]], object]) -> None:
    """Calls `job` on the resolved values; a user error ends in one line and exit code 2."""
    values = cast(
        "dict[str, Any]", OmegaConf.to_container(cfg, resolve=True, throw_on_missing=True)
    )
    try:
        job(values)
    except StanceError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
