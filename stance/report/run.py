"""A run of `stance score`: inputs in, one output file or standard output."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.inference.classifier import SHIPPED
from stance.inference.onnx_model import MODEL_FILE, SETTINGS_FILE
from stance.inference.pool import Outcome, score_each
from stance.inference.results import ScoredArticle
from stance.inference.screen import SCREEN_FILE
from stance.ingest import read_articles
from stance.report.journal import RecordLog
from stance.report.writers import format_of, write_records, write_results
from stance.schema import Article

Progress = Callable[[Iterable[Article], int], Iterable[Article]]
"""Shows that articles are read; is told how many were done before."""


@dataclass(frozen=True, kw_only=True)
class ScoreRun:
    """What `stance score` is asked for.

    Attributes:
        inputs: Files, folders or "-".
        format_name: One of `stance.report.FORMATS`; None goes by the output's name.
        output: File to write, None for standard output.
        text_column: Column or key that holds the text of an article.
        model: Folder of models, None for the shipped ones.
        min_confidence: Stances less sure than this are left out, 0 to 1.
        include_empty: Whether an article in which nobody takes a stance has a record.
        all_speakers: Whether speakers who say nothing about the target have one.
        any_language: Whether articles in other languages than English are read.
        screen: Whether articles about other things pass by unread.
        threads: Threads of a process; None for all cores.
        workers: Processes.
        engine: What runs them, one of `stance.inference.pool.ENGINES`.
        resume: Whether to go on with an interrupted run.
    """

    inputs: tuple[str, ...]
    format_name: str | None
    output: Path | None
    text_column: str
    model: Path | None
    min_confidence: float
    include_empty: bool
    all_speakers: bool
    any_language: bool
    screen: bool
    threads: int | None
    workers: int
    engine: str
    resume: bool


@dataclass(kw_only=True)
class RunReport:
    """What is to be said after a run.

    Attributes:
        failures: One line for each input that could not be read or was skipped.
        left_out: Stances under `min_confidence`.
    """

    failures: list[str] = field(default_factory=list)
    left_out: int = 0


def score_files(run: ScoreRun, report: RunReport, *, progress: Progress) -> None:
    """Scores all inputs and writes the output, complete or not at all.

    Args:
        run: What is asked for.
        report: Is filled as the run goes on, so that it holds even if the run ends early.
        progress: Shows how far it is.

    Raises:
        InputError: The run as a whole cannot go on.
        ModelError: The models cannot be used.
    """
    format_name = format_of(run.format_name, run.output)
    if run.output is None or format_name in ("table", "html"):
        if run.resume:
            fix = "name a .jsonl, .csv or .parquet file with --output"
            raise InputError("--resume needs an output that can grow", fix=fix)
        outcomes = _outcomes(run, _read(run, report), progress, done=0)
        scored = (s for _, result in outcomes if (s := _read_through(result, report)))
        write_results(scored, format_name, run.output, lambda s: _records(run, s, report))
        return
    with RecordLog(run.output, _job(run), resume=run.resume) as log:
        articles = _read(run, report)
        _skip(articles, log)
        for earlier in log.notes:
            _count_note(earlier, report)
        for article, result in _outcomes(run, articles, progress, done=log.n_done):
            own = RunReport()
            scored_article = _read_through(result, own)
            records = _records(run, scored_article, own) if scored_article else []
            note = dataclasses.asdict(own) if own.failures or own.left_out else None
            log.add(article.id, records, note)
            if note:
                _count_note(note, report)
        log.finish(write_records(log.records(), format_name, run.output))


def _read(run: ScoreRun, report: RunReport) -> Iterator[Article]:
    def failed(error: InputError) -> None:
        report.failures.append(str(error))

    return read_articles(run.inputs, text_column=run.text_column, on_error=failed)


def _outcomes(
    run: ScoreRun, articles: Iterator[Article], progress: Progress, *, done: int
) -> Iterator[Outcome]:
    return score_each(
        progress(articles, done),
        model=run.model,
        any_language=run.any_language,
        # Who says nothing about the target is found by reading alone.
        screen=run.screen and not run.all_speakers,
        threads=run.threads,
        workers=run.workers,
        engine=run.engine,
    )


def _read_through(result: ScoredArticle | InputError, report: RunReport) -> ScoredArticle | None:
    """Returns an article that was read; what was not is noted."""
    if isinstance(result, InputError):
        report.failures.append(str(result))
        return None
    if result.skipped:
        fix = "give --any-language to read it all the same"
        error = InputError(f"skipped, {result.skipped}", source=result.article.id, fix=fix)
        report.failures.append(str(error))
        return None
    return result


def _records(run: ScoreRun, scored: ScoredArticle, report: RunReport) -> list[dict[str, Any]]:
    found = scored.records(include_empty=run.include_empty, all_speakers=run.all_speakers)
    sure = [r for r in found if r["stance"] is None or r["confidence"] >= run.min_confidence]
    report.left_out += len(found) - len(sure)
    return sure


def _count_note(note: Any, report: RunReport) -> None:
    report.failures += note["failures"]
    report.left_out += note["left_out"]


def _skip(articles: Iterator[Article], log: RecordLog) -> None:
    """Reads over the articles that an interrupted run has scored."""
    last = None
    for article in islice(articles, log.n_done):
        last = article.id
    if last != log.last_id:
        raise InputError(
            f"article {log.n_done} of the input is '{last}', but was '{log.last_id}'",
            source=str(log.journal),
            fix="the input has changed; leave out --resume to begin anew",
        )


def _job(run: ScoreRun) -> dict[str, Any]:
    """Returns what decides the records of a run, as plain JSON values."""
    chosen = dataclasses.asdict(run)
    # These change no record.
    for name in ("output", "format_name", "threads", "workers", "engine", "resume"):
        del chosen[name]
    folder = run.model or SHIPPED
    digest = hashlib.sha256()
    files = [folder / t / n for t in ("attribution", "stance") for n in (MODEL_FILE, SETTINGS_FILE)]
    for path in (*files, folder / SCREEN_FILE):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return {**chosen, "model": digest.hexdigest()}
