"""Recipe of the stance model: public text pairs first, then the authored corpus."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification, set_seed

from stance.classification.calibration import fit_calibration, macro_f1
from stance.classification.gold import GoldPassage, bank_passages, gold_passages
from stance.corpus.public import PairExample, folder_of, read_pairs
from stance.corpus.splits import ARTICLES, BANK, load, load_bank
from stance.errors import InputError
from stance.inference.classifier import SHIPPED
from stance.inference.onnx_model import MODEL_FILE, OnnxModel
from stance.schema import MODEL_LABELS, NONE
from stance.training.backbone import backbone_path, dropout_settings, load_tokenizer
from stance.training.config import LABEL2ID, StanceConfig
from stance.training.predicted import predicted_bank, predicted_passages
from stance.training.runs import (
    PROVENANCE,
    file_checksums,
    make_trainer,
    save_best,
    start_of,
    train,
    write_provenance,
)
from stance.training.shipped import shipped_checkpoint

logger = logging.getLogger(__name__)

CALIBRATION = "calibration.json"
"""Name of the file beside a stance checkpoint with temperature and threshold."""

Row = dict[str, Any]


def train_stance(config: StanceConfig) -> Path:
    """Trains the stance model in two stages, or, from the shipped model, in the second alone.

    The first stage reads the public pairs; its checkpoint lies in `intermediate.output_dir` and is
    used again if it is complete. The second reads the authored corpus and keeps the checkpoint
    with the best macro-F1 on its development part, with its calibration beside it.

    Args:
        config: See `configs/train_stance.yaml`.

    Returns:
        Folder of the best checkpoint, a plain Hugging Face folder.

    Raises:
        InputError: A corpus is missing or broken.
        ModelError: The base weights are missing or not the expected ones.
    """
    if config.model.init == "shipped":
        folder = Path(config.output_dir) / "start"
        path = backbone_path(config.model)
        return _authored(config, str(shipped_checkpoint("stance", path, folder)))
    corpora = {k: v for k, v in (config.intermediate.corpora or {}).items() if v}
    start = first_stage(config, corpora) if corpora else backbone_path(config.model)
    return _authored(config, start)


def first_stage(config: StanceConfig, corpora: dict[str, float]) -> str:
    """Trains on public text pairs, or takes up the checkpoint that is there, and returns it."""
    run_dir = Path(config.intermediate.output_dir)
    best = run_dir / "best"
    if (best / PROVENANCE).is_file():
        logger.info("the intermediate checkpoint %s is complete and used again", best)
        return str(best)
    set_seed(config.seed)
    path = backbone_path(config.model)
    tokenizer = load_tokenizer(path)
    root = Path(config.intermediate.root)
    examples: dict[str, list[PairExample]] = {"train": [], "dev": []}
    for name, share in corpora.items():
        for split, target in examples.items():
            try:
                pairs = read_pairs(name, root, split)
            except InputError as error:
                # Some development parts lie apart; selection goes without them.
                if split == "train":
                    raise
                logger.warning("%s", error)
                continue
            random.Random(f"{config.seed}-{name}-{split}").shuffle(pairs)
            target += pairs[: max(1, round(len(pairs) * share))][: config.data.limit]
    rows = {k: pair_rows(tokenizer, v, config.passage.max_tokens) for k, v in examples.items()}
    scores = fit_stage(config, path, tokenizer, rows, run_dir, "intermediate_training", "accuracy")
    checksums = file_checksums(root / folder for folder in sorted({folder_of(n) for n in corpora}))
    write_provenance(best, config=config, data=checksums, scores=scores, task="intermediate")
    return str(best)


def _authored(config: StanceConfig, start: str) -> Path:
    set_seed(config.seed)
    tokenizer = load_tokenizer(start)
    root = Path(config.data.root)
    passages = {
        "train": training_passages(config, root)[: config.data.limit],
        "dev": gold_passages(
            load(root, "dev"),
            form=config.passage.form,
            single_statements=False,
        )[: config.data.limit],
    }
    rows = {split: _authored_rows(tokenizer, found, config) for split, found in passages.items()}
    # Before the training, which takes long enough for the files to change.
    used = [root / ARTICLES, *([root / BANK] if config.data.bank else ())]
    if config.data.found_by is not None:
        used.append(tagger_folder(config) / MODEL_FILE)
    checksums = file_checksums(used)
    run_dir = Path(config.output_dir)
    scores = fit_stage(config, start, tokenizer, rows, run_dir, "training", "macro_f1")
    best = run_dir / "best"
    calibrate_checkpoint(best, config, passages["dev"])
    write_provenance(
        best, config=config, data=checksums, scores=scores, task="stance", start=start_of(start)
    )
    logger.info("best checkpoint in %s: %s", best, scores)
    return best


def calibrate_checkpoint(
    checkpoint: Path, config: StanceConfig, passages: Sequence[GoldPassage]
) -> dict[str, float]:
    """Writes temperature and threshold beside a checkpoint.

    Args:
        checkpoint: Its folder.
        config: How it was trained.
        passages: Development passages.

    Returns:
        Accuracy and macro-F1 on them, before any threshold.
    """
    texts = [p.passage for p in passages]
    logits = predict_logits(checkpoint, config.target.proposition, texts, config.passage.max_tokens)
    gold = np.array([LABEL2ID[p.label] for p in passages])
    calibration = asdict(fit_calibration(logits, gold))
    (checkpoint / CALIBRATION).write_text(json.dumps(calibration, indent=2) + "\n", "utf-8")
    found = logits.argmax(1)
    return {
        "eval_accuracy": float((found == gold).mean()),
        "eval_macro_f1": macro_f1(gold, found, range(len(MODEL_LABELS) - 1)),
    }


def training_passages(config: StanceConfig, root: Path) -> list[GoldPassage]:
    """Returns what the second stage is trained on: speakers, single statements and the bank.

    Speakers and statements come as annotated and, with `data.found_by`, as a tagger finds them.

    Args:
        config: See `configs/train_stance.yaml`.
        root: The corpus's folder.
    """
    form = config.passage.form
    articles = load(root, "train")
    single = config.data.single_statements
    passages = gold_passages(articles, form=form, single_statements=single)
    tagger = None
    if config.data.found_by is not None:
        tagger = OnnxModel(tagger_folder(config), "attribution")
        annotated = {(p.passage, p.label) for p in passages}
        found = predicted_passages(articles, tagger, form=form, single_statements=single)
        passages += [p for p in found if (p.passage, p.label) not in annotated]
    if config.data.bank:
        passages += _bank(config, root, tagger)
    if config.data.share == 1:
        return passages
    # Whole events and situations: what a smaller corpus would have held.
    events = sorted({p.event for p in passages})
    random.Random(config.seed).shuffle(events)
    kept = set(events[: max(1, round(len(events) * config.data.share))])
    return [p for p in passages if p.event in kept]


def _bank(config: StanceConfig, root: Path, tagger: OnnxModel | None) -> list[GoldPassage]:
    """Returns the passage bank, a share of it as the tagger finds it."""
    form = config.passage.form
    bank = load_bank(root)
    passages = bank_passages(bank, form=form)
    if tagger is None or not config.data.found_share:
        return passages
    drawn = random.Random(config.seed)
    taken = {p.id for p in bank if drawn.random() < config.data.found_share}
    found = predicted_bank([p for p in bank if p.id in taken], tagger, form=form)
    logger.info("%d of %d passages of the bank as found", len(found), len(bank))
    return [found.get(p.article_id, p) for p in passages]


def tagger_folder(config: StanceConfig) -> Path:
    """Returns the folder of the tagger whose finds are inputs."""
    found_by = config.data.found_by
    return (SHIPPED if found_by in (None, "shipped") else Path(str(found_by))) / "attribution"


def fit_stage(
    config: StanceConfig,
    start: str,
    tokenizer: Any,
    rows: dict[str, list[Row]],
    run_dir: Path,
    stage: str,
    metric: str,
) -> dict[str, float]:
    """Trains one stage and keeps its best checkpoint in `run_dir/best`.

    Args:
        config: See `configs/train_stance.yaml`.
        start: Checkpoint or backbone to start from.
        tokenizer: Its tokenizer.
        rows: Inputs of "train", and of "dev" for the choice of the checkpoint.
        run_dir: Folder of the run.
        stage: Key of the configuration that says how: "training" or "intermediate_training".
        metric: Key of `pair_scores` that decides.

    Returns:
        The scores of the best checkpoint on "dev".
    """
    model = AutoModelForSequenceClassification.from_pretrained(
        start,
        num_labels=len(MODEL_LABELS),
        id2label=dict(enumerate(MODEL_LABELS)),
        label2id=LABEL2ID,
        trust_remote_code=False,
        dtype=torch.float32,
        **dropout_settings(start, config.model),
    )
    trainer = make_trainer(
        getattr(config, stage),
        run_dir=run_dir,
        seed=config.seed,
        metric=metric,
        group_by_length=True,
        model=model,
        train_dataset=rows["train"],
        eval_dataset=rows["dev"],
        data_collator=Collator(tokenizer.pad_token_id),
        compute_metrics=pair_scores,
        loss=partial_label_loss,
        processing_class=tokenizer,
    )
    train(trainer, run_dir, resume=config.resume)
    scores = trainer.evaluate()
    save_best(trainer, run_dir / "best")
    return {
        k: float(v)
        for k, v in scores.items()
        if k in ("eval_accuracy", "eval_macro_f1", "eval_loss")
    }


def encode(tokenizer: Any, proposition: str, passage: str, max_tokens: int) -> list[int]:
    """Returns begin, proposition, end, passage, end; a passage too long loses its beginning.

    Later words outweigh earlier ones (codebook, rule 3), so the end is kept.
    """
    backend = tokenizer.backend_tokenizer
    first = backend.encode(proposition, add_special_tokens=False).ids
    second = backend.encode(passage, add_special_tokens=False).ids
    begin, end = tokenizer.cls_token_id, tokenizer.sep_token_id
    room = max_tokens - len(first) - 3
    return [begin, *first, end, *second[-room:], end]


def _row(ids: list[int], allowed: Iterable[str], weight: float, separator: int) -> Row:
    multi_hot = [float(label in set(allowed)) for label in MODEL_LABELS]
    second = ids.index(separator) + 1
    types = [0] * second + [1] * (len(ids) - second)
    return {"input_ids": ids, "token_type_ids": types, "labels": multi_hot, "weights": weight}


def pair_rows(tokenizer: Any, examples: Sequence[PairExample], max_tokens: int) -> list[Row]:
    """Returns inputs with the labels that are right for each pair."""
    return [
        _row(
            encode(tokenizer, e.proposition, e.passage, max_tokens),
            e.allowed,
            e.weight,
            tokenizer.sep_token_id,
        )
        for e in examples
    ]


def _authored_rows(
    tokenizer: Any, passages: Sequence[GoldPassage], config: StanceConfig
) -> list[Row]:
    return [
        _row(
            encode(tokenizer, config.target.proposition, p.passage, config.passage.max_tokens),
            [p.label],
            config.data.none_weight if p.label == NONE else 1.0,
            tokenizer.sep_token_id,
        )
        for p in passages
    ]


class Collator:
    """Pads the pairs of one batch to its longest."""

    def __init__(self, pad_id: int) -> None:
        self._pad_id = pad_id

    def __call__(self, rows: Sequence[Row]) -> dict[str, torch.Tensor]:
        """Returns `input_ids`, `token_type_ids`, `attention_mask` (B, L), `labels` (B, 4)."""
        length = max(len(row["input_ids"]) for row in rows)
        ids_BL = torch.full((len(rows), length), self._pad_id)
        types_BL = torch.zeros((len(rows), length), dtype=torch.long)
        mask_BL = torch.zeros((len(rows), length), dtype=torch.long)
        for i, row in enumerate(rows):
            n = len(row["input_ids"])
            ids_BL[i, :n] = torch.tensor(row["input_ids"])
            types_BL[i, :n] = torch.tensor(row["token_type_ids"])
            mask_BL[i, :n] = 1
        return {
            "input_ids": ids_BL,
            "token_type_ids": types_BL,
            "attention_mask": mask_BL,
            "labels": torch.tensor([row["labels"] for row in rows]),
            "weights": torch.tensor([row["weights"] for row in rows]),
        }


def partial_label_loss(logits_BC: torch.Tensor, targets: dict[str, torch.Tensor]) -> torch.Tensor:
    """Weighted mean of -log of the probability of all labels that are right for a row.

    With one right label this is cross-entropy; "neutral" of an inference pair leaves open whether
    the passage is ambiguous or silent, and either is right (Jin and Ghahramani, "Learning with
    Multiple Labels", NeurIPS 2002).
    """
    log_p = torch.log_softmax(logits_BC, -1)
    allowed = targets["labels"] > 0
    loss = -torch.logsumexp(log_p.masked_fill(~allowed, float("-inf")), -1)
    weights = targets.get("weights", torch.ones_like(loss))
    return (loss * weights).sum() / weights.sum()


def pair_scores(prediction: Any) -> dict[str, float]:
    """Returns accuracy (any right label counts) and macro-F1 over the three stances."""
    predicted = prediction.predictions.argmax(-1)
    allowed = (
        prediction.label_ids[0] if isinstance(prediction.label_ids, tuple) else prediction.label_ids
    )
    right = allowed[np.arange(len(predicted)), predicted] > 0
    gold = allowed.argmax(-1)
    return {
        "accuracy": float(right.mean()),
        "macro_f1": macro_f1(gold, predicted, range(len(MODEL_LABELS) - 1)),
    }


def predict_logits(
    checkpoint: Path, proposition: str, passages: Sequence[str], max_tokens: int
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Returns the checkpoint's logits in full precision, shape (n, 4)."""
    tokenizer = load_tokenizer(str(checkpoint))
    model = AutoModelForSequenceClassification.from_pretrained(
        checkpoint, trust_remote_code=False, dtype=torch.float32
    ).eval()
    collate = Collator(tokenizer.pad_token_id)
    out = []
    with torch.inference_mode():
        for passage in passages:
            ids = encode(tokenizer, proposition, passage, max_tokens)
            batch = collate([_row(ids, MODEL_LABELS, 1.0, tokenizer.sep_token_id)])
            batch.pop("labels"), batch.pop("weights")
            out.append(model(**batch).logits[0].numpy())
    return np.stack(out)
