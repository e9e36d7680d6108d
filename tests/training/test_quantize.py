"""Integer products that change a model's answers by no more than rounding."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from stance.training.quantize import quantize

WIDE, NARROW, VOCABULARY = 256, 128, 1200


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """An embedding, a product to a wide layer and one back, in fp32 and in int8."""
    rng = np.random.default_rng(0)
    table = rng.standard_normal((VOCABULARY, NARROW)).astype(np.float32)
    table[:, 3] *= 30  # one feature that sticks out, as in trained encoders
    stored = {
        "table": table,
        "up": rng.standard_normal((NARROW, WIDE)).astype(np.float32) / 10,
        "down": rng.standard_normal((WIDE, NARROW)).astype(np.float32) / 10,
    }
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["x"]),
        helper.make_node("MatMul", ["x", "up"], ["wide"]),
        helper.make_node("Relu", ["wide"], ["active"]),
        helper.make_node("MatMul", ["active", "down"], ["logits"]),
    ]
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "length", NARROW])
    graph = helper.make_graph(
        nodes, "g", [ids], [logits], [numpy_helper.from_array(v, k) for k, v in stored.items()]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    folder = tmp_path_factory.mktemp("quantize")
    onnx.save(model, folder / "fp32.onnx")
    typical = [(list(map(int, row)), [0] * 20) for row in rng.integers(0, VOCABULARY, (8, 20))]
    quantize(folder / "fp32.onnx", folder / "int8.onnx", typical)
    return folder / "fp32.onnx", folder / "int8.onnx"


def answers(path, ids):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"input_ids": np.asarray(ids)})[0]


def test_answers_differ_by_rounding_alone(paths):
    ids = np.random.default_rng(1).integers(0, VOCABULARY, (4, 30))
    exact, rounded = (answers(p, ids) for p in paths)
    assert np.abs(exact - rounded).mean() < 0.03 * np.abs(exact).mean()


def test_a_token_does_not_change_another(paths):
    ids = np.random.default_rng(2).integers(0, VOCABULARY, (1, 30))
    others = ids.copy()
    others[0, 1:] = 7
    np.testing.assert_array_equal(answers(paths[1], ids)[0, 0], answers(paths[1], others)[0, 0])


def test_products_are_small_enough_for_16_bit_sums_and_the_narrowing_one_keeps_blocks(paths):
    graph = onnx.load(paths[1]).graph
    stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    kinds = [n.op_type for n in graph.node]
    assert (kinds.count("MatMulIntegerToFloat"), kinds.count("MatMulNBits")) == (1, 1)
    product = next(n for n in graph.node if n.op_type == "MatMulIntegerToFloat")
    whole = stored[product.input[1]]
    assert whole.dtype == np.int8
    assert 2 * 255 * int(np.abs(whole.astype(int)).max()) < 2**15
    assert "table_int8" in stored
