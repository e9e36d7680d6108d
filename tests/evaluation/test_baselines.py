"""Tests of `stance.evaluation.baselines`."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from stance.errors import InputError
from stance.evaluation import (
    Figure,
    LabelledPassage,
    ProbeConfig,
    TfidfConfig,
    fit_majority,
    fit_probe,
    fit_tfidf,
    score_labels,
)
from stance.schema import Stance

SHORT, LONG = "deny", "support"
CONFIG = TfidfConfig(max_ngram=2, min_df=1, c=10.0, balanced=True, max_iter=200)


def _passages(*rows: tuple[str, str]) -> list[LabelledPassage]:
    return [
        LabelledPassage(article_id=f"a{i}", text=text, label=label)
        for i, (text, label) in enumerate(rows)
    ]


TRAIN = _passages(
    ("we will send soldiers gladly", "support"),
    ("we send a brigade gladly", "support"),
    ("never, that would be madness", "deny"),
    ("it is madness and never our way", "deny"),
    ("the harvest was late", "none"),
    ("freight rates and harvest", "none"),
    ("rain spoiled the harvest", "none"),
)


def test_the_majority_is_taken_from_training() -> None:
    texts = ["anything", "else"]
    assert fit_majority(TRAIN)(texts) == ["none", "none"]
    assert fit_majority(TRAIN, among=list(Stance))(texts) == ["support", "support"]
    assert fit_majority(TRAIN)([]) == []
    for train in ([], _passages(("rain", "none"))):
        with pytest.raises(InputError, match="no training passage is labelled"):
            fit_majority(train, among=list(Stance))


def test_tfidf_learns_words() -> None:
    label = fit_tfidf(TRAIN, config=CONFIG)
    texts = ["Gladly we send them", "Madness! Never.", "A late harvest"]
    assert label(texts) == ["support", "deny", "none"]
    assert label([]) == []


def test_a_probe_learns_from_the_vectors_alone() -> None:
    """An encoder that sees only how many words a text has."""
    config = ProbeConfig(c=100.0, balanced=True, max_iter=500, max_tokens=9)
    train = _passages(*((" ".join("x" * n), LONG if n > 4 else SHORT) for n in range(1, 9)))
    label = fit_probe(
        train, embed=lambda texts: np.array([[len(t.split())] for t in texts], float), config=config
    )
    assert label(["any two", "some more words than the others had"]) == [SHORT, LONG]
    assert label([]) == []
    with pytest.raises(ValueError, match="c above 0"):
        ProbeConfig(c=0.0, balanced=True, max_iter=1, max_tokens=1)


def test_tfidf_refuses_what_it_cannot_learn_from() -> None:
    for train in (TRAIN[:2], []):
        with pytest.raises(InputError, match="fewer than two labels"):
            fit_tfidf(train, config=CONFIG)
    with pytest.raises(InputError, match="share no words"):
        fit_tfidf(_passages((".", "deny"), ("!", "none")), config=CONFIG)


@pytest.mark.parametrize("change", [{"max_ngram": 0}, {"min_df": 0}, {"c": 0.0}, {"max_iter": 0}])
def test_bad_settings_are_refused(change: dict[str, float]) -> None:
    settings = {"max_ngram": 1, "min_df": 1, "c": 1.0, "balanced": True, "max_iter": 9} | change
    with pytest.raises(ValueError, match="must be 1 or more"):
        TfidfConfig(**settings)  # type: ignore[arg-type]


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="label 'denies' is not one of"):
        LabelledPassage(article_id="a1", text="no", label="denies")
    with pytest.raises(ValueError, match="label 'denies' is not one of"):
        score_labels(["deny"], ["denies"], ["a1"], n_resamples=0, seed=0)
    with pytest.raises(ValueError, match="2 gold labels, 1 predicted ones and 1 groups"):
        score_labels(["deny"] * 2, ["deny"], ["a1"], n_resamples=0, seed=0)


GOLD = ["support", "support", "deny", "none", "none", "deny"]
PREDICTED = ["support", "none", "support", "none", "deny", "deny"]
GROUPS = ["a1", "a1", "a2", "a2", "a3", "a3"]


def test_labels_are_scored_as_counted_by_hand() -> None:
    figures = score_labels(GOLD, PREDICTED, GROUPS, n_resamples=0, seed=0)
    expected: dict[str, float | None] = {
        "labels/accuracy": 3 / 6,
        "labels/stance_accuracy": 2 / 4,
        "labels/micro/precision": 2 / 4,
        "labels/micro/recall": 2 / 4,
        "labels/micro/f1": 2 / 4,
        "labels/support/precision": 1 / 2,
        "labels/support/recall": 1 / 2,
        "labels/support/f1": 1 / 2,
        "labels/deny/precision": 1 / 2,
        "labels/deny/recall": 1 / 2,
        "labels/deny/f1": 1 / 2,
        "labels/ambiguous/precision": None,
        "labels/ambiguous/recall": None,
        "labels/ambiguous/f1": None,
        "labels/macro_f1": 1 / 2,
    }
    assert {name: f.value for name, f in figures.items()} == pytest.approx(expected)
    assert figures["labels/accuracy"].n == 6
    assert figures["labels/stance_accuracy"].n == 4


def test_label_scores_agree_with_scikit_learn() -> None:
    figures = score_labels(
        [*GOLD, "ambiguous"], [*PREDICTED, "none"], [*GROUPS, "a4"], n_resamples=0, seed=0
    )
    macro = f1_score(
        [*GOLD, "ambiguous"],
        [*PREDICTED, "none"],
        labels=[s.value for s in Stance],
        average="macro",
        zero_division=0,
    )
    assert figures["labels/macro_f1"].value == pytest.approx(macro)


def test_no_labels_are_undefined() -> None:
    figures = score_labels([], [], [], n_resamples=20, seed=0)
    assert set(figures.values()) == {Figure(value=None, low=None, high=None, n=0)}


def test_a_majority_of_none_scores_nothing_on_stances() -> None:
    figures = score_labels(GOLD, ["none"] * 6, GROUPS, n_resamples=0, seed=0)
    assert figures["labels/accuracy"].value == pytest.approx(2 / 6)
    assert figures["labels/stance_accuracy"].value == 0
    assert figures["labels/macro_f1"].value == 0


def test_order_of_rows_changes_nothing() -> None:
    forth = score_labels(GOLD, PREDICTED, GROUPS, n_resamples=50, seed=1)
    back = score_labels(GOLD[::-1], PREDICTED[::-1], GROUPS[::-1], n_resamples=50, seed=1)
    assert forth == back
    assert forth["labels/accuracy"].low is not None
