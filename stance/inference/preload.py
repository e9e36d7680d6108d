"""Models that worker processes share.

Workers are forked from a server process that imports this module first (`pool`), so that the
models lie in memory once, however many workers read them.
"""

from __future__ import annotations

import json
import os

from stance.errors import StanceError
from stance.inference.classifier import StanceClassifier

ARGUMENTS = "STANCE_PRELOAD"
"""Environment variable with the arguments of `StanceClassifier.from_pretrained`, as JSON."""


def _load(arguments: str | None) -> StanceClassifier | None:
    if arguments is None:
        return None
    try:
        return StanceClassifier.from_pretrained(**json.loads(arguments))
    except StanceError:
        return None  # a worker meets the same error and reports it


loaded_with = os.environ.get(ARGUMENTS)
classifier = _load(loaded_with)
