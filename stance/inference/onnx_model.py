"""One ONNX model with its tokenizer and settings, run on the CPU."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from stance.errors import ModelError

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
SETTINGS_FILE = "settings.json"


class OnnxModel:
    """An exported model.

    Args:
        folder: Holds `model.onnx`, `tokenizer.json` and `settings.json`, as `scripts/export.py`
            writes them.
        task: "attribution" or "stance"; must be what the settings say.
        threads: Rows that are scored at once, a thread each; None takes all cores of this process.
        pool: Threads to share with another model, instead of own ones.

    Raises:
        ModelError: The folder is missing, incomplete, damaged or of another task.
    """

    def __init__(
        self,
        folder: Path,
        task: str,
        *,
        threads: int | None = None,
        pool: ThreadPoolExecutor | None = None,
    ) -> None:
        self.folder = folder
        self.settings = _settings(folder, task)
        self.tokenizer = _tokenizer(folder)
        self._session = _session(folder)
        self._inputs = {i.name for i in self._session.get_inputs()}
        # Rows side by side, a thread each, are faster than all threads on one padded batch.
        self._pool = pool or ThreadPoolExecutor(threads or available_cores())

    def run(
        self, rows: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None
    ) -> NDArray[np.float32]:
        """Scores token id rows of any lengths.

        Args:
            rows: Token ids, special tokens included.
            types: Segment of each token (0 or 1); None means all 0.

        Returns:
            Logits, shape (n, ...), rows padded with 0 to the longest of them.
        """
        given = types if types is not None else [[0] * len(row) for row in rows]
        scored = list(self._pool.map(self._one, rows, given))
        length = max(map(len, rows))
        out = np.zeros((len(rows), *_padded(scored[0].shape, length)), np.float32)
        for i, logits in enumerate(scored):
            out[i][tuple(map(slice, logits.shape))] = logits
        return out

    def _one(self, row: Sequence[int], types: Sequence[int]) -> NDArray[np.float32]:
        """Scores one row by itself: no padding, and nothing that another row could change."""
        feeds = {
            "input_ids": np.array([row], np.int64),
            # Of models exported with a mask; a row by itself needs none.
            "attention_mask": np.ones((1, len(row)), np.int64),
            "token_type_ids": np.array([types], np.int64),
        }
        logits = self._session.run(None, {k: v for k, v in feeds.items() if k in self._inputs})[0]
        return np.asarray(logits[0], np.float32)


def _padded(shape: tuple[int, ...], length: int) -> tuple[int, ...]:
    """Returns the shape of a row's logits, those of its tokens made as many as `length`."""
    return (length, *shape[1:]) if len(shape) > 1 else shape


def available_cores() -> int:
    """Returns how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _settings(folder: Path, task: str) -> dict[str, Any]:
    for name in (SETTINGS_FILE, MODEL_FILE, TOKENIZER_FILE):
        if not (folder / name).is_file():
            raise ModelError(
                f"{folder}: {name} is missing; give a folder that scripts/export.py wrote"
            )
    try:
        settings: dict[str, Any] = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
        found = settings["task"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / SETTINGS_FILE}: damaged; export the model again") from error
    if found != task:
        raise ModelError(f"{folder}: this is a model for '{found}', not for '{task}'")
    return settings


def _tokenizer(folder: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    except Exception as error:  # the library raises bare Exception
        raise ModelError(f"{folder / TOKENIZER_FILE}: damaged; export the model again") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session(folder: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Holding on to the largest buffers ever used would double the memory of long articles.
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(
            str(folder / MODEL_FILE),
            options,
            providers=["CPUExecutionProvider"],
            # The fused kernel takes five times as long as the two that it replaces.
            disabled_optimizers=["SkipLayerNormFusion"],
        )
    except Exception as error:  # the runtime has no common base class for its errors
        raise ModelError(
            f"{folder / MODEL_FILE}: damaged or cut off; export or download it again"
        ) from error
