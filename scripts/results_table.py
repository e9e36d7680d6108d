"""Puts measured figures into the documents: `python scripts/results_table.py [--check]`.

`results/tables.yaml` says which figure of which file stands in which row. Between the lines
`<!-- table NAME -->` and `<!-- end -->` of a document the table NAME is written anew, so that no
figure is typed by hand; `--check` writes nothing and fails where a document is behind its files.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent

_BLOCK = re.compile(r"(<!-- table (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> int:
    """Returns 0; 1 if a document is behind; 2 if a table or figure is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    described = yaml.safe_load((ROOT / "results/tables.yaml").read_text("utf-8"))
    behind = []
    for document in described["documents"]:
        path = ROOT / document
        text = path.read_text("utf-8")
        try:
            new = _BLOCK.sub(lambda m: m[1] + table(described["tables"][m[2]]) + m[3], text)
        except (KeyError, OSError, ValueError) as error:
            sys.stderr.write(f"{document}: {error!r}: see results/tables.yaml\n")
            return 2
        if new != text:
            behind.append(document)
            if not check:
                path.write_text(new, "utf-8")
    for document in behind:
        sys.stdout.write(f"{document} {'is behind its results' if check else 'written'}\n")
    return 1 if check and behind else 0


def table(described: dict[str, Any]) -> str:
    """Returns a Markdown table.

    Args:
        described: `columns` (names; "{column}" in a row's file stands for them) and `rows`, each
            with `label`, `file` in results/, `section` (key path in it, joined by ".") and
            `figure`. A file that does not exist in one column leaves a dash there.
    """
    columns = described["columns"]
    lines = ["| what | " + " | ".join(columns) + " | file |", "|---" * (len(columns) + 2) + "|"]
    for row in described["rows"]:
        cells = [_cell(row, column) for column in columns]
        if not any(cell != "–" for cell in cells):
            raise ValueError(f"no file holds '{row['label']}'")
        file = row["file"].replace("{column}", "*")
        lines.append(f"| {row['label']} | " + " | ".join(cells) + f" | `results/{file}` |")
    return "\n".join(lines) + "\n"


def _cell(row: dict[str, Any], column: str) -> str:
    path = ROOT / "results" / row["file"].replace("{column}", column)
    if not path.exists():
        return "–"
    values = json.loads(path.read_text("utf-8"))
    for key in filter(None, str(row["section"]).replace("{column}", column).split(".")):
        if key not in values:
            return "–"
        values = values[key]
    found = values[row["figure"]]
    digits = row.get("digits", 2)
    if not isinstance(found, dict):
        return f"{found:,.{digits}f}"
    shown = f"{found['value']:.{digits}f}"
    if found.get("low") is None:
        return shown
    return f"{shown} [{found['low']:.{digits}f}, {found['high']:.{digits}f}]"


if __name__ == "__main__":
    sys.exit(main())
