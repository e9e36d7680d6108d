"""Fixtures that several rooms share; no test touches the network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def datasets_root() -> Path:
    path = Path(os.environ.get("STANCE_DATASETS", ROOT.parent / "shared" / "datasets"))
    if not path.is_dir():
        pytest.skip(f"the public corpora are not at {path}; set STANCE_DATASETS")
    return path


@pytest.fixture(scope="session")
def classifier():
    from stance import StanceClassifier

    return StanceClassifier.from_pretrained()
