"""Shares of stances from files, as the command `stance shares` counts them."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.errors import InputError
from stance.evaluation.aggregates import Share, stance_shares
from stance.evaluation.records import read_gold, read_predictions
from stance.evaluation.report import check_scored


def share_files(
    predictions: Path,
    *,
    gold: Path,
    gold_predictions: Path,
    by: str,
    n_resamples: int,
    seed: int,
) -> list[Share]:
    """Reads the files and counts; see `stance_shares`.

    Args:
        predictions: JSONL of records of the articles to be counted.
        gold: JSONL of annotated articles or of another annotator's records.
        gold_predictions: JSONL of records of the gold articles, by the same system.
        by: "all", "speaker", "country" or "month".
        n_resamples: Bootstrap resamples, 1 or more.
        seed: Seed of the resampling.

    Raises:
        InputError: A file cannot be used, a gold article was not scored, or `by` is unknown.
    """
    speakers = read_gold(gold)
    known = read_predictions(gold_predictions, known=speakers)
    check_scored(speakers, known, gold_predictions)
    return stance_shares(
        read_predictions(predictions),
        by=by,
        gold=speakers,
        gold_predicted=known,
        n_resamples=n_resamples,
        seed=seed,
    )


def write_shares(shares: Sequence[Share], output: Path | None) -> None:
    """Prints a table, or writes a CSV file with the fields of `Share` as columns.

    Raises:
        InputError: The file cannot be written.
    """
    if output is None:
        Console().print(_table(shares))
        return
    partial = output.with_name(output.name + ".part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, [f.name for f in dataclasses.fields(Share)])
            writer.writeheader()
            writer.writerows(share.to_dict() for share in shares)
        partial.replace(output)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", source=str(output)) from error


def _table(shares: Sequence[Share]) -> Table:
    table = Table(
        "group", "stance", "n", "as predicted", "corrected", "95% interval", box=box.ASCII2
    )
    for share in shares:
        interval = "-"
        if share.low is not None and share.high is not None:
            interval = f"{share.low:.3f} to {share.high:.3f}"
        table.add_row(
            Text(share.group),
            share.stance,
            str(share.n),
            f"{share.observed:.3f}",
            "-" if share.corrected is None else f"{share.corrected:.3f}",
            interval,
        )
    return table
