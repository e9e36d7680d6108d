"""Sentence boundaries with offsets, by the library sentencex."""

from __future__ import annotations

import re

from stance.schema import Span

# Titles after which the library ends a sentence although a name follows.
_TITLE_END = re.compile(
    r"(?:^|[\s(\"“‘])(?:Gen|Lt|Col|Maj|Capt|Sgt|Cpl|Adm|Brig|Cmdr|Sen|Rep|Gov|Amb|Hon|Rev|Fr|Msgr"
    r"|Prof|Dr|Mr|Mrs|Ms|St|Lt\. Gen|Maj\. Gen|Brig\. Gen|Rear Adm|Vice Adm|Sec|Pres|Supt|Insp)\.$"
)


def sentence_spans(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Splits a range of a text into sentences.

    Args:
        text: The text.
        start: First offset of the range.
        end: Offset after it.

    Returns:
        Spans of the sentences, without the white space around them, in order.
    """
    import sentencex

    out: list[Span] = []
    for boundary in sentencex.get_sentence_boundaries("en", text[start:end]):
        a, b = start + boundary["start_index"], start + boundary["end_index"]
        words = text[a:b]
        a += len(words) - len(words.lstrip())
        b -= len(words) - len(words.rstrip())
        if a >= b:
            continue
        if out and _TITLE_END.search(text[max(out[-1].start, out[-1].end - 16) : out[-1].end]):
            out[-1] = Span(out[-1].start, b)
        else:
            out.append(Span(a, b))
    return tuple(out)
