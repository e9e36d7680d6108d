"""Builds the corpus's JSONL from its mark-up and checks it and its splits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from stance.corpus.markup import parse_markup, read_markup, write_markup
from stance.corpus.schema import AnnotatedArticle
from stance.corpus.splits import ARTICLES, SPLITS, split_ids
from stance.errors import InputError


def check_markup(paths: Sequence[Path]) -> tuple[list[AnnotatedArticle], list[InputError]]:
    """Reads marked-up files.

    Args:
        paths: Files to read.

    Returns:
        The articles that are right, and an error for each other file.
    """
    articles, errors = [], []
    for path in paths:
        try:
            article = read_markup(path)
            if parse_markup(write_markup(article), article_id=article.id) != article:
                raise InputError("mark-up that does not survive a round trip", source=str(path))
            articles.append(article)
        except InputError as error:
            errors.append(error)
    return articles, errors


def build(root: Path) -> tuple[list[AnnotatedArticle], list[InputError]]:
    """Builds `articles.jsonl` from `articles/*/*.md`; writes nothing if anything is wrong.

    Args:
        root: The corpus's folder, for instance `data/troops`.

    Returns:
        The articles and the errors found.
    """
    paths = sorted((root / "articles").glob("*/*.md"))
    if not paths:
        return [], [InputError("no marked-up articles", source=str(root / "articles"))]
    articles, errors = check_markup(paths)
    errors += check_splits(articles, split_ids(root), str(root / "splits.json"))
    if not errors:
        lines = [json.dumps(a.to_dict(), ensure_ascii=False) + "\n" for a in articles]
        partial = root / f"{ARTICLES}.part"
        partial.write_text("".join(lines), encoding="utf-8")
        partial.replace(root / ARTICLES)
    return articles, errors


def check_splits(
    articles: Sequence[AnnotatedArticle], ids: dict[str, list[str]], source: str
) -> list[InputError]:
    """Checks that every article is in one split and no event or brief in two."""
    errors = []
    place: dict[str, str] = {}
    for split in SPLITS:
        for article_id in ids[split]:
            if article_id in place:
                errors.append(InputError(f"{article_id} is in two splits", source=source))
            place[article_id] = split
    known = {a.id for a in articles}
    for article_id in sorted(set(place) - known):
        errors.append(InputError(f"{article_id} is no article", source=source))
    for article_id in sorted(known - set(place)):
        errors.append(
            InputError(f"{article_id} is in no split", source=source, fix="add it to one")
        )
    for what in ("event", "brief"):
        sides: dict[str, set[str]] = {}
        for article in articles:
            if article.id in place:
                sides.setdefault(getattr(article, what), set()).add(place[article.id])
        errors += [
            InputError(f"{what} {name} is in {' and '.join(sorted(s))}", source=source)
            for name, s in sorted(sides.items())
            if len(s) > 1
        ]
    return errors


def report(articles: Sequence[AnnotatedArticle], ids: dict[str, list[str]]) -> dict[str, object]:
    """Counts articles, words, speakers by label, statements by form, and rules, by split."""
    out: dict[str, object] = {}
    for split in ("all", *SPLITS):
        chosen = [a for a in articles if split == "all" or a.id in set(ids[split])]
        speakers = [s for a in chosen for s in a.speakers]
        lengths = [len(a.text.split()) for a in chosen]
        out[split] = {
            "articles": len(chosen),
            "articles_without_stance": sum(
                all(s.stance == "none" for s in a.speakers) for a in chosen
            ),
            "words_mean": round(sum(lengths) / max(1, len(lengths)), 1),
            "speakers": dict(sorted(Counter(s.stance for s in speakers).items())),
            "rules": dict(sorted(Counter(str(s.rule) for s in speakers if s.rule).items())),
            "forms": dict(sorted(Counter(s.form for a in chosen for s in a.statements).items())),
            "briefs": len({a.brief for a in chosen}),
            "events": len({a.event for a in chosen}),
        }
    return out
