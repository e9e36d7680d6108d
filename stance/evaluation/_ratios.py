"""Precision, recall, F1 and their means as functions of summed counts.

All arrays have shape (R,): one entry a resample (R = 1 for the observed data). Where a denominator
is 0 nothing was there to be measured, and the value is NaN; `bootstrap.bootstrap_figures` turns
NaN into None before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Estimate(NamedTuple):
    """A figure over resamples.

    Attributes:
        value: Shape (R,), NaN where undefined.
        n: Shape (R,), units in the denominator (gold units for an F1).
    """

    value: FloatArray
    n: FloatArray


def ratio(part: FloatArray, whole: FloatArray) -> Estimate:
    """Returns `part / whole`, NaN where `whole` is 0."""
    value = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return Estimate(value, whole)


def precision_recall_f1(
    hits_predicted: FloatArray,
    predicted: FloatArray,
    hits_gold: FloatArray,
    gold: FloatArray,
) -> dict[str, Estimate]:
    """Returns precision, recall and F1.

    Precision is `hits_predicted / predicted` and recall `hits_gold / gold`; the two numbers of hits
    differ where several units of one side may meet one of the other. F1 is their harmonic mean. It
    is 0 where only one side has units, and undefined where neither has.

    Source: van Rijsbergen, Information Retrieval, 2nd ed. 1979, chapter 7.
    """
    precision, recall = ratio(hits_predicted, predicted), ratio(hits_gold, gold)
    p, r = np.nan_to_num(precision.value), np.nan_to_num(recall.value)
    harmonic = np.divide(2 * p * r, p + r, out=np.zeros(p.shape), where=p + r > 0)
    f1 = np.where(predicted + gold > 0, harmonic, np.nan)
    return {"precision": precision, "recall": recall, "f1": Estimate(f1, gold)}


def mean_of_defined(estimates: Sequence[Estimate]) -> Estimate:
    """Returns the mean over the defined values (macro average), NaN where none is defined.

    A class that occurs neither in gold nor in predictions has no F1 and is left out of a macro-F1,
    as `sklearn.metrics.f1_score(average="macro")` does; one that occurs on one side only counts 0.
    """
    values = np.stack([e.value for e in estimates])
    defined = ~np.isnan(values)
    total = np.where(defined, values, 0.0).sum(axis=0)
    mean = ratio(total, defined.sum(axis=0).astype(np.float64)).value
    return Estimate(mean, np.stack([e.n for e in estimates]).sum(axis=0))


def total(arrays: Iterable[FloatArray]) -> FloatArray:
    """Returns the sum of arrays of shape (R,), at least one."""
    out: FloatArray = np.stack(list(arrays)).sum(axis=0)
    return out


def named(place: str, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Returns the estimates under `place/name`."""
    return {f"{place}/{name}": estimate for name, estimate in estimates.items()}


def by_class_and_macro(
    place: str, by_class: Mapping[str, Mapping[str, Estimate]]
) -> dict[str, Estimate]:
    """Returns `place/macro_f1`, then `place/CLASS/…` for the scores of every class."""
    out = {f"{place}/macro_f1": mean_of_defined([scores["f1"] for scores in by_class.values()])}
    for label, scores in by_class.items():
        out |= named(f"{place}/{label}", scores)
    return out


Confusion = Mapping[tuple[str, str], FloatArray]
"""Counts, shape (R,), under the pair of a gold and a predicted label."""


def cohen_kappa(confusion: Confusion, labels: Sequence[str]) -> Estimate:
    """Returns Cohen's kappa over the units whose labels are both in `labels`.

    NaN where nothing is there, or where chance alone explains full agreement (one label only).

    Source: Cohen, A coefficient of agreement for nominal scales, 1960.
    """
    n, rows, columns = _margins(confusion, labels)
    hits = total(confusion[s, s] for s in labels)
    expected = total(rows[s] * columns[s] for s in labels)
    return Estimate(ratio(n * hits - expected, n**2 - expected).value, n)


def matthews(confusion: Confusion, labels: Sequence[str]) -> Estimate:
    """Returns Matthews's correlation coefficient, 0 where one side has one label only.

    Source: Gorodkin, Comparing two K-category assignments by a K-category correlation coefficient,
    Computational Biology and Chemistry 28 (2004).
    """
    n, rows, columns = _margins(confusion, labels)
    hits = total(confusion[s, s] for s in labels)
    covariance = n * hits - total(rows[s] * columns[s] for s in labels)
    spread = n**2 - total(rows[s] ** 2 for s in labels)
    spread *= n**2 - total(columns[s] ** 2 for s in labels)
    value = np.divide(covariance, np.sqrt(spread), out=np.zeros(n.shape), where=spread > 0)
    return Estimate(np.where(n > 0, value, np.nan), n)


def _margins(
    confusion: Confusion, labels: Sequence[str]
) -> tuple[FloatArray, dict[str, FloatArray], dict[str, FloatArray]]:
    rows = {a: total(confusion[a, b] for b in labels) for a in labels}
    columns = {b: total(confusion[a, b] for a in labels) for b in labels}
    return total(rows.values()), rows, columns
