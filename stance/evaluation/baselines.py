"""Baselines that label a speaker's passage, and scores of labels for gold speakers.

A baseline (or the model) is given the passage of every gold speaker and names one of the four
labels, so that finding the speakers plays no part. Passages are built elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from stance.errors import InputError
from stance.evaluation._ratios import (
    Estimate,
    FloatArray,
    by_class_and_macro,
    named,
    precision_recall_f1,
    ratio,
    total,
)
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.schema import MODEL_LABELS, Stance

_CELLS = [(gold, predicted) for gold in MODEL_LABELS for predicted in MODEL_LABELS]


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledPassage:
    """What one speaker says in one article, with its gold label.

    Attributes:
        article_id: Article it comes from.
        text: The speaker's statements.
        label: One of `stance.schema.MODEL_LABELS`.
    """

    article_id: str
    text: str
    label: str

    def __post_init__(self) -> None:
        _check_labels((self.label,))


Labeller = Callable[[Sequence[str]], list[str]]
"""Maps passages to labels out of `stance.schema.MODEL_LABELS`, one each."""

Embed = Callable[[list[str]], FloatArray]
"""Maps n texts to vectors, shape (n, d)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeConfig:
    """Settings of the linear probe.

    Attributes:
        c: Inverse strength of the L2 penalty, above 0.
        balanced: Whether classes weigh the same in training.
        max_iter: Limit on the solver's iterations.
        max_tokens: Tokens of a passage that the encoder reads; the last ones are kept.
    """

    c: float
    balanced: bool
    max_iter: int
    max_tokens: int

    def __post_init__(self) -> None:
        if min(self.max_iter, self.max_tokens) < 1 or self.c <= 0:
            raise ValueError("max_iter and max_tokens must be 1 or more, c above 0")


@dataclass(frozen=True, kw_only=True, slots=True)
class TfidfConfig:
    """Settings of the TF-IDF baseline.

    Attributes:
        max_ngram: Longest word n-gram, 1 or more.
        min_df: Least number of training passages that hold an n-gram, 1 or more.
        c: Inverse strength of the L2 penalty, above 0.
        balanced: Whether classes weigh the same in training.
        max_iter: Limit on the solver's iterations.
    """

    max_ngram: int
    min_df: int
    c: float
    balanced: bool
    max_iter: int

    def __post_init__(self) -> None:
        if min(self.max_ngram, self.min_df, self.max_iter) < 1 or self.c <= 0:
            raise ValueError("max_ngram, min_df and max_iter must be 1 or more, c above 0")


def fit_majority(
    train: Sequence[LabelledPassage], *, among: Sequence[str] = MODEL_LABELS
) -> Labeller:
    """Returns what gives every passage the label that is most frequent in training.

    Args:
        train: Training passages.
        among: Labels to choose from. `none` is often the most frequent and makes the three-class
            F1s 0; leave it out for the most frequent stance. Of equally frequent ones the first.

    Raises:
        InputError: No training passage has one of these labels.
    """
    frequency = Counter(row.label for row in train)
    best = max(among, key=lambda label: frequency[label], default=None)
    if best is None or not frequency[best]:
        raise InputError(f"no training passage is labelled {', '.join(among)}")
    return lambda texts: [best] * len(texts)


def fit_tfidf(train: Sequence[LabelledPassage], *, config: TfidfConfig) -> Labeller:
    """Fits logistic regression on TF-IDF weighted word n-grams.

    Args:
        train: Training passages with at least two different labels.
        config: Settings.

    Raises:
        InputError: The training passages cannot be learned from.

    Source: the baseline of Mohammad et al., SemEval-2016 task 6 (n-grams and a linear classifier),
    with the weights of Salton and Buckley, Term-weighting approaches, IPM 24 (1988).
    """
    vectorizer = TfidfVectorizer(
        ngram_range=(1, config.max_ngram),
        min_df=config.min_df,
        sublinear_tf=True,
        strip_accents="unicode",
    )
    return _fitted(make_pipeline(vectorizer, _classifier(config)), train)


def fit_probe(train: Sequence[LabelledPassage], *, embed: Embed, config: ProbeConfig) -> Labeller:
    """Fits logistic regression on the vectors of a frozen encoder.

    Args:
        train: Training passages with at least two different labels.
        embed: Maps n texts to vectors, shape (n, d).
        config: Settings.

    Raises:
        InputError: The training passages cannot be learned from.

    Source: Alain and Bengio, Understanding intermediate layers using linear classifier probes,
    2016.
    """
    vectors = FunctionTransformer(lambda texts: embed(list(texts)))
    return _fitted(make_pipeline(vectors, StandardScaler(), _classifier(config)), train)


def _classifier(config: TfidfConfig | ProbeConfig) -> LogisticRegression:
    weights = "balanced" if config.balanced else None
    return LogisticRegression(C=config.c, class_weight=weights, max_iter=config.max_iter)


def _fitted(pipeline: Pipeline, train: Sequence[LabelledPassage]) -> Labeller:
    if len({row.label for row in train}) < 2:
        raise InputError("the training passages have fewer than two labels", fix="add others")
    try:
        pipeline.fit([row.text for row in train], [row.label for row in train])
    except ValueError as error:
        raise InputError(
            f"the training passages share no words ({error})", fix="lower min_df or add passages"
        ) from error

    def label(texts: Sequence[str]) -> list[str]:
        return [str(found) for found in pipeline.predict(list(texts))] if texts else []

    return label


def score_labels(
    gold: Sequence[str],
    predicted: Sequence[str],
    groups: Sequence[str],
    *,
    n_resamples: int,
    seed: int,
) -> dict[str, Figure]:
    """Scores labels that were given to gold speakers, with 95 % intervals over articles.

    Args:
        gold: Shape (n,), gold labels out of `stance.schema.MODEL_LABELS`.
        predicted: Shape (n,), predicted labels, likewise.
        groups: Shape (n,), article ids: the units of the bootstrap.
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.

    Returns:
        - `labels/accuracy`: share of all speakers whose label is right, `none` being one of four.
        - `labels/stance_accuracy`: the same among speakers whose gold label is a stance.
        - `labels/micro/…`: precision, recall and F1 of the three stances pooled.
        - `labels/macro_f1`: mean F1 of the stances that occur in gold or predictions.
        - `labels/CLASS/…`: precision, recall and F1 of each stance.

        `none` is no class: predicted for a speaker with a stance it costs recall, and a stance
        predicted for a speaker without one costs precision. Figures without a denominator are None.

    Raises:
        ValueError: The lengths differ, or a label is unknown.

    Source: as `sklearn.metrics.f1_score(labels=[...], average=...)` over the stances that occur.
    """
    if not len(gold) == len(predicted) == len(groups):
        raise ValueError(
            f"{len(gold)} gold labels, {len(predicted)} predicted ones and {len(groups)} groups"
        )
    _check_labels((*gold, *predicted))
    order = {group: i for i, group in enumerate(sorted(set(groups)))}
    cell = {pair: i for i, pair in enumerate(_CELLS)}
    counts = np.zeros((len(order), len(_CELLS)), dtype=np.int64)
    for group, pair in zip(groups, zip(gold, predicted, strict=True), strict=True):
        counts[order[group], cell[pair]] += 1
    return bootstrap_figures(counts, _figures, n_resamples=n_resamples, seed=seed)


def _figures(sums: FloatArray) -> dict[str, Estimate]:
    c = dict(zip(_CELLS, sums.T, strict=True))
    by_class: dict[str, dict[str, Estimate]] = {}
    for s in Stance:
        n_predicted = total(c[g, s] for g in MODEL_LABELS)
        n_gold = total(c[s, p] for p in MODEL_LABELS)
        by_class[s] = precision_recall_f1(c[s, s], n_predicted, c[s, s], n_gold)
    hits = total(c[s, s] for s in Stance)
    n_predicted = total(c[g, s] for g in MODEL_LABELS for s in Stance)
    n_gold = total(c[s, p] for s in Stance for p in MODEL_LABELS)
    accuracy = ratio(total(c[s, s] for s in MODEL_LABELS), total(c.values()))
    return (
        {"labels/accuracy": accuracy, "labels/stance_accuracy": ratio(hits, n_gold)}
        | named("labels/micro", precision_recall_f1(hits, n_predicted, hits, n_gold))
        | by_class_and_macro("labels", by_class)
    )


def _check_labels(labels: Iterable[str]) -> None:
    unknown = sorted(set(labels) - set(MODEL_LABELS))
    if unknown:
        raise ValueError(f"label '{unknown[0]}' is not one of {', '.join(MODEL_LABELS)}")
