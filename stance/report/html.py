"""Results as HTML: an article with its speakers coloured by stance, alone or many on a page."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from stance.schema import Field, SpeakerStance

if TYPE_CHECKING:
    from jinja2 import Environment

    from stance.inference.results import ScoredArticle


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


def _view(scored: ScoredArticle) -> dict[str, Any]:
    article = scored.article
    return {
        "id": article.id,
        "title": article.title or article.id or "Article",
        "date": article.date,
        "outlet": article.outlet,
        "skipped": scored.skipped,
        "model": scored.model,
        "speakers": [
            {
                "name": s.speaker.name,
                "role": s.speaker.role,
                "stance": s.stance,
                "confidence": f"{s.confidence:.0%}",
            }
            for s in scored.stances
        ],
        "headline": _runs(
            scored.stances, article.title or "", "title", 0, len(article.title or "")
        ),
        "paragraphs": [
            {
                "kind": p.kind.value,
                "runs": _runs(scored.stances, article.text, "text", p.start, p.end),
            }
            for p in article.paragraphs
        ],
    }


def _runs(
    stances: Iterable[SpeakerStance], text: str, field: Field, start: int, end: int
) -> list[dict[str, str]]:
    """Cuts text[start:end] into runs of one marking: evidence, source, or plain."""
    marks: list[tuple[int, int, str, str]] = []
    for s in stances:
        who = f"{s.speaker.name}: {s.stance} ({s.confidence:.0%})"
        for statement in s.evidence:
            if statement.field == field:
                marks += [(a, b, f"evidence {s.stance}", who) for a, b in statement.spans]
                if statement.source:
                    marks.append((statement.source.start, statement.source.end, "source", who))
    cuts = sorted({start, end, *(x for a, b, *_ in marks for x in (a, b) if start < x < end)})
    runs = []
    for a, b in itertools.pairwise(cuts):
        covering = [m for m in marks if m[0] <= a and b <= m[1]]
        # The shortest marking wins: a nested report inside another's statement.
        best = min(covering, key=lambda m: m[1] - m[0], default=(0, 0, "", ""))
        runs.append({"text": text[a:b], "css": best[2], "hint": best[3]})
    return runs
