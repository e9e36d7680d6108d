"""One ONNX model with its tokenizer and settings, run on the CPU."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
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
        threads: Threads that one call may use.

    Raises:
        ModelError: The folder is missing, incomplete, damaged or of another task.
    """

    def __init__(self, folder: Path, task: str, *, threads: int | None = None) -> None:
        self.folder = folder
        self.settings = _settings(folder, task)
        self.tokenizer = _tokenizer(folder)
        self._session = _session(folder, threads)
        self._inputs = {i.name for i in self._session.get_inputs()}
        self._pad = next(
            i for i in map(self.tokenizer.token_to_id, ("[PAD]", "<pad>")) if i is not None
        )

    def run(
        self, rows: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None
    ) -> NDArray[np.float32]:
        """Scores token id rows of any lengths.

        Args:
            rows: Token ids, special tokens included.
            types: Segment of each token (0 or 1); None means all 0.

        Returns:
            Logits, shape (n, ...), rows padded to the longest of them.
        """
        length = max(map(len, rows))
        ids = np.full((len(rows), length), self._pad, np.int64)
        mask = np.zeros((len(rows), length), np.int64)
        segments = np.zeros((len(rows), length), np.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
            if types is not None:
                segments[i, : len(row)] = types[i]
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": segments}
        logits = self._session.run(None, {k: v for k, v in feeds.items() if k in self._inputs})[0]
        return np.asarray(logits, np.float32)


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


def _session(folder: Path, threads: int | None) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cores()
    options.log_severity_level = 3
    # Holding on to the largest buffers ever used would double the memory of long articles.
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the runtime has no common base class for its errors
        raise ModelError(
            f"{folder / MODEL_FILE}: damaged or cut off; export or download it again"
        ) from error
