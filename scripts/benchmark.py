"""Measures speed: `python scripts/benchmark.py evaluation`. Writes results/benchmark-NAME.json."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import platform
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from stance.corpus import load
from stance.corpus.public.polnear import read_polnear
from stance.corpus.schema import AnnotatedArticle
from stance.evaluation.review import review_files
from stance.schema import Article, Stance

ROOT = Path(__file__).resolve().parent.parent

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Speed of the package, measured side by side on this machine."""


@app.command()
def evaluation(
    articles: Annotated[int, typer.Option(help="Articles to evaluate.")] = 10_000,
    n_resamples: Annotated[int, typer.Option(help="Bootstrap resamples.")] = 1000,
    corpus: Annotated[Path, typer.Option(help="Corpus whose articles are repeated.")] = ROOT
    / "data/troops",
    output: Annotated[Path, typer.Option(help="JSON file.")] = ROOT
    / "results/benchmark-evaluation.json",
) -> None:
    """Evaluates many articles, from files to scores, slices, shares and plots' figures."""
    rng = random.Random(0)
    pool = load(corpus)
    with tempfile.TemporaryDirectory() as folder:
        gold, predictions = Path(folder) / "gold.jsonl", Path(folder) / "predictions.jsonl"
        with gold.open("w") as gold_stream, predictions.open("w") as stream:
            for i in range(articles):
                article = dataclasses.replace(pool[i % len(pool)], id=f"a{i}")
                gold_stream.write(json.dumps(article.to_dict()) + "\n")
                stream.writelines(json.dumps(r) + "\n" for r in _erring(article, rng))
        start = time.perf_counter()
        review_files(gold, predictions, n_resamples=n_resamples, seed=0)
        seconds = time.perf_counter() - start
    _write(output, articles=articles, n_resamples=n_resamples, seconds=round(seconds, 1))


@app.command()
def scoring(
    articles: Annotated[int, typer.Option(help="Articles for the comparison.")] = 40,
    curve: Annotated[str, typer.Option(help="Numbers of articles for the curve.")] = "100,1000",
    zero_shot_passages: Annotated[int, typer.Option(help="Passages for the zero-shot model.")] = 4,
    mixed: Annotated[int, typer.Option(help="Articles of the mixed stream.")] = 200,
    mixed_curve: Annotated[
        str, typer.Option(help="Numbers of articles for the mixed stream's curve.")
    ] = "1000,10000",
    lengths: Annotated[str, typer.Option(help="Lengths of one article, in kB.")] = "1,10,100,1000",
    corpus: Annotated[Path, typer.Option(help="Corpus whose articles are scored.")] = ROOT
    / "data/troops",
    polnear: Annotated[
        Path, typer.Option(help="PolNeAR's folder: articles on other things.")
    ] = ROOT / "../shared/datasets/polnear",
    output: Annotated[Path, typer.Option(help="JSON file.")] = ROOT
    / "results/benchmark-scoring.json",
    plot: Annotated[Path, typer.Option(help="HTML page with the plot.")] = ROOT
    / "outputs/benchmark-scoring.html",
) -> None:
    """Scores whole articles beside transformers.pipeline and a zero-shot pipeline."""
    from scripts import _benchmark_scoring as parts
    from stance import StanceClassifier

    annotated = load(corpus, "dev")
    pool = [a.article() for a in annotated]
    given = pool[:articles]
    classifier = StanceClassifier.from_pretrained(screen=False)
    windows, passages, statements = parts.model_inputs(classifier, given)
    meter = parts.Meter()
    with meter.on(classifier._tagger), meter.on(classifier._model):
        one_by_one = parts.seconds(lambda: [classifier(a) for a in given])
    ours = parts.seconds(lambda: list(classifier.score(given, progress=False)))
    theirs = parts.pipelines(
        parts.base_model(), classifier._model.settings["proposition"], windows, passages
    )
    per_statement = parts.zero_shot(passages, zero_shot_passages)
    rates = {kind: parts.floor(kind) for kind in ("int8", "int8 blocks", "fp32")}
    concerned = [a.article() for a in annotated if any(s.stance != "none" for s in a.speakers)]
    others = _others(polnear) or [a.article() for a in annotated if a.article() not in concerned]
    stream = parts.mixed(
        StanceClassifier.from_pretrained(),
        list(parts.mixture(concerned, others, mixed)),
        per_statement,
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "article.txt"
        page.write_text(parts.article_of(600, pool), encoding="utf-8")
        start, memory = parts.command("score", str(page))
        helped, _ = parts.command("--help")
        points = [
            parts.stream(itertools.islice(itertools.cycle(pool), n), workers, Path(folder))
            for n in map(int, curve.split(","))
            for workers in (1, 2)
        ]
        mixed_points = [
            parts.stream(parts.mixture(concerned, others, n), workers, Path(folder))
            for n in map(int, mixed_curve.split(","))
            for workers in (1, 2)
        ]
    best = min(theirs, key=lambda name: theirs[name])
    figures = {
        "articles": len(given),
        "windows": len(windows),
        "passages": len(passages),
        "statements": statements,
        "ours_seconds": ours,
        "ours_articles_a_second": len(given) / ours,
        "ours_tokens_a_second": meter.tokens / ours,
        "ours_seconds_one_by_one": one_by_one,
        "share_of_time_in_models": meter.seconds / one_by_one,
        "pipeline_seconds": theirs,
        "times_pipeline_defaults": theirs["defaults"] / ours,
        "times_pipeline_best": theirs[best] / ours,
        "pipeline_best": best,
        "zero_shot_seconds_a_statement": per_statement,
        "times_zero_shot": per_statement * statements / ours,
        "mixed": stream,
        "floor_gmac_a_second": rates,
        "models_gmac_a_second": meter.macs / meter.seconds / 1e9,
        "share_of_floor_int8": meter.macs / meter.seconds / 1e9 / parts.shipped_floor(rates),
        "start_seconds_600_words": start,
        "start_peak_mb": memory,
        "help_seconds": helped,
        # All articles, since one that repeats a few has speakers of ever more statements.
        "lengths": parts.by_length(
            classifier, [a.article() for a in load(corpus)], [int(n) for n in lengths.split(",")]
        ),
        "curve": points,
        "mixed_curve": mixed_points,
    }
    _write(output, **figures)
    parts.plot(figures, plot)


def _others(polnear: Path) -> list[Article]:
    """Returns PolNeAR's development articles, each once, or none where it is not there."""
    if not polnear.is_dir():
        return []
    texts = {t.text for t in read_polnear(polnear, "dev")}
    return [Article(text=text, id=str(i)) for i, text in enumerate(sorted(texts))]


def _erring(article: AnnotatedArticle, rng: random.Random) -> list[dict[str, Any]]:
    """Returns records as a system would give that finds four speakers in five, and errs."""
    rows: list[dict[str, Any]] = [{"article_id": article.id, "speaker": None, "stance": None}]
    for speaker in article.speakers:
        if rng.random() < 0.8:
            right = speaker.stance != "none" and rng.random() < 0.7
            statements = [
                {"spans": [list(span) for span in s.content], "field": s.field, "weight": 1.0}
                for s in article.statements
                if speaker.key in s.speakers
            ]
            rows.append(
                {
                    "article_id": article.id,
                    "speaker": speaker.name,
                    "speaker_id": speaker.name.lower(),
                    "kind": speaker.kind,
                    "country": speaker.country,
                    "stance": speaker.stance if right else rng.choice(list(Stance)).value,
                    "confidence": rng.random(),
                    "statements": statements,
                }
            )
    return rows


def _write(path: Path, **figures: Any) -> None:
    machine = {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    text = json.dumps({**figures, "machine": machine}, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
    typer.echo(text)


if __name__ == "__main__":
    app()
