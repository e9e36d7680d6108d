"""fp32 ONNX → the same model with each attention as one operator of the runtime.

The runtime's own operator reads projections as they come, without the four transpositions that the
standard one needs, and never stores the scores of all pairs of tokens at once (FlashAttention, Dao
et al., NeurIPS 2022).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

_DOMAIN = "com.microsoft"
# Logits may differ by as much where sums are taken in another order.
_TOLERANCE = 1e-3
# Token ids that any vocabulary has.
_PROBED_IDS = 10


def fuse_attention(path: Path, heads: int, length: int) -> bool:
    """Replaces the attentions of an exported encoder, in place.

    An attention with a mask that matters (a sliding window) must stay: models are compared before
    and after, and one whose answers change is left as it was.

    Args:
        path: The model, with inputs of token ids and, if it has them, types.
        heads: Attention heads.
        length: Tokens of the input on which answers are compared.

    Returns:
        Whether the model was changed.
    """
    import onnx

    model = onnx.load(path)
    graph = model.graph
    made_by = {name: node for node in graph.node for name in node.output}
    used_by = {name: node for node in graph.node for name in node.input}
    fused: dict[str, Any] = {}
    for node in graph.node:
        if node.op_type != "Attention":
            continue
        transposed = used_by.get(node.output[0])
        behind = used_by.get(transposed.output[0]) if transposed else None
        projections = [p for name in node.input[:3] if (p := _projection(name, made_by))]
        if behind is None or behind.op_type != "Reshape" or len(projections) < len("qkv"):
            return False
        (scale,) = [a.f for a in node.attribute if a.name == "scale"] or [0.0]
        fused[behind.output[0]] = onnx.helper.make_node(
            "MultiHeadAttention", projections, [behind.output[0]], domain=_DOMAIN,
            num_heads=heads, scale=scale,
        )  # fmt: skip
    if not fused:
        return False
    before = _logits(path.read_bytes(), length)
    nodes = [fused.get(node.output[0], node) for node in graph.node]
    wanted = {o.name for o in graph.output}
    kept = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(node.input)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    model.opset_import.append(onnx.helper.make_opsetid(_DOMAIN, 1))
    if np.abs(_logits(model.SerializeToString(), length) - before).max() > _TOLERANCE:
        return False
    onnx.save(model, path)
    return True


def _projection(name: str, made_by: dict[str, Any]) -> str | None:
    """Returns what was split into heads, or None where more was done to it."""
    transposed = made_by.get(name)
    if transposed is None or transposed.op_type != "Transpose":
        return None
    shaped = made_by.get(transposed.input[0])
    return shaped.input[0] if shaped is not None and shaped.op_type == "Reshape" else None


def _logits(model: bytes, length: int) -> Any:
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    ids = np.arange(length, dtype=np.int64)[None] % _PROBED_IDS + 1
    feeds = {i.name: ids if i.name == "input_ids" else 0 * ids for i in session.get_inputs()}
    return session.run(None, feeds)[0]
