"""How well the recipe learns a public corpus of stances: cross-validation, grouped by text."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, GroupShuffleSplit
from transformers import set_seed

from stance.corpus.public import PairExample, read_pairs
from stance.errors import ConfigError
from stance.schema import MODEL_LABELS, NONE
from stance.training.backbone import backbone_path, load_tokenizer
from stance.training.config import StanceConfig
from stance.training.runs import git_commit
from stance.training.stance import first_stage, fit_stage, pair_rows, predict_logits

logger = logging.getLogger(__name__)

Labels = NDArray[np.int64]

FOLDS = 5
"""Parts of the cross-validation."""

_INNER_DEV = 0.1
_STANCES = [label for label in MODEL_LABELS if label != NONE]


def cross_validate(config: StanceConfig, corpus: str) -> dict[str, Any]:
    """Trains on four fifths of a corpus and scores the fifth that is left, five times.

    The epoch is chosen on a tenth of the training part, never on what is scored. Where the first
    stage reads the corpus too, `intermediate.corpora` has to leave it out.

    Args:
        config: As for training; `training` is the stage that is repeated, `output_dir` the folder.
        corpus: One of `stance.corpus.public.PAIR_READERS`.

    Returns:
        Macro-F1 over the three stances of all held-out rows and of each fold.

    Raises:
        InputError: The corpus is missing.
        ConfigError: The first stage reads the corpus that is scored.
    """
    root = Path(config.intermediate.root)
    rows = [r for split in ("train", "dev") for r in read_pairs(corpus, root, split)]
    corpora = {k: v for k, v in (config.intermediate.corpora or {}).items() if v}
    if corpus in corpora:
        raise ConfigError(
            f"intermediate.corpora.{corpus} is {corpora[corpus]}, but '{corpus}' is to be scored; "
            "give 0, and another intermediate.output_dir"
        )
    start = first_stage(config, corpora) if corpora else backbone_path(config.model)
    tokenizer = load_tokenizer(start)
    gold = np.array([_label(r) for r in rows])
    groups = [r.group for r in rows]
    predicted = np.zeros_like(gold)
    scores = []
    for number, (train, test) in enumerate(GroupKFold(FOLDS).split(rows, groups=groups)):
        set_seed(config.seed)
        inner = GroupShuffleSplit(1, test_size=_INNER_DEV, random_state=config.seed)
        kept, dev = next(inner.split(train, groups=[groups[i] for i in train]))
        parts = {"train": [rows[train[i]] for i in kept], "dev": [rows[train[i]] for i in dev]}
        inputs = {k: pair_rows(tokenizer, v, config.passage.max_tokens) for k, v in parts.items()}
        folder = Path(config.output_dir) / f"fold-{number}"
        fit_stage(config, start, tokenizer, inputs, folder, "training", "macro_f1")
        predicted[test] = _predicted(folder / "best", [rows[i] for i in test], config)
        scores.append(float(f1_score(gold[test], predicted[test], average="macro")))
        logger.info("fold %d: macro-F1 %.3f", number, scores[-1])
    result = {
        "corpus": corpus,
        "rows": len(rows),
        "macro_f1": float(f1_score(gold, predicted, average="macro")),
        "accuracy": float((gold == predicted).mean()),
        "folds": scores,
        "commit": git_commit(),
        "config": asdict(config),
    }
    path = Path(config.output_dir) / "scores.json"
    path.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return result


def _predicted(checkpoint: Path, rows: Sequence[PairExample], config: StanceConfig) -> Labels:
    out = np.zeros(len(rows), np.int64)
    for proposition in sorted({r.proposition for r in rows}):
        own = [i for i, r in enumerate(rows) if r.proposition == proposition]
        passages = [rows[i].passage for i in own]
        logits = predict_logits(checkpoint, proposition, passages, config.passage.max_tokens)
        p = np.exp(logits - logits.max(-1, keepdims=True))
        # "neutral" leaves open whether a passage is ambiguous or silent.
        p[:, _STANCES.index("ambiguous")] += p[:, MODEL_LABELS.index(NONE)]
        out[own] = p[:, : len(_STANCES)].argmax(-1)
    return out


def _label(row: PairExample) -> int:
    """Returns the first label that is right: "neutral" allows two and counts as `ambiguous`."""
    return min(_STANCES.index(label) for label in row.allowed if label in _STANCES)
