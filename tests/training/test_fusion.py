"""Attention as one operator: the same answers, and none where a mask matters."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from stance.training.export import _to_onnx
from stance.training.fusion import fuse_attention

HEADS = 4


def exported(path, **settings):
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=HEADS,
        intermediate_size=64, initializer_range=0.5, **settings,
    )  # fmt: skip
    _to_onnx(BertForSequenceClassification(config).eval(), path, 23)
    return path


def answers(path, length):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(length).integers(1, 100, (1, length))
    return session.run(None, {"input_ids": ids, "token_type_ids": ids % 2})[0]


def kinds(path):
    return [n.op_type for n in onnx.load(path).graph.node]


def test_attention_is_one_operator_with_the_same_answers(tmp_path):
    path = exported(tmp_path / "model.onnx")
    before = [answers(path, n) for n in (1, 7, 200)]
    assert fuse_attention(path, HEADS, 200)
    after = [answers(path, n) for n in (1, 7, 200)]
    for a, b in zip(before, after, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)
    assert kinds(path).count("MultiHeadAttention") == 2
    assert not {"Attention", "Transpose"} & set(kinds(path))


@pytest.mark.filterwarnings("ignore:If you want to use")
def test_an_attention_that_sees_only_what_came_before_is_left(tmp_path):
    path = exported(tmp_path / "model.onnx", is_decoder=True, use_cache=False)
    stored = path.read_bytes()
    assert not fuse_attention(path, HEADS, 200)
    assert path.read_bytes() == stored
