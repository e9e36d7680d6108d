"""Names known so far, found again without a look at each: long articles name thousands."""

from __future__ import annotations

from collections import defaultdict

from rapidfuzz import fuzz, process

from stance.attribution.names import fold

SAME_SURNAME = 88
"""Likeness (0 to 100) of two spellings of a surname, a letter or two apart (Zelensky/Zelenskyy)."""


class NameIndex:
    """Finds numbers of people under names that may be other forms of a name."""

    def __init__(self) -> None:
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)
        self._surnames: set[str] = set()

    def add(self, name: str, number: int) -> None:
        """Makes a number known under a name; it may have several."""
        found = folded_words(name)
        for word in found:
            self._by_word[word].add(number)
        self._surnames.update(found[-1:])

    def like(self, name: str) -> list[int]:
        """Returns, in order, what shares a word with a name or nearly its surname.

        Whether they may be one person's is for `stance.attribution.people.same_person` to say.
        """
        found = folded_words(name)
        if not found:
            return []
        alike = process.extract_iter(
            found[-1], self._surnames, scorer=fuzz.ratio, score_cutoff=SAME_SURNAME
        )
        wanted = {*found, *(surname for surname, *_ in alike)}
        return sorted({n for word in wanted for n in self._by_word.get(word, ())})


def folded_words(name: str) -> list[str]:
    """Returns the words of a name, case, diacritics and the dots of initials left out."""
    return fold(name).replace(".", "").split()
