"""Agreement of two annotators, against hand counts and the reference libraries."""

from __future__ import annotations

import json

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from stance.corpus import load
from stance.errors import InputError
from stance.evaluation.agreement import (
    RESOLUTIONS,
    SECOND_ARTICLES,
    SECOND_PASSAGES,
    LabelPair,
    corpus_agreement,
    score_agreement,
)
from stance.schema import MODEL_LABELS

LABELS = [
    *[("support", "support")] * 5,
    *[("deny", "deny")] * 4,
    *[("ambiguous", "ambiguous")] * 3,
    ("support", "ambiguous"),
    ("ambiguous", "deny"),
    ("deny", "none"),
    ("none", "support"),
    ("none", "ambiguous"),
]


def pairs():
    return [
        LabelPair(unit=f"a{i % 6}", speaker=str(i), first=a, second=b)
        for i, (a, b) in enumerate(LABELS)
    ]


def test_figures_equal_those_of_the_libraries():
    figures = score_agreement(pairs(), n_resamples=200, seed=0)
    both = [(a, b) for a, b in LABELS if "none" not in (a, b)]
    assert figures["both/kappa"].value == pytest.approx(cohen_kappa_score(*zip(*both, strict=True)))
    one = [[x == "deny" for x in side] for side in zip(*both, strict=True)]
    assert figures["both/kappa/deny"].value == pytest.approx(cohen_kappa_score(*one))
    assert figures["all/kappa"].value == pytest.approx(
        cohen_kappa_score(*zip(*LABELS, strict=True))
    )
    coded = np.array([[MODEL_LABELS.index(x) for x in side] for side in zip(*LABELS, strict=True)])
    assert figures["all/alpha"].value == pytest.approx(
        krippendorff.alpha(coded, level_of_measurement="nominal")
    )
    assert figures["both/accuracy"].value == pytest.approx(12 / 14)
    assert figures["speakers/precision"].value == pytest.approx(14 / 16)
    assert figures["speakers/recall"].value == pytest.approx(14 / 15)
    assert figures["both/kappa"].low < figures["both/kappa"].value < figures["both/kappa"].high


def test_without_units_nothing_is_defined():
    assert all(f.value is None for f in score_agreement([], n_resamples=10, seed=0).values())


def test_unknown_labels_are_refused():
    with pytest.raises(ValueError, match="unknown"):
        score_agreement(
            [LabelPair(unit="a", speaker="x", first="maybe", second="deny")], n_resamples=0, seed=0
        )


def _write(path, rows):
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")


def _record(article, name, stance):
    row = {"article_id": article.id, "speaker": name, "kind": "person", "stance": stance}
    return row | {"aliases": []}


def test_labels_before_resolution_count(root, tmp_path):
    article = next(
        a
        for a in load(root / "data/troops", "train")
        if sum(s.stance != "none" for s in a.speakers) >= 2
    )
    speakers = [s for s in article.speakers if s.stance != "none"]
    _write(tmp_path / SECOND_ARTICLES, [_record(article, s.name, s.stance) for s in speakers])
    same = corpus_agreement(tmp_path, [article], [], n_resamples=0, seed=0)
    assert same["articles"]["disagreements"] == 0
    assert same["articles"]["figures"]["speakers/f1"]["value"] == 1
    changed = speakers[0]
    before = "deny" if changed.stance != "deny" else "support"
    _write(
        tmp_path / RESOLUTIONS,
        [{"id": article.id, "speaker": changed.name, "first": before, "why": "rule 7"}],
    )
    resolved = corpus_agreement(tmp_path, [article], [], n_resamples=0, seed=0)
    assert resolved["articles"]["disagreements"] == 1
    _write(tmp_path / SECOND_PASSAGES, [{"id": "p01-001-01", "stance": "deny"}])
    with pytest.raises(InputError, match="p01-001-01 is no passage"):
        corpus_agreement(tmp_path, [article], [], n_resamples=0, seed=0)


def test_no_second_annotation_no_figures(tmp_path):
    assert corpus_agreement(tmp_path, [], [], n_resamples=0, seed=0) == {}
