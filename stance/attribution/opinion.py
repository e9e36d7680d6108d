"""Signed opinion pieces: what stands outside reported speech there is the author's (codebook).

A byline elsewhere is furniture: a piece counts as opinion only if its author says "I" in it or a
note calls it one.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from itertools import groupby

from stance.attribution.linking import LinkedStatement
from stance.attribution.names import parse_mention
from stance.schema import Article, Mention, ParagraphKind, Span, SpeakerKind, Statement

_WORD = r"[^\W\d_a-zà-öø-ÿ][\w.'’\-]*"
_NAME = rf"{_WORD}(?: (?:(?:de|da|di|von|van|der|den|la|le|el|al|bin) )*{_WORD}){{1,4}}"
_BYLINE = re.compile(
    rf"^\W*(?:(?:Opinion|Commentary|Comment|A column)[: ]\s*)?[Bb]y (?P<name>{_NAME})\W*$",
    re.MULTILINE,
)
_SIGNATURE = re.compile(r"^\W*(?P<name>[^\W\d_a-z][A-ZÀ-Þ'’\- ]{5,40})\W*$", re.MULTILINE)
_NOTE = re.compile(
    rf"^\W*(?P<name>{_NAME}),? (?:is|was|writes|served|teaches|lives|chairs|leads|heads|edits"
    r"|commanded|directs|an?|the|who)\b",
    re.MULTILINE,
)
_CALLED_OPINION = re.compile(
    r"\b(?:opinions?|columnist|column|commentary|op-ed|the (?:writer|author)|writes here)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"(?<![\w'’])I(?:['’](?:m|ve|d|ll))?(?= [a-z])")
_QUOTATION = re.compile(r"[\"“„«][^\"“”„«»\n]*[\"”“»]")
_PRONOUNS = {"i", "we", "my", "our"}

# Code points at either end of an article in which it may be signed.
_HEAD, _FOOT = 300, 500
# Times that the author has to say "I".
_MIN_FIRST_PERSON = 2


def author_of(article: Article) -> Mention | None:
    """Returns the name under which an article is signed, opinion or not."""
    text = article.text
    foot = max(0, len(text) - _FOOT)
    found = _BYLINE.search(text, 0, _HEAD)
    if found is None and _FIRST_PERSON.search(text):
        found = _SIGNATURE.search(text, 0, 80) or _NOTE.search(text, foot)
    if found is None:
        return None
    name = found["name"]
    parts = parse_mention(name.title() if name.isupper() else name)
    if parts.kind is not SpeakerKind.PERSON or len(parts.name.split()) < 2:
        return None
    return Mention(text=name, start=found.start("name"), end=found.end("name"))


def is_opinion(article: Article, author: Mention) -> bool:
    """Whether a signed article is an opinion piece."""
    text = article.text
    surname = author.text.split()[-1].casefold()
    notes = [
        text[p.start : p.end]
        for p in article.paragraphs
        if p.start >= max(0, len(text) - _FOOT) or p.end <= _HEAD
    ]
    named = [n for n in notes if surname in n.casefold() or "the writer" in n or "he author" in n]
    if any(_CALLED_OPINION.search(n) for n in [*named, article.title or ""]):
        return True
    own = _QUOTATION.sub(" ", text)
    return len(_FIRST_PERSON.findall(own)) >= _MIN_FIRST_PERSON


def with_author(
    article: Article, linked: Sequence[LinkedStatement], sentences: Sequence[Span]
) -> list[LinkedStatement]:
    """Gives the author of an opinion piece what stands outside reported speech.

    Args:
        article: An article with paragraphs.
        linked: Statements of its text, in reading order.
        sentences: Sentences of its text, in order.

    Returns:
        Statements in reading order; in an opinion piece one more for each paragraph with words of
        the author's own, in parts where others are reported in between.
    """
    author = author_of(article)
    if author is None or not is_opinion(article, author):
        return list(linked)
    reported = sorted(
        span
        for item in linked
        if not item.sources or item.sources[0].text.casefold() not in _PRONOUNS
        for span in item.statement.spans
    )
    own = [
        LinkedStatement(statement=statement, sources=(author,))
        for p in article.paragraphs
        if p.kind is ParagraphKind.TEXT and not _is_note(article.text[p.start : p.end], author)
        for statement in _own_words(article.text, p.start, p.end, sentences, reported, author)
    ]
    return sorted([*linked, *own], key=lambda item: (item.statement.start, item.statement.end))


def _is_note(text: str, author: Mention) -> bool:
    return author.text.split()[-1].casefold() in text.casefold() or text.strip().startswith("*")


def _own_words(
    text: str,
    start: int,
    end: int,
    sentences: Sequence[Span],
    reported: Sequence[Span],
    author: Mention,
) -> list[Statement]:
    low = bisect.bisect_left(sentences, (start, 0))
    inside = sentences[low : bisect.bisect_left(sentences, (end, 0))]
    first = bisect.bisect_left(reported, (start, 0))
    near = reported[max(0, first - 1) : bisect.bisect_left(reported, (end, 0))]
    runs = groupby(inside, lambda s: any(s.start < b and a < s.end for a, b in near))
    spans = []
    for is_reported, run in runs:
        if not is_reported:
            kept = list(run)
            spans.append(Span(kept[0].start, kept[-1].end))
    if not spans:
        return []
    words = " … ".join(text[a:b] for a, b in spans)
    return [Statement(spans=tuple(spans), text=words, source=author)]
