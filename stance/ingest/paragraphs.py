"""Text → paragraphs with offsets, each marked as text, headline or furniture."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from stance.ingest.furniture import LIST_HEADER, furniture_rule
from stance.schema import Article, Paragraph, ParagraphKind, Span

_SPACE = (
    "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\u200e\u200f\u2060\ufeff"
)
_FINISHED = re.compile(r"[.!?…:;][\"”’»')\]*_]*\Z")
_SENTENCE_END = re.compile(r"[.…][\"”’»')\]*_]*\Z|[!?][\"”’»')\]*_]+\Z|[:;,]\Z")
_BULLET = re.compile(r"(?:[-–—*•>]|\d{1,2}[.)]|#{1,6})\s")
_HASHES = re.compile(r"#{1,6}\s+")

_HEADLINE_WORDS = 25
_HEADLINE_LENGTH = 200
_ALIKE = 20
"""Code points from which on the beginning or end of a title counts as the title."""

# Text is hard-wrapped if its lines are about this long and this share of them begins in lower case,
# in the middle of a sentence.
_WRAP_WIDTH = (40, 110)
_WRAP_SHARE = 0.4
_FULL = 0.5
"""Share of the width from which on a line counts as full, so that its sentence may go on."""

_LIST_LENGTH = 10
_LIST_ITEM = 120


def with_paragraphs(article: Article) -> Article:
    """Returns the article with its paragraphs, found if it has none yet.

    A paragraph is a line; in hard-wrapped text, a block between blank lines.
    """
    if article.paragraphs:
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
    spans = list(_spans(text))
    blocks = [text[a:b] for a, b in spans]
    rules = [furniture_rule(block) for block in blocks]
    headline = _headline(blocks, rules, title)
    lists = _listed(blocks, rules, headline)
    out = []
    for i, (start, end) in enumerate(spans):
        kind = ParagraphKind.TEXT
        if i == headline:
            kind = ParagraphKind.HEADLINE
            hashes = _HASHES.match(blocks[i])
            start += hashes.end() if hashes else 0
        elif rules[i] is not None or i in lists:
            kind = ParagraphKind.FURNITURE
        out.append(Paragraph(start=start, end=end, kind=kind))
    return tuple(out)


# --- lines and blocks ------------------------------------------------------------------------


def _spans(text: str) -> Iterator[Span]:
    groups = groupby(_lines(text), lambda line: line is not None)
    blocks = [[line for line in group if line is not None] for some, group in groups if some]
    width = _wrap_width(text, [pair for block in blocks for pair in pairwise(block)])
    for block in blocks:
        start = block[0].start
        for line, following in pairwise(block):
            if width is None or not _goes_on(text, line, following, width):
                yield Span(start, line.end)
                start = following.start
        yield Span(start, block[-1].end)


def _lines(text: str) -> Iterator[Span | None]:
    """Yields each line without the white space around it; None for a blank one."""
    offset = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip(_SPACE)
        start = offset + len(raw) - len(raw.lstrip(_SPACE))
        yield Span(start, start + len(line)) if line else None
        offset += len(raw)


def _wrap_width(text: str, breaks: list[tuple[Span, Span]]) -> int | None:
    """Returns the width at which lines are broken, or None where each is a paragraph."""
    if not breaks:
        return None
    lengths = sorted(line.end - line.start for line, _ in breaks)
    lower = sum(text[following.start].islower() for _, following in breaks)
    if not _WRAP_WIDTH[0] <= lengths[len(lengths) // 2] <= _WRAP_WIDTH[1]:
        return None
    if lower < _WRAP_SHARE * len(breaks):
        return None
    return lengths[len(lengths) * 9 // 10]


def _goes_on(text: str, line: Span, following: Span, width: int) -> bool:
    if text[following.start].islower():
        return True
    # In one block, a short line before a capital is a byline, a speaker's turn or a list item.
    if line.end - line.start < _FULL * width:
        return False
    bullet = _BULLET.match(text, following.start, following.end)
    return not (bullet and _FINISHED.search(text[max(line.start, line.end - 8) : line.end]))


# --- kinds -------------------------------------------------------------------------------------


def _headline(blocks: list[str], rules: list[str | None], title: str | None) -> int | None:
    """Returns which block is the headline, if one is."""
    first = next((i for i, rule in enumerate(rules) if rule is None), len(blocks))
    # 'Watch: minister says no' looks like a teaser, but may be the title's own words.
    for i in range(min(first + 1, len(blocks))):
        if title and _same(_HASHES.sub("", blocks[i], count=1), title):
            return i
    if first == len(blocks):
        return None
    block = blocks[first]
    words = _HASHES.sub("", block, count=1)
    short = len(words) <= _HEADLINE_LENGTH and len(words.split()) <= _HEADLINE_WORDS
    if not short or "\n" in words.strip():
        return None
    if block.startswith("# "):
        return first
    if title is not None or _SENTENCE_END.search(words):
        return None
    rest = zip(blocks[first + 1 :], rules[first + 1 :], strict=True)
    has_body = any(rule is None and _SENTENCE_END.search(b) for b, rule in rest)
    return first if has_body else None


def _same(words: str, title: str) -> bool:
    words, title = (" ".join(re.findall(r"\w+", s.casefold())) for s in (words, title))
    # Titles of pages often begin or end with the outlet's name.
    part = len(words) >= _ALIKE and (title.startswith(words) or title.endswith(words))
    return bool(words) and (words == title or part)


def _listed(blocks: list[str], rules: list[str | None], headline: int | None) -> set[int]:
    """Returns the links or tags under a header such as 'Most read', after the body has begun."""
    out: set[int] = set()
    left = 0
    body = False
    for i, (block, rule) in enumerate(zip(blocks, rules, strict=True)):
        if i == headline:
            continue
        if rule == LIST_HEADER:
            left = _LIST_LENGTH if body else 0
        elif rule is None:
            finished = _FINISHED.search(block) or any(c in block for c in '"“”«»:')
            is_item = len(block) <= _LIST_ITEM and not finished and not block.startswith(("—", "–"))
            if left and is_item:
                out.add(i)
                left -= 1
            else:
                left = 0
                body = body or bool(_FINISHED.search(block))
    return out
