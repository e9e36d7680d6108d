"""Builds the corpus's JSONL from its mark-up and checks it and its splits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.corpus.markup import parse_markup, read_markup, write_markup
from stance.corpus.passages import AnnotatedPassage, read_passages
from stance.corpus.schema import AnnotatedArticle
from stance.corpus.splits import (
    ARTICLES,
    BANK,
    CONTRAST,
    SPLIT_IDS,
    SPLITS,
    contrast_ids,
    split_ids,
)
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


def check_passages(
    paths: Sequence[Path],
) -> tuple[list[AnnotatedPassage], list[InputError]]:
    """Reads files of marked-up passages, whose situations must differ between files.

    Args:
        paths: Files `BRIEF/NAME.md`.

    Returns:
        The passages that are right, and an error for each other one.
    """
    passages: list[AnnotatedPassage] = []
    errors: list[InputError] = []
    home: dict[str, Path] = {}
    for path in paths:
        found, wrong = read_passages(path)
        errors += wrong
        for situation in dict.fromkeys(p.situation for p in found):
            if home.setdefault(situation, path) != path:
                errors.append(
                    InputError(
                        f"situation {situation} stands in {home[situation]} too",
                        source=str(path),
                        fix="give it another number",
                    )
                )
        passages += found
    return passages, errors


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """All that the mark-up holds.

    Attributes:
        articles: The annotated articles.
        bank: Passages for training.
        contrast: Passages for examination, in pairs.
    """

    articles: list[AnnotatedArticle]
    bank: list[AnnotatedPassage]
    contrast: list[AnnotatedPassage]


def check_files(paths: Sequence[Path]) -> tuple[Corpus, list[InputError]]:
    """Reads any marked-up files: passages by their first line, articles else.

    Args:
        paths: Files to read.

    Returns:
        What is right, and an error for everything else.
    """
    articles, errors = check_markup([p for p in paths if not _holds_passages(p)])
    passages, wrong = check_passages([p for p in paths if _holds_passages(p)])
    return Corpus(articles=articles, bank=passages, contrast=[]), errors + wrong


def _holds_passages(path: Path) -> bool:
    return path.is_file() and path.read_bytes()[:2] == b"# "


def build(root: Path) -> tuple[Corpus, list[InputError]]:
    """Builds the JSONL files from the mark-up; writes nothing if anything is wrong.

    Args:
        root: The corpus's folder, for instance `data/troops`.

    Returns:
        The corpus and the errors found.
    """
    paths = sorted((root / "articles").glob("*/*.md"))
    articles, errors = check_markup(paths)
    if not paths:
        errors.append(InputError("no marked-up articles", source=str(root / "articles")))
    bank, wrong = check_passages(sorted((root / "passages").glob("*/*.md")))
    errors += wrong
    contrast, wrong = check_passages(sorted((root / "contrast").glob("*/*.md")))
    errors += wrong
    if not errors:
        source = str(root / SPLIT_IDS)
        errors += check_splits(articles, split_ids(root), source)
        errors += check_contrast(contrast, contrast_ids(root), source)
    if not errors:
        for name, rows in ((ARTICLES, articles), (BANK, bank), (CONTRAST, contrast)):
            lines = [json.dumps(row.to_dict(), ensure_ascii=False) + "\n" for row in rows]
            partial = root / f"{name}.part"
            partial.write_text("".join(lines), encoding="utf-8")
            partial.replace(root / name)
    return Corpus(articles=articles, bank=bank, contrast=contrast), errors


def check_contrast(
    passages: Sequence[AnnotatedPassage], ids: dict[str, list[str]], source: str
) -> list[InputError]:
    """Checks that every contrast situation has a pair and stands in exactly one split."""
    errors = []
    paired = {p.situation for p in passages if p.partner is not None}
    known = {p.situation for p in passages}
    errors += [
        InputError(f"{name} of the contrast set has no pair", source=source, fix="mark it with '~'")
        for name in sorted(known - paired)
    ]
    times = Counter(name for names in ids.values() for name in names)
    for name in sorted(known | set(times)):
        if name not in known:
            errors.append(InputError(f"{name} is no situation", source=source))
        elif times[name] != 1:
            errors.append(
                InputError(
                    f"{name} is in {times[name]} splits of the contrast set",
                    source=source,
                    fix="put it in one",
                )
            )
    return errors


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
