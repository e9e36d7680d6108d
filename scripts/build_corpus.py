"""Checks the marked-up articles and builds the JSONL with offsets.

`python scripts/build_corpus.py [--report] [--root data/troops] [FILE…]`; with files, these are
checked only and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from stance.corpus.build import build, check_markup, report
from stance.corpus.splits import split_ids


def main() -> int:
    """Returns 0, or 2 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="marked-up files to check")
    parser.add_argument("--root", type=Path, default=Path("data/troops"), help="corpus folder")
    parser.add_argument("--report", action="store_true", help="print counts as JSON")
    arguments = parser.parse_args()
    if arguments.files:
        articles, errors = check_markup(arguments.files)
    else:
        articles, errors = build(arguments.root)
    for error in errors:
        sys.stderr.write(f"{error}\n")
    if arguments.report and not errors:
        counts = report(articles, split_ids(arguments.root))
        sys.stdout.write(json.dumps(counts, indent=2) + "\n")
    sys.stdout.write(f"{len(articles)} articles, {len(errors)} errors\n")
    return 2 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
