"""Downloads the public corpora that training uses, and checks them.

`python scripts/fetch_public.py [NAME…] --root DIR [--check]`; without names, all of them. Needs a
network connection, except with --check. Each corpus goes into its own folder below DIR; what is
there and right is not fetched again.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from stance.corpus.public.fetch import check, fetch
from stance.corpus.public.sources import SOURCES
from stance.errors import InputError


def main() -> int:
    """Returns 0, or 2 if a corpus is absent or not what was released."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(SOURCES)}"
    )
    parser.add_argument("--root", type=Path, required=True, help="folder of all corpora")
    parser.add_argument(
        "--check", action="store_true", help="only check what is there; needs no network"
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    unknown = [name for name in arguments.names if name not in SOURCES]
    if unknown:
        parser.error(f"no corpus {', '.join(unknown)}; use {', '.join(SOURCES)}")
    n_faults = 0
    for name in arguments.names or SOURCES:
        source = SOURCES[name]
        try:
            findings = (check if arguments.check else fetch)(source, arguments.root)
        except InputError as error:
            n_faults += 1
            sys.stderr.write(f"{error}\n")
            continue
        n_faults += sum(finding.is_fault for finding in findings)
        lines = [source.title, *(f"  {finding}" for finding in findings)]
        lines += [f"  licence: {source.licence}", f"  cite: {source.citation}"]
        sys.stdout.write("\n".join([*lines, f"  from: {source.homepage}\n"]))
    return 2 if n_faults else 0


if __name__ == "__main__":
    sys.exit(main())
