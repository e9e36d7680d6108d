"""Averages checkpoints: `python scripts/average_checkpoints.py A/best B/best --output C`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from stance.errors import StanceError
from stance.training.average import average_checkpoints


def main(
    checkpoints: Annotated[list[Path], typer.Argument(help="Folders of finished runs.")],
    output: Annotated[Path, typer.Option(help="Folder to write.")],
) -> None:
    """Writes the mean of their weights, scored (and calibrated) on the development texts."""
    logging.basicConfig(level=logging.INFO)
    try:
        average_checkpoints(checkpoints, output)
    except StanceError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from None


if __name__ == "__main__":
    typer.run(main)
