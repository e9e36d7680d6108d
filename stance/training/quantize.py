"""fp32 ONNX → int8: what is multiplied, and how finely it is rounded.

Most matrices are multiplied in integers, a token's activations with a scale of their own (as in
ZeroQuant, Yao et al., NeurIPS 2022), so that no other token and no other input changes them. What
sticks out in a few features is first moved into the weights (SmoothQuant, Xiao et al., ICML 2023).
Matrices that are fed by the wide layer inside a feed-forward block, where single values stick out,
keep a scale for each block of 128.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Inputs = Sequence[tuple[list[int], list[int]]]

SMOOTHED = "_smooth"
"""Ends the name of what a layer's activations are multiplied by before they are rounded."""

BLOCK = 128
"""Weights that share a scale in matrices kept by blocks."""

_DOMAIN = "com.microsoft"
# Share of what sticks out that moves from activations to weights.
_MOVED = 0.6
# Weights have 7 bits: two products of 8 bits overflow where a processor adds them in 16 bits
# (AVX2 without VNNI), and the result would depend on the machine.
_TOP_WEIGHT = 63
_TOP_ACTIVATION = 127
_MIDDLE = 128
_TABLE_ROWS = 1000


def quantize(source: Path, target: Path, inputs: Inputs) -> None:
    """Stores an exported model in int8.

    Args:
        source: The fp32 model.
        target: Where to write.
        inputs: Token ids and types of typical texts, from which the range of each activation is
            learned; not those on which the result is compared.
    """
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    ranges = _ranges(source, inputs)
    model = onnx.load(source)
    _quantize_by_rows(model.graph, ranges)
    # What is left of matrices, those by rows having become another operator.
    quantizer = MatMulNBitsQuantizer(
        model, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=4
    )
    quantizer.process()
    model = quantizer.model.model
    _quantize_tables(model.graph)
    if all(used.domain != _DOMAIN for used in model.opset_import):
        model.opset_import.append(onnx.helper.make_opsetid(_DOMAIN, 1))
    onnx.save(model, target)


def _by_rows(graph: Any) -> list[Any]:
    """Returns the products of activations and a stored matrix that is not narrower than they."""
    shapes = {t.name: tuple(t.dims) for t in graph.initializer}
    products = [n for n in graph.node if n.op_type == "MatMul" and n.input[1] in shapes]
    matrices = [(n, shapes[n.input[1]]) for n in products]
    return [n for n, shape in matrices if len(shape) == 2 and shape[0] <= shape[1]]


def _ranges(source: Path, inputs: Inputs) -> dict[str, NDArray[np.float32]]:
    """Returns the largest absolute value of each feature of each rounded activation."""
    import onnx
    import onnxruntime

    model = onnx.load(source)
    names = list(dict.fromkeys(n.input[0] for n in _by_rows(model.graph)))
    if not names:
        return {}
    del model.graph.output[:]
    model.graph.output.extend(onnx.helper.make_tensor_value_info(n, 1, None) for n in names)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    given = {i.name for i in session.get_inputs()}
    found: dict[str, NDArray[np.float32]] = {}
    for ids, types in inputs:
        feeds = {"input_ids": np.array([ids]), "token_type_ids": np.array([types])}
        values = session.run(names, {k: v for k, v in feeds.items() if k in given})
        for name, value in zip(names, values, strict=True):
            largest = np.abs(value).reshape(-1, value.shape[-1]).max(0)
            found[name] = np.maximum(found.get(name, 0), largest)
    return found


def _quantize_by_rows(graph: Any, ranges: dict[str, NDArray[np.float32]]) -> None:
    """Replaces products by integer ones with a scale for each token and each output feature."""
    from onnx import helper, numpy_helper

    wanted = {n.output[0] for n in _by_rows(graph)}
    stored = {t.name: t for t in graph.initializer}
    readers: dict[str, list[NDArray[np.float32]]] = {}
    for node in graph.node:
        if node.output[0] in wanted:
            readers.setdefault(node.input[0], []).append(
                numpy_helper.to_array(stored[node.input[1]])
            )
    smooth = {name: _smoothing(ranges[name], matrices) for name, matrices in readers.items()}

    def store(name: str, values: Any) -> str:
        graph.initializer.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    axes, one, middle, least, top = (
        store("rows_axes", np.array([-1], np.int64)),
        store("rows_one", np.float32(1)),
        store("rows_middle", np.uint8(_MIDDLE)),
        store("rows_least", np.float32(1e-9)),
        store("rows_top", np.float32(_TOP_ACTIVATION)),
    )
    nodes: list[Any] = []
    rounded: set[str] = set()
    for node in graph.node:
        if node.output[0] not in wanted:
            nodes.append(node)
            continue
        given, out = node.input[0], node.output[0]
        if given not in rounded:
            rounded.add(given)
            factor = store(f"{given}{SMOOTHED}", 1 / smooth[given])
            x = f"{given}_even"
            nodes += [
                helper.make_node("Mul", [given, factor], [x]),
                helper.make_node("Abs", [x], [f"{x}_size"]),
                helper.make_node("ReduceMax", [f"{x}_size", axes], [f"{x}_max"], keepdims=1),
                helper.make_node("Max", [f"{x}_max", least], [f"{x}_range"]),
                helper.make_node("Div", [top, f"{x}_range"], [f"{x}_scale"]),
                helper.make_node("Mul", [x, f"{x}_scale"], [f"{x}_scaled"]),
                helper.make_node("QuantizeLinear", [f"{x}_scaled", one, middle], [f"{x}_uint8"]),
            ]
        x, matrix = f"{given}_even", node.input[1]
        values = numpy_helper.to_array(stored[matrix]) * smooth[given][:, None]
        scale = np.maximum(np.abs(values).max(0) / _TOP_WEIGHT, 1e-12).astype(np.float32)
        whole = store(f"{matrix}_rows", np.round(values / scale).astype(np.int8))
        scales = store(f"{matrix}_scales", scale)
        graph.initializer.remove(stored[matrix])
        product = [f"{x}_uint8", whole, one, scales, middle]
        nodes += [
            helper.make_node("MatMulIntegerToFloat", product, [f"{out}_scaled"], domain=_DOMAIN),
            helper.make_node("Div", [f"{out}_scaled", f"{x}_scale"], [out]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)


def _smoothing(
    largest: NDArray[np.float32], matrices: Sequence[NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Returns by what each feature of an activation is divided, its weights being multiplied."""
    weights = np.max([np.abs(m).max(1) for m in matrices], axis=0)
    factors = np.maximum(largest, 1e-3) ** _MOVED / np.maximum(weights, 1e-3) ** (1 - _MOVED)
    mean = np.exp(np.log(factors).mean())
    return np.asarray(factors / mean, np.float32)


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
