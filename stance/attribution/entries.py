"""A speaker while the article is read: what is known so far, and what it becomes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from rapidfuzz import fuzz

from stance.attribution.lexicon import words
from stance.attribution.names import NameParts, display_mention, fold
from stance.attribution.people import is_deputy
from stance.schema import Mention, Speaker, SpeakerKind, Statement

# Endings that transliterations write in several ways, and the one that stands for all.
_SPELLINGS = (
    (re.compile(r"(?<=[szc]k)(?:yy|yi|iy|ii|ij|yj)$"), "y"),  # Zelenskyy, Zelenskyi, Zelenskiy
    (re.compile(r"(?<=[^aeiou])(?:iy|ii|ij|yi|yy|yj)$"), "iy"),  # Oleksii, Oleksij
    (re.compile(r"(?<=[aeo])(?:y|i|j)$"), "y"),  # Sergei, Sergej
    (re.compile(r"(?<=l)(?:iya|ija|ia)$"), "ia"),  # Yuliya, Yulija
)
# Likeness (0 to 100) of a headline's words to a statement's from which on they are the same.
_ALIKE = 50


@dataclass(kw_only=True, eq=False)
class Entry:
    """A speaker while the article is read; equal to itself alone.

    Attributes:
        parts: What the first mention says.
        name: Fullest name so far, or the words that stand for one.
        kind: Person or institution.
        role: Title as worded, "" where none is known.
        country: ISO code, or None.
        gender: "m", "f" or None.
        heads: Title nouns, see `NameParts.heads`.
        aliases: Other words for it, in order.
        mentions: All mentions that speak, in the order in which they were read.
        statements: All that it says.
        named: Whether `name` is a name and not a description.
        number: Its place among the entries of the article.
        last_spoke: Place of its last mention among all that speak, -1 before the first.
    """

    number: int
    parts: NameParts
    name: str
    kind: SpeakerKind
    role: str = ""
    country: str | None = None
    gender: str | None = None
    heads: set[str] = field(default_factory=set)
    aliases: dict[str, None] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    named: bool = False
    last_spoke: int = -1

    def add(self, mention: Mention, parts: NameParts) -> None:
        """Takes over what one more mention says."""
        self.mentions.append(mention)
        words_used = display_mention(mention.text)
        if not parts.pronoun and words_used:
            self.aliases.setdefault(words_used)
        if parts.name:
            self.aliases.setdefault(parts.name)
        if parts.role and (not self.role or len(parts.role) > len(self.role)) and self.named:
            self.role = plain_role(parts.role)
        self.country = self.country or parts.country
        self.gender = self.gender or parts.gender
        self.heads |= parts.heads

    def take_name(self, name: str, parts: NameParts, role: str) -> Self:
        """Gives a name to who was known by a title alone."""
        self.named, self.name, self.parts = True, name, parts
        self.role = plain_role(parts.role or role)
        return self

    @property
    def is_named_person(self) -> bool:
        """Whether it is a person with more than one name."""
        return self.named and self.kind is SpeakerKind.PERSON and " " in self.name

    def names(self, body: str) -> bool:
        """Whether one of its names or titles holds the name of a body."""
        worded = " ".join(map(_bare, (self.role, self.name, *self.aliases)))
        return bool(re.search(rf"\b{re.escape(_bare(body))}\b", worded))

    def may_hold(self, parts: NameParts, title: str) -> bool:
        """Whether it may be the holder of a title."""
        deputy = is_deputy(self.role) and not is_deputy(title)
        country = None in (parts.country, self.country) or parts.country == self.country
        heads = bool(parts.heads) and (parts.heads <= self.heads or self._leads_as(parts))
        return heads and country and self.may_have_gender(parts.gender) and not deputy

    def _leads_as(self, parts: NameParts) -> bool:
        """Whether it is head of what a title names as well ("the intelligence chief": a director).

        A title that says of what ("army", "spy") asks for that word or one of its kind.
        """
        leading = words("leading_roles")
        if not (parts.heads <= leading and self.heads & leading):
            return False
        field_words = [w for w in parts.role.lower().split() if w not in parts.heads | {"the"}]
        return bool(field_words) and field_words[-1] in self.role.lower()

    def may_have_gender(self, gender: str | None) -> bool:
        """Whether nothing known speaks against a gender."""
        return None in (gender, self.gender) or gender == self.gender

    def speaker(self) -> Speaker:
        """Returns it as others are given it."""
        return Speaker(
            name=self.name,
            id=speaker_id(self.name, self.country, self.parts.government),
            kind=self.kind,
            aliases=tuple(a for a in self.aliases if a != self.name),
            role=self.role or None,
            country=self.country,
            mentions=tuple(self.mentions),
            statements=tuple(sorted(self.statements, key=lambda s: (s.field == "text", s.start))),
        )


class BodyIndex:
    """Finds numbers of institutions by what an article may call them later."""

    def __init__(self) -> None:
        self._by_name: defaultdict[str, set[int]] = defaultdict(set)
        self._by_short: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, name: str, number: int) -> None:
        """Makes a number known under a name; it may have several."""
        key = _bare(name)
        self._by_name[key].add(number)
        for short in _short_names(key):
            self._by_short[short].add(number)

    def called(self, name: str) -> list[int]:
        """Returns, in order, of which a name may speak.

        That is by the same name, its initials ("the UN"), its head noun ("the embassy" after "the
        Austrian embassy in Bratislava") or without its kind ("the newspaper Les Deux Rives").
        """
        key = _bare(name)
        by_name = self._by_name.get(key, set()) | self._by_name.get(_initials(key), set())
        return sorted(by_name | self._by_short.get(key, set()))


def speaker_id(name: str, country: str | None = None, government: str | None = None) -> str:
    """Returns what names a speaker across articles.

    Spellings of one name in Latin letters fall together ("Zelenskyy", "Zelenskiy"), namesakes of
    different countries do not, and a government has one whether it is called by its capital, its
    seat or its country. An article that does not tell the country gives none.

    Args:
        name: Fullest name of the speaker.
        country: ISO code, where the article tells it.
        government: ISO code of the country whose government speaks.
    """
    if government is not None:
        return f"government-{government.lower()}"
    words_of = re.sub(r"[^a-z0-9]+", " ", _bare(name)).split()
    for pattern, ending in _SPELLINGS:
        words_of = [pattern.sub(ending, word) for word in words_of]
    parts = [*words_of, *([country.lower()] if country else [])]
    return "-".join(parts) or "unnamed"


def plain_role(role: str) -> str:
    """Returns a title without article, possessive or a form of address ("Sir")."""
    bare = re.sub(r"^(?:the|a|an|his|her|their|its|our)\s+", "", role, flags=re.IGNORECASE)
    return " ".join(w for w in bare.split() if w.lower().rstrip(".") not in words("honorifics"))


def _bare(name: str) -> str:
    return fold(re.sub(r"^the ", "", name, flags=re.IGNORECASE))


def _initials(name: str) -> str:
    return "".join(w[0] for w in name.split() if w not in {"of", "for", "the", "and"})


def _short_names(key: str) -> Iterator[str]:
    initials = _initials(key)
    if len(initials) > 1:
        yield initials
    head = re.split(r" (?:of|in|for|at|on)\b", key)[0].split()[-1:]
    if head and head[0] in words("institution_words"):
        yield head[0]
    worded = key.split()
    for i, word in enumerate(worded[:-1], start=1):
        if word in words("naming_bodies"):
            yield " ".join(worded[i:])


def spoken_for(headed: Entry, entries: Sequence[Entry]) -> list[Entry]:
    """Returns whom a headline may mean by a body or a title: those of its name, else its country.

    "NATO denies" is NATO's secretary-general, where the text names one.
    """
    named = [e for e in entries if headed.named and e.names(headed.name)]
    same = [e for e in entries if headed.country is not None and e.country == headed.country]
    return named or [e for e in entries if None in (e.country, headed.country)] + same


def says_so_too(said: Statement, entries: Iterable[Entry]) -> Entry | None:
    """Returns who makes a statement in the text that is worded like one of the headline."""
    alike = [
        (fuzz.token_set_ratio(said.text.lower(), other.text.lower()), -i, entry)
        for i, entry in enumerate(entries)
        for other in entry.statements
    ]
    likeness, _, entry = max(alike, key=lambda row: row[:2], default=(0.0, 0, None))
    return entry if likeness >= _ALIKE else None


def unnamed_between(entries: Iterable[Entry], start: int, end: int) -> list[Entry]:
    """Returns the people known by a title alone, no general one, who first speak in a range."""
    return [
        e
        for e in entries
        if e.kind is SpeakerKind.PERSON
        and not e.named
        and e.heads - words("general_roles")
        and start <= e.mentions[0].start < end
    ]
