"""Which predicted speaker of an article is which gold speaker.

Predicted and gold speakers are paired one to one so that the summed similarity of the pairs is the
largest possible (Kuhn, The Hungarian method for the assignment problem, 1955; on entities, as the
CEAF score of coreference does: Luo, On coreference resolution performance metrics, EMNLP 2005).
The label plays no part. Pairs below `SIMILARITY_THRESHOLD` are never made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from stance.evaluation._names import (
    NameForm,
    description_likeness,
    parse_name,
    personal_likeness,
)
from stance.evaluation._spans import common_length, length
from stance.evaluation.records import FieldSpan, SpeakerRecord, spans_by_field
from stance.schema import SpeakerKind

SIMILARITY_THRESHOLD = 0.6
"""Least `name_similarity` of a pair: above half of the words of a description, or a surname."""

_ALIAS = 0.95
"""Worth of a name that equals an alias."""

_TWO_ALIASES = 0.9
"""Worth of equal aliases of two speakers with other names."""

_OTHER_KIND = 0.85
"""Worth of a pair of a person and an institution (a spokesman and the office)."""

_OVERLAP = 1e-3
"""Worth of fully shared statements: decides between equal names and nothing else."""


class AlignedPair(NamedTuple):
    """A gold speaker and the predicted one taken for it, with their `name_similarity`."""

    gold: SpeakerRecord
    predicted: SpeakerRecord
    similarity: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Alignment:
    """The speakers of one article after pairing.

    Attributes:
        pairs: Speakers found.
        missed: Gold speakers without a partner.
        spurious: Predicted speakers without a partner.
    """

    pairs: tuple[AlignedPair, ...]
    missed: tuple[SpeakerRecord, ...]
    spurious: tuple[SpeakerRecord, ...]


def align(gold: Sequence[SpeakerRecord], predicted: Sequence[SpeakerRecord]) -> Alignment:
    """Pairs the speakers of one article.

    The order of the arguments plays no part: what similarity and shared statements leave open is
    decided by alphabetical order.

    Args:
        gold: Gold speakers of the article.
        predicted: Predicted speakers of the same article.

    Returns:
        The pairs and the speakers that are left over.
    """
    rows, columns = sorted(gold, key=_order), sorted(predicted, key=_order)
    similarity = np.zeros((len(rows), len(columns)))
    worth = np.zeros_like(similarity)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            likeness = name_similarity(row, column)
            if likeness >= SIMILARITY_THRESHOLD:
                similarity[i, j] = likeness
                worth[i, j] = likeness + _OVERLAP * statement_overlap(row, column)
    chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    kept = [(int(i), int(j)) for i, j in chosen if similarity[i, j] > 0]
    paired_rows, paired_columns = {i for i, _ in kept}, {j for _, j in kept}
    return Alignment(
        pairs=tuple(AlignedPair(rows[i], columns[j], float(similarity[i, j])) for i, j in kept),
        missed=tuple(r for i, r in enumerate(rows) if i not in paired_rows),
        spurious=tuple(c for j, c in enumerate(columns) if j not in paired_columns),
    )


def name_similarity(gold: SpeakerRecord, predicted: SpeakerRecord) -> float:
    """Returns how surely two records name one speaker, 0 to 1.

    The best of all pairs of their names counts: name with name in full, name with alias 0.95 of it,
    alias with alias 0.9 of it (only of capitalised ones: two speakers may both be "the minister").
    Two people whose names cannot be one person's ("Anna Berg", "Ola Berg") have similarity 0,
    whatever their aliases. A person and an institution can be one speaker (codebook, "Speaker"), at
    0.85 of the likeness of the words. How names are compared: `stance.evaluation._names`.
    """
    left, right = parse_name(gold.name), parse_name(predicted.name)
    people = gold.kind == predicted.kind == SpeakerKind.PERSON
    by_name = _likeness(left, right, people)
    if people and left.personal and right.personal and not by_name:
        return 0.0
    left_aliases = [parse_name(a) for a in gold.aliases]
    right_aliases = [parse_name(a) for a in predicted.aliases]
    with_alias = [_likeness(left, form, people) for form in right_aliases]
    with_alias += [_likeness(form, right, people) for form in left_aliases]
    between_aliases = [
        _likeness(a, b, people)
        for a in left_aliases
        for b in right_aliases
        if a.proper and b.proper
    ]
    best = max(
        by_name,
        _ALIAS * max(with_alias, default=0.0),
        _TWO_ALIASES * max(between_aliases, default=0.0),
    )
    return best if gold.kind == predicted.kind else _OTHER_KIND * best


def statement_overlap(gold: SpeakerRecord, predicted: SpeakerRecord) -> float:
    """Returns Dice's coefficient of the characters of two speakers' statements, 0 without any."""
    shared, total = shared_characters(gold.statements, predicted.statements)
    return 2 * shared / total if total else 0.0


def shared_characters(left: Sequence[FieldSpan], right: Sequence[FieldSpan]) -> tuple[int, int]:
    """Returns the number of characters in both, and the sum of the numbers in each."""
    a, b = spans_by_field(left), spans_by_field(right)
    shared = sum(common_length(a[field], b[field]) for field in a.keys() & b.keys())
    return shared, sum(length(spans) for side in (a, b) for spans in side.values())


def _likeness(left: NameForm, right: NameForm, people: bool) -> float:
    if people and left.personal and right.personal:
        return personal_likeness(left.personal, right.personal)
    likeness = description_likeness(left.words, right.words)
    if people:
        # One name may be written without capitals, the other with a title.
        bare = left.personal or left.words, right.personal or right.words
        likeness = max(likeness, description_likeness(*bare))
    return likeness


def _order(record: SpeakerRecord) -> tuple[object, ...]:
    """Returns a key that tells apart all records that differ."""
    return (
        record.name,
        record.aliases,
        record.kind,
        record.stance or "",
        -1.0 if record.confidence is None else record.confidence,
        record.statements,
        record.evidence,
    )
