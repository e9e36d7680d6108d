"""Articles as Label Studio tasks and back."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from stance.corpus.label_studio import SPAN_LABELS, from_label_studio, to_label_studio
from stance.corpus.markup import parse_markup
from stance.corpus.schema import FORMS
from stance.schema import MODEL_LABELS

RAW = """---
event: e
brief: b
register: agency wire
outlet: O
outlet_kind: agency
date: 2025-01-01
speakers:
  A: {name: Ana Ruiz, aliases: [Ruiz], kind: person, country: 'NO', stance: deny, rule: 7}
  ROME: {name: Rome, kind: institution, stance: deny, rule: 6}
---
# {1 A deny headline: No soldiers}, {1s: Ruiz} says 🙂

{2 A deny split: "Our men stay,"} {2s: Ana Ruiz} {2c: said}. {2: "All of them."} 🙂 {3s: Madrid}
and {3s: Rome} {3c: ruled out} {3 A+ROME deny joint: a mission}.
"""


@pytest.fixture
def article():
    return parse_markup(RAW, article_id="x-1")


@pytest.fixture
def task(article):
    return json.loads(json.dumps(to_label_studio([article])))[0]


def test_round_trip(article, task):
    assert from_label_studio([task]) == ([article], [])


def test_regions_cover_their_words_on_the_page(task):
    for item in task["annotations"][0]["result"]:
        value = item.get("value", {})
        if isinstance(value.get("text"), str):
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]


def test_utf16_offsets_are_understood(article, task):
    page = task["data"]["text"]
    for item in task["annotations"][0]["result"]:
        value = item.get("value", {})
        for end in ("start", "end"):
            if end in value:
                value[end] = len(page[: value[end]].encode("utf-16-le")) // 2
    assert from_label_studio([task]) == ([article], [])


def test_regions_drawn_by_hand_are_numbered_in_reading_order(article, task):
    renamed = json.dumps(task)
    for number in (1, 2, 3):
        renamed = renamed.replace(f"statement-{number}-", f"hand{4 - number}")
    found, errors = from_label_studio([json.loads(renamed)])
    assert errors == []
    assert found[0].statements == article.statements


def test_the_last_annotation_that_was_not_cancelled_counts(article, task):
    good = task["annotations"][0]
    task["annotations"] = [{"result": []}, good, {"result": [], "was_cancelled": True}]
    assert from_label_studio([task]) == ([article], [])


def _without(task, **wanted):
    out = copy.deepcopy(task)
    result = out["annotations"][0]["result"]
    result[:] = [r for r in result if any(r.get(k) != v for k, v in wanted.items())]
    return out


def test_each_mistake_is_one_line_with_place_and_mend(task):
    moved = copy.deepcopy(task)
    moved["annotations"][0]["result"][1]["value"]["text"] = "other words"
    stranger = copy.deepcopy(task)
    for item in stranger["annotations"][0]["result"]:
        if item.get("from_name") == "said_by":
            item["value"]["text"] = ["B"]
    bare = {"data": {k: v for k, v in task["data"].items() if k != "event"}}
    cases = [
        (_without(task, from_name="speakers"), "'speakers' is empty"),
        (_without(task, from_name="stance"), "statement 1 lacks its stance"),
        (_without(task, type="relation"), "belongs to no statement"),
        (_without(task, from_name="said_by"), "leads to no content with a speaker"),
        (moved, "'other words' does not stand at"),
        (stranger, "said by B, who is not among the speakers"),
        (bare, "the data lack 'event'"),
        ({**task, "annotations": []}, "has no annotation"),
        ({"text": "x"}, "not a task"),
    ]
    articles, errors = from_label_studio([c for c, _ in cases], source="export.json")
    assert articles == []
    for number, (error, (_, message)) in enumerate(zip(errors, cases, strict=True), start=1):
        assert message in str(error)
        assert str(error).startswith(f"export.json task {number}: ")
        assert "\n" not in str(error)


def test_documented_configuration_has_the_names_used(root, task):
    page = (root / "docs/annotation.md").read_text("utf-8")
    view = ElementTree.fromstring(re.search(r"```xml\n(.*?)```", page, re.S)[1])
    controls = {e.get("name"): e for e in view.iter() if e.get("toName") == "article"}
    values = {name: [c.get("value") for c in e] for name, e in controls.items()}
    assert values["spans"] == list(SPAN_LABELS)
    assert values["stance"] == list(MODEL_LABELS)
    assert values["form"] == list(FORMS)
    used = {(i["from_name"], i["type"]) for i in task["annotations"][0]["result"] if "value" in i}
    assert used == {(name, element.tag.lower()) for name, element in controls.items()}
    assert view.find("Text").get("name") == "article"


def test_script_goes_there_and_back(root, tmp_path):
    source = next((root / "data/troops/articles/b01").glob("*.md"))
    script = [sys.executable, str(root / "scripts/label_studio.py")]
    tasks = tmp_path / "tasks.json"
    subprocess.run([*script, "export", str(source), "--output", str(tasks)], check=True)
    subprocess.run([*script, "import", str(tasks), "--output", str(tmp_path / "a")], check=True)
    written = tmp_path / "a" / "b01" / source.name
    again = parse_markup(written.read_text("utf-8"), article_id=source.stem)
    assert again == parse_markup(source.read_text("utf-8"), article_id=source.stem)
    bad = subprocess.run(
        [*script, "import", str(tmp_path / "no.json"), "--output", str(tmp_path / "b")],
        capture_output=True,
        text=True,
    )
    assert bad.returncode == 2
    assert "no.json: cannot be read" in bad.stderr
    assert not (tmp_path / "b").exists()
