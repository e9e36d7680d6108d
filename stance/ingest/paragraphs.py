"""Text → paragraphs with offsets, each marked as text, headline or furniture."""

from __future__ import annotations

import dataclasses
import re
import statistics

from stance.ingest.furniture import is_furniture
from stance.schema import Article, Paragraph, ParagraphKind

_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_BLOCK = re.compile(r"\S(?:(?!\r?\n[ \t]*\r?\n)[\s\S])*")
_SENTENCE_END = re.compile(r"[.!…][\"”’')\]]*$")
_HEADLINE_WORDS = 25
# Hard-wrapped text: lines of one width, most of them ending inside a sentence.
_WRAP_WIDTH = (50, 100)


def with_paragraphs(article: Article) -> Article:
    """Returns the article with its paragraphs, found if it has none yet."""
    if article.paragraphs or not article.text.strip():
        return article
    return dataclasses.replace(article, paragraphs=_paragraphs(article.text, article.title))


def from_text(
    text: str,
    *,
    id: str = "",
    source: str | None = None,
    title: str | None = None,
    date: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
) -> Article:
    """Makes an article of a text, with its paragraphs; see `stance.schema.Article`."""
    article = Article(
        text=text, id=id, source=source, title=title, date=date, outlet=outlet, url=url
    )
    return with_paragraphs(article)


def _paragraphs(text: str, title: str | None) -> tuple[Paragraph, ...]:
    pattern = _BLOCK if _is_wrapped(text) else _LINE
    blocks = []
    for match in pattern.finditer(text):
        end = match.start() + len(match.group().rstrip())
        blocks.append((match.start(), end))
    kinds = [
        ParagraphKind.FURNITURE if is_furniture(text[a:b]) else ParagraphKind.TEXT
        for a, b in blocks
    ]
    _mark_headline(text, title, blocks, kinds)
    return tuple(
        Paragraph(start=a, end=b, kind=kind) for (a, b), kind in zip(blocks, kinds, strict=True)
    )


def _mark_headline(
    text: str, title: str | None, blocks: list[tuple[int, int]], kinds: list[ParagraphKind]
) -> None:
    first = next((i for i, k in enumerate(kinds) if k is ParagraphKind.TEXT), None)
    if first is None:
        return
    words = text[slice(*blocks[first])].lstrip("# ")
    if title is not None:
        is_headline = " ".join(words.split()) == " ".join(title.split())
    else:
        follows = ParagraphKind.TEXT in kinds[first + 1 :]
        short = len(words.split()) <= _HEADLINE_WORDS and "\n" not in words
        is_headline = short and follows and not _SENTENCE_END.search(words)
    if is_headline:
        kinds[first] = ParagraphKind.HEADLINE


def _is_wrapped(text: str) -> bool:
    """Whether lines are broken at a width and blank lines part the paragraphs."""
    if not re.search(r"\n[ \t]*\r?\n", text):
        return False
    lines = [line.rstrip() for line in text.splitlines()]
    inner = [a for a, b in zip(lines, lines[1:], strict=False) if a.strip() and b.strip()]
    if len(inner) < 3:
        return False
    width = statistics.median(map(len, inner))
    unfinished = sum(not _SENTENCE_END.search(line) for line in inner)
    return _WRAP_WIDTH[0] <= width <= _WRAP_WIDTH[1] and unfinished * 2 > len(inner)
