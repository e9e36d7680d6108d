"""Data files for names: countries with capitals and seats, title words. Never used for labels."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources


@cache
def words(group: str) -> frozenset[str]:
    """Returns a group of `words.json`, lower-cased except for acronyms."""
    stored = json.loads(_read("words.json"))
    return frozenset(stored[group])


@cache
def country_names() -> dict[str, str]:
    """Returns the ISO code of every country name, capital and seat, keyed in lower case."""
    return _country_table(("names", "capitals", "seats"))


@cache
def country_adjectives() -> dict[str, str]:
    """Returns the ISO code of every adjective and inhabitant ("Dutch", "Finn"), in lower case."""
    return _country_table(("adjectives",))


def _country_table(fields: tuple[str, ...]) -> dict[str, str]:
    stored = json.loads(_read("countries.json"))
    return {name.lower(): code for code, row in stored.items() for f in fields for name in row[f]}


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
