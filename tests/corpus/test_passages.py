"""Passages: mark-up ↔ annotations, and what the checks refuse."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.classification.gold import bank_passages
from stance.classification.passages import PassageForm
from stance.corpus.build import check_contrast, check_passages
from stance.corpus.passages import AnnotatedPassage, parse_passages, write_passages
from stance.corpus.schema import FORMS, GoldSpan

RAW = """# p99-001: A committee hears the minister

## 1 deny 6 split
{q: "There are no such plans,"} {s: Defence Minister Ana Lupša} {c: told} the
committee, {q: "and there will be none."} {o: Jan Novák} had asked {s: Lupša}.

## 2 support 5 mixed ~1
{s: Lupša} {c: said} {q: that "plans exist"}.

# p99-002: Another day

## 1 none - noun
{q: {s: Berlin}'s refusal to hand over missiles} drew applause.
"""


def only(raw):
    passages, errors = parse_passages(raw, source="p.md")
    assert errors == []
    return passages


def test_marks_become_spans():
    first, second, third = only(RAW)
    words = {
        role: [first.text[a:b] for a, b in getattr(first, role)]
        for role in ("content", "source", "cue", "others")
    }
    assert words == {
        "content": ['"There are no such plans,"', '"and there will be none."'],
        "source": ["Defence Minister Ana Lupša", "Lupša"],
        "cue": ["told"],
        "others": ["Jan Novák"],
    }
    assert first.text.startswith('"There are no such plans," Defence')
    assert "the committee" in first.text
    assert (second.id, second.partner, second.rule) == ("p99-001-02", "p99-001-01", 5)
    assert (third.rule, third.brief, third.setting) == (None, "p99", "Another day")
    assert third.text[slice(*third.content[0])] == "Berlin's refusal to hand over missiles"


def test_round_trip():
    passages = only(RAW)
    assert only(write_passages(passages)) == passages
    rows = [json.loads(json.dumps(p.to_dict())) for p in passages]
    assert [AnnotatedPassage.from_dict(r) for r in rows] == passages


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        ("## 1 deny 6 direct\n{q: x} {s: y}\n", 1, "no situation above"),
        ("# nonsense\n", 1, "not a situation"),
        ("# p1-1: a\n## one deny 6 direct\n{q: x} {s: y}\n", 2, "not a heading"),
        ("# p1-1: a\n\n## 1 denies 6 direct\n{q: x} {s: y}\n", 3, "stance 'denies'"),
        ("# p1-1: a\n## 1 deny 6 oral\n{q: x} {s: y}\n", 2, "form 'oral'"),
        ("# p1-1: a\n## 1 deny 12 direct\n{q: x} {s: y}\n", 2, "rule 12"),
        ("# p1-1: a\n## 1 deny - direct\n{q: x} {s: y}\n", 2, "rule is needed"),
        ("# p1-1: a\n## 1 deny 6 direct\n{s: y}\n", 2, "no words are marked as said"),
        ("# p1-1: a\n## 1 deny 6 direct\n{q: y}\n", 2, "no words are marked as the speaker"),
        ("# p1-1: a\n## 1 deny 6 direct\n{q: x {s: y}\n", 2, "never closed"),
        ("# p1-1: a\n## 1 deny 6 direct\n{q: x}} {s: y}\n", 2, "without an opening"),
        ("# p1-1: a\n## 1 deny 6 direct\n{x: x} {s: y}\n", 2, "is not a tag"),
        ("# p1-1: a\n## 1 deny 6 direct\n{q: } {s: y}\n", 2, "without words"),
        ("# p1-1: a\n## 1 deny 6 direct ~2\n{q: x} {s: y}\n", 2, "does not stand before it"),
        ("# p1-1: a\n## 1 deny 6 direct\n{q: " + "x " * 161 + "} {s: y}\n", 2, "more than 160"),
    ],
)
def test_mistakes_name_the_line(raw, line, words):
    passages, errors = parse_passages(raw, source="p.md")
    assert passages == []
    assert [str(e).startswith(f"p.md:{line}: ") and words in str(e) for e in errors] == [True]


def test_partners_differ_and_numbers_are_unique():
    raw = "# p1-1: a\n## 1 deny 6 direct\n{q: x} {s: y}\n"
    _, errors = parse_passages(raw + "## 2 deny 6 direct ~1\n{q: z} {s: y}\n")
    assert "same stance" in str(errors[0])
    _, errors = parse_passages(raw + "## 1 support 6 direct\n{q: z} {s: y}\n")
    assert "stands twice" in str(errors[0])


def test_a_situation_stands_in_one_file(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(RAW, "utf-8")
    _, errors = check_passages([tmp_path / "a.md", tmp_path / "b.md"])
    assert [str(e).split(": ", 1)[1].split(" stands")[0] for e in errors] == [
        "situation p99-001",
        "situation p99-002",
    ]


def test_contrast_situations_have_a_pair_and_one_split():
    passages = only(RAW)
    first = {"dev": ["p99-001"], "test": []}
    assert [str(e) for e in check_contrast(passages[:2], first, "s.json")] == []
    messages = " ".join(map(str, check_contrast(passages, first, "s.json")))
    assert "p99-002 of the contrast set has no pair" in messages
    assert "p99-002 is in 0 splits" in messages
    assert "x is no situation" in str(check_contrast([], {"dev": ["x"], "test": []}, "s.json")[0])


def test_the_model_reads_masked_passages():
    form = PassageForm(context_sentences=1, mark_statements=False, headline=True)
    first, _, third = bank_passages(only(RAW), form=form)
    # What follows the last statement is not read in an article either.
    assert first.passage == (
        '"There are no such plans," the speaker told the committee, "and there will be none."'
    )
    assert (first.label, first.event) == ("deny", "p99-001")
    assert third.passage == "the speaker's refusal to hand over missiles drew applause."


def test_marks_stand_around_what_the_speaker_says():
    form = PassageForm(context_sentences=1, mark_statements=True, headline=False)
    first, _, third = bank_passages(only(RAW), form=form)
    assert first.passage == (
        '<"There are no such plans,"> the speaker told the committee, <"and there will be none.">'
    )
    # A mark never falls into a masked name.
    assert third.passage == "<the speaker's refusal to hand over missiles> drew applause."


WORDS = st.sampled_from(["Ana", "says", "no", "“quoted”", "Ü", "🙂", "it's", "–", "x."])


@st.composite
def passages(draw):
    words = draw(st.lists(WORDS, min_size=3, max_size=12))
    text = " ".join(words)
    starts = [sum(len(w) + 1 for w in words[:i]) for i in range(len(words))]
    cut = draw(st.integers(1, len(words) - 1))
    spans = [
        GoldSpan(starts[0], starts[cut] - 1),
        GoldSpan(starts[cut], len(text)),
    ]
    stance = draw(st.sampled_from(["support", "deny", "ambiguous", "none"]))
    inner = GoldSpan(starts[0], starts[0] + len(words[0]))
    return AnnotatedPassage(
        id="p01-001-01",
        situation="p01-001",
        setting="a day",
        brief="p01",
        text=text,
        stance=stance,
        rule=None if stance == "none" else draw(st.integers(1, 11)),
        form=draw(st.sampled_from(FORMS)),
        content=tuple(spans),
        source=(inner,),
        cue=draw(st.sampled_from([(), (spans[1],)])),
        others=draw(st.sampled_from([(), (inner,)])),
    )


@given(passages())
def test_any_passage_survives_a_round_trip(passage):
    assert only(write_passages([passage])) == [passage]
