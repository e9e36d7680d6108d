"""Calibration over the whole way: an article in, speakers with stances out.

A confidence fitted on gold passages is too high in use, where a found speaker may be a wrong one.
Here the found speakers of annotated articles are the rows: right is the label of the gold speaker
that a found one is paired with, and "none" where there is no such speaker.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupKFold

from stance.classification.calibration import Calibration, FloatArray
from stance.evaluation.alignment import align
from stance.evaluation.records import SpeakerRecord, SpeakersByArticle
from stance.schema import MODEL_LABELS, NONE, Stance

_TEMPERATURES = np.geomspace(0.5, 6.0, 91)
_THRESHOLDS = np.linspace(0.1, 0.9, 81)
# End-to-end macro-F1 within which two thresholds are as good.
_AS_GOOD = 0.01
_STANCES = [label for label in MODEL_LABELS if label != NONE]


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundSpeaker:
    """A speaker that the scorer found, with or without a stance.

    Attributes:
        record: As the evaluation reads it.
        logits: In the order of `MODEL_LABELS`, shape (4,).
    """

    record: SpeakerRecord
    logits: FloatArray


FoundByArticle = Mapping[str, Sequence[FoundSpeaker]]


def fit_whole_way(gold: SpeakersByArticle, found: FoundByArticle) -> Calibration:
    """Fits temperature by likelihood and the threshold of "none" by end-to-end macro-F1.

    Args:
        gold: Speakers of every article.
        found: What was found in them.

    Returns:
        The temperature, and of the thresholds that are as good as the best, but for a point, the
        lowest: what only the fitted articles prefer is chance, and in news at large more of those
        who speak are silent on the target than in a corpus about it.
    """
    rows, labels = [], []
    for key, speakers in found.items():
        pairs = align(gold[key], [s.record for s in speakers]).pairs
        right = {id(p.predicted): p.gold.stance or NONE for p in pairs}
        rows += [s.logits for s in speakers]
        labels += [MODEL_LABELS.index(right.get(id(s.record), NONE)) for s in speakers]
    logits, index = np.array(rows), np.array(labels)
    losses = [_loss(logits, index, float(t)) for t in _TEMPERATURES]
    temperature = round(float(_TEMPERATURES[int(np.argmin(losses))]), 4)
    candidates = [
        Calibration(temperature=temperature, none_threshold=round(float(t), 4)) for t in _THRESHOLDS
    ]
    scores = [_macro_f1(gold, relabelled(found, candidate)) for candidate in candidates]
    return next(c for c, s in zip(candidates, scores, strict=True) if s >= max(scores) - _AS_GOOD)


def relabelled(
    found: FoundByArticle, calibration: Calibration
) -> dict[str, tuple[SpeakerRecord, ...]]:
    """Returns the found speakers with the stances and confidences of another calibration."""
    out = {}
    for key, speakers in found.items():
        records = []
        for speaker in speakers:
            probabilities = calibration.probabilities(speaker.logits)
            label = calibration.label(probabilities)
            records.append(
                dataclasses.replace(
                    speaker.record,
                    stance=None if label == NONE else Stance(label),
                    confidence=float(probabilities[MODEL_LABELS.index(label)]),
                )
            )
        out[key] = tuple(records)
    return out


def cross_fitted(
    gold: SpeakersByArticle, found: FoundByArticle, groups: Mapping[str, str], *, folds: int
) -> dict[str, tuple[SpeakerRecord, ...]]:
    """Returns the found speakers of each article by a calibration that has not seen its group.

    Args:
        gold: Speakers of every article.
        found: What was found in them.
        groups: What may not be divided, by article (the event).
        folds: Parts.
    """
    keys = sorted(found)
    out: dict[str, tuple[SpeakerRecord, ...]] = {}
    for train, test in GroupKFold(folds).split(keys, groups=[groups[k] for k in keys]):
        fitted = fit_whole_way(gold, {keys[i]: found[keys[i]] for i in train})
        out |= relabelled({keys[i]: found[keys[i]] for i in test}, fitted)
    return out


def _loss(logits: FloatArray, labels: np.ndarray, temperature: float) -> float:
    p = Calibration(temperature=temperature, none_threshold=1.0).probabilities(logits)
    return float(-np.log(np.clip(p[np.arange(len(labels)), labels], 1e-12, 1)).mean())


def _macro_f1(gold: SpeakersByArticle, predicted: SpeakersByArticle) -> float:
    hits = dict.fromkeys(_STANCES, 0)
    total = dict.fromkeys(_STANCES, 0)
    for key, speakers in predicted.items():
        taken = [s for s in speakers if s.stance]
        for speaker in (*taken, *(s for s in gold[key] if s.stance)):
            total[str(speaker.stance)] += 1
        for pair in align(gold[key], taken).pairs:
            if pair.gold.stance == pair.predicted.stance is not None:
                hits[str(pair.gold.stance)] += 2
    return float(np.mean([hits[s] / total[s] if total[s] else 0.0 for s in _STANCES]))


def found_speakers(
    records: Iterable[SpeakerRecord], probabilities: Iterable[Sequence[float]], temperature: float
) -> list[FoundSpeaker]:
    """Pairs records with the logits that their probabilities, of a temperature, stand for."""
    return [
        FoundSpeaker(record=r, logits=np.log(np.clip(np.array(p), 1e-12, 1)) * temperature)
        for r, p in zip(records, probabilities, strict=True)
    ]
