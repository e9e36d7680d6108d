"""Results as a table for people: rich in a terminal, plain lines in a pipe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

STYLES: dict[str | None, str] = {
    "support": "green",
    "deny": "red",
    "ambiguous": "yellow",
    None: "dim",
}
"""Terminal colour of each stance."""

_MAX_WORDS = 40


def print_table(records: Iterable[dict[str, Any]], console: Console) -> None:
    """Prints records grouped by article.

    Args:
        records: As `ScoredArticle.records` gives them.
        console: Where to; tabs and no colours unless it is a terminal.
    """
    if not console.is_terminal:
        for r in records:
            cells = (r["article_id"], _speaker(r), r["stance"] or "-", _percent(r), _words(r))
            # Not through the console: it would wrap and pad the line.
            console.file.write("\t".join(" ".join(str(c or "-").split()) for c in cells) + "\n")
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    by_article: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        by_article.setdefault(record["article_id"], []).append(record)
    for article_id, rows in by_article.items():
        table = Table(
            title=Text(rows[0]["title"] or article_id, style="bold"),
            title_justify="left",
            box=SIMPLE_HEAD,
            expand=True,
        )
        table.add_column("speaker", ratio=3)
        table.add_column("stance", min_width=9)
        table.add_column("sure", justify="right", min_width=4)
        table.add_column("words it rests on", ratio=6)
        for r in rows:
            table.add_row(
                Text(_speaker(r)),
                Text(r["stance"] or "–", style=STYLES[r["stance"]]),
                Text(_percent(r)),
                Text(_words(r)),
            )
        console.print(table)


def _speaker(record: dict[str, Any]) -> str:
    name = record["speaker"] or "nobody takes a stance"
    return f"{name} ({record['role']})" if record["role"] else name


def _percent(record: dict[str, Any]) -> str:
    return "" if record["confidence"] is None else f"{record['confidence']:.0%}"


def _words(record: dict[str, Any]) -> str:
    """Returns the statement that carries the label, shortened."""
    statements = record["statements"]
    if not statements:
        return ""
    words = max(statements, key=lambda s: s["weight"])["text"].split()
    return " ".join(words[:_MAX_WORDS]) + (" …" if len(words) > _MAX_WORDS else "")
