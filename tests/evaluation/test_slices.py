"""Accuracy on parts of the gold speakers."""

from __future__ import annotations

import dataclasses

import pytest

from stance.corpus import AnnotatedArticle, load
from stance.evaluation import SpeakersByArticle, from_annotated
from stance.evaluation.slices import LEAST, score_slices
from stance.schema import NONE, SpeakerKind, Stance


@pytest.fixture(scope="module")
def articles(root) -> list[AnnotatedArticle]:
    return load(root / "data/troops", "dev")


def _wrong_for(articles: list[AnnotatedArticle], kind: SpeakerKind) -> SpeakersByArticle:
    """Predictions that are right but for one kind of speaker, whom they miss."""
    return {
        a.id: tuple(s for s in from_annotated(a) if s.stance and s.kind != kind) for a in articles
    }


def test_a_real_gap_is_flagged_and_no_other_side_of_it(articles):
    found = score_slices(
        articles, _wrong_for(articles, SpeakerKind.INSTITUTION), n_resamples=200, seed=0
    )
    kinds = {s.value: s for s in found if s.by == "kind"}
    assert kinds["institution"].accuracy.value == 0
    assert kinds["person"].accuracy.value == 1
    assert kinds["institution"].gap
    assert kinds["institution"].difference.value == -1
    labelled = [s for a in articles for s in a.speakers if s.stance != NONE]
    assert kinds["person"].accuracy.n == sum(s.kind == "person" for s in labelled)


def test_perfect_predictions_have_no_gap(articles):
    gold = {a.id: from_annotated(a) for a in articles}
    found = score_slices(articles, gold, n_resamples=100, seed=0)
    assert {s.accuracy.value for s in found} == {1.0}
    assert not any(s.gap for s in found)
    assert {s.by for s in found} == {
        "register",
        "form",
        "rule",
        "kind",
        "gender",
        "country",
        "position",
        "statements",
        "words",
    }
    assert all((s.difference is None) == (s.accuracy.n < LEAST) for s in found if s.by == "rule")


def test_a_wrong_label_is_no_hit(articles):
    flipped = {
        a.id: tuple(
            dataclasses.replace(s, stance=Stance.DENY if s.stance == "support" else s.stance)
            for s in from_annotated(a)
        )
        for a in articles
    }
    found = score_slices(articles, flipped, n_resamples=0, seed=0)
    labelled = [s for a in articles for s in a.speakers if s.stance != NONE]
    wrong = sum(s.stance == "support" for s in labelled)
    people = [s for s in labelled if s.kind == "person"]
    person = next(s for s in found if (s.by, s.value) == ("kind", "person"))
    assert person.accuracy.value == pytest.approx(
        1 - sum(s.stance == "support" for s in people) / len(people)
    )
    assert wrong


def test_no_articles():
    assert score_slices([], {}, n_resamples=10, seed=0) == []
