"""Recipe of the tagger: who is the source, which words report, what is reported."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset
from transformers import AutoModelForTokenClassification, EvalPrediction, set_seed

from stance.attribution.labels import IGNORED, ROLES, TAGS, TOKEN_LABELS, role_spans, token_labels
from stance.attribution.windows import make_windows, special_ids, tokenize_text
from stance.corpus.attributions import AttributedText, from_annotated, from_bank
from stance.corpus.public.polnear import read_polnear
from stance.corpus.splits import ARTICLES, BANK, load, load_bank
from stance.ingest import sentence_spans
from stance.schema import Span
from stance.training.backbone import backbone_path, dropout_settings, load_tokenizer
from stance.training.config import AttributionConfig
from stance.training.runs import (
    file_checksums,
    make_trainer,
    save_best,
    start_of,
    train,
    write_provenance,
)
from stance.training.shipped import shipped_checkpoint

logger = logging.getLogger(__name__)

Row = dict[str, Any]

_LINE = re.compile(r"\S(?:[^\n\r]*\S)?")


def train_attribution(config: AttributionConfig) -> Path:
    """Trains the tagger and keeps the checkpoint with the best token F1 on the development texts.

    Args:
        config: See `configs/train_attribution.yaml`.

    Returns:
        Folder of the best checkpoint, a plain Hugging Face folder with a provenance file.

    Raises:
        InputError: A corpus is missing or broken.
        ModelError: The base weights are missing or not the expected ones.
    """
    set_seed(config.seed)
    path, run_dir = backbone_path(config.model), Path(config.output_dir)
    if config.model.init == "shipped":
        path = str(shipped_checkpoint("attribution", path, run_dir / "start"))
    tokenizer = load_tokenizer(path)
    model = AutoModelForTokenClassification.from_pretrained(
        path,
        num_labels=len(TOKEN_LABELS),
        id2label=dict(enumerate(TOKEN_LABELS)),
        label2id={label: i for i, label in enumerate(TOKEN_LABELS)},
        trust_remote_code=False,
        dtype=torch.float32,
        **dropout_settings(path, config.model),
    )
    window, data = config.window, config.data
    reads_capitals = window.capitals and getattr(model.config, "type_vocab_size", 0) > 1
    rows = {split: _pieces(config, tokenizer, split) for split in ("train", "dev")}
    checksums: dict[str, str] = {}
    if data.polnear_root:
        root = Path(data.polnear_root)
        checksums |= {
            f"polnear/{k}": v for k, v in file_checksums([root / s for s in rows]).items()
        }
    if data.corpus_root:
        files = [ARTICLES, *([BANK] if data.bank_briefs else ())]
        checksums |= file_checksums(Path(data.corpus_root) / name for name in files)
    trainer = make_trainer(
        config.training,
        run_dir=run_dir,
        seed=config.seed,
        metric="token_f1",
        group_by_length=False,
        model=model,
        train_dataset=Windows(
            rows["train"],
            shift=window.train_shift,
            capitals=reads_capitals,
            without_capitals=window.train_without_capitals,
        ),
        eval_dataset=Windows(rows["dev"], shift=0, capitals=reads_capitals, without_capitals=0),
        data_collator=Collator(tokenizer.pad_token_id),
        compute_metrics=token_scores,
        preprocess_logits_for_metrics=_tags,
        loss=_loss,
        processing_class=tokenizer,
    )
    train(trainer, run_dir, resume=config.resume)
    scores = {k: v for k, v in trainer.evaluate().items() if k.endswith("_f1")}
    best = run_dir / "best"
    save_best(trainer, best)
    write_provenance(
        best,
        config=config,
        data=checksums,
        scores=scores,
        task="attribution",
        start=start_of(path),
    )
    logger.info("best checkpoint in %s: %s", best, scores)
    return best


def score_tagger(checkpoint: Path, config: AttributionConfig) -> dict[str, float]:
    """Scores a checkpoint on the development texts of the corpora that it was trained on.

    Args:
        checkpoint: Its folder.
        config: How it was trained.

    Returns:
        What `token_scores` gives, with "eval_" before the names.
    """
    tokenizer = load_tokenizer(str(checkpoint))
    model = AutoModelForTokenClassification.from_pretrained(
        checkpoint, trust_remote_code=False, dtype=torch.float32
    ).eval()
    capitals = config.window.capitals and getattr(model.config, "type_vocab_size", 0) > 1
    windows = Windows(
        _pieces(config, tokenizer, "dev"), shift=0, capitals=capitals, without_capitals=0
    )
    loader = DataLoader(
        windows, config.training.eval_batch_size, collate_fn=Collator(tokenizer.pad_token_id)
    )
    tags, labels = [], []
    with torch.inference_mode():
        for batch in loader:
            gold = batch.pop("labels")
            found = _tags(model(**batch).logits, gold)
            tags.append(found.reshape(-1, len(ROLES)).numpy())
            labels.append(gold.reshape(-1, len(ROLES)).numpy())
    prediction = EvalPrediction(np.concatenate(tags), np.concatenate(labels))
    return {f"eval_{name}": score for name, score in token_scores(prediction).items()}


def _pieces(config: AttributionConfig, tokenizer: Any, split: str) -> list[_Piece]:
    """Returns the windows of one split of the corpora."""
    window, data, backend = config.window, config.data, tokenizer.backend_tokenizer
    is_train = split == "train"
    overlap = window.train_overlap if is_train else 0
    out: list[_Piece] = []
    if data.polnear_root:
        texts = read_polnear(Path(data.polnear_root), split)[: data.limit]
        # PolNeAR does not mark attributions inside others.
        out += _rows(backend, texts, window.max_tokens, overlap, ("inner",))
    if data.corpus_root:
        articles = load(Path(data.corpus_root), split)[: data.limit]
        texts = [t for article in articles for t in from_annotated(article)]
        repeats = data.corpus_repeats if is_train else 1
        out += repeats * _rows(backend, texts, window.max_tokens, overlap, ())
        if is_train and data.bank_briefs:
            bank = [p for p in load_bank(data.corpus_root) if p.brief in data.bank_briefs]
            texts = from_bank(bank, lambda text: sentence_spans(text, 0, len(text)))
            out += _rows(backend, texts[: data.limit], window.max_tokens, 0, ())
    return out


def text_lines(text: str) -> list[Span]:
    """Returns the spans of the lines that hold anything, without the white space around them."""
    return [Span(*match.span()) for match in _LINE.finditer(text)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    """A window of a text: ids, capitals and labels of the whole text, and where it lies in it."""

    ids: NDArray[np.int64]
    capitals: NDArray[np.int64]
    labels: NDArray[np.int64]
    start: int
    end: int
    edges: tuple[int, int]


class Windows(Dataset[Row]):
    """Windows of texts for training, each moved by a few tokens whenever it is read.

    Args:
        pieces: The windows.
        shift: Farthest move to either side, in tokens.
        capitals: Whether rows have `token_type_ids` that say which words begin with a capital.
        without_capitals: Share of rows in which these say nothing, drawn anew each time.
    """

    def __init__(
        self, pieces: Sequence[_Piece], *, shift: int, capitals: bool, without_capitals: float
    ) -> None:
        self._pieces = pieces
        self._shift = shift
        self._capitals = capitals
        self._without_capitals = without_capitals

    def __len__(self) -> int:
        return len(self._pieces)

    def __getitem__(self, index: int) -> Row:
        """Returns `input_ids`, `labels`, and with capitals `token_type_ids`, edges included."""
        piece = self._pieces[index]
        start, end = piece.start, piece.end
        if self._shift:
            move = int(torch.randint(-self._shift, self._shift + 1, ()))
            move = min(max(move, -start), len(piece.ids) - end)
            start, end = start + move, end + move
        begin, separator = piece.edges
        edge = np.full((1, len(ROLES)), IGNORED)
        row: Row = {
            "input_ids": [begin, *piece.ids[start:end].tolist(), separator],
            "labels": np.concatenate([edge, piece.labels[start:end], edge]),
        }
        if self._capitals:
            told = not self._without_capitals or float(torch.rand(())) >= self._without_capitals
            types = piece.capitals[start:end] if told else np.zeros(end - start, np.int64)
            row["token_type_ids"] = [0, *types.tolist(), 0]
        return row


def _rows(
    tokenizer: Any,
    texts: Sequence[AttributedText],
    max_tokens: int,
    overlap: int,
    ignored_roles: tuple[str, ...],
) -> list[_Piece]:
    rows = []
    begin, separator, _ = special_ids(tokenizer)
    for text in texts:
        lines = text_lines(text.text)
        if not lines:
            continue
        tokens = tokenize_text(tokenizer, text.text, lines)
        labels = token_labels(
            tokens, role_spans(text), ignored_roles=ignored_roles, known=text.known
        )
        rows += [
            _Piece(
                ids=tokens.ids,
                capitals=tokens.capitals,
                labels=labels,
                start=w.start,
                end=w.end,
                edges=(begin, separator),
            )
            for w in make_windows(len(tokens), max_tokens=max_tokens, overlap=overlap)
        ]
    return rows


class Collator:
    """Pads windows of one batch to its longest."""

    def __init__(self, pad_id: int) -> None:
        self._pad_id = pad_id

    def __call__(self, rows: Sequence[Row]) -> dict[str, torch.Tensor]:
        """Returns `input_ids`, `attention_mask` (B, L), `labels` (B, L, n_roles).

        `token_type_ids` (B, L) are there where the rows have them.
        """
        length = max(len(row["input_ids"]) for row in rows)
        ids_BL = torch.full((len(rows), length), self._pad_id)
        mask_BL = torch.zeros((len(rows), length), dtype=torch.long)
        labels_BLR = torch.full((len(rows), length, len(ROLES)), IGNORED)
        for i, row in enumerate(rows):
            n = len(row["input_ids"])
            ids_BL[i, :n] = torch.tensor(row["input_ids"])
            mask_BL[i, :n] = 1
            labels_BLR[i, :n] = torch.as_tensor(row["labels"])
        batch = {"input_ids": ids_BL, "attention_mask": mask_BL, "labels": labels_BLR}
        if "token_type_ids" in rows[0]:
            types_BL = torch.zeros_like(ids_BL)
            for i, row in enumerate(rows):
                types_BL[i, : len(row["token_type_ids"])] = torch.tensor(row["token_type_ids"])
            batch["token_type_ids"] = types_BL
        return batch


def _loss(logits_BLC: torch.Tensor, targets: dict[str, torch.Tensor]) -> torch.Tensor:
    """Mean cross-entropy over roles, each role a softmax of its own."""
    logits = logits_BLC.reshape(-1, len(TAGS))
    return torch.nn.functional.cross_entropy(
        logits, targets["labels"].reshape(-1), ignore_index=IGNORED
    )


def _tags(logits_BLC: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return logits_BLC.reshape(*labels.shape, len(TAGS)).argmax(-1)


def token_scores(prediction: Any) -> dict[str, float]:
    """Returns the F1 of "inside the role" over model tokens, by role, and the mean of the three.

    A quick score for selection; `stance.evaluation` has the one over words that is reported.
    """
    predicted, gold = prediction.predictions, prediction.label_ids
    scores = {}
    for column, role in enumerate(ROLES):
        counted = gold[..., column] != IGNORED
        p, g = predicted[..., column][counted] > 0, gold[..., column][counted] > 0
        total = int(p.sum() + g.sum())
        scores[f"{role}_f1"] = 2 * float((p & g).sum()) / total if total else 0.0
    scores["token_f1"] = (scores["source_f1"] + scores["cue_f1"] + scores["content_f1"]) / 3
    return scores
