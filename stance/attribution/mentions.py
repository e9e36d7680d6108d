"""Source mentions that stand for several speakers, or for none."""

from __future__ import annotations

import re

from stance.attribution.lexicon import words
from stance.attribution.names import clean_mention, parse_mention
from stance.schema import Mention

_AND = re.compile(r"\band\b|&")
_SPLIT_JOINT = re.compile(r",?\s+and\s+|,\s+|\s*&\s*")


def is_group(mention: str) -> bool:
    """Whether words stand for an unnamed group, which is no speaker (codebook, "Speaker")."""
    cleaned = clean_mention(mention)
    head = re.split(r" (?:of|in|from|at|for|who|close|familiar)\b|,", cleaned)[0].split()[-1:]
    plural = bool(head) and head[0].lower() not in words("person_roles")
    plural = plural and head[0].lower().removesuffix("s") in words("person_roles")
    return plural


def split_joint(source: Mention) -> list[Mention]:
    """Splits "Berlin and Rome" into its members where each of them is a name of its own."""
    pieces = [p for p in _SPLIT_JOINT.split(source.text) if p]
    if len(pieces) < 2 or not all(re.match(r"(?:the )?[^\W\d_a-z]", p) for p in pieces):
        return [source]
    parts = [parse_mention(p) for p in pieces]
    if not all(p.government or (p.name and not p.role) for p in parts):
        return [source]
    if not _AND.search(source.text) and not all(p.government for p in parts):
        return [source]  # "Margot Eisfelder, Leipzig"
    out, position = [], 0
    for piece in pieces:
        at = source.text.index(piece, position)
        position = at + len(piece)
        start = source.start + at
        out.append(Mention(text=piece, start=start, end=start + len(piece), field=source.field))
    return out
