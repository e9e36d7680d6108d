"""Percentile bootstrap over articles for figures that are functions of summed counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from stance.evaluation._ratios import Estimate, FloatArray

LEVEL = 0.95
"""Nominal coverage of every interval."""

_CELLS_AT_ONCE = 2_000_000
"""Resampled article indices held in memory at a time (16 MB)."""

FigureFunction = Callable[[FloatArray], Mapping[str, Estimate]]
"""Maps sums of counts, shape (R, C), to named figures over the R resamples."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One score with its interval.

    Attributes:
        value: The score on all articles; None where its denominator is 0 (nothing to measure).
        low: Lower end of the 95 % interval; None where `value` is None, where there are fewer than
            two articles, or where no resamples were asked for.
        high: Upper end, likewise.
        n: Units in the denominator; of an F1, the gold units.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int

    def to_dict(self) -> dict[str, float | int | None]:
        """Returns plain JSON values."""
        return asdict(self)


def bootstrap_figures(
    counts: NDArray[np.int64] | FloatArray, figures: FigureFunction, *, n_resamples: int, seed: int
) -> dict[str, Figure]:
    """Computes figures with 95 % percentile intervals over resampled articles.

    Articles are drawn with replacement, as the speakers of one article depend on each other. A
    resample in which a figure is undefined (a class that was not drawn) does not enter that
    figure's interval. The percentile interval is known to be somewhat narrow below some 30
    articles.

    Args:
        counts: Shape (n_articles, C), counts of each article; their order matters only together
            with the seed, so sort the articles.
        figures: What to compute from the sums over articles.
        n_resamples: Number of resamples, 0 for no intervals; 1,000 or more for stable ends.
        seed: Seed of the draws; the same seed and counts give the same intervals.

    Returns:
        The figures under the names that `figures` gives them.

    Raises:
        ValueError: `n_resamples` is negative, or `counts` is no matrix.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; on clusters as
    the unit, Field and Welsh, Bootstrapping clustered data, JRSS B 69 (2007).
    """
    if n_resamples < 0:
        raise ValueError(f"n_resamples is {n_resamples}; give 0 or more")
    if counts.ndim != 2:
        raise ValueError(f"counts have {counts.ndim} dimensions, not (articles, counts)")
    values = counts.astype(np.float64)
    observed = figures(values.sum(axis=0, keepdims=True))
    resampled: Mapping[str, Estimate] = {}
    if len(values) > 1 and n_resamples:
        resampled = figures(_resampled_sums(values, n_resamples, np.random.default_rng(seed)))
    return {
        name: _figure(estimate, resampled[name].value if resampled else None)
        for name, estimate in observed.items()
    }


def _resampled_sums(counts: FloatArray, n_resamples: int, rng: np.random.Generator) -> FloatArray:
    """Returns sums of shape (n_resamples, C), each over as many draws as there are articles."""
    n_articles = len(counts)
    chunk = max(1, _CELLS_AT_ONCE // n_articles)
    sums = []
    for first in range(0, n_resamples, chunk):
        n = min(chunk, n_resamples - first)
        drawn = rng.integers(n_articles, size=(n, n_articles))
        drawn += np.arange(n)[:, None] * n_articles
        times = np.bincount(drawn.ravel(), minlength=n * n_articles).reshape(n, n_articles)
        sums.append(times.astype(np.float64) @ counts)
    return np.concatenate(sums)


def _figure(observed: Estimate, resampled: FloatArray | None) -> Figure:
    value, n = float(observed.value[0]), int(observed.n[0])
    if np.isnan(value):
        return Figure(value=None, low=None, high=None, n=n)
    defined = resampled[~np.isnan(resampled)] if resampled is not None else np.empty(0)
    if not len(defined):
        return Figure(value=value, low=None, high=None, n=n)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Figure(value=value, low=float(low), high=float(high), n=n)
