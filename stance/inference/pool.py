"""Scoring in several processes, in the order of the input."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from stance.errors import InputError, ModelError
from stance.inference import preload
from stance.inference.ahead import in_order
from stance.inference.classifier import StanceClassifier
from stance.inference.onnx_model import available_cores
from stance.inference.results import ScoredArticle
from stance.schema import Article

Outcome = tuple[Article, "ScoredArticle | InputError"]

ENGINES = ("processes", "ray")
"""What can run several workers: processes of this machine, or Ray's."""

# Articles handed out a worker: enough that none waits, few enough that memory stays constant.
_AHEAD = 4

_classifier: StanceClassifier | ModelError | None = None


def score_each(
    articles: Iterable[Article],
    *,
    model: Path | None,
    any_language: bool,
    threads: int | None,
    workers: int,
    screen: bool = True,
    engine: str = "processes",
) -> Iterator[Outcome]:
    """Scores articles, in this process, in several, or on Ray.

    A record depends on its article alone, so the number of workers changes nothing in it. Where
    processes can be forked from a server (Linux, macOS), the workers share one copy of the weights.

    Args:
        articles: Read as they are needed.
        model: See `StanceClassifier.from_pretrained`.
        any_language: Likewise.
        threads: Threads of one process; None divides all cores among the workers.
        screen: See `StanceClassifier.from_pretrained`.
        workers: Processes; 1 takes this one.
        engine: One of `ENGINES`.

    Yields:
        Each article with what became of it, in order.

    Raises:
        ModelError: The model folder cannot be used.
        InputError: A worker was ended from outside, or there is no such engine.
        MissingExtraError: Ray is asked for and not installed.
    """
    if engine not in ENGINES:
        raise InputError(f"--engine {engine}: no such engine", fix=f"give {' or '.join(ENGINES)}")
    if engine == "ray":
        from stance.inference.ray_engine import score_with_ray

        yield from score_with_ray(
            articles,
            model=model,
            any_language=any_language,
            screen=screen,
            threads=threads or max(1, available_cores() // workers),
            workers=workers,
        )
        return
    if workers == 1:
        classifier = StanceClassifier.from_pretrained(
            model, threads=threads, any_language=any_language, screen=screen
        )
        yield from classifier.outcomes(articles)
        return
    threads = threads or max(1, available_cores() // workers)
    pool = _pool(
        workers,
        {
            "path": None if model is None else str(model),
            "threads": threads,
            "any_language": any_language,
            "screen": screen,
        },
    )
    try:
        yield from in_order(_score, articles, at_once=_AHEAD * workers, pool=pool)
    except BrokenProcessPool as error:
        raise InputError(
            "a worker was ended from outside",
            fix="is there memory enough? give fewer --workers, and --resume to go on",
        ) from error


def _pool(workers: int, arguments: dict[str, Any]) -> ProcessPoolExecutor:
    """Starts processes that all have the models, in pages that they share where that can be."""
    given = json.dumps(arguments)
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if isinstance(context, ForkServerContext):
        context.set_forkserver_preload(["stance.inference.preload"])
        os.environ[preload.ARGUMENTS] = given
        try:
            forkserver.ensure_running()
        finally:
            del os.environ[preload.ARGUMENTS]
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_load, initargs=(given,))


def _load(arguments: str) -> None:
    global _classifier
    # The server lives as long as the process that started it; another run may want other models.
    shared = preload.classifier if preload.loaded_with == arguments else None
    try:
        _classifier = shared or StanceClassifier.from_pretrained(**json.loads(arguments))
    except ModelError as error:
        _classifier = error  # an initializer that raises would end the pool without a word


def _score(article: Article) -> ScoredArticle | InputError:
    assert _classifier is not None
    if isinstance(_classifier, ModelError):
        raise _classifier
    return _classifier.outcome(article)
