"""Sentence boundaries with offsets, by the library sentencex."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stance.schema import Span

_WINDOW = 4000
"""Code points given to the library at once: its time grows with the square of unclosed quotes."""

# After these the library ends a sentence although a name or number follows.
_ABBREVIATIONS = (
    "Adm|Amb|Approx|Atty|Brig|Capt|Cmdr|Col|Cpl|Dr|Fr|Gen|Gov|Hon|Insp|Lieut|Lt|Maj|Messrs|Min|Mr"
    "|Mrs|Ms|Msgr|Mx|Pres|Prof|Pte|Pvt|Rep|Ret|Rev|Sec|Sen|Sgt|Spc|St|Supt"
)
_UNFINISHED = re.compile(
    rf"(?:(?:^|[\s(\"“‘«-])(?:{_ABBREVIATIONS})|^\d{{1,2}})[.)]\Z"  # also '1.' of a list
)
_TAIL = 16
_CLOCK = re.compile(r"\d [ap]\.m\.\Z")
_AFTER_CLOCK = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z]{2,4}\b|[A-Z]\w+ time\b"
)
_REPORTING = r"(?:said|says|asked|asks|told|replied|added|wrote|answered|cried|shouted|insisted)"
# 'Ms Kern asked' after a quotation that ends in '!' or '?'.
_REPORTING_CLAUSE = re.compile(
    rf"(?:the |a |an )?(?:(?:[A-Z][\w.’'-]*|of|the|de|van|von|al|[\w-]+ish|[\w-]+ian) ){{0,5}}"
    rf"(?:\w+ )?{_REPORTING}\b",
)
_QUOTE_END = re.compile(r"[?!…][\"”’»']\Z")
# A sentence that ends inside quotation marks or brackets, and one that begins after them. Single
# quotation marks are left out: they look like apostrophes.
_CLOSED = re.compile(r"(?<!\b[A-Z])(?<!\(ret)(?<!\(retd)[.!?…][\"”»)]\s+(?=[\"“«(‘]?[A-Z])")


def sentence_spans(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Splits a range of a text into sentences.

    Args:
        text: The text.
        start: First offset of the range.
        end: Offset after it.

    Returns:
        Spans of the sentences, without the white space around them, in order.
    """
    out: list[Span] = []
    for a, b in _pieces(text, start, end):
        words = text[a:b]
        a += len(words) - len(words.lstrip())
        b -= len(words) - len(words.rstrip())
        if a >= b:
            continue
        if out and _goes_on(text, out[-1], a):
            out[-1] = Span(out[-1].start, b)
        else:
            out.append(Span(a, b))
    return tuple(out)


def _goes_on(text: str, last: Span, start: int) -> bool:
    """Whether the sentence `last` goes on at `start`."""
    tail = text[max(last.start, last.end - _TAIL) : last.end]
    if _UNFINISHED.search(tail) or (_CLOCK.search(tail) and _AFTER_CLOCK.match(text, start)):
        return True
    return bool(_QUOTE_END.search(tail) and _REPORTING_CLAUSE.match(text, start))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields what the library takes for sentences, and splits those that it leaves whole."""
    for first, last in _boundaries(text, start, end):
        begin = first
        for match in _CLOSED.finditer(text, first, last):
            bracket = match.group().rstrip().endswith(")")
            if bracket or not _REPORTING_CLAUSE.match(text, match.end()):
                yield begin, match.end()
                begin = match.end()
        yield begin, last


def _boundaries(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    import sentencex

    while start < end:
        stop = min(start + _WINDOW, end)
        if stop < end:
            stop = text.rfind(" ", start + _WINDOW // 2, stop) + 1 or stop
        found = sentencex.get_sentence_boundaries("en", text[start:stop])
        if stop < end and len(found) > 1:
            found = found[:-1]  # cut off by the window; the next one begins with it
        for sentence in found:
            yield start + sentence["start_index"], start + sentence["end_index"]
        start = start + found[-1]["end_index"] if found else stop
