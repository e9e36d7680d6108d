"""Fits the screen (`stance.inference.screen`) to the corpus and to news about other things."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from stance.corpus.public.polnear import read_polnear
from stance.corpus.schema import AnnotatedArticle
from stance.corpus.splits import ARTICLES, BANK, load, load_bank
from stance.inference.screen import SCREEN_FILE, Screen, features, windows
from stance.schema import NONE, Article
from stance.training.config import ScreenConfig
from stance.training.runs import file_checksums, git_commit

logger = logging.getLogger(__name__)


def train_screen(config: ScreenConfig) -> dict[str, float]:
    """Fits the screen and chooses its threshold by cross-validation, grouped by event.

    A window of a statement on the target is a positive example, as is a passage of the bank with
    a stance; windows of articles in which nobody takes one, passages without one and PolNeAR are
    negative. The highest threshold that loses no more than `max_lost` held-out articles is
    lowered by `slack`, since other pages are worded otherwise than the corpus.

    Args:
        config: See `configs/train_screen.yaml`.

    Returns:
        Articles with a stance, how many of them are lost in cross-validation, and the shares of
        articles without a stance and of PolNeAR articles that are read all the same.

    Raises:
        InputError: A corpus is missing.
    """
    root = Path(config.corpus_root)
    articles = [a for split in ("train", "dev") for a in load(root, split)]
    others = [
        Article(text=t.text, id=t.id)
        for split in ("train", "dev")
        for t in read_polnear(Path(config.polnear_root), split)
    ]
    examples, labels, groups = _examples(config, articles, others)
    vectorizer = DictVectorizer(dtype=np.float32)
    matrix = vectorizer.fit_transform(dict.fromkeys(e, 1.0) for e in examples)
    frequent = np.flatnonzero(np.asarray((matrix > 0).sum(0)).ravel() >= config.min_count)
    names = vectorizer.get_feature_names_out()[frequent]
    matrix = sparse.csr_matrix(matrix)[:, frequent]

    held_out: dict[str, float] = {}
    by_group: dict[str, list[Article]] = {}
    for annotated in articles:
        by_group.setdefault(annotated.event, []).append(annotated.article())
    for other in others:
        by_group.setdefault(other.id, []).append(other)
    for train, test in GroupKFold(config.folds).split(matrix, labels, groups):
        screen = _fit(config, matrix[train], labels[train], names)
        for group in sorted({groups[i] for i in test}):
            for found in by_group.get(group, ()):
                held_out[found.id] = screen.score(found)
    positive = sorted(held_out[a.id] for a in articles if _has_stance(a) and a.id in held_out)
    threshold = positive[config.max_lost] - config.slack
    negative = [held_out[a.id] for a in articles if not _has_stance(a) and a.id in held_out]
    off_target = [held_out[a.id] for a in others if a.id in held_out]
    figures = {
        "articles_with_stance": float(len(positive)),
        "lost": float(sum(s < threshold for s in positive)),
        "read_of_articles_without_stance": float(np.mean([s >= threshold for s in negative])),
        "read_of_polnear": float(np.mean([s >= threshold for s in off_target])),
    }
    final = _fit(config, matrix, labels, names)
    _write(config, Screen(**{**asdict(final), "threshold": round(threshold, 4)}), figures)
    return figures


def _examples(
    config: ScreenConfig, articles: Sequence[AnnotatedArticle], others: Sequence[Article]
) -> tuple[list[set[str]], NDArray[np.int64], list[str]]:
    examples: list[set[str]] = []
    labels: list[int] = []
    groups: list[str] = []

    def add(text: str, label: int, group: str) -> None:
        for window in windows(text):
            examples.append(features(window))
            labels.append(label)
            groups.append(group)

    for article in articles:
        if not _has_stance(article):
            add(f"{article.title}\n{article.text}", 0, article.event)
            continue
        for statement in article.statements:
            if statement.stance != NONE:
                text = article.title if statement.field == "title" else article.text
                start, end = statement.content[0].start, statement.content[-1].end
                add(text[max(0, start - config.margin) : end + config.margin], 1, article.event)
    for passage in load_bank(Path(config.corpus_root)):
        add(passage.text, int(passage.stance != NONE), passage.situation)
    for other in others:
        add(other.text, 0, other.id)
    return examples, np.array(labels), groups


def _has_stance(article: AnnotatedArticle) -> bool:
    return any(s.stance != NONE for s in article.speakers)


def _fit(config: ScreenConfig, matrix: Any, labels: NDArray[np.int64], names: Any) -> Screen:
    model = LogisticRegression(C=config.c, max_iter=1000, class_weight="balanced")
    model.fit(matrix, labels)
    kept = np.argsort(-np.abs(model.coef_[0]))[: config.max_features]
    model.fit(matrix[:, kept], labels)
    weights = {str(names[k]): round(float(w), 3) for k, w in zip(kept, model.coef_[0], strict=True)}
    return Screen(
        weights=dict(sorted((k, w) for k, w in weights.items() if w)),
        intercept=round(float(model.intercept_[0]), 4),
        threshold=0.0,
    )


def _write(config: ScreenConfig, screen: Screen, figures: dict[str, float]) -> None:
    folder = Path(config.output_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SCREEN_FILE).write_text(json.dumps(asdict(screen), ensure_ascii=False, indent=0))
    root = Path(config.corpus_root)
    provenance = {
        "task": "screen",
        "config": asdict(config),
        "commit": git_commit(),
        "data_sha256": file_checksums([root / ARTICLES, root / BANK]),
        "cross_validation": figures,
    }
    text = json.dumps(provenance, indent=2)
    (folder / "screen.provenance.json").write_text(text + "\n", "utf-8")
    logger.info("%s: %s", folder, figures)
