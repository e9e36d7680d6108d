"""Changes to annotated articles that keep their annotations in place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker, AnnotatedStatement, GoldSpan
from stance.schema import Field

PARAGRAPH_GAP = "\n\n"


class Edit(NamedTuple):
    """Words that take the place of a half-open range of a field.

    Attributes:
        field: "title" or "text".
        start: First code point that goes.
        end: End of what goes; equal to `start` for an insertion.
        words: What comes instead.
    """

    field: Field
    start: int
    end: int
    words: str


def apply_edits(
    article: AnnotatedArticle,
    edits: Iterable[Edit],
    *,
    article_id: str,
    rename: Callable[[AnnotatedSpeaker], AnnotatedSpeaker] = lambda speaker: speaker,
) -> AnnotatedArticle:
    """Returns the changed article; spans cover what has become of their words.

    Args:
        article: The article.
        edits: Changes that do not overlap, in any order.
        article_id: Id of the result.
        rename: What becomes of the speakers' entries. Keys and stances must stay.

    Raises:
        ValueError: Edits overlap.
    """
    by_field: dict[Field, list[Edit]] = {"title": [], "text": []}
    for edit in edits:
        by_field[edit.field].append(edit)
    for own in by_field.values():
        own.sort(key=lambda e: (e.start, e.end))
        for a, b in pairwise(own):
            if b.start < a.end:
                raise ValueError(f"edits overlap at {b.start}")
    return dataclasses.replace(
        article,
        id=article_id,
        title=_changed(article.title, by_field["title"]),
        text=_changed(article.text, by_field["text"]),
        speakers=tuple(rename(s) for s in article.speakers),
        statements=tuple(_moved(s, by_field[s.field]) for s in article.statements),
    )


def _changed(text: str, edits: Sequence[Edit]) -> str:
    out, position = [], 0
    for edit in edits:
        out += [text[position : edit.start], edit.words]
        position = edit.end
    return "".join([*out, text[position:]])


def _moved(statement: AnnotatedStatement, edits: Sequence[Edit]) -> AnnotatedStatement:
    def span(old: GoldSpan) -> GoldSpan:
        return GoldSpan(_position(old.start, edits, start=True), _position(old.end, edits))

    return dataclasses.replace(
        statement,
        content=tuple(map(span, statement.content)),
        source=tuple(map(span, statement.source)),
        cue=tuple(map(span, statement.cue)),
    )


def _position(old: int, edits: Sequence[Edit], *, start: bool = False) -> int:
    """Returns where a boundary has moved to; one inside replaced words goes to their edge."""
    shift = 0
    for edit in edits:
        if edit.start < old < edit.end:
            return edit.start + shift + (0 if start else len(edit.words))
        # What is inserted at a boundary stays outside the span.
        before = edit.end <= old if start else edit.end <= old and edit.start < old
        if before:
            shift += len(edit.words) - (edit.end - edit.start)
    return old + shift


def paragraph_spans(text: str) -> list[GoldSpan]:
    """Returns the paragraphs, which empty lines separate."""
    out, start = [], 0
    for part in text.split(PARAGRAPH_GAP):
        out.append(GoldSpan(start, start + len(part)))
        start += len(part) + len(PARAGRAPH_GAP)
    return out


def reorder_paragraphs(
    article: AnnotatedArticle, order: Sequence[int], *, article_id: str
) -> AnnotatedArticle:
    """Returns the article with its paragraphs in another order.

    Args:
        article: The article; no span may reach over a paragraph's end.
        order: Old numbers of the paragraphs in their new order.
        article_id: Id of the result.
    """
    old = paragraph_spans(article.text)
    moved, start = {}, 0
    for number in order:
        moved[number] = start - old[number].start
        start += old[number].end - old[number].start + len(PARAGRAPH_GAP)

    def span(own: GoldSpan) -> GoldSpan:
        number = next(i for i, p in enumerate(old) if p.start <= own.start and own.end <= p.end)
        return GoldSpan(own.start + moved[number], own.end + moved[number])

    statements = tuple(
        s
        if s.field == "title"
        else dataclasses.replace(
            s,
            content=tuple(sorted(map(span, s.content))),
            source=tuple(map(span, s.source)),
            cue=tuple(map(span, s.cue)),
        )
        for s in article.statements
    )
    text = PARAGRAPH_GAP.join(article.text[slice(*old[i])] for i in order)
    return dataclasses.replace(article, id=article_id, text=text, statements=statements)
