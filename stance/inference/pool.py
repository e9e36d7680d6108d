"""Scoring in several processes, in the order of the input."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path

from stance.errors import InputError
from stance.inference.classifier import StanceClassifier
from stance.inference.onnx_model import available_cores
from stance.inference.results import ScoredArticle
from stance.schema import Article

Outcome = tuple[Article, "ScoredArticle | InputError"]

ENGINES = ("processes", "ray")
"""What can run several workers: processes of this machine, or Ray's."""

# Articles handed out a worker: enough that none waits, few enough that memory stays constant.
_AHEAD = 4

_classifier: StanceClassifier | None = None


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

    A record depends on its article alone, so the number of workers changes nothing in it. Each
    worker has its own copy of the weights.

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
        for article in articles:
            yield article, classifier.outcome(article)
        return
    threads = threads or max(1, available_cores() // workers)
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_load,
        initargs=(model, threads, any_language, screen),
    )
    source = iter(articles)
    waiting: deque[tuple[Article, Future[ScoredArticle | InputError]]] = deque()
    try:
        for article in islice(source, _AHEAD * workers):
            waiting.append((article, pool.submit(_score, article)))
        while waiting:
            article, future = waiting.popleft()
            outcome = future.result()
            for following in islice(source, 1):
                waiting.append((following, pool.submit(_score, following)))
            yield article, outcome
    except BrokenProcessPool as error:
        raise InputError(
            "a worker was ended from outside",
            fix="is there memory enough? give fewer --workers, and --resume to go on",
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _load(model: Path | None, threads: int, any_language: bool, screen: bool) -> None:
    global _classifier
    _classifier = StanceClassifier.from_pretrained(
        model, threads=threads, any_language=any_language, screen=screen
    )


def _score(article: Article) -> ScoredArticle | InputError:
    assert _classifier is not None
    return _classifier.outcome(article)
