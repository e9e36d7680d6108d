"""Scoring as a stage of Ray Data: on the cores of one machine or on a cluster.

The same scorer as everywhere, one a Ray actor. Ray gives the work of an actor that died to another
one, so that a lost worker costs time and no article. Needs the extra `[ray]`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError, MissingExtraError
from stance.inference.classifier import StanceClassifier
from stance.inference.results import ScoredArticle
from stance.schema import Article

# Articles of one Ray dataset: bounds memory, since a dataset is read as a whole.
_CHUNK = 2000
# Articles that an actor is given at once.
_BATCH = 16

Column = dict[str, NDArray[Any]]


class RayScorer:
    """A callable for `ray.data.Dataset.map_batches`: articles in, what became of them out.

    Args:
        model: See `StanceClassifier.from_pretrained`.
        threads: Likewise.
        any_language: Likewise.
        screen: Likewise.
    """

    def __init__(self, model: Path | None, threads: int, any_language: bool, screen: bool) -> None:
        self._classifier = StanceClassifier.from_pretrained(
            model, threads=threads, any_language=any_language, screen=screen
        )

    def __call__(self, batch: Column) -> Column:
        """Scores the column `article`; the column `outcome` holds results or `InputError`s."""
        out = np.empty(len(batch["article"]), object)
        for i, article in enumerate(batch["article"]):
            out[i] = self._classifier.outcome(article)
        return {"outcome": out}


def score_with_ray(
    articles: Iterable[Article],
    *,
    model: Path | None,
    any_language: bool,
    screen: bool,
    threads: int,
    workers: int,
) -> Iterator[tuple[Article, ScoredArticle | InputError]]:
    """Scores articles on Ray, in order; joins the cluster of `RAY_ADDRESS` or starts one here.

    Args:
        articles: Read a chunk at a time.
        model: Folder of models that every node has, None for the shipped ones.
        any_language: See `StanceClassifier.from_pretrained`.
        screen: Likewise.
        threads: Cores of one worker.
        workers: Ray actors.

    Yields:
        Each article with what became of it.

    Raises:
        MissingExtraError: Ray is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise MissingExtraError(
            "--engine ray needs Ray; pip install 'speaker-stance[ray]'"
        ) from error
    own = not ray.is_initialized()
    if own:
        ray.init(log_to_driver=False, logging_level=logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        source = iter(articles)
        while chunk := list(islice(source, _CHUNK)):
            scored = ray.data.from_items(
                [{"article": article} for article in chunk],
                override_num_blocks=-(-len(chunk) // _BATCH),
            ).map_batches(
                RayScorer,
                fn_constructor_args=(model, threads, any_language, screen),
                batch_size=_BATCH,
                concurrency=workers,
                num_cpus=threads,
            )
            rows = scored.iter_rows()
            yield from ((a, row["outcome"]) for a, row in zip(chunk, rows, strict=True))
    finally:
        if own:
            ray.shutdown()
