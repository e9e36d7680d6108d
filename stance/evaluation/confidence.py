"""Does a confidence of 0.8 mean that four in five are right?

The unit is a predicted stance. It is right where its speaker is paired with a gold speaker of the
same label; a speaker who is not there, or who takes no stance, is an error like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from stance.evaluation._ratios import Estimate, FloatArray, ratio
from stance.evaluation.alignment import align
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.evaluation.records import SpeakersByArticle

N_BINS = 10
"""Most bins of the calibration error; each holds about as many predictions as any other."""

COVERAGE = 0.8
"""Share of predictions kept for `accuracy_at_80`."""

_LEVELS = np.linspace(0.02, 1.0, 50)
"""Coverages at which the risk is measured for its mean, `aurc`."""


class _Prediction(NamedTuple):
    article: int
    confidence: float
    right: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """A bin of the reliability diagram.

    Attributes:
        n: Predictions in it.
        confidence: Their mean confidence.
        accuracy: Share of them that is right.
        low: Lower end of the 95 % interval of the accuracy, over articles.
        high: Upper end.
    """

    n: int
    confidence: float
    accuracy: float
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Confidence:
    """How far confidences can be trusted.

    Attributes:
        figures: `expected_calibration_error`, `brier`, `accuracy`, `accuracy_at_80` and `aurc`
            (mean risk over coverages from 0.02 to 1, the area under the risk-coverage curve).
        bins: The reliability diagram, from low to high confidence.
        risk_coverage: Pairs of coverage and risk (share of errors among the predictions kept),
            each at the least confidence of one prediction.
    """

    figures: dict[str, Figure]
    bins: tuple[Bin, ...]
    risk_coverage: tuple[tuple[float, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON values."""
        return {
            "figures": {name: f.to_dict() for name, f in self.figures.items()},
            "bins": [asdict(b) for b in self.bins],
            "risk_coverage": [list(point) for point in self.risk_coverage],
        }


def score_confidence(
    gold: SpeakersByArticle, predicted: SpeakersByArticle, *, n_resamples: int, seed: int
) -> Confidence:
    """Scores confidences, with 95 % intervals over articles.

    Bins and the threshold of `accuracy_at_80` are set on all predictions and kept in the resamples.

    Args:
        gold: Speakers of every article to be scored.
        predicted: Predicted speakers; those without a confidence are left out.
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.

    Sources: calibration error with bins of equal mass, Nguyen and O'Connor, Posterior calibration
    and exploratory analysis for NLP models, EMNLP 2015; Brier, Monthly Weather Review 78 (1950);
    risk and coverage, El-Yaniv and Wiener, JMLR 11 (2010); Geifman, Uziel and El-Yaniv, ICLR 2019.
    """
    rows = _predictions(gold, predicted)
    confidence = np.array([r.confidence for r in rows])
    right = np.array([float(r.right) for r in rows])
    edges = _edges(confidence)
    bins = np.searchsorted(edges, confidence, side="right")
    thresholds = _thresholds(confidence, [*_LEVELS, COVERAGE])
    n_bins, n_levels = len(edges) + 1, len(thresholds)
    counts = np.zeros((len(gold), 4 * n_bins + 2 * n_levels))
    for row, b, is_right in zip(rows, bins, right, strict=True):
        error = (row.confidence - is_right) ** 2
        counts[row.article, 4 * b : 4 * b + 4] += (1, row.confidence, is_right, error)
        kept = row.confidence >= thresholds
        counts[row.article, 4 * n_bins :] += np.concatenate([kept, kept * is_right])

    def figures(sums: FloatArray) -> dict[str, Estimate]:
        n, conf, hits, squares = np.moveaxis(
            sums[:, : 4 * n_bins].reshape(len(sums), n_bins, 4), -1, 0
        )
        kept, kept_hits = np.split(sums[:, 4 * n_bins :], 2, axis=1)
        everything = n.sum(1)
        risk = 1 - ratio(kept_hits, kept).value
        out = {
            "expected_calibration_error": ratio(np.abs(conf - hits).sum(1), everything),
            "brier": ratio(squares.sum(1), everything),
            "accuracy": ratio(hits.sum(1), everything),
            "accuracy_at_80": ratio(kept_hits[:, -1], kept[:, -1]),
            "aurc": Estimate(risk[:, :-1].mean(1), everything),
        }
        return out | {f"bin/{b}": ratio(hits[:, b], n[:, b]) for b in range(n_bins)}

    found = bootstrap_figures(counts, figures, n_resamples=n_resamples, seed=seed)
    reliability = tuple(
        Bin(
            n=int(own.sum()),
            confidence=float(confidence[own].mean()),
            accuracy=figure.value,
            low=figure.low,
            high=figure.high,
        )
        for b in range(n_bins)
        if (figure := found.pop(f"bin/{b}")).value is not None and (own := bins == b).any()
    )
    curve = _risk_coverage(confidence, right)
    return Confidence(figures=found, bins=reliability, risk_coverage=curve)


def _predictions(gold: SpeakersByArticle, predicted: SpeakersByArticle) -> list[_Prediction]:
    out = []
    for i, key in enumerate(sorted(gold)):
        found = align(gold[key], [s for s in predicted.get(key, ()) if s.stance])
        verdicts = [(p.predicted, p.predicted.stance == p.gold.stance) for p in found.pairs]
        verdicts += [(s, False) for s in found.spurious]
        out += [
            _Prediction(i, speaker.confidence, right)
            for speaker, right in verdicts
            if speaker.confidence is not None
        ]
    return out


def _edges(confidence: FloatArray) -> FloatArray:
    """Returns the inner edges of bins of about equal mass; equal confidences share a bin."""
    if not len(confidence):
        return np.empty(0)
    n_bins = min(N_BINS, len(confidence))
    inner = np.quantile(confidence, np.arange(1, n_bins) / n_bins, method="higher")
    return np.unique(inner[inner > confidence.min()])


def _thresholds(confidence: FloatArray, coverages: Sequence[float]) -> FloatArray:
    """Returns the confidences from which at least these shares of predictions are kept."""
    if not len(confidence):
        return np.zeros(len(coverages))
    last_kept = np.ceil(np.asarray(coverages) * len(confidence) - 1e-9).astype(int) - 1
    kept: FloatArray = np.sort(confidence)[::-1][last_kept]
    return kept


def _risk_coverage(confidence: FloatArray, right: FloatArray) -> tuple[tuple[float, float], ...]:
    order = np.argsort(-confidence, kind="stable")
    errors = np.cumsum(1 - right[order])
    n = len(order)
    kept = np.arange(1, n + 1)
    # Predictions of one confidence are kept or left together.
    ordered = confidence[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)[:n])
    return tuple((float(kept[i] / n), float(errors[i] / kept[i])) for i in ends)
