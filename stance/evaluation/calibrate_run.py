"""Scores a split, fits the calibration to it, and writes it beside the weights."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.corpus.splits import load
from stance.evaluation.calibrate import (
    FoundSpeaker,
    cross_fitted,
    fit_whole_way,
    found_speakers,
)
from stance.evaluation.confidence import score_confidence
from stance.evaluation.records import from_annotated, from_record
from stance.inference.classifier import StanceClassifier
from stance.inference.onnx_model import SETTINGS_FILE
from stance.schema import MODEL_LABELS


@dataclass(frozen=True, kw_only=True)
class CalibrateConfig:
    """`configs/calibrate.yaml`.

    Attributes:
        models: Folder with `attribution/` and `stance/`; the latter's settings are rewritten.
        corpus_root: The authored corpus's folder.
        split: Part of it that the calibration is fitted to.
        folds: Parts of the cross-fitted figures, grouped by event.
        output: JSON file for calibration and figures.
        n_resamples: Bootstrap resamples over articles.
        seed: Seed of the resampling.
    """

    models: str
    corpus_root: str
    split: str
    folds: int
    output: str
    n_resamples: int
    seed: int


def calibrate(config: CalibrateConfig) -> dict[str, Any]:
    """Fits temperature and threshold over the whole way.

    Args:
        config: See `configs/calibrate.yaml`.

    Returns:
        The calibration before and after, and the cross-fitted figures of the confidence.

    Raises:
        InputError: The corpus is missing or broken.
        ModelError: The model folder cannot be used.
    """
    articles = load(config.corpus_root, config.split)
    classifier = StanceClassifier.from_pretrained(config.models)
    before = classifier.calibration
    gold = {a.id: from_annotated(a) for a in articles}
    found: dict[str, list[FoundSpeaker]] = {}
    for article in articles:
        rows = classifier(article.article()).records(all_speakers=True)
        probabilities = [[row["probabilities"][label] for label in MODEL_LABELS] for row in rows]
        records = [from_record(row) for row in rows]
        found[article.id] = found_speakers(records, probabilities, before.temperature)
    after = fit_whole_way(gold, found)
    groups = {a.id: a.event for a in articles}
    held_out = cross_fitted(gold, found, groups, folds=config.folds)
    confidence = score_confidence(gold, held_out, n_resamples=config.n_resamples, seed=config.seed)
    result = {
        "config": dataclasses.asdict(config),
        "before": dataclasses.asdict(before),
        "after": dataclasses.asdict(after),
        "cross_fitted": confidence.to_dict()["figures"],
    }
    path = Path(config.models) / "stance" / SETTINGS_FILE
    settings = json.loads(path.read_text("utf-8")) | dataclasses.asdict(after)
    path.write_text(json.dumps(settings, indent=2) + "\n", "utf-8")
    Path(config.output).write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return result
