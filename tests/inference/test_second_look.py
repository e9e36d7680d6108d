"""Whoever seems to take a stance is read once more, below the headline."""

from __future__ import annotations

import numpy as np
import pytest

from stance import StanceClassifier
from stance.classification.calibration import more_silent
from stance.classification.passages import HEADLINE_END
from stance.schema import MODEL_LABELS, NONE, Article

TEXT = "“We will never send a single soldier to Ukraine,” Ana Weiss said."
SILENT = MODEL_LABELS.index(NONE)


def test_none_never_becomes_less_likely() -> None:
    loud, quiet = np.array([0.6, 0.2, 0.1, 0.1]), np.array([0.1, 0.0, 0.1, 0.8])
    both = more_silent(loud, quiet)
    assert both.sum() == pytest.approx(1)
    assert both[SILENT] == 0.8
    assert both[0] / both[1] == pytest.approx(3)
    assert more_silent(quiet, loud) is quiet


@pytest.mark.parametrize("asked", [True, False])
def test_only_the_headline_tells_that_another_country_is_meant(
    asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = StanceClassifier.from_pretrained(screen=False)
    monkeypatch.setattr(classifier, "_second_look", asked)
    read = []

    def probabilities(passages: list[str]) -> np.ndarray:
        read.extend(passages)
        below = [p.partition(HEADLINE_END)[0] if HEADLINE_END in p else "" for p in passages]
        return np.array([[0, 0.1, 0, 0.9] if "Mali" in b else [0, 0.9, 0, 0.1] for b in below])

    monkeypatch.setattr(classifier, "probabilities", probabilities)
    headings = ("No troops for Mali", "No troops for Ukraine")
    found = [classifier(Article(text=TEXT, id=h, title=h)).stances for h in headings]
    assert [len(stances) for stances in found] == ([0, 1] if asked else [1, 1])
    assert any(HEADLINE_END in p for p in read) == asked
