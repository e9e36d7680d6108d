"""Full-precision ONNX → int8 for the CPU.

Matrices hold a scale for each output; their inputs are quantised as they come, one range for an
input (each row of the model is scored by itself, so that no other row has a say in it). What a
single range would cost is mended in two ways: channels that are large in the input pass a part of
their size on to the weights beforehand (Xiao et al., "SmoothQuant", ICML 2023), and the widest
inputs, those of the second matrix of each block, are quantised by blocks of 128.

Weights keep to seven bits: on processors without int8 dot products (AVX2 alone) two products of
eight bits are added up in sixteen and would be cut off, and scores would differ from those of
other processors.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMOOTHED = "_smoothed"
"""Ending of the name of an input that has passed a part of its size on to the weights."""

SMOOTHING = "_smoothing"
"""Ending of the name of the factors that do it, shape (n_in,)."""

BLOCK = 128
"""Inputs that share a range in the widest matrices."""

# Share of the range of the inputs that moves to the weights, on a logarithmic scale: of 0.5, 0.7,
# 0.85 and 1 the one with the smallest gap to the checkpoint's logits.
_ALPHA = 0.7
_LARGEST_FACTOR = 100.0
# Rows of an embedding table from which on it is worth storing as int8.
_TABLE_ROWS = 1000

Feeds = dict[str, NDArray[np.int64]]


def quantize(source: Path, target: Path, examples: Iterable[Feeds]) -> None:
    """Stores a model's matrices and embedding tables as int8.

    Args:
        source: A model in full precision.
        target: Where to write.
        examples: Inputs of the kind that it will read; the ranges of its activations are taken
            from them.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    model = onnx.load(source)
    _smooth(model, examples)
    wide = [node.name for node, weight in _matrices(model.graph) if weight.dims[0] > weight.dims[1]]
    # The heads cost nothing and decide; a Gemm is taken apart first, under another name.
    heads = [f"{n.name}_MatMul" for n in model.graph.node if n.op_type == "Gemm"]
    quiet = [logging.getLogger(), logging.getLogger("onnxruntime.quantization")]
    levels = [logger.level for logger in quiet]
    for logger in quiet:
        logger.setLevel(logging.ERROR)  # a line for every node otherwise
    try:
        quantize_dynamic(
            model,
            target,
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            nodes_to_exclude=[*wide, *heads],
        )
        blocks = MatMulNBitsQuantizer(
            onnx.load(target),
            bits=8,
            block_size=BLOCK,
            is_symmetric=True,
            accuracy_level=4,
            nodes_to_exclude=heads,
        )
        blocks.process()
    finally:
        for logger, level in zip(quiet, levels, strict=True):
            logger.setLevel(level)
    quantized = blocks.model.model
    _quantize_tables(quantized.graph)
    onnx.save(quantized, target)


def _matrices(graph: Any) -> list[tuple[Any, Any]]:
    """Returns the products with a stored matrix, and the matrix, shape (n_in, n_out)."""
    stored = {t.name: t for t in graph.initializer}
    return [
        (node, stored[node.input[1]])
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in stored
    ]


def _smooth(model: Any, examples: Iterable[Feeds]) -> None:
    """Divides the channels of each matrix's input by a factor and multiplies its rows by it."""
    from onnx import helper, numpy_helper

    graph = model.graph
    by_input: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for node, weight in _matrices(graph):
        by_input[node.input[0]].append((node, weight))
    largest = _largest(model, list(by_input), examples)
    products = {}
    for name, users in by_input.items():
        weights = [numpy_helper.to_array(weight) for _, weight in users]
        of_weights = np.maximum(np.max([np.abs(w).max(1) for w in weights], axis=0), 1e-5)
        factors = np.maximum(largest[name], 1e-5) ** _ALPHA / of_weights ** (1 - _ALPHA)
        factors /= np.exp(np.log(factors).mean())
        factors = np.clip(factors, 1 / _LARGEST_FACTOR, _LARGEST_FACTOR).astype(np.float32)
        for (node, weight), values in zip(users, weights, strict=True):
            graph.initializer.remove(weight)
            scaled = np.ascontiguousarray(values * factors[:, None])
            graph.initializer.append(numpy_helper.from_array(scaled, weight.name))
            node.input[0] = name + SMOOTHED
        graph.initializer.append(numpy_helper.from_array(1 / factors, name + SMOOTHING))
        products[name] = helper.make_node("Mul", [name, name + SMOOTHING], [name + SMOOTHED])
    nodes = []
    for node in graph.node:
        nodes.append(node)
        nodes += [products[out] for out in node.output if out in products]
    del graph.node[:]
    graph.node.extend(nodes)


def _largest(
    model: Any, names: list[str], examples: Iterable[Feeds]
) -> dict[str, NDArray[np.float32]]:
    """Returns the largest absolute value of each channel of the named tensors, shape (n_in,)."""
    import onnx
    import onnxruntime
    from onnx import helper

    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    probe.graph.output.extend(
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names
    )
    session = onnxruntime.InferenceSession(
        probe.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    inputs = {i.name for i in session.get_inputs()}
    largest = {name: np.zeros(1, np.float32) for name in names}
    for feeds in examples:
        found = session.run(names, {k: v for k, v in feeds.items() if k in inputs})
        for name, values in zip(names, found, strict=True):
            by_channel = np.abs(values).reshape(-1, values.shape[-1]).max(0)
            largest[name] = np.maximum(largest[name], by_channel)
    return largest


def _quantize_tables(graph: Any) -> None:
    """Replaces large embedding tables by int8 rows with one scale each."""
    from onnx import helper, numpy_helper

    tables = {t.name: t for t in graph.initializer}
    nodes = []
    for node in graph.node:
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.dims[0] < _TABLE_ROWS:
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
