"""The shipped int8 models as plain checkpoints, so that training can start from them.

The stored weights are multiples of a scale; they are written out as such. Nothing but the rounding
of the export is lost, and exporting the result again rounds by no more than that.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)

from stance.attribution.labels import TOKEN_LABELS
from stance.errors import ModelError
from stance.inference.classifier import SHIPPED
from stance.inference.onnx_model import MODEL_FILE
from stance.schema import MODEL_LABELS
from stance.training.backbone import load_tokenizer
from stance.training.quantize import SMOOTHED
from stance.training.runs import PROVENANCE

logger = logging.getLogger(__name__)

_CLASSES = {
    "attribution": (AutoModelForTokenClassification, TOKEN_LABELS),
    "stance": (AutoModelForSequenceClassification, MODEL_LABELS),
}
_PREFIX = "_model."
# A symmetric 8-bit block stores its values with this added.
_MIDDLE = 128


def shipped_checkpoint(task: str, backbone: str, folder: Path, *, weights: Path = SHIPPED) -> Path:
    """Writes a shipped model as a plain Hugging Face folder.

    Args:
        task: "attribution" or "stance".
        backbone: Folder or hub name of the encoder that the shipped model is built on, for its
            configuration and tokenizer.
        folder: Where to write; made if it is missing.
        weights: Folder with `attribution/` and `stance/` as `scripts/export.py` writes them.

    Returns:
        The folder, with the shipped model's provenance beside the weights.

    Raises:
        ModelError: The backbone is another one, or the model file is missing or not as exported.
    """
    source = weights / task
    if not (source / MODEL_FILE).is_file():
        raise ModelError(f"{source / MODEL_FILE}: missing; give a folder of exported models")
    auto, labels = _CLASSES[task]
    config = AutoConfig.from_pretrained(
        backbone,
        trust_remote_code=False,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    model = auto.from_config(config, trust_remote_code=False)
    tensors = {k: torch.from_numpy(v.copy()) for k, v in _tensors(source / MODEL_FILE).items()}
    expected = {k: v.shape for k, v in model.state_dict().items() if "position_ids" not in k}
    for name, shape in expected.items():
        if name not in tensors or tensors[name].shape != shape:
            raise ModelError(
                f"{source}: has no '{name}' of shape {list(shape)}; its backbone is not {backbone}"
            )
    model.load_state_dict(tensors, strict=False)
    model.save_pretrained(folder)
    load_tokenizer(backbone).save_pretrained(folder)
    provenance = json.loads((source / PROVENANCE).read_text("utf-8"))
    (folder / PROVENANCE).write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")
    logger.info("the shipped %s model as a checkpoint: %s", task, folder)
    return folder


def _tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """Returns the weights of an exported model in full precision, under the model's own names."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    out: dict[str, NDArray[np.float32]] = {
        name.removeprefix(_PREFIX): values
        for name, values in stored.items()
        if name.startswith(_PREFIX) and values.dtype == np.float32
    }
    for name, values in stored.items():
        if name.endswith("_int8"):  # an embedding table, by rows
            base = name.removesuffix("_int8")
            out[base.removeprefix(_PREFIX)] = values.astype(np.float32) * stored[f"{base}_scale"]
    bias_of = {
        i: j
        for node in graph.node
        if node.op_type == "Add"
        for i, j in (tuple(node.input), tuple(node.input)[::-1])
        if j.endswith(".bias")
    }
    products = {n.input[0]: n for n in graph.node if n.op_type == "Div"}
    for node in graph.node:
        if node.op_type not in ("MatMulNBits", "MatMulIntegerToFloat"):
            continue
        by_rows = node.op_type == "MatMulIntegerToFloat"
        product = products[node.output[0]] if by_rows else node
        bias = bias_of.get(product.output[0])
        if bias is None:
            raise ModelError(f"{path}: a matrix without a bias has no name; export it again")
        name = bias.removeprefix(_PREFIX).removesuffix("bias") + "weight"
        out[name] = _by_rows(node, stored) if by_rows else _by_blocks(node, stored)
    return out


def _by_rows(node: Any, stored: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Returns a matrix with a scale for each output, shape (n_out, n_in)."""
    smooth = stored[node.input[0].removesuffix("_even_uint8") + SMOOTHED]
    values = stored[node.input[1]].astype(np.float32) * stored[node.input[3]] * smooth[:, None]
    return np.ascontiguousarray(values.T)


def _by_blocks(node: Any, stored: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Returns a matrix stored in blocks, shape (n_out, n_in)."""
    wanted = {a.name: a.i for a in node.attribute}
    blocks = stored[node.input[1]].astype(np.float32) - _MIDDLE
    values = blocks * stored[node.input[2]].reshape(*blocks.shape[:2], 1)
    return np.asarray(values.reshape(wanted["N"], -1)[:, : wanted["K"]], np.float32)
