"""Agency copy in sections: "Source: …", "Quote: …", "Details: …".

A quotation there has no cue and no source beside it; who speaks stands in the section "Source", or
in the heading itself ("Quote from Ana Weiss: …").
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Sequence

from stance.attribution.linking import LinkedStatement
from stance.attribution.mentions import is_rubric
from stance.attribution.names import bodies_named, parse_mention
from stance.attribution.people import People
from stance.schema import Article, Mention, ParagraphKind, SpeakerKind

_HEADING = re.compile(
    r"[*_>\s]*(?P<rubric>[A-Z][a-z]+(?: [a-z]+)?)"
    r"(?: (?:from|by|of) (?P<who>[^\n:*]{2,80}))?[*_]*:[*_]*\s"
)
_QUOTED = re.compile(r"[\"“”„«'‘]")


def with_rubrics(article: Article, linked: Sequence[LinkedStatement]) -> list[LinkedStatement]:
    """Gives quotations under a heading the source that the sections name.

    Args:
        article: An article with paragraphs.
        linked: Statements of its text, in reading order.

    Returns:
        The same statements; those under "Quote" that had no source, or the heading for one, have
        the speaker of the heading or of the last section "Source".
    """
    readable = [p for p in article.paragraphs if p.kind is not ParagraphKind.FURNITURE]
    headings = {p.start: m for p in readable if (m := _heading(article, p.start, p.end))}
    if not headings:
        return list(linked)
    people = People(article)
    speaker_of: dict[int, Mention] = {}
    source: Mention | None = None
    speaker: Mention | None = None
    for p in readable:
        heading = headings.get(p.start)
        if heading is None:
            # A quotation of several paragraphs goes on.
            if not _QUOTED.match(article.text, p.start):
                speaker = None
        elif heading["rubric"].lower().startswith("source"):
            source, speaker = _named(article, people, heading.end(), p.end), None
        elif heading["rubric"].lower().startswith("quote") or heading["who"]:
            own = heading.span("who") if heading["who"] else None
            speaker = _named(article, people, *own) if own else source
        else:
            speaker = None
        if speaker is not None:
            speaker_of[p.start] = speaker
    out = []
    for item in linked:
        at = item.statement.start
        i = bisect.bisect_right(readable, at, key=lambda p: p.start)
        here = i > 0 and at < readable[i - 1].end
        found = speaker_of.get(readable[i - 1].start) if here else None
        if found is not None and all(is_rubric(m.text) for m in item.sources):
            said = dataclasses.replace(item.statement, source=found)
            item = dataclasses.replace(item, statement=said, sources=(found,))
        out.append(item)
    return out


def _heading(article: Article, start: int, end: int) -> re.Match[str] | None:
    match = _HEADING.match(article.text, start, end)
    return match if match and is_rubric(match["rubric"]) else None


def _named(article: Article, people: People, start: int, end: int) -> Mention | None:
    """Returns the first person or else the first body that a piece of the text names."""
    text = article.text[start:end]
    found = sorted(people.named_in(text)) or bodies_named(text)
    if not found:
        parts = parse_mention(text)
        is_name = parts.kind is SpeakerKind.PERSON and parts.name and parts.name in text
        found = [(text.index(parts.name), parts.name)] if is_name else []
    for at, name in found:
        shown = name if text.startswith(name, at) else name.split()[-1]
        place = text.find(shown, at)
        if place >= 0:
            return Mention(
                text=shown, start=start + place, end=start + place + len(shown), field="text"
            )
    return None
