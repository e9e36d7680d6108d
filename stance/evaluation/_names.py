"""How alike two names of speakers are.

A name is folded (case, diacritics, possessive ending, articles). Personal names lose what is no
name: words up to the last title ("Estonian Defence Minister Hanno Pevkur"), up to a possessive
("Estonia's Hanno Pevkur") and after a comma. Words are equal when they are spelt alike, or, from
five letters on, when rapidfuzz's ratio reaches 85 (transliterations: Zelenskiy, Zelensky).

| two personal names | likeness |
|---|---|
| the same words | 1 |
| one is part of the other, in order, initials allowed ("H. Pevkur", "Hanno M. Pevkur") | 0.95 |
| same first and last word, other words between | 0.9 |
| surname alone, with a name that ends in it | 0.85 |
| another single word of the name | 0.75 |
| anything else, two given names above all ("Anna Berg", "Ola Berg") | 0 |

Names of institutions and descriptions ("a senior EU diplomat") are alike by Dice's coefficient of
their words, and not at all where each has a word that the other lacks ("Norwegian Defence
Ministry", "Swedish Defence Ministry").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?")
_POSSESSIVE = re.compile(r"'s$|(?<=s)'$", re.IGNORECASE)
_INITIAL_DOT = re.compile(r"(?<=\b[^\W\d_])\.")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOP_WORDS = _words("the a an of for and in on at to one some")
_PARTICLES = _words(
    "al af av bin bint da das de del den der di do dos du el ibn la le ten ter van von y zu"
)
_SUFFIXES = _words("jr sr ii iii iv mp mep md phd")
_TITLES = _words(
    "mr mrs ms miss mx dr prof professor sir dame lord lady president premier prime minister "
    "chancellor secretary undersecretary senator congressman congresswoman representative deputy "
    "mp mep lawmaker chairman chairwoman chair speaker spokesman spokeswoman spokesperson "
    "ambassador envoy commissioner governor mayor chief head leader general colonel major captain "
    "lieutenant sergeant admiral marshal commander brigadier king queen prince princess pope "
    "bishop archbishop patriarch judge analyst economist historian expert director editor "
    "journalist gen col maj capt lt adm brig sen rep gov"
)
_SAME_WORD = 85.0
_FUZZY_LETTERS = 5


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name as it is compared.

    Attributes:
        words: Folded words without articles and the like.
        personal: Folded words of the personal name; empty where it is none.
        proper: Whether a word other than an article is capitalised.
    """

    words: tuple[str, ...]
    personal: tuple[str, ...]
    proper: bool


@lru_cache(maxsize=65_536)
def parse_name(text: str) -> NameForm:
    """Splits a name or description into the words that are compared."""
    tokens = _tokens(text)
    words = [fold(token) for token in tokens]
    content = [w for w in words if w not in _STOP_WORDS] or words
    proper = any(
        t[0].isupper() and w not in _STOP_WORDS for t, w in zip(tokens, words, strict=True)
    )
    return NameForm(tuple(content), _personal(text), proper)


def fold(word: str) -> str:
    """Returns a word without possessive ending, apostrophes, diacritics and case."""
    bare = _POSSESSIVE.sub("", word).casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", bare)
    return "".join(c for c in decomposed if c.isalnum())


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    return _WORD.findall(_INITIAL_DOT.sub("", plain))


def _personal(text: str) -> tuple[str, ...]:
    tokens = _tokens(re.split(r"[,(]", text, maxsplit=1)[0])
    while tokens and fold(tokens[-1]) in _SUFFIXES:
        tokens.pop()
    first = 0
    for i, token in enumerate(tokens):
        possessive = i + 1 < len(tokens) and _POSSESSIVE.search(token)
        article = token == "The" or (token.islower() and token in _STOP_WORDS)
        if fold(token) in _TITLES or article or possessive:
            first = i + 1
    name = tokens[first:]
    if any(t[0].islower() and t not in _PARTICLES for t in name):
        return ()
    folded = tuple(fold(t) for t in name)
    return folded if set(folded) - _PARTICLES else ()


def personal_likeness(left: Sequence[str], right: Sequence[str]) -> float:
    """Returns how alike two personal names are, 0 to 1 (table above); both need a word."""
    if sorted(left) == sorted(right):
        return 1.0
    short, long = sorted((left, right), key=len)
    if len(short) == 1:
        if len(long) == 1:
            return _same_word(short[0], long[0])
        surname = 0.85 * _same_word(short[0], long[-1])
        return surname or 0.75 * max(_same_word(short[0], word) for word in long[:-1])
    return 0.95 * _part_in_order(short, long) or 0.9 * min(
        _same_name_word(short[0], long[0]), _same_word(short[-1], long[-1])
    )


def description_likeness(left: Sequence[str], right: Sequence[str]) -> float:
    """Returns Dice's coefficient of two lists of words, 0 unless one list is part of the other.

    Words that are only near-equal lower it to their likeness.
    """
    short, long = sorted((left, right), key=len)
    rest, least = list(long), 1.0
    for word in short:
        best = max(rest, key=lambda other: (_same_word(word, other), other), default=None)
        if best is None or not _same_word(word, best):
            return 0.0
        least = min(least, _same_word(word, best))
        rest.remove(best)
    total = len(short) + len(long)
    return least * 2 * len(short) / total if total else 0.0


def _part_in_order(short: Sequence[str], long: Sequence[str]) -> float:
    """Returns the least likeness of the words of `short` found one after another in `long`."""
    found, position = 1.0, 0
    for word in short:
        while position < len(long) and not _same_name_word(word, long[position]):
            position += 1
        if position == len(long):
            return 0.0
        found = min(found, _same_name_word(word, long[position]))
        position += 1
    return found


def _same_name_word(left: str, right: str) -> float:
    """Returns the likeness of two words of a name, of which one may be the other's initial."""
    if min(len(left), len(right)) == 1 and left[0] == right[0]:
        return 1.0
    return _same_word(left, right)


@lru_cache(maxsize=65_536)
def _same_word(left: str, right: str) -> float:
    """Returns 1 for equal words, rapidfuzz's ratio (over 100) for near-equal ones, else 0."""
    if left == right:
        return 1.0
    if min(len(left), len(right)) < _FUZZY_LETTERS:
        return 0.0
    likeness = fuzz.ratio(left, right)
    return likeness / 100 if likeness >= _SAME_WORD else 0.0
