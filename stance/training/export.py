"""Checkpoint → int8 ONNX for the CPU, compared with the checkpoint it came from."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)

from stance.attribution.labels import ROLES, TAGS
from stance.attribution.windows import make_windows, tokenize_text, window_ids, window_types
from stance.classification.calibration import macro_f1
from stance.classification.gold import gold_passages
from stance.classification.passages import PassageForm
from stance.corpus.splits import load
from stance.errors import ModelError
from stance.inference.onnx_model import MODEL_FILE, SETTINGS_FILE, TOKENIZER_FILE, OnnxModel
from stance.schema import MODEL_LABELS
from stance.training.attribution import text_lines
from stance.training.backbone import load_tokenizer
from stance.training.config import LABEL2ID, ExportConfig
from stance.training.fusion import fuse_attention
from stance.training.quantize import quantize
from stance.training.runs import PROVENANCE, read_provenance
from stance.training.stance import CALIBRATION, encode, predict_logits

logger = logging.getLogger(__name__)

_CLASSES = {
    "attribution": AutoModelForTokenClassification,
    "stance": AutoModelForSequenceClassification,
}

Inputs = list[tuple[list[int], list[int]]]

# Training inputs from which the ranges of activations are learned.
_TYPICAL = 100


def export(config: ExportConfig) -> Path:
    """Exports a checkpoint.

    Args:
        config: See `configs/export.yaml`.

    Returns:
        The folder with `model.onnx` (int8), `tokenizer.json`, `settings.json` and
        `provenance.json`, which holds the comparison with the checkpoint.

    Raises:
        ModelError: The checkpoint is missing or was not trained here.
    """
    checkpoint, output = Path(config.checkpoint), Path(config.output_dir)
    provenance = read_provenance(checkpoint)
    task = provenance["task"]
    knows_headlines = task == "stance" and _form(provenance["config"]).headline
    if task == "stance" and config.headline is not None:
        provenance["config"]["passage"]["headline"] = config.headline
    if task not in _CLASSES:
        raise ModelError(f"{checkpoint}: a checkpoint for '{task}' is not exported")
    tokenizer = load_tokenizer(str(checkpoint))
    model = _CLASSES[task].from_pretrained(checkpoint, trust_remote_code=False, dtype=torch.float32)
    model.eval()
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        _to_onnx(model, Path(scratch) / "fp32.onnx", config.opset)
        form = provenance["config"]["window" if task == "attribution" else "passage"]
        heads = model.config.num_attention_heads
        fuse_attention(Path(scratch) / "fp32.onnx", heads, form["max_tokens"])
        typical = _inputs(task, tokenizer, config, provenance, "train")
        quantize(Path(scratch) / "fp32.onnx", output / MODEL_FILE, typical[:: _every(typical)])
    tokenizer.backend_tokenizer.save(str(output / TOKENIZER_FILE))
    settings = _settings(task, checkpoint, provenance, config)
    if task == "stance":
        # Trained with the headline and read without it, a model can be asked once more with it.
        settings["second_look"] = knows_headlines and not settings["headline"]
    _write_json(output / SETTINGS_FILE, settings)
    exported = OnnxModel(output, task)
    inputs = _inputs(task, tokenizer, config, provenance, "dev")
    provenance["export"] = {
        "model_sha256": hashlib.sha256((output / MODEL_FILE).read_bytes()).hexdigest(),
        "model_bytes": (output / MODEL_FILE).stat().st_size,
        "comparison": _compare(task, model, exported, inputs),
    }
    if task == "stance":
        provenance["export"]["macro_f1"] = _macro_f1(checkpoint, exported, config, provenance)
    _write_json(output / PROVENANCE, provenance)
    logger.info("%s: %s", output, provenance["export"]["comparison"])
    return output


def _settings(
    task: str, checkpoint: Path, provenance: dict[str, Any], config: ExportConfig
) -> dict[str, Any]:
    trained = provenance["config"]
    settings = {"task": task, "name": config.name, "version": config.version}
    if task == "attribution":
        window = trained["window"]
        # PolNeAR alone does not teach contents inside others.
        learned = [r for r in ROLES if r != "inner" or trained["data"]["corpus_root"]]
        settings |= {"max_tokens": window["max_tokens"], "overlap": window["overlap"]}
        return {**settings, "roles": learned, "capitals": window.get("capitals", False)}
    calibration = json.loads((checkpoint / CALIBRATION).read_text("utf-8"))
    if config.none_threshold is not None:
        calibration["none_threshold"] = config.none_threshold
    return {
        **settings,
        "target": trained["target"]["name"],
        "proposition": trained["target"]["proposition"],
        **trained["passage"],
        **calibration,
    }


def _to_onnx(model: torch.nn.Module, path: Path, opset: int) -> None:
    ids = torch.ones((2, 16), dtype=torch.long)
    # No mask: rows are scored one by one, so that nothing is padded.
    names = ["input_ids"]
    feeds = {"input_ids": ids}
    if getattr(model.config, "type_vocab_size", 0) > 1:
        names.append("token_type_ids")
        feeds["token_type_ids"] = torch.zeros_like(ids)
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    torch.onnx.export(
        _Logits(model, names).eval(),
        tuple(feeds[n] for n in names),
        str(path),
        input_names=names,
        output_names=["logits"],
        opset_version=opset,
        dynamo=True,
        dynamic_shapes=(tuple({0: batch, 1: length} for _ in names),),
        external_data=False,
        verbose=False,
    )


class _Logits(torch.nn.Module):
    """The model with positional inputs and bare logits."""

    def __init__(self, model: torch.nn.Module, names: Sequence[str]) -> None:
        super().__init__()
        self._model = model
        self._names = names

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self._model(**dict(zip(self._names, inputs, strict=True))).logits
        return logits


def _form(trained: dict[str, Any]) -> PassageForm:
    passage = trained["passage"]
    return PassageForm(
        context_sentences=passage["context_sentences"],
        # Runs from before these have no such keys.
        mark_statements=passage.get("mark_statements", False),
        headline=passage.get("headline", False),
    )


def _every(inputs: Inputs) -> int:
    return max(1, len(inputs) // _TYPICAL)


def _inputs(
    task: str, tokenizer: Any, config: ExportConfig, provenance: dict[str, Any], split: str
) -> Inputs:
    """Returns token ids and types of the articles of a split, as scoring would feed them."""
    articles = load(Path(config.corpus_root), split)
    trained = provenance["config"]
    if task == "stance":
        passages = gold_passages(
            articles,
            form=_form(trained),
            single_statements=True,
        )
        proposition = trained["target"]["proposition"]
        rows = [
            encode(tokenizer, proposition, p.passage, trained["passage"]["max_tokens"])
            for p in passages
        ]
        return [(row, _types(row, tokenizer.sep_token_id)) for row in rows]
    out: Inputs = []
    backend = tokenizer.backend_tokenizer
    for article in articles:
        tokens = tokenize_text(backend, article.text, text_lines(article.text))
        for window in make_windows(
            len(tokens), max_tokens=trained["window"]["max_tokens"], overlap=0
        ):
            row = window_ids(backend, tokens, window)
            types = window_types(tokens, window)
            out.append((row, types if trained["window"].get("capitals") else [0] * len(row)))
    return out


def _compare(
    task: str, model: torch.nn.Module, exported: OnnxModel, inputs: Inputs
) -> dict[str, float | int]:
    """Compares logits and decisions input by input."""
    gaps, same, total = [], 0, 0
    groups = len(ROLES) if task == "attribution" else 1
    width = len(TAGS) if task == "attribution" else len(MODEL_LABELS)
    for ids, types in inputs:
        feeds = {
            "input_ids": torch.tensor([ids]),
            "attention_mask": torch.ones((1, len(ids)), dtype=torch.long),
        }
        if getattr(model.config, "type_vocab_size", 0) > 1:
            feeds["token_type_ids"] = torch.tensor([types])
        with torch.inference_mode():
            expected = model(**feeds).logits[0].numpy()
        found = exported.run([ids], [types])[0]
        gaps.append(np.abs(expected - found).ravel())
        decisions = [x.reshape(-1, groups, width).argmax(-1) for x in (expected, found)]
        same += int((decisions[0] == decisions[1]).sum())
        total += decisions[0].size
    gap = np.concatenate(gaps)
    return {
        "inputs": len(inputs),
        "decisions": total,
        "same_decisions": round(same / total, 5),
        "logit_gap_mean": round(float(gap.mean()), 5),
        "logit_gap_max": round(float(gap.max()), 5),
    }


def _macro_f1(
    checkpoint: Path, exported: OnnxModel, config: ExportConfig, provenance: dict[str, Any]
) -> dict[str, float]:
    """Returns macro-F1 of both on the development articles' gold passages, before any threshold."""
    trained = provenance["config"]
    passages = gold_passages(
        load(Path(config.corpus_root), "dev"), form=_form(trained), single_statements=False
    )
    gold = np.array([LABEL2ID[p.label] for p in passages])
    texts, max_tokens = [p.passage for p in passages], trained["passage"]["max_tokens"]
    proposition = trained["target"]["proposition"]
    tokenizer = load_tokenizer(str(checkpoint))
    rows = [encode(tokenizer, proposition, text, max_tokens) for text in texts]
    types = [_types(row, tokenizer.sep_token_id) for row in rows]
    logits = {
        "checkpoint": predict_logits(checkpoint, proposition, texts, max_tokens),
        "exported": exported.run(rows, types),
    }
    stances = range(len(MODEL_LABELS) - 1)
    return {name: round(macro_f1(gold, x.argmax(1), stances), 5) for name, x in logits.items()}


def _types(row: list[int], separator: int) -> list[int]:
    """Returns the segments of proposition and passage."""
    second = row.index(separator) + 1
    return [0] * second + [1] * (len(row) - second)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
