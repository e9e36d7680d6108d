"""Several processes: the same records, and the weights in memory once."""

from __future__ import annotations

import multiprocessing

import pytest

from stance.errors import ModelError
from stance.inference import pool, preload
from stance.inference.pool import score_each
from stance.ingest import from_text

TEXTS = (
    'There will be no troops in Ukraine, said Defence Minister Ana Weiss. "Not one."',
    "We will send two brigades to Ukraine, Prime Minister Olav Berg told parliament.",
    "The harbour reopened on Monday.",
)


def records(workers, texts=TEXTS):
    articles = [from_text(t, id=str(i)) for i, t in enumerate(texts)]
    found = score_each(
        articles, model=None, any_language=True, threads=1, workers=workers, screen=False
    )
    return [r for _, scored in found for r in scored.records(include_empty=True)]


def _is_shared() -> bool:
    return pool._classifier is not None and pool._classifier is preload.classifier


def test_workers_write_what_one_process_writes():
    alone = records(1)
    assert {r["speaker"] for r in alone} >= {"Ana Weiss", "Olav Berg"}
    assert records(2) == alone


@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork server here"
)
def test_workers_share_the_weights_of_their_server(monkeypatch):
    from multiprocessing import forkserver

    monkeypatch.setattr(forkserver, "_forkserver", forkserver.ForkServer())
    monkeypatch.setattr(forkserver, "ensure_running", forkserver._forkserver.ensure_running)
    arguments = {"path": None, "threads": 1, "any_language": True, "screen": False}
    with pool._pool(2, arguments) as processes:
        assert all(processes.submit(_is_shared).result() for _ in range(4))


def test_a_broken_model_folder_is_reported_by_the_worker(tmp_path):
    options = {"any_language": True, "threads": 1, "workers": 2}
    found = score_each([from_text(TEXTS[0])], model=tmp_path / "none", **options)
    with pytest.raises(ModelError, match="no such model folder"):
        next(found)
