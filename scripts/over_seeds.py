"""Mean and 95 % interval of scores over runs that differ in the seed alone.

`python scripts/over_seeds.py runs/eval/seed-*/scores.json --output results/NAME.json`
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console

from stance.evaluation.compare import over_seeds
from stance.evaluation.report import render_figures


def main() -> int:
    """Returns 0, or 2 if a file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="scores.json of each run")
    parser.add_argument("--output", type=Path, help="JSON file to write")
    arguments = parser.parse_args()
    try:
        runs = [_figures(path) for path in arguments.files]
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{error!r}: give files that scripts/evaluate.py wrote\n")
        return 2
    found = over_seeds(runs)
    render_figures(found, Console())
    if arguments.output:
        names = [str(path) for path in arguments.files]
        values = {"files": names, "figures": {k: f.to_dict() for k, f in found.items()}}
        arguments.output.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    return 0


def _figures(path: Path) -> dict[str, float | None]:
    scores: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    figures = scores["figures"] if "figures" in scores else scores["model"]
    return {name: figure["value"] for name, figure in figures.items()}


if __name__ == "__main__":
    sys.exit(main())
