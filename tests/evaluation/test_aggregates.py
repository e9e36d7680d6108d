"""Corrected shares, also in simulated corpora."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stance.errors import InputError
from stance.evaluation import SpeakerRecord
from stance.evaluation.aggregates import Share, stance_shares

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeSpeaker

By = dict[str, tuple[SpeakerRecord, ...]]
LABELS = ("support", "deny", "ambiguous")
TRUE = np.array([0.25, 0.55, 0.2])
ERRORS = np.array([[0.8, 0.05, 0.15], [0.05, 0.7, 0.25], [0.15, 0.2, 0.65]])


def _corpus(
    speaker: MakeSpeaker, rng: np.random.Generator, n: int, shares: np.ndarray
) -> tuple[By, By]:
    """Articles of two speakers each, with gold and what the erring classifier says."""
    gold, predicted = {}, {}
    names = ("Ines Tavor", "Jaak Lumaste")
    for i in range(n):
        key = f"a{i:05d}"
        labels = rng.choice(3, size=2, p=shares)
        shown = [rng.choice(3, p=ERRORS[g]) for g in labels]
        gold[key] = tuple(
            speaker(name, LABELS[g], article=key) for name, g in zip(names, labels, strict=True)
        )
        predicted[key] = tuple(
            speaker(name, LABELS[p], article=key) for name, p in zip(names, shown, strict=True)
        )
    return gold, predicted


def _covered(speaker: MakeSpeaker, n_corpora: int, n_resamples: int) -> tuple[float, float]:
    """Returns how often the corrected interval, and a plain one, hold the true share."""
    corrected = plain = 0
    for seed in range(n_corpora):
        rng = np.random.default_rng(seed)
        gold, gold_predicted = _corpus(speaker, rng, 200, np.array([1, 1, 1]) / 3)
        _, predicted = _corpus(speaker, rng, 400, TRUE)
        shares = stance_shares(
            predicted,
            by="all",
            gold=gold,
            gold_predicted=gold_predicted,
            n_resamples=n_resamples,
            seed=seed,
        )
        share = shares[1]
        assert share.low is not None
        assert share.high is not None
        corrected += share.low <= TRUE[1] <= share.high
        error = 1.96 * np.sqrt(share.observed * (1 - share.observed) / share.n)
        plain += abs(share.observed - TRUE[1]) <= error
    return float(corrected / n_corpora), float(plain / n_corpora)


def test_a_few_simulated_corpora(speaker: MakeSpeaker) -> None:
    corrected, plain = _covered(speaker, 25, 200)
    assert corrected >= 0.8
    assert plain <= 0.2


@pytest.mark.slow
def test_coverage_in_a_thousand_simulated_corpora(speaker: MakeSpeaker, root: Path) -> None:
    corrected, plain = _covered(speaker, 1000, 500)
    result = {"corpora": 1000, "coverage": corrected, "coverage_uncorrected": plain}
    (root / "results/aggregate-coverage.json").write_text(json.dumps(result) + "\n", "utf-8")
    assert 0.93 <= corrected <= 0.97
    assert plain < 0.93


def _shares(predicted: By, gold: By, gold_predicted: By, by: str) -> list[Share]:
    return stance_shares(
        predicted,
        by=by,  # type: ignore[arg-type]
        gold=gold,
        gold_predicted=gold_predicted,
        n_resamples=50,
        seed=0,
    )


def test_without_errors_nothing_is_corrected(speaker: MakeSpeaker) -> None:
    rng = np.random.default_rng(0)
    gold, _ = _corpus(speaker, rng, 60, TRUE)
    for share in _shares(gold, gold, gold, "all"):
        assert share.corrected == pytest.approx(share.observed)


def test_groups(speaker: MakeSpeaker) -> None:
    rng = np.random.default_rng(0)
    gold, _ = _corpus(speaker, rng, 60, TRUE)
    record = dataclasses.replace(
        speaker("Ines Tavor", "deny"), country="EE", date="2025-03-11", speaker_id="ines-tavor"
    )
    other = dataclasses.replace(speaker("Tavor", "support"), speaker_id="ines-tavor")
    predicted = {"a1": (record,), "a2": (other,)}
    for by, groups in (
        ("speaker", ["ines-tavor"]),
        ("country", ["EE", "unknown"]),
        ("month", ["2025-03", "unknown"]),
        ("all", ["all"]),
    ):
        shares = _shares(predicted, gold, gold, by)
        assert [s.group for s in shares[::3]] == groups
        assert sum(s.n for s in shares[::3]) == 2
        for i in range(0, len(shares), 3):
            assert sum(s.observed for s in shares[i : i + 3]) == pytest.approx(1)


def test_invented_stances_are_corrected_where_silent_speakers_are_listed(
    speaker: MakeSpeaker,
) -> None:
    """A classifier that calls every other silent speaker a denier."""
    gold, shown = {}, {}
    for i in range(400):
        key = f"a{i:03d}"
        label = (*LABELS, None)[i % 4]
        wrong = "deny" if i % 8 == 3 else label
        gold[key] = (speaker("Ines Tavor", label, article=key),)
        shown[key] = (speaker("Ines Tavor", wrong, article=key),)
    deny = _shares(shown, gold, shown, "all")[1]
    assert deny.observed == pytest.approx(150 / 350)
    assert deny.corrected == pytest.approx(1 / 3)


def test_too_little_gold_gives_no_corrected_share(speaker: MakeSpeaker) -> None:
    one = {"a1": (speaker("Ines Tavor", "deny"),)}
    share = _shares(one, one, one, "all")[1]
    assert (share.observed, share.corrected, share.low) == (1.0, None, None)
    assert _shares({}, one, one, "all") == []


def test_unknown_grouping(speaker: MakeSpeaker) -> None:
    with pytest.raises(InputError, match="no grouping 'weekday'; use one of all, speaker"):
        _shares({}, {}, {}, "weekday")
