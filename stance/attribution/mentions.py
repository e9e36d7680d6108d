"""Source mentions that stand for several speakers, or for none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.attribution.lexicon import words
from stance.attribution.names import clean_mention, display_mention, parse_mention
from stance.schema import Mention, SpeakerKind

_SEVERAL = re.compile(
    r"(?:most|many|some|several|other|two|three|four|five|few|all|both|certain|various"
    r"|a number of|no|nobody|none|any|anyone|everybody|everyone)\b",
    re.IGNORECASE,
)
_AND = re.compile(r"\band\b|&")
_BETWEEN = re.compile(r",?\s+(?:and|as well as|along with)\s+")
_SPLIT_JOINT = re.compile(r",?\s+and\s+|,\s+|\s*&\s*")


_OWNER = re.compile(r"(?P<owner>.+?)(?:['’]s|(?<=s)['’]) (?:[\w-]+ ){0,2}?(?P<paper>[\w-]+)")
_FROM = re.compile(
    r"(?:an?|the|this) (?:[\w-]+ ){0,2}?(?P<paper>[\w-]+) (?:\w+ )?(?:of|from|by) (?P<owner>.+)",
    re.IGNORECASE,
)
_SPOKESPERSON_OF = re.compile(
    r"(?:an? |the )?spokes(?:man|woman|person) (?:for|of|at) (?P<owner>.+)", re.IGNORECASE
)
_SHARE = re.compile(r"(?:\d[\d.,]*|[a-z-]+) ?(?:percent|per cent|%)(?: .*)?", re.IGNORECASE)


def voice(mention: str) -> str:
    """Returns who speaks in words for a paper or for a spokesperson without a name.

    "the ministry's statement", "a letter from the ministry" and "a spokesman for the ministry" →
    "the ministry" (codebook, "Speaker").
    """
    cleaned = display_mention(mention)
    for pattern in (_SPOKESPERSON_OF, _OWNER, _FROM):
        match = pattern.fullmatch(cleaned)
        if match is None or ("paper" in match.groupdict() and not is_paper(match["paper"])):
            continue
        if parse_mention(match["owner"]).kind is not None and not parse_mention(cleaned).government:
            return match["owner"]
    return mention


def is_paper(words_used: str) -> bool:
    """Whether words stand for something written or recorded, which is no speaker by itself."""
    head = re.split(r" (?:of|in|from|by|on|for|that|which|made|seen|read)\b|,", words_used)[0]
    last = head.split()[-1:]
    return bool(last) and last[0].lower().removesuffix("s") in words("papers")


def is_nobody(mention: str) -> bool:
    """Whether words stand for no speaker at all: a share of voters, "somebody"."""
    cleaned = clean_mention(mention)
    head = _head(cleaned).lower()
    several = head in words("nobody") - {"one"}
    return bool(_SHARE.fullmatch(cleaned)) or several or cleaned.lower() in words("nobody")


def relays(mention: str, cue: str) -> bool:
    """Whether a newsroom passes on what others say or do, which makes it no speaker.

    "according to Reuters", "the newspaper reported"; one that demands or calls is a speaker.
    """
    name = clean_mention(mention).lower()
    # "the Harbour Times", but "Minister Sun"
    # the newspaper, the broadcaster SBS
    is_noun = name.startswith(("the ", "a ")) and any(
        w in words("press_nouns") for w in (name.split()[-1], name.split()[1])
    )
    is_press = is_noun or name.removeprefix("the ") in words("press")
    return is_press and any(re.search(rf"\b{w}\b", cue.lower()) for w in words("relaying"))


def is_rubric(mention: str) -> bool:
    """Whether words are a heading of agency copy ("Quote:", "Details:") and name nobody."""
    heading = clean_mention(mention).rstrip(":").lower()
    return re.split(r" (?:from|by|of) ", heading)[0] in words("rubrics")


def is_several(cleaned: str) -> bool:
    """Whether words begin like those for a number of unnamed speakers ("most allies")."""
    return bool(_SEVERAL.match(cleaned))


def is_group(mention: str) -> bool:
    """Whether words stand for an unnamed group, which is no speaker (codebook, "Speaker")."""
    cleaned = clean_mention(mention)
    head = _head(cleaned).lower()
    roles = words("person_roles")
    return head not in roles and head.removesuffix("s") in roles


def _head(cleaned: str) -> str:
    """Returns the noun of a description ("people" of "people close to the president")."""
    head = re.split(r" (?:of|in|from|at|for|who|close|familiar)\b|,", cleaned)[0].split()
    return head[-1] if head else ""


def split_joint(source: Mention) -> list[Mention]:
    """Splits "Berlin and Rome", "Ana Weiss, a deputy, and the teachers' union" into speakers.

    Words stay together where a part of them names nobody ("the foreign and defence minister").
    """
    pieces = [p for p in _SPLIT_JOINT.split(source.text) if p]
    if len(pieces) > 1 and _are_names(source.text, pieces):
        return _parts(source, pieces)
    for match in _BETWEEN.finditer(source.text):
        sides = [source.text[: match.start()], source.text[match.end() :]]
        named = [names_speaker(side) for side in sides]
        if all(named) or (named[1] and _is_surname(sides[0])):
            first, second = _parts(source, sides)
            return [first, *split_joint(second)]
    return [source]


def _are_names(text: str, pieces: Sequence[str]) -> bool:
    """Whether all pieces are names without titles."""
    if not all(re.match(r"(?:the )?[^\W\d_a-z]", p) for p in pieces):
        return False
    parts = [parse_mention(p) for p in pieces]
    if not all(p.government or (p.name and not p.role) for p in parts):
        return False
    bare = [p.name for p in parts[1:] if not p.government and not p.name.isupper()]
    if parts[0].kind is SpeakerKind.INSTITUTION and any(" " not in name for name in bare):
        return False  # the "Industry" of "the Committee on Trade and Industry"
    # "Margot Eisfelder, Leipzig" are not two.
    return bool(_AND.search(text)) or all(bool(p.government) for p in parts)


def _is_surname(words_used: str) -> bool:
    parts = parse_mention(words_used)
    return parts.kind is SpeakerKind.PERSON and parts.name == words_used and " " not in words_used


def names_speaker(words_used: str) -> bool:
    """Whether one side of "and" names a person, a government or a body by itself."""
    parts = parse_mention(words_used)
    named = " " in parts.name or (parts.name and parts.heads)
    if parts.government or (parts.kind is SpeakerKind.PERSON and named):
        return True
    if not re.match(r"(?:the|an?|his|her|its|their) |[^\W\d_a-z]", words_used, re.IGNORECASE):
        return False
    if parts.kind is SpeakerKind.PERSON:
        return bool(parts.heads) and words_used.lower().startswith(("the ", "a ", "an "))
    found = [w.strip(".,'’") for w in words_used.split()]
    return len(found) > 1 and any(
        w.lower() in words("institution_words") or w in words("acronyms") for w in found
    )


def _parts(source: Mention, pieces: Sequence[str]) -> list[Mention]:
    out, position = [], 0
    for piece in pieces:
        at = source.text.index(piece, position)
        position = at + len(piece)
        start = source.start + at
        out.append(Mention(text=piece, start=start, end=start + len(piece), field=source.field))
    return out
