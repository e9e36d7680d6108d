"""Tests of `stance.evaluation.scores`."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    f1_score,
    matthews_corrcoef,
    precision_recall_fscore_support,
)

from stance.evaluation import FieldSpan, Figure, SpeakerRecord, confusion, score
from stance.schema import SpeakerKind, Stance

if TYPE_CHECKING:
    from .conftest import MakeSpeaker

By = Mapping[str, tuple[SpeakerRecord, ...]]


def _values(gold: By, predicted: By) -> dict[str, float | None]:
    figures = score(gold, predicted, n_resamples=0, seed=0)
    return {name: figure.value for name, figure in figures.items()}


@pytest.fixture
def case(speaker: MakeSpeaker) -> tuple[By, By]:
    """Three articles, counted by hand below; the third has no stance in gold."""
    gold = {
        "a1": (
            speaker("Anna Bergdal", "support", spans=((0, 10),)),
            speaker("Jaak Lumaste", "deny", spans=((20, 30),)),
            speaker("the Admiralty", "deny", kind="institution"),
            speaker("Ines Tavor"),
        ),
        "a2": (speaker("Ola Bergdal", "ambiguous", article="a2", spans=((0, 4), (6, 10))),),
        "a3": (speaker("Pavel Orsky", article="a3"),),
    }
    predicted = {
        "a1": (
            speaker("Bergdal", "support", spans=((5, 15),)),
            speaker("Lumaste", "support", spans=((40, 50),)),
            speaker("Tavor", "deny"),
        ),
        "a2": (speaker("Ola Bergdal", "ambiguous", article="a2", spans=((0, 10),)),),
        "a3": (
            speaker("Orsky", "deny", article="a3"),
            speaker("Nobody Known", "deny", kind="institution", article="a3"),
        ),
    }
    return gold, predicted


def test_scores_are_those_counted_by_hand(case: tuple[By, By]) -> None:
    values = _values(*case)
    # With a stance: 4 in gold, 6 predicted; found are Bergdal, Lumaste and Ola Bergdal.
    expected: dict[str, float | None] = {
        "detection/precision": 3 / 6,
        "detection/recall": 3 / 4,
        "detection/f1": 6 / 10,
        "detection/person/precision": 3 / 5,
        "detection/person/recall": 3 / 3,
        "detection/institution/precision": 0.0,
        "detection/institution/recall": 0.0,
        "detection/institution/f1": 0.0,
        # Of the three, two have the right label; nobody is both deny and found as deny.
        "stance/accuracy": 2 / 3,
        "stance/support/precision": 1 / 2,
        "stance/support/recall": 1.0,
        "stance/support/f1": 2 / 3,
        "stance/deny/precision": None,
        "stance/deny/recall": 0.0,
        "stance/deny/f1": 0.0,
        "stance/ambiguous/f1": 1.0,
        "stance/macro_f1": (2 / 3 + 0 + 1) / 3,
        # End to end: 2 right of 6 predicted and 4 in gold; deny 0 of 3 and of 2.
        "end_to_end/micro/precision": 2 / 6,
        "end_to_end/micro/recall": 2 / 4,
        "end_to_end/micro/f1": 4 / 10,
        "end_to_end/support/f1": 2 / 3,
        "end_to_end/deny/precision": 0.0,
        "end_to_end/deny/recall": 0.0,
        "end_to_end/deny/f1": 0.0,
        "end_to_end/ambiguous/f1": 1.0,
        "end_to_end/macro_f1": (2 / 3 + 0 + 1) / 3,
        "no_stance/articles_with_false_speaker": 1.0,
        "no_stance/false_speakers_per_article": 2.0,
        # Overlap: Bergdal 5 of 10 and 10 characters, Lumaste none, Ola 8 of 8 and 10.
        "evidence/overlap": 2 / 3,
        "evidence/character_f1": 2 * (5 + 0 + 8) / (20 + 20 + 18),
    }
    assert {name: values[name] for name in expected} == pytest.approx(expected)
    assert not any(name.startswith("detection_all") for name in values)
    assert confusion(*case) == {
        "support": {"support": 1, "deny": 0, "ambiguous": 0},
        "deny": {"support": 1, "deny": 0, "ambiguous": 0},
        "ambiguous": {"support": 0, "deny": 0, "ambiguous": 1},
    }


def test_the_number_behind_a_figure_is_its_denominator(case: tuple[By, By]) -> None:
    figures = score(*case, n_resamples=0, seed=0)
    names = ("detection/precision", "detection/recall", "detection/f1", "stance/accuracy")
    assert [figures[name].n for name in names] == [6, 4, 4, 3]
    assert figures["no_stance/false_speakers_per_article"].n == 1
    assert figures["end_to_end/macro_f1"].n == 4


def test_listing_speakers_without_a_stance_changes_no_other_score(
    case: tuple[By, By], speaker: MakeSpeaker
) -> None:
    gold, predicted = case
    before = _values(gold, predicted)
    silent = (speaker("Anna Bergdal"), speaker("the Admiralty", kind="institution"))
    after = _values(gold, {**predicted, "a1": (*silent, *predicted["a1"])})
    assert {name: after[name] for name in before} == before
    # Of all: found are 4 of a1 (Lumaste, Tavor, Admiralty, one Bergdal), 1 of a2 and 1 of a3.
    assert after["detection_all/precision"] == 6 / 8
    assert after["detection_all/recall"] == 6 / 6


def test_a_label_for_a_speaker_without_one_is_false(speaker: MakeSpeaker) -> None:
    gold = {"a1": (speaker("Anna Bergdal"), speaker("Ines Tavor", "deny"))}
    values = _values(gold, {"a1": (speaker("Anna Bergdal", "deny"),)})
    assert values["detection/precision"] == 0
    assert values["end_to_end/deny/precision"] == 0
    assert values["stance/accuracy"] is None
    # The better namesake has no stance and keeps the prediction from the other.
    gold = {"a1": (speaker("Ines Tavor"), speaker("Tavor", "deny"))}
    values = _values(gold, {"a1": (speaker("Ines Tavor", "deny"),)})
    assert values["detection/f1"] == 0


def test_swapped_full_names_swap_the_labels(speaker: MakeSpeaker) -> None:
    gold = {"a1": (speaker("Anna Bergdal", "deny"), speaker("Ola Bergdal", "support"))}
    swapped = {"a1": (speaker("Ola Bergdal", "deny"), speaker("Anna Bergdal", "support"))}
    values = _values(gold, swapped)
    assert (values["detection/f1"], values["stance/accuracy"]) == (1, 0)
    assert values["end_to_end/micro/f1"] == 0


def test_a_speaker_predicted_twice_counts_once(speaker: MakeSpeaker) -> None:
    gold = {"a1": (speaker("Anna Bergdal", "deny"),)}
    twice = {"a1": (speaker("Anna Bergdal", "deny"), speaker("Anna Bergdal", "deny"))}
    values = _values(gold, twice)
    assert (values["end_to_end/micro/precision"], values["end_to_end/micro/recall"]) == (0.5, 1)


def test_an_absent_class_is_left_out_of_the_macro_average(speaker: MakeSpeaker) -> None:
    gold = {"a1": (speaker("Anna Bergdal", "deny"), speaker("Ines Tavor", "support"))}
    values = _values(gold, gold)
    assert values["end_to_end/macro_f1"] == 1
    for what in ("precision", "recall", "f1"):
        assert values[f"end_to_end/ambiguous/{what}"] is None
    # One that is predicted but not in gold counts 0; recall of it has nothing to measure.
    wrong = {"a1": (speaker("Anna Bergdal", "deny"), speaker("Ines Tavor", "ambiguous"))}
    values = _values(gold, wrong)
    assert values["end_to_end/macro_f1"] == pytest.approx(1 / 3)
    assert values["end_to_end/ambiguous/precision"] == 0
    assert values["end_to_end/ambiguous/recall"] is None


def test_empty_input_is_undefined_and_not_zero() -> None:
    figures = score({}, {}, n_resamples=20, seed=0)
    assert set(figures.values()) == {Figure(value=None, low=None, high=None, n=0)}


def test_no_predictions_recall_nothing(speaker: MakeSpeaker) -> None:
    gold = {"a1": (speaker("Anna Bergdal", "deny"),), "a2": ()}
    values = _values(gold, {})
    assert (values["detection/recall"], values["detection/f1"]) == (0, 0)
    assert values["detection/precision"] is None
    assert values["no_stance/articles_with_false_speaker"] == 0


def test_only_articles_without_a_stance(speaker: MakeSpeaker) -> None:
    values = _values({"a1": (), "a2": ()}, {"a1": (speaker("Anna Bergdal", "deny"),)})
    assert values["no_stance/articles_with_false_speaker"] == 0.5
    assert values["detection/precision"] == 0
    assert values["detection/recall"] is None
    assert values["end_to_end/micro/f1"] == 0


def test_articles_that_are_not_in_gold_are_ignored(
    case: tuple[By, By], speaker: MakeSpeaker
) -> None:
    gold, predicted = case
    more = {**predicted, "zz": (speaker("Ines Tavor", article="zz"),)}
    assert _values(gold, more) == _values(gold, predicted)


def test_evidence_in_another_field_does_not_overlap(speaker: MakeSpeaker) -> None:
    gold = {"a1": (speaker("Anna Bergdal", "deny", spans=((0, 5),)),)}
    in_title = SpeakerRecord(
        article_id="a1",
        name="Anna Bergdal",
        kind=SpeakerKind.PERSON,
        stance=Stance.DENY,
        evidence=(FieldSpan("title", 0, 5),),
    )
    assert _values(gold, {"a1": (in_title,)})["evidence/overlap"] == 0
    assert _values(gold, gold)["evidence/overlap"] == 1


def _article(
    labels: list[tuple[Stance | None, Stance | None]], key: str, predicted: bool
) -> dict[str, tuple[SpeakerRecord, ...]]:
    surnames = ("Lumaste", "Tavor", "Orsky", "Harsel", "Drobynsky", "Quiroga")
    records = (
        SpeakerRecord(article_id=key, name=name, kind=SpeakerKind.PERSON, stance=pair[predicted])
        for name, pair in zip(surnames, labels, strict=False)
    )
    return {key: tuple(records)}


_PAIR = st.tuples(*[st.sampled_from([*Stance, None])] * 2)
_ARTICLES = st.lists(st.lists(_PAIR, max_size=6), min_size=1, max_size=4)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(articles=_ARTICLES)
def test_scores_agree_with_scikit_learn(
    articles: list[list[tuple[Stance | None, Stance | None]]],
) -> None:
    gold: dict[str, tuple[SpeakerRecord, ...]] = {}
    predicted: dict[str, tuple[SpeakerRecord, ...]] = {}
    for i, labels in enumerate(articles):
        gold |= _article(labels, f"a{i}", predicted=False)
        predicted |= _article(labels, f"a{i}", predicted=True)
    values = _values(gold, predicted)
    pairs = [(g or "none", p or "none") for labels in articles for g, p in labels]
    for place, rows in (
        ("end_to_end", pairs),
        ("stance", [pair for pair in pairs if "none" not in pair]),
    ):
        true, labelled = [str(g) for g, _ in rows], [str(p) for _, p in rows]
        occurring = sorted({*true, *labelled} - {"none"})
        if not occurring:
            assert values[f"{place}/macro_f1"] is None
            continue
        macro = f1_score(true, labelled, labels=occurring, average="macro", zero_division=0)
        assert values[f"{place}/macro_f1"] == pytest.approx(macro)
        per_class = precision_recall_fscore_support(
            true, labelled, labels=occurring, zero_division=np.nan
        )
        for i, label in enumerate(occurring):
            for j, what in enumerate(("precision", "recall", "f1")):
                expected = None if np.isnan(per_class[j][i]) else pytest.approx(per_class[j][i])
                assert values[f"{place}/{label}/{what}"] == expected
        if place == "stance":
            assert values["stance/accuracy"] == pytest.approx(accuracy_score(true, labelled))
        else:
            micro = f1_score(true, labelled, labels=occurring, average="micro", zero_division=0)
            assert values["end_to_end/micro/f1"] == pytest.approx(micro)


def test_order_of_rows_changes_nothing_intervals_included(case: tuple[By, By]) -> None:
    gold, predicted = case
    expected = score(gold, predicted, n_resamples=100, seed=2)
    rng = random.Random(0)

    def shuffled(by_article: By) -> By:
        keys = rng.sample(list(by_article), len(by_article))
        return {key: tuple(rng.sample(by_article[key], len(by_article[key]))) for key in keys}

    for _ in range(5):
        assert score(shuffled(gold), shuffled(predicted), n_resamples=100, seed=2) == expected


def test_intervals_hold_their_value(case: tuple[By, By]) -> None:
    figures = score(*case, n_resamples=300, seed=2)
    f1 = figures["end_to_end/micro/f1"]
    assert f1.value is not None
    assert f1.low is not None
    assert f1.high is not None
    assert 0 <= f1.low < f1.value < f1.high <= 1
    assert score(*case, n_resamples=300, seed=2) == figures


@pytest.mark.filterwarnings("ignore::RuntimeWarning:sklearn")
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(list(Stance)), st.sampled_from(list(Stance))), min_size=1
    )
)
def test_kappa_and_matthews_are_those_of_scikit_learn(
    pairs: list[tuple[Stance, Stance]], speaker: MakeSpeaker
) -> None:
    gold = {f"a{i}": (speaker("Ines Tavor", g, article=f"a{i}"),) for i, (g, _) in enumerate(pairs)}
    predicted = {
        f"a{i}": (speaker("Ines Tavor", p, article=f"a{i}"),) for i, (_, p) in enumerate(pairs)
    }
    values = _values(gold, predicted)
    y, z = zip(*pairs, strict=True)
    if len(set(y) | set(z)) == 1:
        # scikit-learn warns of these: one label leaves nothing to agree on.
        assert values["stance/matthews"] == 0
        assert values["stance/kappa"] is None
    else:
        assert values["stance/matthews"] == pytest.approx(matthews_corrcoef(y, z))
        assert values["stance/kappa"] == pytest.approx(cohen_kappa_score(y, z))
