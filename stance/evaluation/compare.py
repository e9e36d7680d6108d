"""Is A better than B: two systems on the same articles, and one system over several seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from stance.evaluation._ratios import Estimate, FloatArray
from stance.evaluation.alignment import align
from stance.evaluation.bootstrap import LEVEL, Figure, bootstrap_figures
from stance.evaluation.records import SpeakerRecord, SpeakersByArticle
from stance.evaluation.scores import COLUMNS, count, figures

MAIN_FIGURE = "end_to_end/macro_f1"
"""What the verdict is about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class McNemar:
    """Exact McNemar test on the gold speakers with a stance.

    A speaker is right where it was found and labelled as in gold. The test takes speakers for
    independent, which those of one article are not quite; the paired bootstrap does not.

    Attributes:
        only_first: Speakers that the first system alone gets right.
        only_second: Speakers that the second system alone gets right.
        p: Two-sided p-value; 1 where the systems never differ.

    Source: McNemar, Note on the sampling error of the difference between correlated proportions,
    Psychometrika 12 (1947); on classifiers, Dietterich, Neural Computation 10 (1998).
    """

    only_first: int
    only_second: int
    p: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two systems side by side.

    Attributes:
        first: Figures of the first system.
        second: Figures of the second system.
        difference: First minus second, with the interval of the paired bootstrap.
        mcnemar: Test on single speakers.
        verdict: What follows, in a plain sentence.
    """

    first: Mapping[str, Figure]
    second: Mapping[str, Figure]
    difference: Mapping[str, Figure]
    mcnemar: McNemar
    verdict: str

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON values."""
        sides = {
            name: {k: f.to_dict() for k, f in getattr(self, name).items()}
            for name in ("first", "second", "difference")
        }
        return {**sides, "mcnemar": asdict(self.mcnemar), "verdict": self.verdict}


def compare(
    gold: SpeakersByArticle,
    first: SpeakersByArticle,
    second: SpeakersByArticle,
    *,
    names: tuple[str, str],
    n_resamples: int,
    seed: int,
) -> Comparison:
    """Compares two systems on the same articles.

    Both are scored on the same resamples of articles, so that what makes an article hard for both
    falls out of the difference.

    Args:
        gold: Speakers of every article to be scored.
        first: Speakers that the first system predicted.
        second: Speakers that the second system predicted.
        names: What the verdict calls the two.
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.

    Source: Berg-Kirkpatrick, Burkett and Klein, An empirical investigation of statistical
    significance in NLP, EMNLP 2012.
    """
    counts = np.concatenate([count(gold, first), count(gold, second)], axis=1)
    found = bootstrap_figures(counts, _both, n_resamples=n_resamples, seed=seed)
    sides: dict[str, dict[str, Figure]] = {"first": {}, "second": {}, "difference": {}}
    for name, figure in found.items():
        side, _, rest = name.partition("/")
        sides[side][rest] = figure
    difference = sides["difference"][MAIN_FIGURE]
    return Comparison(
        first=sides["first"],
        second=sides["second"],
        difference=sides["difference"],
        mcnemar=mcnemar(gold, first, second),
        verdict=_verdict(names, difference, counts.shape[0]),
    )


def _both(sums: FloatArray) -> dict[str, Estimate]:
    width = len(COLUMNS)
    a, b = figures(sums[:, :width]), figures(sums[:, width:])
    out = {f"first/{name}": e for name, e in a.items()}
    out |= {f"second/{name}": e for name, e in b.items()}
    out |= {f"difference/{n}": Estimate(a[n].value - b[n].value, a[n].n) for n in a}
    return out


def _verdict(names: tuple[str, str], difference: Figure, n_articles: int) -> str:
    place = f"on {n_articles} articles (end-to-end macro-F1"
    if difference.value is None:
        return f"Nothing can be said {place} is undefined)."
    if difference.low is None or difference.high is None:
        return f"{names[0]} minus {names[1]} is {difference.value:+.3f} {place}, no interval)."
    interval = f"{difference.low:+.3f} to {difference.high:+.3f}, {LEVEL:.0%} interval)"
    if difference.low <= 0 <= difference.high:
        return (
            f"No difference between {names[0]} and {names[1]} can be shown {place}: "
            f"{difference.value:+.3f}, {interval}."
        )
    better, worse = names if difference.value > 0 else names[::-1]
    return f"{better} is better than {worse} {place}: {abs(difference.value):.3f}; {interval}."


def mcnemar(
    gold: SpeakersByArticle, first: SpeakersByArticle, second: SpeakersByArticle
) -> McNemar:
    """Counts the gold speakers that one system alone gets right and tests the difference."""
    only_first = only_second = 0
    for key, speakers in gold.items():
        a, b = (_right(speakers, side.get(key, ())) for side in (first, second))
        only_first += len(a - b)
        only_second += len(b - a)
    n = only_first + only_second
    p = float(stats.binomtest(only_first, n, 0.5).pvalue) if n else 1.0
    return McNemar(only_first=only_first, only_second=only_second, p=p)


def _right(gold: Sequence[SpeakerRecord], predicted: Sequence[SpeakerRecord]) -> set[int]:
    """Returns the positions of the gold speakers that were found and labelled rightly."""
    place = {id(speaker): i for i, speaker in enumerate(gold)}
    pairs = align(gold, [s for s in predicted if s.stance]).pairs
    return {place[id(p.gold)] for p in pairs if p.gold.stance == p.predicted.stance}


def over_seeds(runs: Sequence[Mapping[str, float | None]]) -> dict[str, Figure]:
    """Returns mean and 95 % t-interval of figures over runs that differ in the seed alone.

    Args:
        runs: Figures of each run by name; None for undefined.

    Returns:
        A figure for every name that all runs define; `n` is the number of runs. With one run there
        is no interval. The interval is about training noise on these articles, not about articles.
    """
    out = {}
    for name in runs[0] if runs else ():
        values = [v for run in runs if (v := run.get(name)) is not None]
        if len(values) < len(runs):
            continue
        low, high = _t_interval(np.array(values))
        out[name] = Figure(value=float(np.mean(values)), low=low, high=high, n=len(values))
    return out


def _t_interval(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    if len(values) < 2:
        return None, None
    mean, error = values.mean(), stats.sem(values)
    if error == 0:
        return float(mean), float(mean)
    low, high = stats.t.interval(LEVEL, len(values) - 1, loc=mean, scale=error)
    return float(low), float(high)
