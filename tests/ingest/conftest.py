"""Helpers of the tests of `stance.ingest`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.ingest import read_articles


@pytest.fixture
def fixtures() -> Path:
    return Path(__file__).parent / "fixtures"


@pytest.fixture
def benchmark_seconds() -> Callable[[Callable[[], object]], float]:
    """Returns a function that tells the best of three times that a call takes."""

    def measure(call: Callable[[], object]) -> float:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        return min(times)

    return measure


@pytest.fixture
def read():
    """Returns a function that reads inputs and gives articles and error lines."""

    def call(*inputs, **options):
        errors = []
        articles = list(
            read_articles(
                [str(i) for i in inputs], on_error=lambda e: errors.append(str(e)), **options
            )
        )
        return articles, errors

    return call
