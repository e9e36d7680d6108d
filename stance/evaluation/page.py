"""A review as one self-contained HTML page."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment
from plotly.offline import get_plotlyjs
from rich.console import Console
from rich.text import Text

from stance.evaluation.aggregates import Share
from stance.evaluation.bootstrap import Figure
from stance.evaluation.edits import paragraph_spans
from stance.evaluation.records import FieldSpan
from stance.evaluation.report import render, render_figures
from stance.evaluation.review import Error, Review
from stance.schema import Stance

PLOTS: tuple[str, ...] = ("confusion", "reliability", "risk_coverage", "slices", "behaviour")
"""Names of the plots a page can have; the last two need annotated gold and behaviour tests."""

_STANCES = [s.value for s in Stance]


def review_html(review: Review, *, title: str) -> str:
    """Returns the page; it needs no network.

    Args:
        review: What to show.
        title: Heading of the page.
    """
    source = resources.files("stance.evaluation").joinpath("templates/review.html")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source.read_text("utf-8")
    )
    return template.render(
        title=title,
        plotly=get_plotlyjs(),
        comparison=review.comparison,
        counts=review.evaluation.counts,
        plots=list(_plots(review)),
        tables=list(_tables(review)),
        errors=[_shown(e) for e in review.errors],
        inputs=review.evaluation.inputs,
        n_resamples=review.evaluation.n_resamples,
        seed=review.evaluation.seed,
    )


def write_review(review: Review, folder: Path, *, title: str) -> None:
    """Writes `scores.json` and `report.html` into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("scores.json", json.dumps(review.to_dict(), indent=2, allow_nan=False) + "\n"),
        ("report.html", review_html(review, title=title)),
    ):
        partial = folder / f"{name}.part"
        partial.write_text(text, encoding="utf-8")
        partial.replace(folder / name)


def render_review(review: Review) -> None:
    """Prints the tables of a review and, first, the verdict of a comparison."""
    console = Console()
    if review.comparison:
        console.print(Text(review.comparison.verdict), soft_wrap=True)
        render_figures(review.comparison.difference, console)
    render(review.evaluation, console)
    render_figures({**review.clustering, **review.confidence.figures}, console)
    if review.behaviour:
        render_figures({f"fails: {b.name}": b.failure_rate for b in review.behaviour}, console)
    gaps = {f"{s.by}: {s.value}": s.accuracy for s in review.slices if s.gap}
    if gaps:
        console.print(Text("Slices whose accuracy differs from that of all others:"))
        render_figures(gaps, console)


def _plots(review: Review) -> Iterator[dict[str, str]]:
    yield _plot("confusion", "Labels of the speakers found", _confusion(review), "")
    if review.confidence.bins:
        note = "On the diagonal, confidence is what it claims to be. Bins hold equal numbers."
        yield _plot("reliability", "Reliability", _reliability(review), note)
        note = "Share of errors when only the surest predictions are kept."
        yield _plot("risk_coverage", "Risk and coverage", _risk_coverage(review), note)
    if review.slices:
        shown = [s for s in review.slices if s.difference is not None]
        names = [f"{s.by}: {s.value}" for s in shown]
        note = "Share of gold speakers found and labelled rightly; groups with too few left out."
        yield _plot("slices", "Slices", _bars(names, [s.accuracy for s in shown]), note)
    if review.behaviour:
        names = [b.name for b in review.behaviour]
        bars = _bars(names, [b.failure_rate for b in review.behaviour])
        note = "Share of labels that change with what must not; of contrast pairs, not both right."
        yield _plot("behaviour", "Behaviour tests: failure rate", bars, note)


def _plot(name: str, title: str, figure: go.Figure, note: str) -> dict[str, str]:
    figure.update_layout(template="plotly_white", margin={"t": 20})
    html = figure.to_html(full_html=False, include_plotlyjs=False, div_id=f"plot-{name}")
    return {"name": name, "title": title, "note": note, "html": html}


def _confusion(review: Review) -> go.Figure:
    rows = [[review.evaluation.confusion[g][p] for p in _STANCES] for g in _STANCES]
    heatmap = go.Heatmap(
        z=rows, x=_STANCES, y=_STANCES, texttemplate="%{z}", colorscale="Blues", showscale=False
    )
    figure = go.Figure(heatmap)
    figure.update_layout(xaxis_title="predicted", yaxis={"title": "gold", "autorange": "reversed"})
    return figure


def _reliability(review: Review) -> go.Figure:
    bins = review.confidence.bins
    known = all(b.low is not None for b in bins)
    error = {
        "type": "data",
        "array": [(b.high or 0.0) - b.accuracy for b in bins],
        "arrayminus": [b.accuracy - (b.low or 0.0) for b in bins],
    }
    points = go.Scatter(
        x=[b.confidence for b in bins],
        y=[b.accuracy for b in bins],
        error_y=error if known else None,
        mode="markers+lines",
        text=[f"{b.n} predictions" for b in bins],
        name="predictions",
    )
    diagonal = go.Scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dot", "color": "#999"}, name="calibrated"
    )
    figure = go.Figure([diagonal, points])
    figure.update_layout(xaxis_title="confidence", yaxis_title="share right")
    return figure


def _risk_coverage(review: Review) -> go.Figure:
    coverage, risk = zip(*review.confidence.risk_coverage, strict=True)
    figure = go.Figure(go.Scatter(x=coverage, y=risk, mode="lines"))
    figure.update_layout(xaxis_title="coverage", yaxis_title="risk", yaxis_rangemode="tozero")
    return figure


def _bars(names: Sequence[str], figures: Sequence[Figure]) -> go.Figure:
    values = [f.value or 0.0 for f in figures]
    ends = [
        (v if f.low is None else f.low, v if f.high is None else f.high)
        for f, v in zip(figures, values, strict=True)
    ]
    error = {
        "type": "data",
        "array": [high - v for (_, high), v in zip(ends, values, strict=True)],
        "arrayminus": [v - low for (low, _), v in zip(ends, values, strict=True)],
    }
    figure = go.Figure(
        go.Scatter(x=values, y=list(names), error_x=error, mode="markers", marker={"size": 9})
    )
    figure.update_layout(
        height=max(380, 22 * len(names)),
        xaxis={"range": [0, 1]},
        yaxis={"autorange": "reversed", "automargin": True},
    )
    return figure


def _tables(review: Review) -> Iterator[dict[str, Any]]:
    if review.comparison:
        head = ["figure", "first", "second", "difference", "95 % interval"]
        compared = [
            [name, _value(f), _value(review.comparison.second[name]), _value(d), _interval(d)]
            for name, f in review.comparison.first.items()
            if (d := review.comparison.difference[name])
        ]
        yield _table("Side by side", "", head, compared)
    head = ["figure", "value", "95 % interval", "n"]
    figures = {**review.evaluation.figures, **review.clustering}
    figures |= {f"attribution/{k}": f for k, f in review.attribution.items()}
    figures |= {f"confidence/{k}": f for k, f in review.confidence.figures.items()}
    yield _table("Scores", "", head, [_cells(name, f) for name, f in figures.items()])
    if review.shares:
        note = "Shares of the three stances as predicted, and corrected for the errors seen here."
        head = ["group", "observed", "corrected", "95 % interval", "n"]
        yield _table("Shares", note, head, [_share_cells(s) for s in review.shares])
    if review.slices:
        note = "Bold: the interval of the difference from all others leaves out 0."
        head = ["slice", "accuracy", "95 % interval", "n"]
        rows = [_cells(f"{s.by}: {s.value}", s.accuracy) for s in review.slices]
        table = _table("Slices", note, head, rows)
        for row, part in zip(table["rows"], review.slices, strict=True):
            row["gap"] = part.gap
        yield table
    for test in (t for t in review.behaviour if t.worst):
        rate = f"{_value(test.failure_rate)} ({_interval(test.failure_rate)})"
        note = f"failure rate {rate}, {test.articles} articles; the surest failures:"
        head = ["article", "speaker", "before", "after", "gold"]
        failures = [
            [f.article_id, f.speaker, f.before or "-", f.after or "-", f.gold or "-"]
            for f in test.worst
        ]
        yield _table(f"Behaviour: {test.name}", note, head, failures)


def _cells(name: str, figure: Figure) -> list[str]:
    return [name, _value(figure), _interval(figure), str(figure.n)]


def _share_cells(share: Share) -> list[str]:
    known = share.corrected is not None and share.low is not None and share.high is not None
    corrected = ["-", "-"]
    if known:
        corrected = [f"{share.corrected:.3f}", f"{share.low:.3f} to {share.high:.3f}"]
    name = f"{share.group}: {share.stance}"
    return [name, f"{share.observed:.3f}", *corrected, str(share.n)]


def _table(
    title: str, note: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> dict[str, Any]:
    cells = [{"cells": row, "gap": False} for row in rows]
    return {"title": title, "note": note, "head": head, "rows": cells}


def _value(figure: Figure) -> str:
    return "-" if figure.value is None else f"{figure.value:.3f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return "-"
    return f"{figure.low:.3f} to {figure.high:.3f}"


def _shown(error: Error) -> dict[str, Any]:
    spans = (*error.gold_spans, *error.predicted_spans)
    paragraphs = []
    if any(s.field == "title" for s in spans):
        paragraphs.append(_runs(error, "title", 0, len(error.article.title)))
    for start, end in paragraph_spans(error.article.text):
        if any(s.field == "text" and s.start < end and start < s.end for s in spans):
            paragraphs.append(_runs(error, "text", start, end))
    return {
        "article": error.article.id,
        "speaker": error.speaker,
        "gold": error.gold,
        "predicted": error.predicted,
        "confidence": error.confidence,
        "paragraphs": paragraphs,
    }


def _runs(error: Error, field: str, start: int, end: int) -> list[dict[str, str]]:
    text = error.article.title if field == "title" else error.article.text
    sides = {"gold": error.gold_spans, "predicted": error.predicted_spans}

    def covers(spans: Sequence[FieldSpan], a: int, b: int) -> bool:
        return any(s.field == field and s.start <= a and b <= s.end for s in spans)

    ends = {x for spans in sides.values() for s in spans if s.field == field for x in s[1:]}
    cuts = sorted({start, end, *(x for x in ends if start < x < end)})
    return [
        {
            "text": text[a:b],
            "css": " ".join(name for name, spans in sides.items() if covers(spans, a, b)),
        }
        for a, b in itertools.pairwise(cuts)
    ]
