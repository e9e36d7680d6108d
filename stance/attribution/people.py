"""The people whom an article names, quoted or not, with the titles that it gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from stance.attribution.index import SAME_SURNAME, NameIndex, folded_words
from stance.attribution.lexicon import country_adjectives, words
from stance.attribution.names import clean_mention, fold, parse_mention
from stance.schema import Article, SpeakerKind

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ]"
_SMALL = r"(?:de|da|di|von|van|der|den|la|le|el|al|bin|del|zu|ten|ter)"
_ABBREVIATED = r"(?:Gen|Lt|Col|Maj|Capt|Sgt|Brig|Adm|Prof|Dr|Mr|Mrs|Ms|Sen|Rep|Gov|Rev|St|Sr|Jr)\."
_NAME_WORD = rf"(?:{_ABBREVIATED}|(?:{_CAPITAL}\.)+|{_CAPITAL}[\w'’\-]*)"
_CAPITALISED = re.compile(rf"{_NAME_WORD}(?: (?:{_SMALL} ){{0,2}}{_NAME_WORD}){{0,5}}")
_APPOSITION = re.compile(
    r"\s*[,(–—-]\s*((?:the |a |an |[A-Z][\w’']+(?:’s|'s) )?(?:[\w’'\-]+ ){0,9}?[\w’'\-]+)"
    r"\s*(?=[,.;)–—]| who )"
)
_BEFORE = re.compile(r"((?:[\w’'\-]+\.? ){1,7})\Z")
SENTENCE_END = re.compile(r"[.!?:][\"”’»)]*\s|\n")
# What may stand between the start of a sentence and the name of its subject: its title.
BEGINS = re.compile(r"(?:^|[.!?:][\"”’»)]?\s|\n)(?:[\w’'\-.]+ ){0,6}\Z")
_BEFORE_COMMA = re.compile(
    r"\b(?:the|its|their|his|her|our)\s((?:[\w’'\-]+ ){0,8}[\w’'\-]+), \Z", re.IGNORECASE
)
_AT_PLACE = re.compile(r"\b(?:in|at|on|near|outside|across|into|to|left|off)(?: the)? \Z")
# "In May Ana Weiss said": a month before a name is none of it. Four are given names as well.
_DATED = re.compile(
    r"(?:(?:In|Since|By|Until|From|Before|After|Late|Early|Last|Next|This) "
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"|(?:January|February|March|July|September|October|November|December)) "
)
_MONTH_OR_NAME = re.compile(r"(?:April|May|June|August) ")
_DATING = re.compile(
    r"\b(?:in|since|by|until|from|before|after|late|early|last|next|this|of|mid|on|and|\d) \Z"
)
# Words of a title before a name.
_LONGEST_TITLE = 6
# Places of a name at which its title is looked for.
_PLACES = 3
# Letters of a surname from which on one that is spelt nearly the same may be it.
_MIN_FUZZY = 5


@dataclass(kw_only=True)
class Person:
    """A person of whom the article gives at least two names.

    Attributes:
        name: Given name and surname as the article writes them.
        start: Offset of the first place in the text; -1 for the headline.
        role: Title as worded, "" where none stands beside the name.
        country: ISO code that the title names, or None.
        gender: "m", "f" or None, by the title.
        heads: Title nouns, see `NameParts.heads`.
    """

    name: str
    start: int
    role: str = ""
    country: str | None = None
    gender: str | None = None
    heads: set[str] = field(default_factory=set)


class People:
    """Finds the people of an article once, for look-up by name and by title."""

    def __init__(self, article: Article) -> None:
        self._by_name: dict[str, Person] = {}
        self._fitting: dict[str, list[Person]] = {}
        self._index = NameIndex()
        seen: dict[str, int] = {}
        free: set[str] = set()
        for text, offset in ((article.title or "", None), (article.text, 0)):
            for begin, words_used in _capitalised(text):
                parts = parse_mention(words_used)
                if parts.kind is not SpeakerKind.PERSON or len(parts.name.split()) < 2:
                    continue
                seen[parts.name] = seen.get(parts.name, 0) + 1
                if not _AT_PLACE.search(text, max(0, begin - 20), begin):
                    free.add(parts.name)
                person = self._by_name.get(parts.name)
                if person is None:
                    at = -1 if offset is None else begin
                    person = Person(name=parts.name, start=at)
                    self._by_name[parts.name] = person
                if seen[parts.name] <= _PLACES:
                    start = begin + words_used.index(parts.name.split()[0])
                    _describe(person, text, start, start + len(parts.name))
        # What stands behind "in" and "at" wherever it occurs is a place ("Black Horse").
        self._by_name = {k: v for k, v in self._by_name.items() if k in free or v.heads}
        self._people = list(self._by_name.values())
        for i, person in enumerate(self._people):
            self._index.add(person.name, i)

    def get(self, name: str) -> Person | None:
        """Returns the person of exactly this name."""
        return self._by_name.get(name)

    def is_first_untitled(self, person: Person) -> bool:
        """Whether a person is the first whom the text names without any title."""
        return not person.heads and all(
            p.heads or p.start >= person.start for p in self._by_name.values()
        )

    def expand(self, name: str, gender: str | None = None) -> str:
        """Returns the fullest name that the article gives for a surname, else the name itself."""
        best = name
        for person in self._candidates(name) or self._by_first(name):
            longer = len(person.name.split()) > len(best.split())
            if longer and gender in (None, person.gender or gender):
                best = person.name
        return best

    def holder(self, heads: frozenset[str], country: str | None, start: int) -> Person | None:
        """Returns the person with a title, the one named last before `start` if there are several.

        Args:
            heads: Title nouns; all of them must be the person's.
            country: ISO code that the title names, or None.
            start: Offset of the title in the text, -1 for the headline.
        """
        found = [
            p
            for p in self._by_name.values()
            if heads
            and heads <= p.heads
            and (country is None or p.country in (None, country))
            and not is_deputy(p.role)
        ]
        before = [p for p in found if p.start < start]
        return before[-1] if before else (found[0] if found else None)

    def named_in(self, text: str) -> list[tuple[int, str]]:
        """Returns places and full names of the people that a piece of the text names, in order.

        Those with a title and those that begin a sentence come last, the most likely ones, since
        places and papers are written like names.
        """
        out = []
        for begin, words_used in _capitalised(text):
            person = self._by_name.get(parse_mention(words_used).name)
            if person is None:
                fitting = self._candidates(words_used.split()[-1])
                person = fitting[0] if len(fitting) == 1 else None
            if person is not None:
                likely = bool(person.heads) or bool(BEGINS.search(text[:begin]))
                out.append((likely, begin, person.name))
        return [(start, name) for _, start, name in sorted(out)]

    def _candidates(self, name: str) -> list[Person]:
        if name not in self._fitting:
            self._fitting[name] = self._look_up(name)
        return self._fitting[name]

    def _look_up(self, name: str) -> list[Person]:
        found = [
            p for i in self._index.like(name) if same_person(name, (p := self._people[i]).name)
        ]
        last = folded_words(name)[-1:]
        return [p for p in found if folded_words(p.name)[-1:] == last] or found

    def _by_first(self, name: str) -> list[Person]:
        """Returns whose family name stands first ("Yun Dae-hyeon"), or whose given name it is."""
        found = [p for p in self._by_name.values() if fold(p.name).split()[0] == fold(name)]
        return found if len(found) == 1 else []


def _capitalised(text: str) -> Iterator[tuple[int, str]]:
    """Yields places and words of what is written like a name, months before it left out."""
    for match in _CAPITALISED.finditer(text):
        begin, words_used = match.start(), match.group()
        dated = _DATED.match(words_used)
        if dated is None and _DATING.search(text, max(0, begin - 12), begin):
            dated = _MONTH_OR_NAME.match(words_used)
        if dated:
            begin, words_used = begin + dated.end(), words_used[dated.end() :]
        yield begin, words_used


def is_deputy(role: str) -> bool:
    """Whether a title is that of a deputy, who is not meant by "the prime minister"."""
    return bool(re.search(r"\b(?:deputy|vice|shadow|under)\b", role, re.IGNORECASE))


@lru_cache(maxsize=65536)
def same_person(a: str, b: str) -> bool:
    """Whether two names may stand for one person: surname equal, given names not at odds."""
    first, second = folded_words(a), folded_words(b)
    if not first or not second:
        return False
    short, long = sorted((first, second), key=len)
    if len(short) == 1:
        return _same_word(short[0], long[-1]) or (len(long) > 2 and short[0] in long[1:])
    if len(long) > len(short) and long[-len(short) :] == short:
        return True  # a surname of two words
    if not _same_word(short[-1], long[-1]) and " ".join(short) not in " ".join(long):
        return False
    x, y = short[0], long[0]
    return x == y or (min(len(x), len(y)) == 1 and x[0] == y[0]) or _same_word(x, y)


def _same_word(a: str, b: str) -> bool:
    if a == b:
        return True
    return min(len(a), len(b)) >= _MIN_FUZZY and fuzz.ratio(a, b) >= SAME_SURNAME


def _describe(person: Person, text: str, start: int, end: int) -> None:
    """Adds what the titles before and after one place of the name say of the person."""
    for found in (_title_before(text, start), _apposition(text, end)):
        parts = parse_mention(found) if found else None
        if parts is None or not parts.heads or parts.name:
            continue
        person.role = person.role or re.sub(r"^(?:the|a|an) ", "", found, flags=re.IGNORECASE)
        person.country = person.country or parts.country
        person.gender = person.gender or parts.gender
        person.heads |= parts.heads


def _title_before(text: str, start: int) -> str:
    window = text[max(0, start - 90) : start]
    apart = _BEFORE_COMMA.search(window)
    if apart:
        return apart[1]
    before = _BEFORE.search(window)
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


def _apposition(text: str, end: int) -> str:
    match = _APPOSITION.match(text, end, end + 140)
    return match[1].strip() if match else ""


def subject_of(text: str, start: int, place: int, named: Sequence[tuple[int, str]]) -> str | None:
    """Returns whose name begins the sentence of a place: "Tom Barr left with Jan Moen. He …".

    Args:
        text: Part of a text.
        start: Offset of that part.
        place: Offset of a later word of the sentence.
        named: Offsets and names of the people in it.
    """
    for other, name in named:
        same = other < place and not SENTENCE_END.search(text, other - start, place - start)
        if same and BEGINS.search(text[: other - start]):
            return name
    return None
