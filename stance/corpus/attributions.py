"""Texts with marked attributions: the common ground of PolNeAR and the authored corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stance.corpus.passages import AnnotatedPassage
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
    """A text with its attributions, spans in code points into `text`.

    Attributes:
        id: Where it comes from.
        text: The text.
        attributions: Its attributions.
        known: Parts in which all attributions are marked; None means everywhere.
    """

    id: str
    text: str
    attributions: tuple[GoldAttribution, ...]
    known: tuple[Span, ...] | None = None


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


def from_bank(
    passages: Iterable[AnnotatedPassage], sentence_spans: Callable[[str], Sequence[Span]]
) -> list[AttributedText]:
    """Returns the texts of passages with what all passages of the same text mark.

    A passage marks one speaker alone, so that nothing is known of sentences in which it marks none
    or not all of source, cue and content.

    Args:
        passages: Annotated passages.
        sentence_spans: Splits a text into sentences.
    """
    by_text: dict[str, list[AnnotatedPassage]] = {}
    for passage in passages:
        by_text.setdefault(passage.text, []).append(passage)
    out = []
    for text, alike in by_text.items():
        known, attributions = [], []
        for sentence in sentence_spans(text):
            found = [_inside_sentence(p, sentence) for p in alike]
            attributions += [a for a in found if a is not None and a not in attributions]
            if any(a is not None for a in found):
                known.append(sentence)
        out.append(
            AttributedText(
                id=alike[0].id, text=text, attributions=tuple(attributions), known=tuple(known)
            )
        )
    return out


def _inside_sentence(passage: AnnotatedPassage, sentence: Span) -> GoldAttribution | None:
    """Returns what a passage marks in a sentence, None without source, cue and content in it."""

    def inside(spans: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
        clipped = (Span(max(a, sentence.start), min(b, sentence.end)) for a, b in spans)
        return tuple(s for s in clipped if s.start < s.end)

    content, cue = inside(passage.content), inside(passage.cue)
    # A passage also marks its speaker's name inside of what is said, which is no source.
    source = tuple(
        s
        for s in inside(passage.source)
        if not any(a <= s.start and s.end <= b for a, b in content)
    )
    if not (content and cue and source):
        return None
    return GoldAttribution(source=source, cue=cue, content=content)
