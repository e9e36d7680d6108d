"""Every option and experiment composes and builds; what does not fit is named by its path."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
import yaml
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from stance.config import build
from stance.errors import ConfigError
from stance.evaluation.calibrate_run import CalibrateConfig
from stance.evaluation.run import EvaluateConfig
from stance.training.config import (
    AttributionConfig,
    ExportConfig,
    ModelConfig,
    ScreenConfig,
    StanceConfig,
    TrainerConfig,
)

CONFIGS = {
    "train_attribution": AttributionConfig,
    "train_stance": StanceConfig,
    "evaluate": EvaluateConfig,
    "export": ExportConfig,
    "train_screen": ScreenConfig,
    "calibrate": CalibrateConfig,
}
NEEDED = {"export": ["checkpoint=c", "output_dir=o"]}


def composed(root, name, overrides=()):
    with initialize_config_dir(str(root / "configs"), version_base="1.3"):
        cfg = compose(name, overrides=[*NEEDED.get(name, []), *overrides])
    return OmegaConf.to_container(cfg, resolve=True, throw_on_missing=True)


@pytest.mark.parametrize("name", CONFIGS)
def test_default_config_builds(root, name):
    values = composed(root, name)
    if name == "evaluate":
        # The encoder of the linear probe: evaluation itself knows no model.
        build(ModelConfig, values.pop("model"))
    build(CONFIGS[name], values)


def _options(root):
    for name in ("train_attribution", "train_stance"):
        kind = name.removeprefix("train_")
        for path in sorted((root / "configs" / "model").glob("*.yaml")):
            yield name, f"model={path.stem}"
        for path in sorted((root / "configs" / "debug").glob("*.yaml")):
            yield name, f"debug={path.stem}"
        for path in sorted((root / "configs" / "experiment").glob(f"{kind}_*.yaml")):
            yield name, f"experiment={path.stem}"


def test_every_option_and_experiment_builds(root):
    options = list(_options(root))
    assert len(options) >= 14
    for name, option in options:
        build(CONFIGS[name], composed(root, name, [option]))


def test_every_yaml_file_is_used(root):
    used = {"data": {"polnear", "troops"}, "training": {"attribution", "stance"}}
    for group, names in used.items():
        assert {p.stem for p in (root / "configs" / group).glob("*.yaml")} == names
    for path in itertools.chain((root / "configs").rglob("*.yaml")):
        assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict), path


GOOD = {"name": "n", "source": "s", "sha256": None, "init": "base", "attention_dropout": None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"surce": "s"},
            "model.surce: unknown key; known here: attention_dropout, init, name, sha256, source",
        ),
        ({"sha256": 3}, "model.sha256: expected str, found 3"),
        ({"name": None}, "model.name: expected str, found None"),
    ],
)
def test_misfits_are_named(change, message):
    with pytest.raises(ConfigError) as caught:
        build(ModelConfig, {**GOOD, **change}, "model.")
    assert str(caught.value) == message


def test_missing_key_is_named():
    with pytest.raises(ConfigError, match=r"model\.source: missing"):
        build(
            ModelConfig,
            {"name": "n", "sha256": None, "init": "base", "attention_dropout": None},
            "model.",
        )


def test_cross_field_checks(root):
    values = composed(root, "train_stance")["training"]
    with pytest.raises(ConfigError, match="warmup"):
        build(TrainerConfig, {**values, "warmup": 1.5})
    assert not [
        f for f in dataclasses.fields(TrainerConfig) if f.default is not dataclasses.MISSING
    ]
