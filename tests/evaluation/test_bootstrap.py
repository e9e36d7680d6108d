"""Tests of `stance.evaluation.bootstrap`."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.evaluation import Figure, bootstrap_figures
from stance.evaluation._ratios import Estimate, FloatArray, ratio


def share(sums: FloatArray) -> dict[str, Estimate]:
    return {"share": ratio(sums[:, 0], sums[:, 1])}


def test_a_seed_gives_the_same_interval_and_another_seed_another() -> None:
    counts = np.random.default_rng(1).integers(0, 9, size=(30, 1))
    counts = np.hstack([counts, np.full((30, 1), 9)])
    first = bootstrap_figures(counts, share, n_resamples=200, seed=3)
    assert first == bootstrap_figures(counts, share, n_resamples=200, seed=3)
    other = bootstrap_figures(counts, share, n_resamples=200, seed=4)
    assert other["share"].value == first["share"].value
    assert (other["share"].low, other["share"].high) != (first["share"].low, first["share"].high)


def test_value_lies_within_and_articles_without_spread_give_no_width() -> None:
    spread = bootstrap_figures(np.array([[0, 1], [1, 1]]), share, n_resamples=500, seed=0)["share"]
    assert spread == Figure(value=0.5, low=0.0, high=1.0, n=2)
    flat = bootstrap_figures(np.array([[1, 2]] * 5), share, n_resamples=50, seed=0)["share"]
    assert flat == Figure(value=0.5, low=0.5, high=0.5, n=10)


def test_the_article_is_the_unit() -> None:
    """Ten speakers that all share an article's fate tell as much as one."""
    rng = np.random.default_rng(5)
    fate = rng.integers(0, 2, size=(40, 1))
    one = bootstrap_figures(np.hstack([fate, np.ones_like(fate)]), share, n_resamples=300, seed=0)
    ten = bootstrap_figures(np.hstack([fate * 10, fate * 0 + 10]), share, n_resamples=300, seed=0)
    assert (one["share"].low, one["share"].high) == (ten["share"].low, ten["share"].high)


@pytest.mark.parametrize(
    ("counts", "n_resamples", "expected"),
    [
        (np.zeros((0, 2), dtype=np.int64), 50, Figure(value=None, low=None, high=None, n=0)),
        (np.array([[0, 0], [0, 0]]), 50, Figure(value=None, low=None, high=None, n=0)),
        (np.array([[1, 4]]), 50, Figure(value=0.25, low=None, high=None, n=4)),
        (np.array([[1, 4], [0, 4]]), 0, Figure(value=0.125, low=None, high=None, n=8)),
    ],
)
def test_what_cannot_be_resampled_has_no_interval(
    counts: NDArray[np.int64], n_resamples: int, expected: Figure
) -> None:
    assert bootstrap_figures(counts, share, n_resamples=n_resamples, seed=0)["share"] == expected


def test_undefined_resamples_are_left_out() -> None:
    counts = np.array([[1, 1], [0, 0], [0, 0]])
    figure = bootstrap_figures(counts, share, n_resamples=100, seed=0)["share"]
    assert figure == Figure(value=1.0, low=1.0, high=1.0, n=1)


def test_chunks_do_not_change_the_number_of_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[FloatArray] = []

    def watch(sums: FloatArray) -> dict[str, Estimate]:
        seen.append(sums)
        return share(sums)

    monkeypatch.setattr("stance.evaluation.bootstrap._CELLS_AT_ONCE", 7)
    bootstrap_figures(np.array([[1, 1], [0, 1], [1, 1]]), watch, n_resamples=11, seed=0)
    assert seen[1].shape == (11, 2)
    assert set(seen[1][:, 1]) == {3.0}


def test_coverage_is_near_the_nominal_one() -> None:
    """Shares of articles that differ among themselves, known truth 0.4."""
    rng = np.random.default_rng(11)
    covered = 0
    for trial in range(300):
        size = rng.integers(2, 7, size=60)
        right = rng.binomial(size, rng.beta(2, 3, size=60))
        figure = bootstrap_figures(
            np.column_stack([right, size]), share, n_resamples=300, seed=trial
        )["share"]
        assert figure.low is not None
        assert figure.high is not None
        covered += figure.low <= 0.4 <= figure.high
    assert 0.89 <= covered / 300 <= 0.98


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="n_resamples is -1"):
        bootstrap_figures(np.zeros((2, 2), dtype=np.int64), share, n_resamples=-1, seed=0)
    with pytest.raises(ValueError, match="1 dimensions"):
        bootstrap_figures(np.zeros(2, dtype=np.int64), share, n_resamples=1, seed=0)
