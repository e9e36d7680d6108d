"""Source mentions taken apart."""

from __future__ import annotations

import pytest

from stance.attribution.names import fold, parse_mention

CASES = [
    (
        "[French] President [Emilien] Marchais’s",
        "Emilien Marchais",
        "French President",
        "FR",
        "person",
    ),
    ("Kremlin spokesman Gleb Rudakovsky", "Gleb Rudakovsky", "Kremlin spokesman", "RU", "person"),
    ("the Estonian defence minister", "", "the Estonian defence minister", "EE", "person"),
    ("Anke von der Heyden", "Anke von der Heyden", "", None, "person"),
    ("the German government", "the German government", "", "DE", "institution"),
    ("German Foreign Ministry", "German Foreign Ministry", "", "DE", "institution"),
    ("a senior EU diplomat", "", "a senior EU diplomat", "EU", "person"),
    ("NATO", "NATO", "", None, "institution"),
    ("WALBERG", "WALBERG", "", None, "person"),
    ("Gen. Petra G. Castellan", "Petra G. Castellan", "Gen.", None, "person"),
    ("South Korean President Baek", "Baek", "South Korean President", "KR", "person"),
    ("Józef Łuk-Wolnicki MP", "Józef Łuk-Wolnicki", "MP", None, "person"),
]


@pytest.mark.parametrize(("mention", "name", "role", "country", "kind"), CASES)
def test_parts(mention, name, role, country, kind):
    parts = parse_mention(mention)
    assert (parts.name, parts.role, parts.country) == (name, role, country)
    assert parts.kind is not None
    assert parts.kind.value == kind


@pytest.mark.parametrize(("mention", "gender"), [("he", "m"), ("She", "f"), ("they", None)])
def test_pronouns(mention, gender):
    parts = parse_mention(mention)
    assert parts.pronoun == mention.lower()
    assert parts.gender == gender
    assert parts.kind is None


@pytest.mark.parametrize("seat", ["the Kremlin", "Moscow", "Russia", "the Russian government"])
def test_seats_stand_for_governments(seat):
    assert parse_mention(seat).government == "RU"


def test_fold():
    assert fold("Łukasz Müller-Ståhl") == "lukasz muller-stahl"


@pytest.mark.parametrize(
    ("mention", "kind", "name"),
    [
        ("the Zarasai Institute for Security Economics", "institution", None),
        ("the government of New Caledonia", "institution", None),
        ("the newspaper Les Deux Quais", "institution", None),
        ("Ghana", "institution", "Ghana"),
        ("Vaduz", "institution", "Vaduz"),
        ("union leader Tove Olsvik", "person", "Tove Olsvik"),
        ("Department of Defense spokesman Tove Olsvik", "person", "Tove Olsvik"),
        ("Bulb exporter Tove Olsvik", "person", "Tove Olsvik"),
        ("Jordan Olsvik", "person", "Jordan Olsvik"),
    ],
)
def test_bodies_and_people_that_are_written_alike(mention, kind, name):
    parts = parse_mention(mention)
    assert parts.kind is not None
    assert parts.kind.value == kind
    assert parts.name == (name or mention)
