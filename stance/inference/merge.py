"""One entry for a spokesperson and the office, a leader and the country (codebook, "Speaker").

They are one speaker where their labels agree and two where the article gives them different
positions. Only names, titles and countries are looked at.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from stance.attribution.lexicon import words
from stance.attribution.names import fold, parse_mention
from stance.schema import SpeakerKind, SpeakerStance

_SPOKES = re.compile(r"\bspokes(?:man|woman|person)\b", re.IGNORECASE)
# Code points between an office and its spokesman who is not said to be its.
_NEAR = 300
_DEPUTY = re.compile(
    r"\b(?:former|ex|deputy|vice|opposition|shadow|aide|advis[eo]r)\b", re.IGNORECASE
)


def merge_offices(stances: Sequence[SpeakerStance]) -> list[SpeakerStance]:
    """Joins institutions into the people who speak for them, where the labels agree.

    Args:
        stances: All speakers of one article, in order.

    Returns:
        The same order without the joined institutions; a person takes over the statements, and
        the office becomes an alias.
    """
    out = list(stances)
    for office in list(out):
        if office.speaker.kind is not SpeakerKind.INSTITUTION or office.stance is None:
            continue
        holder = next(
            (
                other
                for speaks_for in (_is_spokesperson, _is_leader)
                for other in out
                if other.speaker.kind is SpeakerKind.PERSON
                and other.stance == office.stance
                and speaks_for(other, office)
            ),
            None,
        )
        if holder is not None:
            out[out.index(holder)] = _joined(holder, office)
            out.remove(office)
    return out


def _is_spokesperson(person: SpeakerStance, office: SpeakerStance) -> bool:
    role = person.speaker.role or ""
    if not _SPOKES.search(role):
        return False
    if _SPOKES.fullmatch(role.strip()):
        # "Spokesman Ole Hauge said": of the office that spoke just before.
        first, last = person.speaker.statements[0], office.speaker.statements[-1]
        return last.field == first.field and 0 <= first.start - last.end < _NEAR
    names = {re.sub(r"^the ", "", fold(n)) for n in (office.speaker.name, *office.speaker.aliases)}
    return any(name in fold(role) for name in names if len(name) > 1)


def _is_leader(person: SpeakerStance, office: SpeakerStance) -> bool:
    role, country = person.speaker.role or "", office.speaker.country
    if country is None or person.speaker.country != country or _DEPUTY.search(role):
        return False
    if parse_mention(office.speaker.name).government is None:
        return False
    return any(title in role.lower() for title in words("leaders"))


def _joined(person: SpeakerStance, office: SpeakerStance) -> SpeakerStance:
    speaker = person.speaker
    names = (office.speaker.name, *office.speaker.aliases)
    aliases = tuple(dict.fromkeys((*speaker.aliases, *names)))
    merged = dataclasses.replace(
        speaker,
        aliases=tuple(a for a in aliases if a != speaker.name),
        mentions=speaker.mentions + office.speaker.mentions,
        statements=speaker.statements + office.speaker.statements,
    )
    better = max(person, office, key=lambda s: s.confidence)
    pairs = sorted(
        [
            *zip(person.evidence, person.weights, strict=True),
            *zip(office.evidence, office.weights, strict=True),
        ],
        key=lambda pair: (pair[0].field == "text", pair[0].start),
    )
    return dataclasses.replace(
        better,
        speaker=merged,
        evidence=tuple(s for s, _ in pairs),
        weights=tuple(w / 2 for _, w in pairs),
    )
