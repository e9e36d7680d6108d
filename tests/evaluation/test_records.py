"""Tests of `stance.evaluation.records`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stance.corpus.markup import parse_markup
from stance.errors import InputError
from stance.evaluation import FieldSpan, from_annotated, read_gold, read_predictions
from stance.schema import SpeakerKind, Stance

MARKUP = """---
event: quay-visit
brief: t01
register: agency wire
outlet: Harbour Wire
outlet_kind: agency
date: 2025-03-11
speakers:
  LUMA: {name: Jaak Lumaste, aliases: [Lumaste], kind: person, stance: deny, rule: 7}
  OFFICE: {name: the Harbour Office, kind: institution, stance: none}
---
# {1s: Lumaste} {1c: rules out} {1 LUMA deny headline: boots}

{2s: Jaak Lumaste} {2c: said} {2 LUMA none indirect: that rain was near}. {3: "No},"
{3s: he} {3c: added}, {3 LUMA deny split: "never."}

{4s: The Harbour Office} {4c: said} {4 OFFICE none indirect: that ships were late}.
"""

RECORD: dict[str, Any] = {
    "article_id": "a1",
    "speaker": "Jaak Lumaste",
    "aliases": ["Lumaste"],
    "kind": "person",
    "stance": "deny",
    "confidence": 0.9,
    "statements": [
        {"spans": [[4, 9], [12, 20]], "field": "text", "weight": 0.8},
        {"spans": [[0, 3]], "field": "title", "weight": 0.0},
    ],
}


def _write(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_gold_of_the_corpus_becomes_records(tmp_path: Path) -> None:
    article = parse_markup(MARKUP, article_id="a1")
    by_article = read_gold(_write(tmp_path / "gold.jsonl", article.to_dict()))
    assert by_article == {"a1": from_annotated(article)}
    person, office = by_article["a1"]
    assert (person.name, person.stance) == ("Jaak Lumaste", Stance.DENY)
    assert (office.kind, office.stance) == (SpeakerKind.INSTITUTION, None)

    def words(spans: tuple[FieldSpan, ...]) -> list[str]:
        fields = {"text": article.text, "title": article.title}
        return [fields[field][start:end] for field, start, end in spans]

    said = ["boots", "that rain was near", '"No', '"never."']
    assert words(person.statements) == said
    assert words(person.evidence) == ["boots", '"No', '"never."']
    assert words(office.statements) == ["that ships were late"]
    assert office.evidence == ()


def test_predictions_become_records(tmp_path: Path) -> None:
    rows = [RECORD, {"article_id": "a2", "speaker": None}]
    rows += [{**RECORD, "speaker": "Ines Tavor", "stance": None, "statements": []}]
    by_article = read_predictions(_write(tmp_path / "p.jsonl", *rows))
    assert by_article["a2"] == ()
    first, second = by_article["a1"]
    assert first.statements[0] == FieldSpan("text", 4, 9)
    assert first.statements[2] == FieldSpan("title", 0, 3)
    assert first.evidence == (FieldSpan("text", 4, 9), FieldSpan("text", 12, 20))
    assert (first.confidence, second.stance) == (0.9, None)


def test_blank_lines_bom_and_unusual_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    odd = json.dumps({**RECORD, "speaker": "Jaak\u2028Lumaste"}, ensure_ascii=False)
    path.write_bytes(f"\ufeff{odd}\r\n\r\n".encode())
    assert read_predictions(path)["a1"][0].name == "Jaak\u2028Lumaste"


def test_gold_may_be_another_annotator(tmp_path: Path) -> None:
    path = _write(tmp_path / "g.jsonl", RECORD, {**RECORD, "speaker": "Ines Tavor"})
    assert [s.name for s in read_gold(path)["a1"]] == ["Jaak Lumaste", "Ines Tavor"]


def test_an_article_given_twice_in_gold_is_refused(tmp_path: Path) -> None:
    row = parse_markup(MARKUP, article_id="a1").to_dict()
    for rows in ([row, row], [row, RECORD], [RECORD, row]):
        with pytest.raises(InputError, match=r"g\.jsonl:2: article 'a1' is given twice"):
            read_gold(_write(tmp_path / "g.jsonl", *rows))


def test_an_unknown_article_is_refused_only_when_asked(tmp_path: Path) -> None:
    path = _write(tmp_path / "p.jsonl", RECORD, {**RECORD, "article_id": "zz"})
    assert set(read_predictions(path)) == {"a1", "zz"}
    with pytest.raises(InputError, match=r"p\.jsonl:2: article 'zz' is not in gold"):
        read_predictions(path, known={"a1"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stance": "supports"}, 'stance "supports" is not support'),
        ({"stance": "none"}, 'stance "none" is not support'),
        ({"stance": ["deny"]}, "stance .* is not support"),
        ({"kind": "robot"}, "kind 'robot' is not person or institution"),
        ({"kind": None}, "field 'kind' is null, not a text"),
        ({"speaker": 3}, "field 'speaker' is 3, not a text"),
        ({"speaker": " "}, "field 'speaker'"),
        ({"speaker": None}, "a stance without a speaker"),
        ({"article_id": ""}, "field 'article_id'"),
        ({"confidence": 1.5}, "confidence 1.5 is not between 0 and 1"),
        ({"confidence": float("nan")}, "confidence nan"),
        ({"confidence": True}, "confidence true is not a number"),
        ({"aliases": "Lumaste"}, "field 'aliases' is \"Lumaste\", not a list"),
        ({"aliases": [1]}, "alias 1 is not a text"),
        ({"statements": {}}, "field 'statements'"),
        ({"statements": [[0, 1]]}, "is not an object"),
        ({"statements": [{"spans": [[5, 5]]}]}, r"span \[5, 5\]"),
        ({"statements": [{"spans": [[-1, 5]]}]}, r"span \[-1, 5\]"),
        ({"statements": [{"spans": [[0, 1.5]]}]}, r"span \[0, 1.5\]"),
        ({"statements": [{"spans": [[0, 1]], "field": "url"}]}, 'field "url"'),
        ({"statements": [{"spans": [[0, 1]], "field": ["text"]}]}, "of a statement"),
        ({"statements": [{"spans": [[0, 1]], "weight": "much"}]}, 'weight "much"'),
    ],
)
def test_bad_predictions_are_refused_with_their_line(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = _write(tmp_path / "p.jsonl", RECORD, {**RECORD, **change})
    with pytest.raises(InputError, match=rf"p\.jsonl:2: {message}|p\.jsonl:2: .*{message}"):
        read_predictions(path)


@pytest.mark.parametrize("missing", ["article_id", "speaker", "stance", "kind"])
def test_a_missing_field_is_refused(tmp_path: Path, missing: str) -> None:
    row = {key: value for key, value in RECORD.items() if key != missing}
    with pytest.raises(InputError, match=rf"p\.jsonl:1: field '{missing}'"):
        read_predictions(_write(tmp_path / "p.jsonl", row))


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "not JSON"), ("[1]", "not a JSON object"), ("[" * 100_000, "not JSON")],
)
def test_lines_that_are_no_object_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(f"\n{text}\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"p\.jsonl:2: {message}"):
        read_predictions(path)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    bad = tmp_path / "latin.jsonl"
    bad.write_bytes(b'{"article_id": "\xe9"}\n')
    for path in (bad, tmp_path / "absent.jsonl"):
        with pytest.raises(InputError, match="cannot be read"):
            read_predictions(path)


@pytest.mark.parametrize(
    "change",
    [{"speakers": None}, {"speakers": [{"key": "K"}]}, {"extra": 1}, {"id": ""}],
)
def test_bad_gold_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    row = parse_markup(MARKUP, article_id="a1").to_dict()
    with pytest.raises(InputError, match=r"g\.jsonl:1: not an annotated article"):
        read_gold(_write(tmp_path / "g.jsonl", {**row, **change}))
