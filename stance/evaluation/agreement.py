"""How far two annotators of the authored corpus agree.

The first annotation is the corpus itself, with the labels that it had before disagreements were
resolved; the second was made from the bare texts.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import AnnotatedArticle
from stance.errors import InputError
from stance.evaluation._ratios import (
    Estimate,
    FloatArray,
    cohen_kappa,
    named,
    precision_recall_f1,
    ratio,
    total,
)
from stance.evaluation.alignment import align
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.evaluation.records import SpeakerRecord, from_annotated, read_gold
from stance.schema import MODEL_LABELS, NONE, Stance

SECOND_ARTICLES = "second/articles.jsonl"
"""Records of the second annotator, as `stance score` writes them, with `deciding words`."""

SECOND_PASSAGES = "second/passages.jsonl"
"""Labels of the second annotator for passages: `{"id": …, "stance": …}`."""

RESOLUTIONS = "second/resolutions.jsonl"
"""Labels that were changed after the comparison: `{"id": …, "speaker": …, "first": …, …}`."""

_CELLS = [(first, second) for first in MODEL_LABELS for second in MODEL_LABELS]


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelPair:
    """One speaker (or passage) with the labels of both annotators.

    Attributes:
        unit: Article, or situation of a passage: the unit of the bootstrap.
        speaker: The speaker's name, or the passage's id.
        first: Label of the first annotator; "none" where this one has no entry.
        second: Label of the second annotator, likewise.
    """

    unit: str
    speaker: str
    first: str
    second: str


def article_pairs(
    first: Mapping[str, Sequence[SpeakerRecord]], second: Mapping[str, Sequence[SpeakerRecord]]
) -> list[LabelPair]:
    """Pairs the speakers of two annotations of the same articles.

    Speakers are aligned by name and statements, not by label. A speaker without a stance in both is
    no disagreement that could have been, and is left out.
    """
    out = []
    for article_id in sorted(second):
        found = align(first[article_id], second[article_id])
        pairs: list[tuple[SpeakerRecord, Stance | None, Stance | None]]
        pairs = [(p.gold, p.gold.stance, p.predicted.stance) for p in found.pairs]
        pairs += [(s, s.stance, None) for s in found.missed]
        pairs += [(s, None, s.stance) for s in found.spurious]
        out += [
            LabelPair(unit=article_id, speaker=s.name, first=a or NONE, second=b or NONE)
            for s, a, b in pairs
            if a or b
        ]
    return out


def score_agreement(
    pairs: Sequence[LabelPair], *, n_resamples: int, seed: int
) -> dict[str, Figure]:
    """Scores agreement, with 95 % intervals over articles.

    Args:
        pairs: Labels of both annotators.
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.

    Returns:
        - `speakers/…`: precision, recall and F1 of the second annotator's speakers (those with a
          stance), the first's being gold.
        - `both/accuracy`, `both/kappa`: share of equal labels and Cohen's kappa (Cohen, A
          coefficient of agreement for nominal scales, 1960) over speakers to whom both give a
          stance.
        - `both/kappa/STANCE`: kappa of this stance against the other two.
        - `all/kappa`, `all/alpha`: kappa and Krippendorff's alpha for nominal data (Hayes and
          Krippendorff, Answering the call for a standard reliability measure, 2007) over all
          speakers to whom either gives one, "none" being a fourth label.

    Raises:
        ValueError: A label is unknown.
    """
    order = {unit: i for i, unit in enumerate(sorted({p.unit for p in pairs}))}
    cell = {pair: i for i, pair in enumerate(_CELLS)}
    counts = np.zeros((len(order), len(_CELLS)), dtype=np.int64)
    for pair in pairs:
        if (pair.first, pair.second) not in cell:
            raise ValueError(f"labels {pair.first}, {pair.second} of {pair.speaker} are unknown")
        counts[order[pair.unit], cell[pair.first, pair.second]] += 1
    return bootstrap_figures(counts, _figures, n_resamples=n_resamples, seed=seed)


def _figures(sums: FloatArray) -> dict[str, Estimate]:
    c = dict(zip(_CELLS, sums.T, strict=True))
    stances = tuple(str(s) for s in Stance)
    shared = total(c[a, b] for a in stances for b in stances)
    n_first = total(c[a, b] for a in stances for b in MODEL_LABELS)
    n_second = total(c[a, b] for a in MODEL_LABELS for b in stances)
    out = named("speakers", precision_recall_f1(shared, n_second, shared, n_first))
    out["both/accuracy"] = ratio(total(c[s, s] for s in stances), shared)
    out["both/kappa"] = cohen_kappa(c, stances)
    for stance in stances:
        rest = [s for s in stances if s != stance]
        merged = {
            (stance, stance): c[stance, stance],
            (stance, "rest"): total(c[stance, s] for s in rest),
            ("rest", stance): total(c[s, stance] for s in rest),
            ("rest", "rest"): total(c[a, b] for a in rest for b in rest),
        }
        out[f"both/kappa/{stance}"] = cohen_kappa(merged, (stance, "rest"))
    out["all/kappa"] = cohen_kappa(c, MODEL_LABELS)
    out["all/alpha"] = _alpha(c)
    return out


def _alpha(c: Mapping[tuple[str, str], FloatArray]) -> Estimate:
    units = total(c.values())
    values = 2 * units
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (units - total(c[s, s] for s in MODEL_LABELS)) / units
        uses = [
            total(c[s, b] for b in MODEL_LABELS) + total(c[a, s] for a in MODEL_LABELS)
            for s in MODEL_LABELS
        ]
        expected = 1 - total(n * (n - 1) for n in uses) / (values * (values - 1))
        return Estimate(1 - observed / expected, units)


def corpus_agreement(
    root: Path,
    articles: Sequence[AnnotatedArticle],
    passages: Iterable[AnnotatedPassage],
    *,
    n_resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Scores the second annotation that lies beside a corpus.

    Args:
        root: The corpus's folder.
        articles: Its articles.
        passages: Its passages.
        n_resamples: Bootstrap resamples.
        seed: Seed of the resampling.

    Returns:
        Figures for "articles" and "passages", each with the number of units, and the number of
        disagreements that are not resolved. Empty where there is no second annotation.

    Raises:
        InputError: A file is broken or speaks of an unknown article, speaker or passage.
    """
    if not (root / SECOND_ARTICLES).is_file():
        return {}
    changed = _first_labels(root / RESOLUTIONS)
    first = {a.id: _as_first(from_annotated(a), changed) for a in articles}
    second = read_gold(root / SECOND_ARTICLES)
    unknown = sorted(second.keys() - first.keys())
    if unknown:
        raise InputError(f"{unknown[0]} is no article", source=str(root / SECOND_ARTICLES))
    on_articles = article_pairs(first, second)
    on_passages = _passage_pairs(root / SECOND_PASSAGES, passages, changed)
    out: dict[str, Any] = {}
    for name, pairs, units in (
        ("articles", on_articles, len(second)),
        ("passages", on_passages, len(on_passages)),
    ):
        figures = score_agreement(pairs, n_resamples=n_resamples, seed=seed)
        out[name] = {
            "units": units,
            "disagreements": sum(p.first != p.second for p in pairs),
            "figures": {k: f.to_dict() for k, f in figures.items()},
        }
    return out


def _first_labels(path: Path) -> dict[tuple[str, str], str]:
    """Returns the labels before resolution, under article and speaker (or passage and "")."""
    if not path.is_file():
        return {}
    return {(r["id"], r.get("speaker") or ""): r["first"] for r in _rows(path)}


def _as_first(
    records: Sequence[SpeakerRecord], changed: Mapping[tuple[str, str], str]
) -> list[SpeakerRecord]:
    out = []
    for record in records:
        label = changed.get((record.article_id, record.name))
        if label is not None:
            record = dataclasses.replace(record, stance=None if label == NONE else Stance(label))
        out.append(record)
    return out


def _passage_pairs(
    path: Path, passages: Iterable[AnnotatedPassage], changed: Mapping[tuple[str, str], str]
) -> list[LabelPair]:
    if not path.is_file():
        return []
    known = {p.id: p for p in passages}
    out = []
    for row in _rows(path):
        if row["id"] not in known:
            raise InputError(f"{row['id']} is no passage", source=str(path))
        passage = known[row["id"]]
        label = changed.get((passage.id, ""), passage.stance)
        out.append(
            LabelPair(unit=passage.situation, speaker=passage.id, first=label, second=row["stance"])
        )
    return out


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            raise InputError(f"not JSON ({error})", source=str(path), line=number) from error
    return rows
