"""The result of an evaluation: as JSON values and as a table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.errors import InputError
from stance.evaluation.bootstrap import LEVEL, Figure
from stance.evaluation.records import SpeakersByArticle, read_gold, read_predictions
from stance.evaluation.scores import confusion, score


@dataclass(frozen=True, kw_only=True, slots=True)
class InputFile:
    """A file that was evaluated.

    Attributes:
        role: "gold" or "predictions".
        path: As it was given.
        sha256: Hexadecimal digest of its bytes.
    """

    role: str
    path: str
    sha256: str

    @staticmethod
    def of(path: Path, role: str) -> InputFile:
        """Reads a file and takes its digest.

        Raises:
            InputError: The file cannot be read.
        """
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise InputError(f"cannot be read ({error})", source=str(path)) from error
        return InputFile(role=role, path=str(path), sha256=digest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """Scores with all that is needed to compute them again.

    Attributes:
        figures: Scores by name; `stance.evaluation.scores` defines them.
        counts: What was scored: `articles`, `articles_without_stance`, `articles_predicted` (gold
            articles with an entry in the predictions), `gold_speakers`, `gold_stances`,
            `predicted_speakers`, `predicted_stances`, `false_speakers_without_stance` (predicted
            stances in articles that have none), `unknown_articles` (predicted ones that are not in
            gold; ignored).
        confusion: Number of detected speakers by gold label, then predicted label.
        n_resamples: Bootstrap resamples.
        seed: Seed of the bootstrap.
        inputs: Files that were read; empty where records were given.
        unknown_articles: Ids of the predicted articles that are not in gold, sorted.
    """

    figures: Mapping[str, Figure]
    counts: Mapping[str, int]
    confusion: Mapping[str, Mapping[str, int]]
    n_resamples: int
    seed: int
    inputs: tuple[InputFile, ...] = ()
    unknown_articles: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, object]:
        """Returns plain JSON values without NaN; a figure that is undefined has value null."""
        return {
            "figures": {name: figure.to_dict() for name, figure in self.figures.items()},
            "counts": dict(self.counts),
            "confusion": {label: dict(row) for label, row in self.confusion.items()},
            "bootstrap": {
                "n_resamples": self.n_resamples,
                "seed": self.seed,
                "level": LEVEL,
                "unit": "article",
            },
            "inputs": [asdict(file) for file in self.inputs],
            "unknown_articles": list(self.unknown_articles),
        }


def evaluate(
    gold: SpeakersByArticle,
    predicted: SpeakersByArticle,
    *,
    n_resamples: int,
    seed: int,
    inputs: tuple[InputFile, ...] = (),
) -> Evaluation:
    """Scores predictions against gold; see `stance.evaluation.scores.score`."""
    unknown = tuple(sorted(set(predicted) - set(gold)))
    gold_speakers = [s for speakers in gold.values() for s in speakers]
    predicted_speakers = [s for key in gold for s in predicted.get(key, ())]
    without = [key for key in gold if not any(s.stance for s in gold[key])]
    counts = {
        "articles": len(gold),
        "articles_without_stance": len(without),
        "articles_predicted": len(set(gold) & set(predicted)),
        "gold_speakers": len(gold_speakers),
        "gold_stances": sum(s.stance is not None for s in gold_speakers),
        "predicted_speakers": len(predicted_speakers),
        "predicted_stances": sum(s.stance is not None for s in predicted_speakers),
        "false_speakers_without_stance": sum(
            s.stance is not None for key in without for s in predicted.get(key, ())
        ),
        "unknown_articles": len(unknown),
    }
    return Evaluation(
        figures=score(gold, predicted, n_resamples=n_resamples, seed=seed),
        counts=counts,
        confusion=confusion(gold, predicted),
        n_resamples=n_resamples,
        seed=seed,
        inputs=inputs,
        unknown_articles=unknown,
    )


def evaluate_files(
    gold: Path, predictions: Path, *, n_resamples: int, seed: int, allow_unknown: bool
) -> Evaluation:
    """Reads, scores and notes the digests of both files.

    Args:
        gold: JSONL for `read_gold`.
        predictions: JSONL for `read_predictions`.
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.
        allow_unknown: Whether predicted articles that are not in gold are ignored and counted;
            else they are an error.

    Returns:
        The evaluation.

    Raises:
        InputError: A file or line cannot be used, the predictions lack a gold article, or an
            unknown article is not allowed.
    """
    inputs = (InputFile.of(gold, "gold"), InputFile.of(predictions, "predictions"))
    gold_speakers = read_gold(gold)
    predicted = read_predictions(predictions, known=None if allow_unknown else gold_speakers)
    check_scored(gold_speakers, predicted, predictions)
    return evaluate(gold_speakers, predicted, n_resamples=n_resamples, seed=seed, inputs=inputs)


def check_scored(gold: SpeakersByArticle, predicted: SpeakersByArticle, predictions: Path) -> None:
    """Checks that every gold article was scored.

    Raises:
        InputError: One was not: without a line, "nothing found" cannot be told from "not read".
    """
    missing = sorted(set(gold) - set(predicted))
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise InputError(
            f"gold article '{missing[0]}'{more} has no line",
            source=str(predictions),
            fix="score the same articles, with --include-empty",
        )


def render(evaluation: Evaluation, console: Console) -> None:
    """Writes an evaluation as tables; plain ASCII where the console is no terminal."""
    render_figures(evaluation.figures, console)
    confused = _table(console, "gold / predicted", *evaluation.confusion)
    for label, row in evaluation.confusion.items():
        confused.add_row(label, *(str(row[other]) for other in evaluation.confusion))
    console.print(confused)
    for name, number in evaluation.counts.items():
        console.print(Text(f"{name.replace('_', ' ')}: {number}"), soft_wrap=True)
    for file in evaluation.inputs:
        console.print(Text(f"{file.role}: {file.path} sha256 {file.sha256}"), soft_wrap=True)


def render_figures(figures: Mapping[str, Figure], console: Console) -> None:
    """Writes figures of any kind as a table; "-" stands for undefined."""
    table = _table(console, "figure", "value", f"{LEVEL:.0%} interval", "n")
    for name, figure in figures.items():
        value = "-" if figure.value is None else f"{figure.value:.3f}"
        known = figure.low is not None and figure.high is not None
        interval = f"{figure.low:.3f} to {figure.high:.3f}" if known else "-"
        table.add_row(Text(name), value, interval, str(figure.n))
    console.print(table)


def _table(console: Console, first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else box.ASCII2)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table
