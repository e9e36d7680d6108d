"""Marked-up articles ↔ Label Studio: `python scripts/label_studio.py export|import …`.

`docs/annotation.md` describes the project that the tasks belong to.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from stance.corpus.build import check_markup
from stance.corpus.label_studio import from_label_studio, to_label_studio
from stance.corpus.markup import write_markup
from stance.corpus.schema import AnnotatedArticle
from stance.errors import InputError


def main() -> int:
    """Returns 0, or 2 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="marked-up files → tasks")
    export.add_argument("files", nargs="+", type=Path, help="files articles/BRIEF/ID.md")
    export.add_argument("--output", type=Path, required=True, help="JSON file to write")
    back = commands.add_parser("import", help="exported JSON → marked-up files")
    back.add_argument("file", type=Path, help="what Label Studio exported as JSON")
    back.add_argument("--output", type=Path, required=True, help="folder; BRIEF/ID.md under it")
    arguments = parser.parse_args()
    if arguments.command == "export":
        articles, errors = check_markup(arguments.files)
        if articles:
            tasks = json.dumps(to_label_studio(articles), ensure_ascii=False, indent=1)
            arguments.output.write_text(tasks + "\n", encoding="utf-8")
    else:
        articles, errors = _imported(arguments.file)
        for article in articles:
            path = arguments.output / article.brief / f"{article.id}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(write_markup(article), encoding="utf-8")
    for error in errors:
        sys.stderr.write(f"{error}\n")
    sys.stdout.write(f"{len(articles)} articles, {len(errors)} errors\n")
    return 2 if errors else 0


def _imported(file: Path) -> tuple[list[AnnotatedArticle], list[InputError]]:
    try:
        tasks = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [], [InputError(f"cannot be read ({error})", source=str(file))]
    if not isinstance(tasks, list):
        return [], [InputError("not a list of tasks", source=str(file), fix="export as JSON")]
    return from_label_studio(tasks, source=str(file))


if __name__ == "__main__":
    sys.exit(main())
