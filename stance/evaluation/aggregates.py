"""Shares of stances by speaker, country or month, corrected for the classifier's known errors.

A classifier that takes one refusal in five for ambiguity makes a country look undecided. How often
it takes which label for which is known from articles with gold; the shares that would give the
observed ones are found by inverting that matrix. This assumes that the errors are of the same kind
in the articles that are counted (label shift): gold from another time or language does not help.

Source: Forman, Quantifying counts and costs via classification, Data Mining and Knowledge Discovery
17 (2008), "adjusted count" in its form for several classes; on social science, Hopkins and King, A
method of automated nonparametric content analysis for social science, AJPS 54 (2010).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import sparse, stats

from stance.errors import InputError
from stance.evaluation._ratios import FloatArray
from stance.evaluation.alignment import align
from stance.evaluation.bootstrap import LEVEL
from stance.evaluation.records import SpeakerRecord, SpeakersByArticle
from stance.schema import NONE, Stance

_STANCES = tuple(s.value for s in Stance)
_UNKNOWN = "unknown"

_GROUPS: Mapping[str, Callable[[SpeakerRecord], str]] = {
    "all": lambda s: "all",
    "speaker": lambda s: s.speaker_id or s.name,
    "country": lambda s: s.country or _UNKNOWN,
    "month": lambda s: (s.date or _UNKNOWN)[:7],
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Share of one stance among the speakers of a group who take one.

    Attributes:
        group: Value of what was grouped by, "unknown" where the records lack it.
        stance: One of the three stances.
        n: Predicted speakers with a stance in the group.
        observed: Share as predicted.
        corrected: Share after correction; None where the gold articles do not tell enough.
        low: Lower end of the 95 % interval of `corrected`.
        high: Upper end.
    """

    group: str
    stance: str
    n: int
    observed: float
    corrected: float | None
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON values."""
        return asdict(self)


def error_counts(
    gold: SpeakersByArticle, predicted: SpeakersByArticle, labels: Sequence[str]
) -> FloatArray:
    """Counts gold against predicted labels of paired speakers.

    Args:
        gold: Speakers of articles with gold.
        predicted: What the classifier said of the same articles.
        labels: Labels that count, in order.

    Returns:
        Shape (n_articles, K, K), gold by predicted label.
    """
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(gold), len(labels), len(labels)))
    for i, key in enumerate(sorted(gold)):
        for pair in align(gold[key], predicted.get(key, ())).pairs:
            g, p = (side.stance or NONE for side in (pair.gold, pair.predicted))
            if g in place and p in place:
                counts[i, place[g], place[p]] += 1
    return counts


def stance_shares(
    predicted: SpeakersByArticle,
    *,
    by: str,
    gold: SpeakersByArticle,
    gold_predicted: SpeakersByArticle,
    n_resamples: int,
    seed: int,
) -> list[Share]:
    """Returns the share of each stance in each group, observed and corrected.

    Articles are resampled, both those that are counted and those with gold, so that the interval
    holds the doubt about the errors too.

    Args:
        predicted: Speakers of the articles to be counted.
        by: "speaker" (by `speaker_id`), "country", "month" (of the article's date) or "all".
        gold: Speakers of articles with gold.
        gold_predicted: What the same classifier said of those articles. Where both these and
            `predicted` hold speakers without a stance (`--all-speakers`), "none" is a fourth label,
            and stances that were missed or invented are corrected for too.
        n_resamples: Bootstrap resamples, 1 or more.
        seed: Seed of the resampling.

    Returns:
        Three entries a group, groups in alphabetical order.

    Raises:
        InputError: `by` is unknown.
    """
    if by not in _GROUPS:
        raise InputError(f"no grouping '{by}'", fix=f"use one of {', '.join(_GROUPS)}")
    silent = all(
        any(s.stance is None for speakers in side.values() for s in speakers)
        for side in (predicted, gold_predicted)
    )
    labels = (*_STANCES, NONE) if silent else _STANCES
    groups, counts = _group_counts(predicted, _GROUPS[by], labels)
    errors = error_counts(gold, gold_predicted, labels)
    rng = np.random.default_rng(seed)
    observed = _summed(counts, np.ones(counts.shape[0]), len(labels))
    point = _corrected(observed, errors.sum(0))
    drawn = np.stack(
        [
            _corrected(
                _summed(counts, _times(counts.shape[0], rng), len(labels)),
                np.tensordot(_times(len(errors), rng), errors, axes=1),
            )
            for _ in range(n_resamples)
        ]
    )
    out = []
    for g, group in enumerate(groups):
        seen = observed[g, : len(_STANCES)]
        for s, stance in enumerate(_STANCES):
            out.append(
                Share(
                    group=group,
                    stance=stance,
                    n=int(seen.sum()),
                    observed=float(seen[s] / seen.sum()),
                    **_interval(point[g, s], drawn[:, g, s]),
                )
            )
    return out


def _interval(value: float, drawn: FloatArray) -> dict[str, float | None]:
    defined = drawn[~np.isnan(drawn)]
    # An interval from the resamples that happened to be solvable would be too narrow.
    if np.isnan(value) or len(defined) <= LEVEL * len(drawn):
        return {"corrected": None, "low": None, "high": None}
    # The normal interval on the bootstrap's standard error covers better than its percentiles,
    # which are too narrow for a ratio of few counts (`results/aggregate-coverage.json`).
    error = float(np.clip(defined, -1, 2).std()) * float(stats.norm.ppf((1 + LEVEL) / 2))
    found = {"corrected": value, "low": value - error, "high": value + error}
    return {name: float(np.clip(v, 0, 1)) for name, v in found.items()}


def _group_counts(
    predicted: SpeakersByArticle, group_of: Callable[[SpeakerRecord], str], labels: Sequence[str]
) -> tuple[list[str], sparse.csr_array]:
    """Returns the groups with a stance, and counts of shape (n_articles, n_groups * K)."""
    groups = sorted({group_of(s) for own in predicted.values() for s in own if s.stance})
    place = {group: i for i, group in enumerate(groups)}
    column = {label: i for i, label in enumerate(labels)}
    cells = [
        (i, place[group] * len(labels) + column[label])
        for i, key in enumerate(sorted(predicted))
        for s in predicted[key]
        if (group := group_of(s)) in place and (label := s.stance or NONE) in column
    ]
    rows, columns = zip(*cells, strict=True) if cells else ((), ())
    shape = (len(predicted), len(groups) * len(labels))
    return groups, sparse.csr_array((np.ones(len(cells)), (rows, columns)), shape=shape)


def _summed(counts: sparse.csr_array, times: FloatArray, n_labels: int) -> FloatArray:
    """Returns counts of shape (n_groups, K) with each article taken so many times."""
    out: FloatArray = (times @ counts).reshape(-1, n_labels)
    return out


def _times(n: int, rng: np.random.Generator) -> FloatArray:
    """Returns how often each of n articles is in a resample, shape (n,)."""
    drawn = rng.integers(n, size=n) if n else np.empty(0, dtype=np.int64)
    return np.bincount(drawn, minlength=n).astype(np.float64)


def _corrected(counts: FloatArray, errors: FloatArray) -> FloatArray:
    """Returns the shares of the three stances, shape (n_groups, 3), NaN where not determined."""
    undefined = np.full((len(counts), len(_STANCES)), np.nan)
    gold = errors.sum(1, keepdims=True)
    total = counts.sum(1, keepdims=True)
    if not len(counts) or not gold.all():
        return undefined
    rates = errors / gold
    if np.linalg.cond(rates) > 1e6:
        return undefined
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.linalg.solve(rates.T, (counts / total).T).T[:, : len(_STANCES)]
        return np.where(total > 0, shares / shares.sum(1, keepdims=True), np.nan)
