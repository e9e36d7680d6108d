"""Source mentions → speakers: names, titles, pronouns and bodies that stand for one speaker.

A cascade of rules in reading order: a name joins the speaker of that name, a pronoun the nearest
fitting person before it, a title ("the minister") the speaker who holds it, a capital or seat the
government of its country. What joins nobody is a speaker of its own under the words that name it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from stance.attribution.lexicon import country_adjectives, words
from stance.attribution.linking import LinkedStatement
from stance.attribution.names import NameParts, clean_mention, display_mention, fold, parse_mention
from stance.schema import Article, Mention, Speaker, SpeakerKind, Statement

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ]"
_SMALL = r"(?:de|da|di|von|van|der|den|la|le|el|al|bin|del|zu|ten|ter)"
_CAPITALISED = re.compile(
    rf"{_CAPITAL}[\w.'’\-]*(?: (?:{_SMALL} ){{0,2}}{_CAPITAL}[\w'’\-]*\.?){{1,5}}"
)
_PLURAL_GROUP = re.compile(
    r"(?:most|many|some|several|other|two|three|four|five|few|all|both|certain|various"
    r"|a number of)\b",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(r"(?:an?|one|another|some)\b", re.IGNORECASE)
_SPLIT_JOINT = re.compile(r",?\s+and\s+|,\s+|\s*&\s*")
# Two spellings of one surname: a transliteration differs by a letter or two ("Zelensky/Zelenskyy").
_SAME_SURNAME = 88
_MIN_FUZZY = 5
# Words of a title before a name.
_LONGEST_TITLE = 6
# A pronoun or bare title reaches back this many statements.
_REACH = 6


@dataclass(kw_only=True)
class _Entry:
    """A speaker while the article is read."""

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

    def add(self, mention: Mention, parts: NameParts) -> None:
        self.mentions.append(mention)
        words_used = display_mention(mention.text)
        if not parts.pronoun and words_used:
            self.aliases.setdefault(words_used)
        if parts.name:
            self.aliases.setdefault(parts.name)
        if parts.role and (not self.role or len(parts.role) > len(self.role)) and self.named:
            self.role = _plain_role(parts.role)
        self.country = self.country or parts.country
        self.gender = self.gender or parts.gender
        self.heads |= parts.heads


def resolve_speakers(
    article: Article, linked: Sequence[LinkedStatement]
) -> tuple[tuple[Speaker, ...], tuple[Statement, ...]]:
    """Groups statements by who makes them.

    Args:
        article: The article.
        linked: Its statements with their source mentions, in reading order, title first.

    Returns:
        Speakers in order of their first statement, and the statements without a source.
    """
    resolver = _Resolver(article)
    unattributed: list[Statement] = []
    for item in linked:
        if not item.sources:
            unattributed.append(item.statement)
            continue
        for mention in (m for source in item.sources for m in _split_joint(source)):
            entry = resolver.entry(mention)
            if entry is None:
                unattributed.append(item.statement)
                continue
            statement = dataclasses.replace(item.statement, source=mention)
            if not any(
                s.spans == statement.spans and s.field == statement.field for s in entry.statements
            ):
                entry.statements.append(statement)
    return resolver.speakers(), tuple(unattributed)


def slug(name: str) -> str:
    """Folds a name into an identifier: "Hanno Pevkur" → "hanno-pevkur"."""
    return re.sub(r"[^0-9a-z]+", "-", fold(re.sub(r"^[Tt]he ", "", name))).strip("-") or "unnamed"


class _Resolver:
    def __init__(self, article: Article) -> None:
        self._article = article
        self._entries: list[_Entry] = []
        self._recent: list[_Entry] = []
        self._full_names = _full_names(article)
        self._descriptions = _Descriptions(article)

    def entry(self, mention: Mention) -> _Entry | None:
        """Returns the speaker that a mention stands for; None for unnamed groups."""
        parts = parse_mention(mention.text)
        if not (parts.pronoun or parts.government or parts.name or parts.role):
            # The tagger sometimes marks a stray "'s" or a dash.
            return None
        if parts.pronoun:
            found = self._by_pronoun(parts, mention)
        elif parts.government:
            found = self._by_government(parts)
        elif parts.kind is SpeakerKind.PERSON and parts.name:
            found = self._by_name(parts)
        elif _is_group(mention.text):
            return None
        elif parts.kind is SpeakerKind.PERSON:
            found = self._by_title(parts, mention)
        else:
            found = self._by_body(parts)
        if found is None:
            if parts.pronoun:
                return None
            found = self._new(parts, mention)
        found.add(mention, parts)
        self._recent.append(found)
        return found

    def speakers(self) -> tuple[Speaker, ...]:
        return tuple(_finish(entry) for entry in self._entries if entry.statements)

    def _by_pronoun(self, parts: NameParts, mention: Mention) -> _Entry | None:
        institution = parts.pronoun in ("it", "its")
        start = self._paragraph_start(mention)
        last = self._recent[-1].mentions[-1] if self._recent else None
        fresh = last is not None and last.field == mention.field and last.start >= start
        if not institution and not parts.plural and not fresh:
            # Whoever the paragraph has named so far, also without quoting him.
            named = self._named_before(mention, start)
            if named is not None and (named.gender is None or named.gender == parts.gender):
                named.gender = parts.gender
                return named
        wanted = SpeakerKind.INSTITUTION if institution else SpeakerKind.PERSON
        for entry in reversed(self._recent[-_REACH:]):
            if parts.plural and not institution:
                return entry
            fits = parts.gender is None or entry.gender in (None, parts.gender)
            if entry.kind is wanted and fits:
                entry.gender = entry.gender or parts.gender
                return entry
        return None

    def _paragraph_start(self, mention: Mention) -> int:
        if mention.field == "title":
            return 0
        starts = [p.start for p in self._article.paragraphs if p.start <= mention.start]
        return starts[-1] if starts else 0

    def _named_before(self, mention: Mention, start: int) -> _Entry | None:
        """Returns the person named last between `start` and a pronoun, as a speaker."""
        before = self._article.field_text(mention.field)[start : mention.start]
        places = {before.rfind(name): name for name in self._full_names}
        surnames = {before.rfind(e.name.split()[-1]): e.name for e in self._entries if e.named}
        at, name = max({**surnames, **places}.items(), default=(-1, ""))
        if at < 0:
            return None
        parts = parse_mention(name)
        if parts.kind is not SpeakerKind.PERSON or not parts.name:
            return None
        found = self._by_name(parts)
        return found or self._new(parts, Mention(text=name, start=0, end=len(name)))

    def _by_government(self, parts: NameParts) -> _Entry | None:
        for entry in self._entries:
            if entry.parts.government == parts.government:
                return entry
        return None

    def _by_name(self, parts: NameParts) -> _Entry | None:
        full = self._expand(parts.name)
        best: _Entry | None = None
        for entry in reversed(self._entries):
            if entry.named and entry.kind is SpeakerKind.PERSON and _same_person(full, entry.name):
                best = entry
                break
        if best is not None and len(full.split()) > len(best.name.split()):
            best.aliases.setdefault(best.name)
            best.name = full
        if best is None:
            best = self._title_before(full, parts)
        return best

    def _title_before(self, full: str, parts: NameParts) -> _Entry | None:
        """Finds a nameless title that came first and whose holder is named now."""
        role, country, heads = self._descriptions.of(full)
        heads |= parts.heads
        country = parts.country or country
        for entry in reversed(self._recent[-_REACH:]):
            definite = not any(_INDEFINITE.match(a) for a in entry.aliases)
            if (
                not entry.named
                and entry.kind is SpeakerKind.PERSON
                and definite
                and entry.heads & heads
                and (entry.country is None or country is None or entry.country == country)
            ):
                entry.named, entry.name, entry.parts = True, full, parts
                entry.role = _plain_role(parts.role or role)
                return entry
        return None

    def _by_title(self, parts: NameParts, mention: Mention) -> _Entry | None:
        cleaned = clean_mention(mention.text).lower()
        for entry in reversed(self._entries):
            if (
                not entry.named
                and entry.kind is SpeakerKind.PERSON
                and cleaned in map(str.lower, entry.aliases)
            ):
                return entry
        definite = cleaned.startswith(
            ("the ", "that ", "this ", "his ", "her ")
        ) or cleaned in words("person_roles")
        if not definite:
            return None
        nationality = country_adjectives().get(cleaned.removeprefix("the "))
        candidates = [e for e in reversed(self._recent) if e.kind is SpeakerKind.PERSON]
        for entry in candidates:
            fits = parts.country in (None, entry.country) or entry.country is None
            gender_fits = None in (parts.gender, entry.gender) or parts.gender == entry.gender
            if nationality and entry.country == nationality:
                return entry
            if parts.heads and parts.heads <= entry.heads and fits and gender_fits:
                return entry
        # "the 54-year-old", "the veteran of two wars": a person just named whose title is unknown.
        if candidates and not parts.heads and not parts.country:
            return candidates[0]
        return None

    def _by_body(self, parts: NameParts) -> _Entry | None:
        key = fold(re.sub(r"^the ", "", parts.name, flags=re.IGNORECASE))
        acronym = "".join(w[0] for w in key.split() if w not in {"of", "for", "the", "and"})
        for entry in self._entries:
            if entry.kind is not SpeakerKind.INSTITUTION or entry.parts.government:
                continue
            for alias in (entry.name, *entry.aliases):
                other = fold(re.sub(r"^the ", "", alias, flags=re.IGNORECASE))
                other_acronym = "".join(
                    w[0] for w in other.split() if w not in {"of", "for", "the", "and"}
                )
                if key == other or (len(key) >= 2 and key in (other_acronym,)) or other == acronym:
                    return entry
                # "the ministry" after "the Estonian Defence Ministry"
                if other.split()[-1:] == [key] and key in words("institution_words"):
                    return entry
        return None

    def _new(self, parts: NameParts, mention: Mention) -> _Entry:
        is_person = parts.kind is not SpeakerKind.INSTITUTION
        named = bool(parts.name)
        name = self._expand(parts.name) if named and is_person else parts.name
        entry = _Entry(
            parts=parts,
            name=name or display_mention(mention.text),
            kind=parts.kind or SpeakerKind.PERSON,
            named=named,
            country=parts.country,
            gender=parts.gender,
        )
        if named and is_person:
            role, country, heads = self._descriptions.of(name)
            entry.role = _plain_role(parts.role) or role
            entry.country = entry.country or country
            entry.heads |= heads
            if entry.gender is None:
                entry.gender = next(
                    (g for g in ("female", "male") if set(role.lower().split()) & words(g)), None
                )
                entry.gender = {"female": "f", "male": "m"}.get(entry.gender or "")
        self._entries.append(entry)
        return entry

    def _expand(self, name: str) -> str:
        """Returns the fullest name that the article gives for a surname, else the name itself."""
        best = name
        for full in self._full_names:
            if len(full.split()) > len(best.split()) and _same_person(name, full):
                best = full
        return best


def _is_group(mention: str) -> bool:
    """Whether words stand for an unnamed group, which is no speaker (codebook, "Speaker")."""
    cleaned = clean_mention(mention)
    head = re.split(r" (?:of|in|from|at|for|who|close|familiar)\b|,", cleaned)[0].split()[-1:]
    plural = bool(head) and head[0].lower() not in words("person_roles")
    plural = plural and head[0].lower().removesuffix("s") in words("person_roles")
    return plural or bool(_PLURAL_GROUP.match(cleaned))


def _same_person(a: str, b: str) -> bool:
    """Whether two names may stand for one person: surname equal, given names not at odds."""
    first, second = (fold(x).replace(".", "").split() for x in (a, b))
    if not first or not second:
        return False
    short, long = sorted((first, second), key=len)
    if len(short) == 1:
        return _same_word(short[0], long[-1]) or (len(long) > 2 and short[0] in long[1:])
    if not _same_word(short[-1], long[-1]) and " ".join(short) not in " ".join(long):
        return False
    x, y = short[0], long[0]
    return x == y or (min(len(x), len(y)) == 1 and x[0] == y[0]) or _same_word(x, y)


def _same_word(a: str, b: str) -> bool:
    if a == b:
        return True
    return min(len(a), len(b)) >= _MIN_FUZZY and fuzz.ratio(a, b) >= _SAME_SURNAME


def _full_names(article: Article) -> list[str]:
    """Returns the people's names of two words and more that the article holds, fullest last."""
    names: dict[str, None] = {}
    for text in (article.title or "", article.text):
        for match in _CAPITALISED.finditer(text):
            parts = parse_mention(match.group())
            if parts.kind is SpeakerKind.PERSON and len(parts.name.split()) >= 2:
                names.setdefault(parts.name)
    return sorted(names, key=lambda n: len(n.split()))


class _Descriptions:
    """Titles that stand beside a name anywhere in the article."""

    _APPOSITION = re.compile(
        r"\s*[,(–—-]\s*((?:the |a |an |[A-Z][\w’']+(?:’s|'s) )?(?:[\w’'\-]+ ){0,9}?[\w’'\-]+)"
        r"\s*(?=[,.;)–—]| who )"
    )
    _BEFORE = re.compile(r"((?:[\w’'\-]+\.? ){1,7})$")

    def __init__(self, article: Article) -> None:
        self._text = article.text

    def of(self, name: str) -> tuple[str, str | None, set[str]]:
        """Returns role as worded, country and title nouns of a person; empty where unknown."""
        role, country, heads = "", None, set[str]()
        if not name:
            return role, country, heads
        for i, match in enumerate(re.finditer(re.escape(name), self._text)):
            if i == 3:
                break
            for found in (self._title(match.start()), self._apposition(match.end())):
                parts = parse_mention(found) if found else None
                if parts and parts.heads and not parts.name:
                    role = role or _plain_role(found)
                    country = country or parts.country
                    heads |= parts.heads
        return role, country, heads

    def _title(self, start: int) -> str:
        before = self._BEFORE.search(self._text[max(0, start - 90) : start])
        if not before:
            return ""
        kept: list[str] = []
        for token in reversed(before[1].split()):
            plain = clean_mention(token).lower().rstrip(".")
            known = (
                plain in words("person_roles")
                or plain in words("title_words")
                or plain in words("institution_words")
                or plain in country_adjectives()
            )
            joining = plain in {"of", "for", "and", "affairs"} or token[0].isupper()
            if not known and not (kept and joining and len(kept) < _LONGEST_TITLE):
                break
            kept.insert(0, token)
        return re.sub(r"^(?:of|for|and) ", "", " ".join(kept))

    def _apposition(self, end: int) -> str:
        match = self._APPOSITION.match(self._text, end, end + 140)
        return match[1].strip() if match else ""


def _plain_role(role: str) -> str:
    return re.sub(r"^(?:the|a|an|his|her|their|its|our)\s+", "", role, flags=re.IGNORECASE).strip()


def _split_joint(source: Mention) -> list[Mention]:
    """Splits "Berlin and Rome" into its members where each of them is a name of its own."""
    pieces = [p for p in _SPLIT_JOINT.split(source.text) if p]
    if len(pieces) < 2:
        return [source]
    parts = [parse_mention(p) for p in pieces]
    if not all(p.government or (p.name and not p.role) or p.name.isupper() for p in parts):
        return [source]
    out, position = [], 0
    for piece in pieces:
        at = source.text.index(piece, position)
        position = at + len(piece)
        start = source.start + at
        out.append(Mention(text=piece, start=start, end=start + len(piece), field=source.field))
    return out


def _finish(entry: _Entry) -> Speaker:
    aliases = [a for a in entry.aliases if a != entry.name]
    return Speaker(
        name=entry.name,
        id=slug(entry.name),
        kind=entry.kind,
        aliases=tuple(aliases),
        role=entry.role or None,
        country=entry.country,
        mentions=tuple(entry.mentions),
        statements=tuple(sorted(entry.statements, key=lambda s: (s.field == "text", s.start))),
    )
