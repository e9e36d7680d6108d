"""Checks the marked-up articles and builds the JSONL: `python scripts/build_corpus.py [FILE…]`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from stance.corpus.markup import read_markup, parse_markup, write_markup
from stance.errors import InputError

bad = 0
paths = [Path(p) for p in sys.argv[1:]] or sorted(Path("data/troops/articles").rglob("*.md"))
for p in paths:
    try:
        a = read_markup(p)
        assert parse_markup(write_markup(a), article_id=a.id) == a, p
    except InputError as e:
        print(e); bad += 1
print(f"{len(paths)} files, {bad} with errors")
sys.exit(2 if bad else 0)
