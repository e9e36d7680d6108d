"""Tests of `stance.evaluation.alignment`."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.evaluation import SpeakerRecord, align, name_similarity
from stance.evaluation.alignment import SIMILARITY_THRESHOLD
from stance.schema import SpeakerKind

if TYPE_CHECKING:
    from .conftest import MakeSpeaker


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        ("Jaak Lumaste", "JAAK LUMASTE"),
        ("Jaak Lumaste", "jaak lumaste"),
        ("Zoë Łękarz", "Zoe Lekarz"),
        ("Jaak Lumaste", "Lumaste"),
        ("Jaak Lumaste", "Lumaste’s"),
        ("Jaak Lumaste", "J. Lumaste"),
        ("Anna Bergdal", "A. Bergdal"),
        ("Jaak Lumaste", "Estonian Defence Minister Jaak Lumaste"),
        ("Jaak Lumaste", "Estonia's Jaak Lumaste"),
        ("Jaak Lumaste", "Minister Lumaste"),
        ("Jaak Lumaste", "Jaak Lumaste, the defence minister"),
        ("Estonian Defence Minister Jaak Lumaste", "jaak lumaste"),
        ("Jan van Harsel", "van Harsel"),
        ("Jan van Harsel", "Harsel"),
        ("Inés Tavor", "Inés Tavor Quiroga"),
        ("Mykola Drobynskiy", "Drobynsky"),
        ("Halmos Viktor", "Viktor Halmos"),
        ("Mary O'Fallon", "O’Fallon"),
        ("a senior EU diplomat", "the EU diplomat"),
        ("Stephen King", "King"),
    ],
)
def test_wordings_of_one_name_are_aligned(speaker: MakeSpeaker, gold: str, predicted: str) -> None:
    forth = name_similarity(speaker(gold), speaker(predicted))
    back = name_similarity(speaker(predicted), speaker(gold))
    assert SIMILARITY_THRESHOLD <= forth <= 1
    assert forth == back


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        ("Jaak Lumaste", "Ines Tavor"),
        ("Anna Bergdal", "Ola Bergdal"),
        ("Anna Bergdal", "O. Bergdal"),
        ("Jan van Harsel", "Piet van Harsel"),
        ("Jaak Lumaste", "the minister"),
        ("a senior EU official", "a senior French official"),
        ("Drob", "Drop"),
        ("!!!", "???"),
    ],
)
def test_names_of_two_people_are_not_aligned(
    speaker: MakeSpeaker, gold: str, predicted: str
) -> None:
    assert name_similarity(speaker(gold), speaker(predicted)) < SIMILARITY_THRESHOLD
    assert not align([speaker(gold)], [speaker(predicted)]).pairs


@pytest.mark.parametrize(
    ("gold", "predicted", "same"),
    [
        ("the Kremlin", "Kremlin", True),
        ("the U.S. State Department", "US State Department", True),
        ("Defence Ministry", "Estonian Ministry of Defence", True),
        ("Germany's government", "the German government", True),
        ("Norwegian Ministry of Foreign Affairs", "Swedish Ministry of Foreign Affairs", False),
        ("Oslo", "Bergen", False),
        ("the ministry", "Estonian Ministry of Defence", False),
    ],
)
def test_institutions_are_compared_by_their_words(
    speaker: MakeSpeaker, gold: str, predicted: str, same: bool
) -> None:
    pair = speaker(gold, kind="institution"), speaker(predicted, kind="institution")
    assert (name_similarity(*pair) >= SIMILARITY_THRESHOLD) is same


def test_a_single_word_is_rather_a_surname(speaker: MakeSpeaker) -> None:
    gold = [speaker("Martin Lumaste"), speaker("Olaf Martin")]
    (pair,) = align(gold, [speaker("Martin")]).pairs
    assert pair.gold.name == "Olaf Martin"


def test_the_exact_spelling_is_preferred(speaker: MakeSpeaker) -> None:
    for kind in ("person", "institution"):
        exact, near = speaker("Drobynsky", kind=kind), speaker("Drobynskiy", kind=kind)
        assert SIMILARITY_THRESHOLD < name_similarity(exact, near) < 1
        (pair,) = align([near, exact], [exact]).pairs
        assert pair.gold == exact


def test_swapped_surnames_are_not_crossed(speaker: MakeSpeaker) -> None:
    gold = [speaker("Anna Bergdal", "deny"), speaker("Ola Bergdal", "support")]
    predicted = [speaker("Ola Bergdal", "deny"), speaker("Anna Bergdal", "support")]
    pairs = align(gold, predicted).pairs
    assert {(p.gold.name, p.predicted.name) for p in pairs} == {
        ("Anna Bergdal", "Anna Bergdal"),
        ("Ola Bergdal", "Ola Bergdal"),
    }


def test_a_shared_alias_does_not_join_two_full_names(speaker: MakeSpeaker) -> None:
    gold = speaker("Anna Bergdal", "deny", "Bergdal", "the minister")
    predicted = speaker("Ola Bergdal", "deny", "Bergdal", "the minister")
    alignment = align([gold], [predicted])
    assert (alignment.pairs, alignment.missed, alignment.spurious) == ((), (gold,), (predicted,))


def test_a_common_description_joins_no_institutions(speaker: MakeSpeaker) -> None:
    gold = speaker("Oslo", "deny", "the government", kind="institution")
    predicted = speaker("Bergen", "deny", "the government", kind="institution")
    assert name_similarity(gold, predicted) == 0
    proper = speaker("Bergen", "deny", "Norway", kind="institution")
    assert name_similarity(speaker("Oslo", "deny", "Norway", kind="institution"), proper) == 0.9


def test_an_alias_joins(speaker: MakeSpeaker) -> None:
    gold = speaker("Jaak Lumaste", "deny", "the minister")
    assert name_similarity(gold, speaker("the minister")) == pytest.approx(0.95)


def test_the_other_kind_is_allowed_but_not_preferred(speaker: MakeSpeaker) -> None:
    spokesman = speaker("Pavel Orsky", "deny", "the Admiralty")
    office = speaker("the Admiralty", "deny", kind="institution")
    assert align([spokesman], [office]).pairs[0].similarity == pytest.approx(0.95 * 0.85)
    both = align([spokesman, office], [office])
    assert [p.gold.name for p in both.pairs] == ["the Admiralty"]
    assert both.missed == (spokesman,)


def test_shared_statements_decide_between_equal_names(speaker: MakeSpeaker) -> None:
    anna = speaker("Anna Bergdal", "deny", spans=((0, 10),))
    ola = speaker("Ola Bergdal", "support", spans=((50, 60),))
    for spans, expected in ((((2, 9),), "Anna Bergdal"), (((52, 70),), "Ola Bergdal")):
        (pair,) = align([anna, ola], [speaker("Bergdal", "deny", spans=spans)]).pairs
        assert pair.gold.name == expected


def test_shared_statements_do_not_outweigh_a_name(speaker: MakeSpeaker) -> None:
    anna = speaker("Anna Bergdal", "deny", spans=((0, 10),))
    bergdal = speaker("Bergdal", "support", spans=((50, 60),))
    (pair,) = align([anna, bergdal], [speaker("Anna Bergdal", "deny", spans=((50, 60),))]).pairs
    assert pair.gold == anna


def test_nobody_is_aligned_with_nobody(speaker: MakeSpeaker) -> None:
    one = speaker("Jaak Lumaste")
    assert align([], []).pairs == ()
    assert align([one], []).missed == (one,)
    assert align([], [one]).spurious == (one,)


def _record(name: str, aliases: tuple[str, ...]) -> SpeakerRecord:
    return SpeakerRecord(
        article_id="a1", name=name, kind=SpeakerKind.PERSON, stance=None, aliases=aliases
    )


_NAMES = st.sampled_from(
    ["Anna Bergdal", "Ola Bergdal", "A. Bergdal", "Bergdal", "Anna", "the envoy", "Ines Tavor"]
)
_RECORDS = st.lists(st.builds(_record, _NAMES, st.lists(_NAMES, max_size=1).map(tuple)), max_size=4)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(gold=_RECORDS, predicted=_RECORDS)
def test_alignment_is_as_good_as_the_best_of_all(
    gold: list[SpeakerRecord], predicted: list[SpeakerRecord]
) -> None:
    def worth(left: SpeakerRecord, right: SpeakerRecord) -> float:
        similarity = name_similarity(left, right)
        return similarity if similarity >= SIMILARITY_THRESHOLD else 0.0

    padded: list[SpeakerRecord | None] = [*predicted, *([None] * len(gold))]
    best = max(
        sum(worth(g, p) for g, p in zip(gold, order, strict=False) if p is not None)
        for order in permutations(padded, len(gold))
    )
    alignment = align(gold, predicted)
    assert sum(p.similarity for p in alignment.pairs) == pytest.approx(best)
    assert len(alignment.pairs) + len(alignment.missed) == len(gold)
    assert len(alignment.pairs) + len(alignment.spurious) == len(predicted)
    assert align(gold[::-1], predicted[::-1]) == alignment
