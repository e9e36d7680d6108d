"""Scores of predicted speakers and stances against gold.

Every score is a function of counts that are summed over articles, so that it can be computed again
for resampled articles. Speakers are paired by `alignment.align`: the predicted speakers *with a
stance* of an article with all its gold speakers, so that listing speakers without a stance changes
no score but those that are about them.

- `detection/…`: precision, recall and F1 of speakers with a stance, whatever the label. A hit is a
  pair of two such speakers. By kind: precision among the predicted, recall among the gold speakers
  of that kind.
- `detection_all/…`: the same of all speakers; given only where predictions hold speakers without a
  stance.
- `stance/…`: labels of the hits alone: accuracy, Cohen's kappa, Matthews's correlation, macro-F1,
  and precision, recall and F1 by class.
- `end_to_end/…`: a prediction is right when it is paired and its label is gold's. By class:
  precision over the predicted, recall over the gold speakers of the class. `micro` pools the
  classes. A label for a speaker who has none, or who is not there, costs precision; `none` is no
  class.
- `no_stance/…`: articles in which gold has no stance at all: the share with at least one predicted
  stance, and predicted stances an article.
- `evidence/overlap`: share of the hits with gold evidence whose predicted evidence shares at least
  one character with it. A speaker's whole text always overlaps; hence also
- `evidence/character_f1`: F1 of the characters of the evidence, pooled over the same hits.

Accuracy, precision, recall, F1 and macro-F1 are those of scikit-learn, also in what an absent class
means: one that is neither in gold nor predicted is left out of a macro-F1, one that is on one side
only counts 0. What has no denominator (no predictions, no gold, no articles) is None, never 0 or
NaN.

Sources: F1, van Rijsbergen 1979; micro and macro, Lewis, Evaluating text categorization, HLT 1991;
evidence overlap in the manner of Breck, Choi and Cardie, Identifying expressions of opinion in
context, IJCAI 2007.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.evaluation._ratios import (
    Estimate,
    FloatArray,
    by_class_and_macro,
    cohen_kappa,
    matthews,
    named,
    precision_recall_f1,
    ratio,
    total,
)
from stance.evaluation.alignment import AlignedPair, align, shared_characters
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.evaluation.records import SpeakerRecord, SpeakersByArticle
from stance.schema import SpeakerKind, Stance

_KINDS = ("all", *SpeakerKind)
_DETECTION = tuple(
    f"{group}/{kind}/{what}"
    for group in ("detection", "detection_all")
    for kind in _KINDS
    for what in ("hits_predicted", "predicted", "hits_gold", "gold")
)
_CONFUSION = tuple(f"stance/{gold}/{predicted}" for gold in Stance for predicted in Stance)
_LABELS = tuple(f"{side}/{stance}" for side in ("gold", "predicted") for stance in Stance)
COLUMNS: tuple[str, ...] = (
    *_DETECTION,
    *_CONFUSION,
    *_LABELS,
    "no_stance/articles",
    "no_stance/with_false_speaker",
    "no_stance/false_speakers",
    "evidence/pairs",
    "evidence/overlapping",
    "evidence/shared",
    "evidence/total",
)
"""What is counted in every article, in the order of the columns of `count`."""


def count_article(
    gold: Sequence[SpeakerRecord], predicted: Sequence[SpeakerRecord]
) -> Counter[str]:
    """Returns the counts of one article under the names in `COLUMNS`."""
    counts: Counter[str] = Counter()
    gold_stances = [s for s in gold if s.stance]
    predicted_stances = [s for s in predicted if s.stance]
    pairs = align(gold, predicted_stances).pairs
    hits = [pair for pair in pairs if pair.gold.stance]
    _count_detection(counts, "detection", gold_stances, predicted_stances, hits)
    everyone = align(gold, predicted).pairs
    _count_detection(counts, "detection_all", gold, predicted, everyone)
    counts.update(f"gold/{s.stance}" for s in gold_stances)
    counts.update(f"predicted/{s.stance}" for s in predicted_stances)
    counts.update(f"stance/{p.gold.stance}/{p.predicted.stance}" for p in hits)
    if not gold_stances:
        counts["no_stance/articles"] = 1
        counts["no_stance/with_false_speaker"] = int(bool(predicted_stances))
        counts["no_stance/false_speakers"] = len(predicted_stances)
    for pair in hits:
        if pair.gold.evidence:
            shared, both = shared_characters(pair.gold.evidence, pair.predicted.evidence)
            counts["evidence/pairs"] += 1
            counts["evidence/overlapping"] += int(shared > 0)
            counts["evidence/shared"] += shared
            counts["evidence/total"] += both
    return counts


def _count_detection(
    counts: Counter[str],
    group: str,
    gold: Sequence[SpeakerRecord],
    predicted: Sequence[SpeakerRecord],
    hits: Sequence[AlignedPair],
) -> None:
    sides = (
        ("gold", gold),
        ("predicted", predicted),
        ("hits_gold", [pair.gold for pair in hits]),
        ("hits_predicted", [pair.predicted for pair in hits]),
    )
    for what, speakers in sides:
        counts[f"{group}/all/{what}"] += len(speakers)
        counts.update(f"{group}/{s.kind}/{what}" for s in speakers)


def count(gold: SpeakersByArticle, predicted: SpeakersByArticle) -> NDArray[np.int64]:
    """Counts every gold article; one without predictions has no predicted speakers.

    Args:
        gold: Speakers of every article to be scored.
        predicted: Predicted speakers; articles that are not in gold are ignored.

    Returns:
        Shape (n_articles, len(COLUMNS)); articles in alphabetical order of their ids.
    """
    rows = [count_article(gold[key], predicted.get(key, ())) for key in sorted(gold)]
    matrix = [[row[name] for name in COLUMNS] for row in rows]
    return np.asarray(matrix, dtype=np.int64).reshape(len(rows), len(COLUMNS))


def figures(sums: FloatArray) -> dict[str, Estimate]:
    """Computes all scores from sums of counts.

    Args:
        sums: Shape (R, len(COLUMNS)).

    Returns:
        Estimates of shape (R,) under the names that this module's docstring defines.
    """
    c = dict(zip(COLUMNS, sums.T, strict=True))
    out: dict[str, Estimate] = {}
    for group in ("detection", "detection_all"):
        for kind in _KINDS:
            place = f"{group}/{kind}"
            scores = precision_recall_f1(
                c[f"{place}/hits_predicted"],
                c[f"{place}/predicted"],
                c[f"{place}/hits_gold"],
                c[f"{place}/gold"],
            )
            out |= named(group if kind == "all" else place, scores)
    out |= _stance_figures(c)
    out |= _end_to_end_figures(c)
    out["no_stance/articles_with_false_speaker"] = ratio(
        c["no_stance/with_false_speaker"], c["no_stance/articles"]
    )
    out["no_stance/false_speakers_per_article"] = ratio(
        c["no_stance/false_speakers"], c["no_stance/articles"]
    )
    out["evidence/overlap"] = ratio(c["evidence/overlapping"], c["evidence/pairs"])
    out["evidence/character_f1"] = Estimate(
        ratio(2 * c["evidence/shared"], c["evidence/total"]).value, c["evidence/pairs"]
    )
    return out


def _stance_figures(c: Mapping[str, FloatArray]) -> dict[str, Estimate]:
    right = total(c[f"stance/{s}/{s}"] for s in Stance)
    pairs = total(c[f"stance/{g}/{p}"] for g in Stance for p in Stance)
    labels = tuple(s.value for s in Stance)
    confused = {(g, p): c[f"stance/{g}/{p}"] for g in labels for p in labels}
    out = {"stance/accuracy": ratio(right, pairs)}
    out["stance/kappa"] = cohen_kappa(confused, labels)
    out["stance/matthews"] = matthews(confused, labels)
    by_class: dict[str, dict[str, Estimate]] = {}
    for s in Stance:
        hits = c[f"stance/{s}/{s}"]
        n_predicted = total(c[f"stance/{g}/{s}"] for g in Stance)
        n_gold = total(c[f"stance/{s}/{p}"] for p in Stance)
        by_class[s] = precision_recall_f1(hits, n_predicted, hits, n_gold)
    return out | by_class_and_macro("stance", by_class)


def _end_to_end_figures(c: Mapping[str, FloatArray]) -> dict[str, Estimate]:
    by_class: dict[str, dict[str, Estimate]] = {}
    for s in Stance:
        hits = c[f"stance/{s}/{s}"]
        by_class[s] = precision_recall_f1(hits, c[f"predicted/{s}"], hits, c[f"gold/{s}"])
    hits = total(c[f"stance/{s}/{s}"] for s in Stance)
    predicted = total(c[f"predicted/{s}"] for s in Stance)
    gold = total(c[f"gold/{s}"] for s in Stance)
    micro = precision_recall_f1(hits, predicted, hits, gold)
    return named("end_to_end/micro", micro) | by_class_and_macro("end_to_end", by_class)


def score(
    gold: SpeakersByArticle, predicted: SpeakersByArticle, *, n_resamples: int, seed: int
) -> dict[str, Figure]:
    """Scores predictions against gold, with 95 % intervals over articles.

    Args:
        gold: Speakers of every article to be scored.
        predicted: Predicted speakers; an article without an entry has none, and articles that are
            not in gold are ignored.
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.

    Returns:
        Figures under the names that this module's docstring defines. Without any article every
        figure is there, with value None.
    """
    out = bootstrap_figures(count(gold, predicted), figures, n_resamples=n_resamples, seed=seed)
    if any(s.stance is None for key in gold for s in predicted.get(key, ())):
        return out
    return {name: f for name, f in out.items() if not name.startswith("detection_all/")}


def confusion(gold: SpeakersByArticle, predicted: SpeakersByArticle) -> dict[str, dict[str, int]]:
    """Returns the number of hits by gold label (outer key) and predicted label (inner key)."""
    sums = dict(zip(COLUMNS, count(gold, predicted).sum(axis=0), strict=True))
    return {g.value: {p.value: int(sums[f"stance/{g}/{p}"]) for p in Stance} for g in Stance}
