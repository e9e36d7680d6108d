"""What every training run shares: Trainer arguments, seeds, resuming, provenance."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import subprocess
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from transformers import (
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from stance.errors import ModelError
from stance.training.config import TrainerConfig

logger = logging.getLogger(__name__)

PROVENANCE = "provenance.json"
"""Name of the file beside each checkpoint: config, commit, seed, data checksums, scores."""

_COMPLETE = "complete"
_PACKAGES = ("torch", "transformers", "tokenizers", "accelerate", "numpy")


class _MarkComplete(TrainerCallback):  # type: ignore[misc]
    """Marks a checkpoint once all of its files are written; a kill may leave half of one."""

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        (folder / _COMPLETE).touch()


class LossTrainer(Trainer):  # type: ignore[misc]
    """Trainer whose loss is a function of the model's logits and the batch's labels."""

    def __init__(
        self, *, loss: Callable[[torch.Tensor, dict[str, torch.Tensor]], torch.Tensor], **kw: Any
    ) -> None:
        super().__init__(**kw)
        self._loss = loss
        # The loss is a mean over the batch: accumulated batches must be averaged, not summed.
        self.model_accepts_loss_kwargs = False

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | None = None,
    ) -> Any:
        """Returns the mean loss of a batch; `labels` and `weights` do not go to the model."""
        targets = {k: v for k, v in inputs.items() if k in ("labels", "weights")}
        outputs = model(**{k: v for k, v in inputs.items() if k not in targets})
        loss = self._loss(outputs["logits"].float(), targets)
        return (loss, outputs) if return_outputs else loss


def make_trainer(
    config: TrainerConfig,
    *,
    run_dir: Path,
    seed: int,
    metric: str,
    group_by_length: bool,
    **kwargs: Any,
) -> LossTrainer:
    """Sets up a Trainer that evaluates, checkpoints and keeps the best by `metric`.

    Args:
        config: Optimisation settings.
        run_dir: Folder of the run; checkpoints go to `run_dir/checkpoint-STEP`.
        seed: Seeds initialisation of the head, dropout and the order of the data.
        metric: Name in `compute_metrics` that selects the checkpoint; higher is better.
        group_by_length: Whether batches hold inputs of about one length.
        **kwargs: Passed on to `LossTrainer`.
    """
    steps_per_epoch = max(
        1,
        -(-len(kwargs["train_dataset"]) // config.batch_size) // config.gradient_accumulation,
    )
    every = max(1, steps_per_epoch // config.evals_per_epoch)
    if config.max_steps > 0:
        every = min(every, config.max_steps)
    arguments = TrainingArguments(
        output_dir=str(run_dir),
        seed=seed,
        data_seed=seed,
        learning_rate=config.learning_rate,
        num_train_epochs=config.epochs,
        max_steps=config.max_steps,
        per_device_train_batch_size=config.batch_size,
        per_device_eval_batch_size=config.eval_batch_size,
        gradient_accumulation_steps=config.gradient_accumulation,
        warmup_steps=config.warmup,
        weight_decay=config.weight_decay,
        lr_scheduler_type="linear",
        bf16=config.precision == "bf16" or (config.precision == "auto" and has_bf16()),
        bf16_full_eval=False,
        use_cpu=not torch.cuda.is_available(),
        train_sampling_strategy="group_by_length" if group_by_length else "random",
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=config.keep_checkpoints,
        load_best_model_at_end=True,
        metric_for_best_model=metric,
        greater_is_better=True,
        logging_steps=20,
        report_to="tensorboard" if config.tensorboard else "none",
        disable_tqdm=not config.progress,
        remove_unused_columns=False,
        label_names=["labels"],
        dataloader_pin_memory=False,
        restore_callback_states_from_checkpoint=True,
    )
    callbacks: list[TrainerCallback] = [_MarkComplete()]
    if config.early_stopping:
        callbacks.append(EarlyStoppingCallback(early_stopping_patience=config.early_stopping))
    return LossTrainer(args=arguments, callbacks=callbacks, **kwargs)


def has_bf16() -> bool:
    """Whether the device computes in bfloat16 itself; emulated, it is 20 times slower than fp32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # Older releases of torch do not tell: full precision then.
    known: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))


def newest_checkpoint(run_dir: Path) -> Path | None:
    """Returns the newest complete checkpoint of a run, or None."""
    complete = [p.parent for p in run_dir.glob(f"checkpoint-*/{_COMPLETE}")]
    return max(complete, key=lambda p: int(p.name.rsplit("-", 1)[1]), default=None)


def train(trainer: LossTrainer, run_dir: Path, *, resume: bool) -> None:
    """Trains, from the newest complete checkpoint if `resume` is set and there is one."""
    checkpoint = newest_checkpoint(run_dir) if resume else None
    if checkpoint:
        logger.info("resuming from %s", checkpoint)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)


def save_best(trainer: LossTrainer, folder: Path) -> None:
    """Saves the selected model as a plain Hugging Face folder, without the Trainer's pickle."""
    trainer.save_model(str(folder))
    (folder / "training_args.bin").unlink(missing_ok=True)


def file_checksums(paths: Iterable[Path]) -> dict[str, str]:
    """Returns the SHA-256 of each file; of a folder, one over all names and contents in it."""
    out = {}
    for path in paths:
        digest = hashlib.sha256()
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for file in files:
            if file != path:
                digest.update(str(file.relative_to(path)).encode())
            digest.update(file.read_bytes())
        out[path.name] = digest.hexdigest()
    return out


def write_provenance(
    folder: Path, *, config: Any, data: dict[str, str], scores: dict[str, float], **extra: Any
) -> None:
    """Writes the provenance file of a checkpoint.

    Args:
        folder: The checkpoint.
        config: The run's configuration dataclass.
        data: Checksums by corpus.
        scores: Scores on the development data.
        **extra: Further entries, as JSON values.
    """
    record = {
        "config": dataclasses.asdict(config),
        "seed": config.seed,
        "commit": git_commit(),
        "data_sha256": data,
        "scores": scores,
        "versions": {name: metadata.version(name) for name in _PACKAGES},
        **extra,
    }
    (folder / PROVENANCE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def read_provenance(checkpoint: Path) -> dict[str, Any]:
    """Returns what `write_provenance` wrote beside a checkpoint.

    Raises:
        ModelError: There is none.
    """
    path = checkpoint / PROVENANCE
    if not path.is_file():
        raise ModelError(f"{path}: missing; give a checkpoint that the training scripts wrote")
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def start_of(start: str) -> dict[str, Any] | str:
    """Returns the provenance of the checkpoint that training started from, or its name."""
    path = Path(start) / PROVENANCE
    return json.loads(path.read_text("utf-8")) if path.is_file() else Path(start).name


def git_commit() -> str | None:
    """Returns the commit of the working tree, with "+" where it has changes; None outside git."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=True
        ).stdout.strip()
        changes = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    return head + ("+" if changes else "")
