"""Calibration over the whole way, on speakers that are made up here."""

from __future__ import annotations

import numpy as np
import pytest

from stance.classification.calibration import Calibration
from stance.evaluation.calibrate import FoundSpeaker, cross_fitted, fit_whole_way, relabelled
from stance.evaluation.confidence import score_confidence
from stance.evaluation.records import SpeakerRecord
from stance.schema import MODEL_LABELS, Stance

STANCES = ("support", "deny", "ambiguous")


def record(article, name, stance):
    kind = "person"
    return SpeakerRecord(article_id=article, name=name, kind=kind, stance=stance and Stance(stance))


@pytest.fixture(scope="module")
def corpus():
    """300 articles; the model is sure of itself and right in 7 of 10, 1 in 10 is nobody."""
    rng = np.random.default_rng(0)
    gold, found = {}, {}
    for i in range(300):
        key, stance = f"a{i}", STANCES[i % 3]
        gold[key] = (record(key, "Ana Weiss", stance),)
        name = "Ana Weiss" if rng.random() < 0.9 else "Tove Olsvik"
        told = stance if rng.random() < 0.78 else STANCES[(i + 1) % 3]
        logits = np.full(4, -3.0)
        logits[MODEL_LABELS.index(told)] = 3.0
        found[key] = [FoundSpeaker(record=record(key, name, None), logits=logits)]
    return gold, found


def test_confidence_comes_down_to_the_share_that_is_right(corpus):
    gold, found = corpus
    fitted = fit_whole_way(gold, found)
    assert fitted.temperature > 2
    figures = score_confidence(gold, relabelled(found, fitted), n_resamples=0, seed=0).figures
    assert figures["expected_calibration_error"].value < 0.05
    sure = relabelled(found, Calibration(temperature=1.0, none_threshold=0.5))
    figures = score_confidence(gold, sure, n_resamples=0, seed=0).figures
    assert figures["expected_calibration_error"].value > 0.2


def test_threshold_keeps_out_speakers_who_say_nothing(corpus):
    gold, found = corpus
    quiet = np.array([0.5, 0.0, 0.0, 0.2])
    more = {
        key: [*rows, FoundSpeaker(record=record(key, "Leif Lund", None), logits=quiet)]
        for key, rows in found.items()
    }
    labelled = relabelled(more, fit_whole_way(gold, more))
    assert not [s for rows in labelled.values() for s in rows if s.name == "Leif Lund" and s.stance]
    assert sum(bool(s.stance) for rows in labelled.values() for s in rows) == 300


def test_no_article_is_calibrated_by_its_own_group(corpus):
    gold, found = corpus
    groups = {key: str(i % 5) for i, key in enumerate(found)}
    held_out = cross_fitted(gold, found, groups, folds=5)
    assert held_out.keys() == found.keys()
    for group in "01234":
        others = {k: v for k, v in found.items() if groups[k] != group}
        own = {k: v for k, v in found.items() if groups[k] == group}
        expected = relabelled(own, fit_whole_way(gold, others))
        assert {k: held_out[k] for k in own} == expected
