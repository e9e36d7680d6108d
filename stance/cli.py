"""The command `stance`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from stance.errors import MissingExtraError, StanceError

if TYPE_CHECKING:
    from stance.schema import Article

app = typer.Typer(
    name="stance",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Finds who in a news article supports, denies or leaves open the deployment of troops "
    "to Ukraine, how sure that is, and the words it rests on.",
)

_EXAMPLES = """
**Examples**

`stance score article.txt`  a table for one article

`stance score news/ --output stances.jsonl`  all articles of a folder

`stance score archive.jsonl.zst -o stances.jsonl.zst --workers 2 --resume`  goes on where it was

`stance score rows.csv --text-column body --format csv`  one article a row

`curl -s URL | stance score - --format html --output page.html`  from standard input
"""


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Handles options that stand before a command."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"stance {installed('speaker-stance')}")
        raise typer.Exit


@app.command(epilog=_EXAMPLES)
def score(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="ARTICLE...",
            help="Files (.txt .md .html .jsonl .csv .parquet), folders, or - for standard input.",
        ),
    ],
    format_name: Annotated[
        Optional[str],  # noqa: UP045 - evaluated by typer at run time
        typer.Option(
            "--format", "-f", help="table, jsonl, csv, parquet or html; by --output if not given."
        ),
    ] = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--output",
            "-o",
            help="File to write instead of standard output; .jsonl and .csv also .gz or .zst.",
        ),
    ] = None,
    text_column: Annotated[
        str, typer.Option(help="Column or key that holds the text of an article.")
    ] = "text",
    model: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Folder of models instead of the shipped ones."),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Leave out stances less sure than this.")
    ] = 0.0,
    include_empty: Annotated[
        bool, typer.Option(help="A record also for an article in which nobody takes a stance.")
    ] = False,
    all_speakers: Annotated[
        bool, typer.Option(help="Records also for speakers who say nothing about the target.")
    ] = False,
    any_language: Annotated[
        bool, typer.Option(help="Read articles in other languages than English too.")
    ] = False,
    screen: Annotated[
        bool,
        typer.Option(help="Pass by articles in which nothing can concern the target."),
    ] = True,
    threads: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1, help="Threads of a process; all cores where not given."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that score side by side.")] = 1,
    engine: Annotated[
        str, typer.Option(help="What runs the workers: processes (of this machine) or ray.")
    ] = "processes",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was interrupted.")
    ] = False,
) -> None:
    """Scores articles: each speaker's stance, its probability, and the words it rests on."""
    from stance.report.run import RunReport, ScoreRun, score_files

    run = ScoreRun(
        inputs=tuple(inputs),
        format_name=format_name,
        output=output,
        text_column=text_column,
        model=model,
        min_confidence=min_confidence,
        include_empty=include_empty,
        all_speakers=all_speakers,
        any_language=any_language,
        screen=screen,
        threads=threads,
        workers=workers,
        engine=engine,
        resume=resume,
    )
    report = RunReport()
    try:
        score_files(run, report, progress=lambda found, done: _progress(found, done, inputs))
    except StanceError as error:
        report.failures.append(str(error))
    except KeyboardInterrupt:
        report.failures.append("interrupted; the same command with --resume goes on")
    if report.left_out:
        typer.echo(f"{report.left_out} stances under {min_confidence} left out", err=True)
    for line in report.failures:
        typer.echo(line, err=True)
    if report.failures:
        raise typer.Exit(2)


def _progress(articles: Iterable[Article], done: int, inputs: Sequence[str]) -> Iterator[Article]:
    """Shows progress on standard error from the second article on, where that is a terminal."""
    if not sys.stderr.isatty():
        yield from articles
        return
    from itertools import chain, islice

    articles = iter(articles)
    first = list(islice(articles, 2))
    if len(first) < 2:
        yield from first
        return
    from rich import progress as shown
    from rich.console import Console

    from stance.ingest import count_articles

    total = count_articles(inputs)
    columns = (
        shown.SpinnerColumn(),
        *([shown.BarColumn()] if total else []),
        shown.TextColumn(
            "{task.completed} of {task.total} articles" if total else "{task.completed} articles"
        ),
        shown.TextColumn("{task.fields[rate]}"),
        shown.TimeElapsedColumn(),
        *([shown.TextColumn("left"), shown.TimeRemainingColumn()] if total else []),
    )
    with shown.Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("scoring", completed=done, total=total, rate="")
        for article in chain(first, articles):
            yield article
            progress.advance(task)
            speed = progress.tasks[0].speed
            progress.update(task, rate=f"{speed:.1f} a second" if speed else "")


@app.command()
def evaluate(
    gold: Annotated[
        Path, typer.Argument(help="JSONL: annotated articles, or another annotator's records.")
    ],
    predictions: Annotated[
        Path, typer.Argument(help="JSONL that `stance score --include-empty` wrote for them.")
    ],
    compare: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Predictions of another system for the same articles."),
    ] = None,
    behaviour: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Folder that `stance behaviour` wrote, with predictions.jsonl in it."),
    ] = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--output", "-o", help="Folder for scores.json and report.html."),
    ] = None,
    n_resamples: Annotated[int, typer.Option(min=0, help="Bootstrap resamples.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 0,
) -> None:
    """Scores predictions against gold: figures with intervals, a page with plots and errors."""
    try:
        review_files, write_review, render_review = _evaluation()
        tests = (behaviour, behaviour / "predictions.jsonl") if behaviour else None
        review = review_files(
            gold,
            predictions,
            other=compare,
            behaviour=tests,
            n_resamples=n_resamples,
            seed=seed,
        )
        if output is not None:
            write_review(review, output, title=f"{predictions.name} against {gold.name}")
        render_review(review)
    except StanceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@app.command()
def behaviour(
    gold: Annotated[Path, typer.Argument(help="JSONL of annotated articles to be changed.")],
    output: Annotated[Path, typer.Argument(help="Folder for articles.jsonl and gold.jsonl.")],
    tests: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="YAML that says what to change, instead of the package's own."),
    ] = None,
    contrast: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="JSONL of the contrast set, to be put in too."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the choices within articles.")] = 0,
) -> None:
    """Writes behaviour tests: articles changed where it must not matter, to be scored next."""
    try:
        _evaluation()
        from stance.evaluation.behaviour import TESTS, write_behaviour

        n = write_behaviour(gold, output, tests=tests or TESTS, contrast=contrast, seed=seed)
    except StanceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(
        f"{n} articles. Next: stance score {output / 'articles.jsonl'} --format jsonl "
        f"--include-empty --output {output / 'predictions.jsonl'}"
    )


@app.command()
def shares(
    predictions: Annotated[
        Path, typer.Argument(help="JSONL that `stance score` wrote for the articles to count.")
    ],
    gold: Annotated[
        Path, typer.Option(help="JSONL of annotated articles, which show what errors to expect.")
    ],
    gold_predictions: Annotated[
        Path, typer.Option(help="JSONL that `stance score --include-empty` wrote for those.")
    ],
    by: Annotated[str, typer.Option(help="all, speaker, country or month.")] = "all",
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--output", "-o", help="CSV file to write instead of a table."),
    ] = None,
    n_resamples: Annotated[int, typer.Option(min=1, help="Bootstrap resamples.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 0,
) -> None:
    """Counts stances by speaker, country or month, corrected for the errors seen on gold."""
    try:
        _evaluation()
        from stance.evaluation.shares import share_files, write_shares

        found = share_files(
            predictions,
            gold=gold,
            gold_predictions=gold_predictions,
            by=by,
            n_resamples=n_resamples,
            seed=seed,
        )
        write_shares(found, output)
    except StanceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _evaluation() -> tuple[Any, Any, Any]:
    """Imports what is behind the extra "eval"."""
    try:
        from stance.evaluation.page import render_review, write_review
        from stance.evaluation.review import review_files
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"evaluation needs {error.name}; install it with: pip install 'speaker-stance[eval]'"
        ) from error
    return review_files, write_review, render_review
