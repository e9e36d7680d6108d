"""Speaker resolution by itself: are the statements of one speaker put together, and only those?

Statements are first paired with gold's by the words they share; what only one side has is a matter
of attribution (`token_f1`) and left out here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from stance.evaluation._ratios import Estimate, FloatArray, named, precision_recall_f1
from stance.evaluation._spans import common_length
from stance.evaluation.alignment import align
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.evaluation.records import FieldSpan, SpeakerRecord, SpeakersByArticle

_SAME_SPEAKER = 1e-3
"""Decides which copy of a joint statement is paired with which, and nothing else."""

_Mention = tuple[int, FieldSpan]
"""Number of the speaker in its article, and a span of what it says."""


def score_clustering(
    gold: SpeakersByArticle, predicted: SpeakersByArticle, *, n_resamples: int, seed: int
) -> dict[str, Figure]:
    """Scores how predicted speakers group the statements, with 95 % intervals over articles.

    Args:
        gold: Speakers with their statements.
        predicted: Predicted ones, with those without a stance (`--all-speakers`).
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.

    Returns:
        - `clustering/b3/…`: precision, recall and F1 over statements: the share of a statement's
          predicted fellows that are its fellows in gold, and the reverse (Bagga and Baldwin,
          Algorithms for scoring coreference chains, LREC workshop 1998).
        - `clustering/ceaf_e/…`: the same over speakers, paired so that the sum of their Dice
          coefficients is largest (Luo, On coreference resolution performance metrics, EMNLP 2005).
    """
    rows = [_count(gold[key], predicted.get(key, ())) for key in sorted(gold)]
    counts = np.array(rows).reshape(len(rows), 6)
    return bootstrap_figures(counts, _figures, n_resamples=n_resamples, seed=seed)


def _figures(sums: FloatArray) -> dict[str, Estimate]:
    b3_precision, b3_recall, mentions, similarity, n_predicted, n_gold = sums.T
    b3 = precision_recall_f1(b3_precision, mentions, b3_recall, mentions)
    ceaf = precision_recall_f1(similarity, n_predicted, similarity, n_gold)
    return named("clustering/b3", b3) | named("clustering/ceaf_e", ceaf)


def _count(gold: Sequence[SpeakerRecord], predicted: Sequence[SpeakerRecord]) -> list[float]:
    labels = _paired_labels(gold, predicted)
    if not labels:
        return [0.0] * 6
    of_gold, of_predicted = (np.array(side) for side in zip(*labels, strict=True))
    table = np.zeros((len(gold), len(predicted)))
    np.add.at(table, (of_gold, of_predicted), 1)
    sizes_gold, sizes_predicted = table.sum(1), table.sum(0)
    shared = table[of_gold, of_predicted]
    dice = 2 * table / np.maximum(1, sizes_gold[:, None] + sizes_predicted[None, :])
    return [
        float((shared / sizes_predicted[of_predicted]).sum()),
        float((shared / sizes_gold[of_gold]).sum()),
        float(len(labels)),
        float(dice[linear_sum_assignment(dice, maximize=True)].sum()),
        float((sizes_predicted > 0).sum()),
        float((sizes_gold > 0).sum()),
    ]


def _paired_labels(
    gold: Sequence[SpeakerRecord], predicted: Sequence[SpeakerRecord]
) -> list[tuple[int, int]]:
    """Returns the speakers of every statement that both sides have, by number."""
    left, right = _mentions(gold), _mentions(predicted)
    row = {id(s): i for i, s in enumerate(gold)}
    column = {id(s): i for i, s in enumerate(predicted)}
    known = {(row[id(p.gold)], column[id(p.predicted)]) for p in align(gold, predicted).pairs}
    worth = np.zeros((len(left), len(right)))
    for i, (g, a) in enumerate(left):
        for j, (p, b) in enumerate(right):
            shared = common_length([a[1:]], [b[1:]]) if a.field == b.field else 0
            if shared:
                union = a.end - a.start + b.end - b.start - shared
                worth[i, j] = shared / union + _SAME_SPEAKER * ((g, p) in known)
    chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [(left[i][0], right[j][0]) for i, j in chosen if worth[i, j] > 0]


def _mentions(speakers: Sequence[SpeakerRecord]) -> list[_Mention]:
    return [(i, span) for i, s in enumerate(speakers) for span in s.statements]
