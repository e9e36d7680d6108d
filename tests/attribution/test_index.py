"""Names found again among many, as a look at each of them would find them."""

from __future__ import annotations

import random
import string

from stance.attribution.entries import BodyIndex
from stance.attribution.index import NameIndex
from stance.attribution.people import same_person

_GIVEN = ("Ana", "Anna", "Tom", "Olek", "Oleksandr", "J.", "María", "Jan-Erik")
_SURNAMES = ("Weiss", "Weisz", "Zelensky", "Zelenskyy", "Barr", "van der Berg", "Müller", "Muller")


def test_finds_whoever_may_be_the_same_person() -> None:
    draw = random.Random(0)
    names = [f"{draw.choice(_GIVEN)} {draw.choice(_SURNAMES)}" for _ in range(150)]
    names += ["".join(draw.choices(string.ascii_lowercase, k=9)).title() for _ in range(50)]
    index = NameIndex()
    for i, name in enumerate(names):
        index.add(name, i)
    for name in (*names, *_SURNAMES, *_GIVEN, "Olek Zelenski", "A. Weiss"):
        wanted = [i for i, other in enumerate(names) if same_person(name, other)]
        found = [i for i in index.like(name) if same_person(name, names[i])]
        assert found == wanted, name


def test_takes_another_name_of_the_same_number() -> None:
    index = NameIndex()
    index.add("Weiss", 3)
    index.add("Ana Weiss", 3)
    assert index.like("Ana Weiss") == [3]
    assert index.like("Barr") == []
    assert index.like("") == []


def test_finds_bodies_by_initials_head_noun_and_kind() -> None:
    index = BodyIndex()
    names = "the United Nations", "the Austrian embassy in Bratislava", "the newspaper Les Rives"
    for i, name in enumerate((*names, "the OSCE")):
        index.add(name, i)
    assert index.called("the UN") == [0]
    assert index.called("the embassy") == [1]
    assert index.called("Les Rives") == [2]
    assert index.called("Organization for Security and Cooperation in Europe") == []
    assert index.called("Organization Security Cooperation Europe") == [3]
    assert index.called("Rives") == []
