"""Results as HTML: an article with its speakers coloured by stance, alone or many on a page."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from stance.schema import Article, Attribution, Field, Statement

if TYPE_CHECKING:
    from jinja2 import Environment

    from stance.inference.results import ScoredArticle

_N_COLOURS = 8
"""Colours of speakers in the style sheet."""


@cache
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment

    folder = resources.files("stance.report").joinpath("templates")
    names = ("article.html", "page.html", "style.css")
    sources = {n: folder.joinpath(n).read_text("utf-8") for n in names}
    return Environment(
        loader=DictLoader(sources), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def article_html(scored: ScoredArticle) -> str:
    """Returns a fragment for a notebook: a table of speakers and the article with its evidence."""
    template = _environment().get_template("article.html")
    return template.render(article=_view(scored), style=True)


def page_html(scored: Iterable[ScoredArticle], *, title: str) -> str:
    """Returns one self-contained page with all articles."""
    template = _environment().get_template("page.html")
    return template.render(articles=[_view(s) for s in scored], title=title)


def attribution_html(attribution: Attribution) -> str:
    """Returns a fragment for a notebook: the speakers and the article with what each says."""
    marks, speakers = [], []
    for i, speaker in enumerate(attribution.speakers):
        css = f"voice voice{i % _N_COLOURS}"
        marks += _marks(speaker.statements, css, speaker.name)
        n = len(speaker.statements)
        value = f"{n} statement" if n == 1 else f"{n} statements"
        row = {"name": speaker.name, "role": speaker.role, "css": css}
        speakers.append({**row, "label": speaker.kind.value, "value": value})
    marks += _marks(attribution.unattributed, "voice", "source not named")
    view = {
        **_article_view(attribution.article, marks),
        "heads": ("speaker", "kind", "said"),
        "speakers": speakers,
        "empty": "Nobody is reported to say anything.",
    }
    return _environment().get_template("article.html").render(article=view, style=True)


def _view(scored: ScoredArticle) -> dict[str, Any]:
    marks, speakers = [], []
    for s in scored.stances:
        sure = f"{s.confidence:.0%}"
        marks += _marks(
            s.evidence, f"evidence {s.stance}", f"{s.speaker.name}: {s.stance} ({sure})"
        )
        row = {"name": s.speaker.name, "role": s.speaker.role, "css": s.stance}
        speakers.append({**row, "label": s.stance, "value": sure})
    return {
        **_article_view(scored.article, marks),
        "skipped": scored.skipped,
        "heads": ("speaker", "stance", "sure"),
        "speakers": speakers,
        "empty": "Nobody takes a stance.",
    }


def _article_view(article: Article, marks: Sequence[_Mark]) -> dict[str, Any]:
    title = article.title or ""
    return {
        "id": article.id,
        "title": title or article.id or "Article",
        "date": article.date,
        "outlet": article.outlet,
        "headline": _runs(marks, title, "title", 0, len(title)),
        "paragraphs": [
            {"kind": p.kind.value, "runs": _runs(marks, article.text, "text", p.start, p.end)}
            for p in article.paragraphs
        ],
    }


class _Mark(NamedTuple):
    field: Field
    start: int
    end: int
    css: str
    hint: str


def _marks(statements: Iterable[Statement], css: str, hint: str) -> list[_Mark]:
    out = []
    for s in statements:
        out += [_Mark(s.field, a, b, css, hint) for a, b in s.spans]
        if s.source:
            out.append(_Mark(s.source.field, s.source.start, s.source.end, "source", hint))
    return out


def _runs(
    marks: Iterable[_Mark], text: str, field: Field, start: int, end: int
) -> list[dict[str, str]]:
    """Cuts text[start:end] into runs of one marking: a statement, a source, or plain."""
    near = [m for m in marks if m.field == field and m.start < end and start < m.end]
    cuts = sorted({start, end, *(x for m in near for x in (m.start, m.end) if start < x < end)})
    runs = []
    for a, b in itertools.pairwise(cuts):
        covering = [m for m in near if m.start <= a and b <= m.end]
        # The shortest marking wins: a nested report inside another's statement.
        best = min(covering, key=lambda m: m.end - m.start, default=None)
        css, hint = (best.css, best.hint) if best else ("", "")
        runs.append({"text": text[a:b], "css": css, "hint": hint})
    return runs
