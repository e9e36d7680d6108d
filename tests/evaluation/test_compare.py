"""Two systems, and one over seeds."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from scipy import stats

from stance.evaluation import SpeakerRecord, score
from stance.evaluation.compare import MAIN_FIGURE, compare, mcnemar, over_seeds

if TYPE_CHECKING:
    from .conftest import MakeSpeaker

By = dict[str, tuple[SpeakerRecord, ...]]
LABELS = ("support", "deny", "ambiguous")


def _system(speaker: MakeSpeaker, gold: By, accuracy: float, seed: int) -> By:
    rng = random.Random(seed)
    out = {}
    for key, (only,) in gold.items():
        wrong = rng.choice([x for x in LABELS if x != only.stance])
        label = only.stance if rng.random() < accuracy else wrong
        out[key] = (speaker(only.name, label, article=key),)
    return out


@pytest.fixture
def gold(speaker: MakeSpeaker) -> By:
    return {
        f"a{i:03d}": (speaker("Ines Tavor", LABELS[i % 3], article=f"a{i:03d}"),)
        for i in range(120)
    }


def test_a_clear_difference_is_called_one(gold: By, speaker: MakeSpeaker) -> None:
    good, bad = _system(speaker, gold, 0.9, 1), _system(speaker, gold, 0.5, 2)
    found = compare(gold, bad, good, names=("old", "new"), n_resamples=500, seed=0)
    difference = found.difference[MAIN_FIGURE]
    assert difference.value is not None
    assert difference.high is not None
    assert difference.high < 0
    alone = [score(gold, s, n_resamples=0, seed=0)[MAIN_FIGURE].value for s in (bad, good)]
    assert [found.first[MAIN_FIGURE].value, found.second[MAIN_FIGURE].value] == alone
    assert difference.value == pytest.approx(alone[0] - alone[1])  # type: ignore[operator]
    assert found.verdict.startswith("new is better than old on 120 articles")
    assert found.mcnemar.p < 0.001


def test_equal_systems_show_no_difference(gold: By, speaker: MakeSpeaker) -> None:
    system = _system(speaker, gold, 0.8, 1)
    found = compare(gold, system, system, names=("a", "b"), n_resamples=100, seed=0)
    assert found.verdict.startswith("No difference between a and b can be shown on 120 articles")
    assert (found.mcnemar.only_first, found.mcnemar.only_second, found.mcnemar.p) == (0, 0, 1.0)
    assert found.difference[MAIN_FIGURE].low == found.difference[MAIN_FIGURE].high == 0


def test_pairing_narrows_the_interval(gold: By, speaker: MakeSpeaker) -> None:
    """Systems that fail on the same articles differ less than their own intervals suggest."""
    first = _system(speaker, gold, 0.6, 3)
    second = {k: first[k] if i % 10 else gold[k] for i, k in enumerate(gold)}
    found = compare(gold, first, second, names=("a", "b"), n_resamples=500, seed=0)
    difference, alone = found.difference[MAIN_FIGURE], found.first[MAIN_FIGURE]
    assert difference.high - difference.low < 0.5 * (alone.high - alone.low)  # type: ignore[operator]


def test_mcnemar_is_the_exact_binomial_test(gold: By, speaker: MakeSpeaker) -> None:
    a, b = _system(speaker, gold, 0.8, 1), _system(speaker, gold, 0.6, 2)
    found = mcnemar(gold, a, b)
    right = [{k for k in gold if s[k][0].stance == gold[k][0].stance} for s in (a, b)]
    assert found.only_first == len(right[0] - right[1])
    assert found.only_second == len(right[1] - right[0])
    n = found.only_first + found.only_second
    assert found.p == pytest.approx(stats.binomtest(found.only_second, n, 0.5).pvalue)


def test_nothing_to_compare() -> None:
    found = compare({}, {}, {}, names=("a", "b"), n_resamples=10, seed=0)
    assert "Nothing can be said" in found.verdict
    assert found.to_dict()["mcnemar"]["p"] == 1.0


def test_seeds_give_a_mean_with_a_t_interval() -> None:
    runs = [{"f1": 0.6, "kappa": None}, {"f1": 0.7, "kappa": 0.5}, {"f1": 0.8, "kappa": 0.5}]
    found = over_seeds(runs)
    assert set(found) == {"f1"}
    low, high = stats.t.interval(0.95, 2, loc=0.7, scale=stats.sem([0.6, 0.7, 0.8]))
    assert found["f1"].value == pytest.approx(0.7)
    assert (found["f1"].low, found["f1"].high) == pytest.approx((low, high))
    assert over_seeds(runs[:1])["f1"].low is None
    assert over_seeds([{"x": 1.0}, {"x": 1.0}])["x"].low == 1.0
    assert over_seeds([]) == {}
