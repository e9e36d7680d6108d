"""Changed articles keep their annotations, and systems are judged by what they do with them."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus import AnnotatedArticle, load, load_contrast
from stance.corpus.markup import parse_markup
from stance.errors import InputError
from stance.evaluation import SpeakerRecord, from_annotated
from stance.evaluation.behaviour import (
    CONTRAST,
    ORIGINAL,
    TESTS,
    make_articles,
    read_tests,
    score_behaviour,
    write_behaviour,
)
from stance.evaluation.edits import Edit, apply_edits, paragraph_spans, reorder_paragraphs
from stance.evaluation.perturb import PERTURBATIONS
from stance.schema import Stance

RAW = """---
event: e
brief: b
register: agency wire
outlet: O
outlet_kind: agency
date: 2025-01-01
speakers:
  A: {name: Ana Ruiz, aliases: [Ruiz], kind: person, gender: f, country: DK, stance: deny, rule: 7}
  B: {name: Eva Holm, aliases: [Holm], kind: person, gender: f, stance: support, rule: 4}
  COP: {name: Copenhagen, kind: institution, country: DK, stance: deny, rule: 6}
---
# {1s: Ruiz} {1c: says} {1 A deny headline: no}

The Danish debate went on.

{2s: Ana Ruiz} {2c: said} {2 A deny mixed: "our soldiers" would stay}.

{3s: Eva Holm} {3c: said} {3 B support indirect: they would go}. HOLM smiled.

{4s: Copenhagen} {4c: said} {4 COP deny indirect: that Zürich's question was closed}.
"""


@pytest.fixture
def article() -> AnnotatedArticle:
    return parse_markup(RAW, article_id="x")


def words(article: AnnotatedArticle, role: str = "content") -> list[list[str]]:
    text = {"title": article.title, "text": article.text}
    return [[text[s.field][a:b] for a, b in getattr(s, role)] for s in article.statements]


def change(article: AnnotatedArticle, name: str, /, **settings: object) -> AnnotatedArticle:
    changed = PERTURBATIONS[name](article, settings, random.Random(0))
    assert changed is not None
    return changed


def test_names_change_places_and_nothing_else_does(article):
    changed = change(article, "swap_names")
    assert words(changed, "source") == [["Holm"], ["Eva Holm"], ["Ana Ruiz"], ["Copenhagen"]]
    assert words(changed) == words(article)
    assert "RUIZ smiled" in changed.text
    assert [s.name for s in changed.speakers] == ["Eva Holm", "Ana Ruiz", "Copenhagen"]
    assert [s.aliases for s in changed.speakers][:2] == [("Holm",), ("Ruiz",)]
    assert [s.stance for s in changed.speakers] == [s.stance for s in article.speakers]


def test_names_of_the_other_gender_only_without_pronouns(article):
    names = {"f": ["Ada Byrne"], "m": ["Ole Brandt", "Jan Krol"]}
    changed = change(article, "replace_names", gender="other", names=names)
    assert {s.name for s in changed.speakers[:2]} == {"Ole Brandt", "Jan Krol"}
    told = dataclasses.replace(article, text=article.text + " She left.")
    settings = {"gender": "other", "names": names}
    assert PERTURBATIONS["replace_names"](told, settings, random.Random(0)) is None


def test_countries_are_exchanged_in_names_too(article):
    pairs = [["Danish", "Greek"], ["Copenhagen", "Athens"]]
    changed = change(article, "replace_words", words=pairs)
    assert changed.text.startswith("The Greek debate")
    assert changed.speakers[2].name == "Athens"
    assert words(changed, "source")[3] == ["Athens"]
    assert words(changed) == words(article)


def test_cues_are_paraphrased_where_they_are_cues(article):
    said = dataclasses.replace(article, text=article.text + "\n\nNo more was said.")
    changed = change(said, "replace_words", within="cue", words=[["said", "stressed"]])
    assert words(changed, "cue") == [["says"], ["stressed"], ["stressed"], ["stressed"]]
    assert changed.text.endswith("was said.")


def test_insertions_leave_the_annotations_alone(article):
    for how, key in (("insert_paragraphs", "paragraphs"), ("insert_sentences", "sentences")):
        changed = change(article, how, **{key: ["Fog lay on the quay."]})
        assert "Fog lay on the quay." in changed.text
        for role in ("content", "source", "cue"):
            assert words(changed, role) == words(article, role)


def test_nothing_comes_between_the_parts_of_a_continued_quotation():
    raw = RAW.replace("}. HOLM smiled.", '}.\n\n{5 B support continued: "Soon."}')
    article = parse_markup(raw, article_id="x")
    for seed in range(30):
        changed = PERTURBATIONS["insert_paragraphs"](
            article, {"paragraphs": ["Fog."]}, random.Random(seed)
        )
        assert changed is not None
        assert 'Fog.\n\n"Soon."' not in changed.text


def test_paragraphs_of_independent_speakers_change_places(article):
    changed = change(article, "exchange_paragraphs")
    assert words(changed) == words(article)
    assert sorted(changed.text.split("\n\n")) == sorted(article.text.split("\n\n"))
    assert changed.text != article.text
    leaning = parse_markup(RAW.replace("3s: Eva Holm", "3s: She"), article_id="x")
    assert PERTURBATIONS["exchange_paragraphs"](leaning, {}, random.Random(0)) is None


def test_letters_are_rewritten(article):
    assert "“our soldiers” would" in change(article, "rewrite", how="curly_quotes").text
    curly = change(article, "rewrite", how="curly_quotes")
    assert change(curly, "rewrite", how="straight_quotes").text == article.text
    assert "Zurich's" in change(article, "rewrite", how="no_diacritics").text
    assert change(article, "rewrite", how="lower_case").text == article.text.lower()
    typos = change(article, "rewrite", how="typos", share=1.0)
    assert sorted(typos.text) == sorted(article.text)
    assert words(typos, "source") == words(article, "source")


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8), st.text("ab ", max_size=5)))


@given(SPANS)
def test_untouched_spans_keep_their_words(changes):
    article = parse_markup(RAW, article_id="x")
    edits, taken = [], -1
    for start, length, new in sorted(changes):
        if start > taken:
            edits.append(Edit("text", start, start + length, new))
            taken = start + length
    changed = apply_edits(article, edits, article_id="y")
    for old, new in zip(article.statements, changed.statements, strict=True):
        for (a, b), (c, d) in zip(old.content, new.content, strict=True):
            if old.field == "title" or all(e.end <= a or e.start >= b for e in edits):
                field = "title" if old.field == "title" else "text"
                assert getattr(article, field)[a:b] == getattr(changed, field)[c:d]


def test_overlapping_edits_are_refused(article):
    with pytest.raises(ValueError, match="overlap at 2"):
        apply_edits(article, [Edit("text", 0, 3, ""), Edit("text", 2, 4, "")], article_id="y")


@given(st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_any_order_of_paragraphs_keeps_the_words(rng):
    article = parse_markup(RAW, article_id="x")
    order = list(range(len(paragraph_spans(article.text))))
    rng.shuffle(order)
    assert words(reorder_paragraphs(article, order, article_id="y")) == words(article)


@pytest.fixture(scope="module")
def made(root: Path) -> list[AnnotatedArticle]:
    tests = read_tests(TESTS)
    articles = load(root / "data/troops", "dev")[:12]
    return make_articles(articles, tests, load_contrast(root / "data/troops", "dev"), seed=0)


def _gold(made: list[AnnotatedArticle]) -> dict[str, tuple[SpeakerRecord, ...]]:
    return {a.id: from_annotated(a) for a in made}


def test_a_system_that_reads_like_gold_fails_nothing(made):
    found = score_behaviour(made, _gold(made), n_resamples=50, seed=0)
    assert {r.failure_rate.value for r in found} == {0.0}
    assert {r.name for r in found} >= {"name swap", "typos", CONTRAST}
    assert all(r.worst == () for r in found)


def test_a_system_that_goes_by_the_name_fails_the_name_tests(made, root):
    """It calls those deniers whose surname begins with a letter up to L."""
    predicted = {
        a.id: tuple(
            dataclasses.replace(
                s,
                stance=Stance.DENY if s.name.split()[-1][0].upper() <= "L" else Stance.SUPPORT,
                confidence=0.9,
            )
            for s in from_annotated(a)
            if s.stance
        )
        for a in made
    }
    found = {r.name: r for r in score_behaviour(made, predicted, n_resamples=50, seed=0)}
    assert found["name swap"].failure_rate.value > 0.05
    assert found["typos"].failure_rate.value == 0
    assert found["sentence on another topic inserted"].failure_rate.value == 0
    worst = found["name swap"].worst[0]
    assert {worst.before, worst.after} == {"deny", "support"}
    # One label for both sides of a pair can never be right.
    assert found[CONTRAST].failure_rate.value > 0.5


def test_a_speaker_that_is_lost_is_a_failure(made):
    predicted = {
        key: own if key.startswith((ORIGINAL, CONTRAST)) else () for key, own in _gold(made).items()
    }
    rates = {
        r.name: r.failure_rate.value
        for r in score_behaviour(made, predicted, n_resamples=0, seed=0)
    }
    assert rates.pop(CONTRAST) == 0
    assert set(rates.values()) == {1.0}


def test_an_article_without_a_line_is_named(made):
    with pytest.raises(InputError, match=r"original/.*is not in the predictions; score"):
        score_behaviour(made, {}, n_resamples=0, seed=0)


def test_unknown_changes_are_named(tmp_path):
    path = tmp_path / "tests.yaml"
    path.write_text(yaml.safe_dump([{"name": "x", "change": "shout"}]), "utf-8")
    with pytest.raises(InputError, match=r"tests\.yaml: test 'x' wants change 'shout'; use one of"):
        read_tests(path)
    empty = tmp_path / "gold.jsonl"
    empty.write_text("", "utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        write_behaviour(empty, tmp_path, tests=tmp_path / "no", contrast=None, seed=0)
