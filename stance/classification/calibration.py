"""Logits → probabilities that mean what they say, and the label they give.

Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017); the label
is "none" when its probability passes a threshold, else the likeliest stance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.schema import MODEL_LABELS, NONE

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """What is chosen on development data and stored beside the weights.

    Attributes:
        temperature: Divides the logits; above 1 softens.
        none_threshold: Probability of "none" from which on a speaker gets no label, 0 to 1.
    """

    temperature: float
    none_threshold: float

    def probabilities(self, logits: NDArray[np.floating]) -> FloatArray:
        """Returns calibrated probabilities, shape (n, 4), rows summing to 1."""
        scaled = np.asarray(logits, np.float64) / self.temperature
        scaled -= scaled.max(-1, keepdims=True)
        exponent = np.exp(scaled)
        return np.asarray(exponent / exponent.sum(-1, keepdims=True))

    def label(self, probabilities: FloatArray) -> str:
        """Returns one of `MODEL_LABELS` for one row of probabilities, shape (4,)."""
        if probabilities[MODEL_LABELS.index(NONE)] >= self.none_threshold:
            return NONE
        return MODEL_LABELS[int(probabilities[: len(MODEL_LABELS) - 1].argmax())]


def more_silent(probabilities: FloatArray, other: FloatArray) -> FloatArray:
    """Returns probabilities in which "none" is as likely as in the one of two that says it louder.

    Args:
        probabilities: In the order of `MODEL_LABELS`, shape (4,).
        other: Of the same speaker, read in another form, likewise.

    Returns:
        The first of them, the stances scaled down to what the larger "none" leaves.
    """
    silent = MODEL_LABELS.index(NONE)
    if other[silent] <= probabilities[silent]:
        return probabilities
    out = probabilities * (1 - other[silent]) / max(1 - probabilities[silent], 1e-12)
    out[silent] = other[silent]
    return np.asarray(out)


def fit_calibration(logits: NDArray[np.floating], gold: NDArray[np.integer]) -> Calibration:
    """Fits temperature by likelihood and the threshold of "none" by four-class macro-F1.

    Args:
        logits: Shape (n, 4).
        gold: Indices into `MODEL_LABELS`, shape (n,).

    Returns:
        The best of a fine grid; among equal thresholds the one nearest to 0.5.
    """
    temperatures = np.geomspace(0.5, 5.0, 91)
    losses = []
    for t in temperatures:
        p = Calibration(temperature=float(t), none_threshold=1.0).probabilities(logits)
        losses.append(-np.log(np.clip(p[np.arange(len(gold)), gold], 1e-12, 1)).mean())
    temperature = float(temperatures[int(np.argmin(losses))])
    best, best_score = 0.5, -1.0
    for threshold in sorted(np.linspace(0.2, 0.8, 61), key=lambda x: abs(x - 0.5)):
        candidate = Calibration(temperature=temperature, none_threshold=float(threshold))
        p = candidate.probabilities(logits)
        labels = np.array([MODEL_LABELS.index(candidate.label(row)) for row in p])
        score = macro_f1(gold, labels, range(len(MODEL_LABELS)))
        if score > best_score + 1e-9:
            best, best_score = float(threshold), score
    return Calibration(temperature=round(temperature, 4), none_threshold=round(best, 4))


def macro_f1(gold: NDArray[np.integer], predicted: NDArray[np.integer], classes: range) -> float:
    """Returns the mean F1 over `classes`; a class absent from both sides counts as 0."""
    scores = []
    for c in classes:
        hits = int(((gold == c) & (predicted == c)).sum())
        total = int((gold == c).sum() + (predicted == c).sum())
        scores.append(2 * hits / total if total else 0.0)
    return float(np.mean(scores))
