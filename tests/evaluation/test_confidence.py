"""Calibration, Brier score, risk and coverage, against hand-counted cases and scikit-learn."""

from __future__ import annotations

import dataclasses
import random
from typing import TYPE_CHECKING

import pytest
from sklearn.metrics import brier_score_loss

from stance.evaluation import SpeakerRecord
from stance.evaluation.confidence import Confidence, score_confidence

if TYPE_CHECKING:
    from .conftest import MakeSpeaker


def _score(
    speaker: MakeSpeaker, rows: list[tuple[float, bool]], n_resamples: int = 0
) -> Confidence:
    gold, predicted = {}, {}
    for i, (confidence, right) in enumerate(rows):
        key = f"a{i:04d}"
        record = speaker("Ines Tavor", "deny", article=key)
        gold[key] = (record,)
        label = "deny" if right else "support"
        shown = dataclasses.replace(
            speaker("Ines Tavor", label, article=key), confidence=confidence
        )
        predicted[key] = (shown,)
    return score_confidence(gold, predicted, n_resamples=n_resamples, seed=0)


def test_hand_counted(speaker: MakeSpeaker) -> None:
    rows = [(0.9, True)] * 3 + [(0.9, False)] + [(0.6, True)] * 1 + [(0.6, False)] * 5
    found = _score(speaker, rows)
    values = {k: f.value for k, f in found.figures.items()}
    # Bins: 0.6 with 1 of 6 right, 0.9 with 3 of 4.
    assert [(b.n, b.confidence) for b in found.bins] == [(6, pytest.approx(0.6)), (4, 0.9)]
    assert [b.accuracy for b in found.bins] == [pytest.approx(1 / 6), 0.75]
    assert values["expected_calibration_error"] == pytest.approx(
        (abs(6 * 0.6 - 1) + abs(4 * 0.9 - 3)) / 10
    )
    assert values["accuracy"] == 0.4
    # Ties are kept together: the eight surest cannot be told from the ten.
    assert values["accuracy_at_80"] == 0.4
    assert found.risk_coverage == ((0.4, 0.25), (1.0, pytest.approx(0.6)))
    assert values["brier"] == pytest.approx(
        brier_score_loss([r for _, r in rows], [c for c, _ in rows])
    )


def test_accuracy_at_80_leaves_the_least_sure(speaker: MakeSpeaker) -> None:
    rows = [(0.5 + i / 100, i >= 2) for i in range(10)]
    values = {k: f.value for k, f in _score(speaker, rows).figures.items()}
    assert values["accuracy_at_80"] == 1.0
    assert values["accuracy"] == 0.8
    assert values["aurc"] == pytest.approx(
        sum(max(0.0, k - 8) / k for k in [min(10, -(-i * 10 // 50)) for i in range(1, 51)]) / 50,
        abs=0.02,
    )


def test_calibrated_predictions_have_a_small_error(speaker: MakeSpeaker) -> None:
    rng = random.Random(0)
    rows = [(c, rng.random() < c) for c in (rng.uniform(0.3, 1.0) for _ in range(3000))]
    good = _score(speaker, rows, n_resamples=100).figures["expected_calibration_error"]
    assert good.value is not None
    assert good.value < 0.04
    overconfident = [(min(1.0, c + 0.2), right) for c, right in rows]
    bad = _score(speaker, overconfident).figures["expected_calibration_error"].value
    assert bad is not None
    assert bad > 0.1


def test_false_speakers_are_errors_and_silence_is_none(speaker: MakeSpeaker) -> None:
    false = dataclasses.replace(speaker("Nobody Known", "deny"), confidence=0.8)
    unsure = speaker("Ines Tavor", "deny")
    gold = {"a1": (speaker("Ines Tavor", "deny"),)}
    found = score_confidence(gold, {"a1": (false, unsure)}, n_resamples=10, seed=0)
    assert found.figures["accuracy"].value == 0
    assert found.figures["accuracy"].n == 1


def test_without_predictions_all_is_undefined(speaker: MakeSpeaker) -> None:
    gold: dict[str, tuple[SpeakerRecord, ...]] = {"a1": (speaker("Ines Tavor", "deny"),)}
    for some in (gold, {}):
        found = score_confidence(some, {}, n_resamples=10, seed=0)
        assert {f.value for f in found.figures.values()} == {None}
        assert found.bins == found.risk_coverage == ()
