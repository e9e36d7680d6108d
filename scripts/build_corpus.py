"""Checks the mark-up of articles and passages and builds the JSONL files with offsets.

`python scripts/build_corpus.py [--report] [--root data/troops] [FILE…]`; with files, these are
checked only and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from stance.corpus.build import Corpus, build, check_files
from stance.evaluation.corpus_report import corpus_report, count_articles, count_passages


def main() -> int:
    """Returns 0, or 2 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="marked-up files to check")
    parser.add_argument("--root", type=Path, default=Path("data/troops"), help="corpus folder")
    parser.add_argument("--report", action="store_true", help="print what it holds as JSON")
    arguments = parser.parse_args()
    if arguments.files:
        corpus, errors = check_files(arguments.files)
    else:
        corpus, errors = build(arguments.root)
    for error in errors:
        sys.stderr.write(f"{error}\n")
    if arguments.report and not errors:
        sys.stdout.write(json.dumps(_report(arguments, corpus), indent=2) + "\n")
    sys.stdout.write(
        f"{len(corpus.articles)} articles, {len(corpus.bank)} passages, "
        f"{len(corpus.contrast)} contrast passages, {len(errors)} errors\n"
    )
    return 2 if errors else 0


def _report(arguments: argparse.Namespace, corpus: Corpus) -> dict[str, object]:
    if not arguments.files:
        return corpus_report(arguments.root, corpus)
    return {
        "articles": count_articles(corpus.articles),
        "passages": count_passages([*corpus.bank, *corpus.contrast]),
    }


if __name__ == "__main__":
    sys.exit(main())
