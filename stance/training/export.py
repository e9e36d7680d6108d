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
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)

from stance.attribution.labels import ROLES, TAGS
from stance.attribution.windows import make_windows, tokenize_text, window_ids, window_types
from stance.classification.gold import gold_passages
from stance.classification.passages import PassageForm
from stance.corpus.splits import load
from stance.errors import ModelError
from stance.inference.onnx_model import MODEL_FILE, SETTINGS_FILE, TOKENIZER_FILE, OnnxModel
from stance.schema import MODEL_LABELS
from stance.training.attribution import text_lines
from stance.training.backbone import load_tokenizer
from stance.training.config import ExportConfig
from stance.training.runs import PROVENANCE
from stance.training.stance import CALIBRATION, encode

logger = logging.getLogger(__name__)

_CLASSES = {
    "attribution": AutoModelForTokenClassification,
    "stance": AutoModelForSequenceClassification,
}

Inputs = list[tuple[list[int], list[int]]]


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
    provenance = _provenance(checkpoint)
    task = provenance["task"]
    if task not in _CLASSES:
        raise ModelError(f"{checkpoint}: a checkpoint for '{task}' is not exported")
    tokenizer = load_tokenizer(str(checkpoint))
    model = _CLASSES[task].from_pretrained(
        checkpoint, trust_remote_code=False, dtype=torch.float32, attn_implementation="eager"
    )
    model.eval()
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        _to_onnx(model, Path(scratch) / "fp32.onnx", config.opset)
        _quantize(Path(scratch) / "fp32.onnx", output / MODEL_FILE)
    tokenizer.backend_tokenizer.save(str(output / TOKENIZER_FILE))
    settings = _settings(task, checkpoint, provenance, config)
    _write_json(output / SETTINGS_FILE, settings)
    exported = OnnxModel(output, task)
    inputs = _inputs(task, tokenizer, config, provenance)
    provenance["export"] = {
        "model_sha256": hashlib.sha256((output / MODEL_FILE).read_bytes()).hexdigest(),
        "model_bytes": (output / MODEL_FILE).stat().st_size,
        "comparison": _compare(task, model, exported, inputs),
    }
    _write_json(output / PROVENANCE, provenance)
    logger.info("%s: %s", output, provenance["export"]["comparison"])
    return output


def _provenance(checkpoint: Path) -> dict[str, Any]:
    path = checkpoint / PROVENANCE
    if not path.is_file():
        raise ModelError(f"{path}: missing; give a checkpoint that the training scripts wrote")
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    AutoConfig.from_pretrained(checkpoint, trust_remote_code=False)
    return loaded


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


def _quantize(source: Path, target: Path) -> None:
    """Stores weights as int8: matrices by blocks of 128, embedding tables by rows.

    Activations are quantised by blocks too (accuracy level 4), so that one token's outlier does
    not cost the others their precision, nor one input another's result.
    """
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    quantizer = MatMulNBitsQuantizer(
        onnx.load(source), bits=8, block_size=128, is_symmetric=True, accuracy_level=4
    )
    quantizer.process()
    model = quantizer.model.model
    _quantize_tables(model.graph)
    onnx.save(model, target)


def _quantize_tables(graph: Any) -> None:
    """Replaces large embedding tables by int8 rows with one scale each."""
    from onnx import helper, numpy_helper

    tables = {t.name: t for t in graph.initializer}
    nodes = []
    for node in graph.node:
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.dims[0] < 1000:
            nodes.append(node)
            continue
        values = numpy_helper.to_array(table)
        scales = np.maximum(np.abs(values).max(1, keepdims=True) / 127, 1e-12).astype(np.float32)
        rounded = np.round(values / scales).astype(np.int8)
        name = table.name
        graph.initializer.remove(table)
        graph.initializer.append(numpy_helper.from_array(rounded, f"{name}_int8"))
        graph.initializer.append(numpy_helper.from_array(scales, f"{name}_scale"))
        ids, out = node.input[1], node.output[0]
        nodes += [
            helper.make_node("Gather", [f"{name}_int8", ids], [f"{out}_int8"]),
            helper.make_node("Cast", [f"{out}_int8"], [f"{out}_float"], to=1),
            helper.make_node("Gather", [f"{name}_scale", ids], [f"{out}_scale"]),
            helper.make_node("Mul", [f"{out}_float", f"{out}_scale"], [out]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)


def _form(trained: dict[str, Any]) -> PassageForm:
    passage = trained["passage"]
    return PassageForm(
        context_sentences=passage["context_sentences"],
        # Runs from before the marks have no such key.
        mark_statements=passage.get("mark_statements", False),
    )


def _inputs(task: str, tokenizer: Any, config: ExportConfig, provenance: dict[str, Any]) -> Inputs:
    """Returns token ids and types of the development articles, as scoring would feed them."""
    articles = load(Path(config.corpus_root), "dev")
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
        ends = [row.index(tokenizer.sep_token_id) + 1 for row in rows]
        return [
            (row, [0] * end + [1] * (len(row) - end)) for row, end in zip(rows, ends, strict=True)
        ]
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


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
