"""Near-duplicate texts, found by MinHash over word 3-grams."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from datasketch import MinHash, MinHashLSH

SIMILARITY = 0.6
"""Jaccard similarity of the word 3-grams from which two texts are near-duplicates."""

_PERMUTATIONS = 128
_CANDIDATE = 0.45
"""Threshold of the sketch, below `SIMILARITY`: the sketch proposes, the true sets decide."""

_WORD = re.compile(r"\w+")


class NearDuplicate(NamedTuple):
    """Two texts whose word 3-grams are nearly the same, with their Jaccard similarity."""

    first: str
    second: str
    similarity: float


def word_trigrams(text: str) -> frozenset[str]:
    """Returns the word 3-grams of a text in lower case; of a shorter text, the text itself."""
    words = _WORD.findall(text.lower())
    return frozenset(" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2)))


def near_duplicates(texts: Mapping[str, str]) -> list[NearDuplicate]:
    """Returns all pairs of texts with a similarity of `SIMILARITY` or more, by id.

    Args:
        texts: Texts under their ids.

    Source: Broder, On the resemblance and containment of documents, SEQUENCES 1997. Candidates come
    from locality-sensitive hashing and are checked against the sets themselves, so that a pair is
    never reported wrongly; one near the threshold can be missed.
    """
    grams = {name: word_trigrams(text) for name, text in texts.items()}
    index = MinHashLSH(threshold=_CANDIDATE, num_perm=_PERMUTATIONS)
    found = []
    template = MinHash(num_perm=_PERMUTATIONS, seed=0)
    for name, own in grams.items():
        sketch = template.copy()
        sketch.update_batch([gram.encode() for gram in own])
        for other in index.query(sketch):
            similarity = len(own & grams[other]) / len(own | grams[other])
            if similarity >= SIMILARITY:
                found.append(NearDuplicate(str(other), name, round(similarity, 3)))
        index.insert(name, sketch)
    return sorted(found)
