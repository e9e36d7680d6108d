"""Texts with marked attributions: the common ground of PolNeAR and the authored corpus."""

from __future__ import annotations

from dataclasses import dataclass

from stance.corpus.schema import AnnotatedArticle
from stance.schema import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class GoldAttribution:
    """One attribution: a content with its source and cue, either of which may be empty.

    Attributes:
        source: Spans of the words that name who is reported.
        cue: Spans of the words that report.
        content: Spans of what is reported, in reading order; never empty.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributedText:
    """A text with its attributions, spans in code points into `text`."""

    id: str
    text: str
    attributions: tuple[GoldAttribution, ...]


def from_annotated(article: AnnotatedArticle) -> tuple[AttributedText, ...]:
    """Returns headline and body of an authored article as two attributed texts."""
    out = []
    for field, text in (("title", article.title), ("text", article.text)):
        attributions = tuple(
            GoldAttribution(
                source=tuple(Span(*s) for s in statement.source),
                cue=tuple(Span(*s) for s in statement.cue),
                content=tuple(Span(*s) for s in statement.content),
            )
            for statement in article.statements
            if statement.field == field
        )
        out.append(AttributedText(id=f"{article.id}#{field}", text=text, attributions=attributions))
    return tuple(out)
