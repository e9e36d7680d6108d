"""The weight of a statement is what the label loses without it."""

from __future__ import annotations

import pytest

from stance import StanceClassifier

FIRST = "“We will never send a single soldier to Ukraine,” Ana Weiss said."
SECOND = "She added that troops in Ukraine are a question for parliament."


@pytest.mark.parametrize("text", [f"{FIRST} {SECOND}", f"{FIRST}\n\nIt rained. {SECOND}"])
def test_the_statement_that_carries_the_label_weighs_most(text):
    scored = StanceClassifier.from_pretrained(screen=False)(text)
    (found,) = scored.stances
    assert found.stance == "deny"
    assert sum(found.weights) == pytest.approx(1)
    weights = dict(zip((s.text for s in found.evidence), found.weights, strict=True))
    heaviest = max(weights, key=weights.get)
    assert "never send" in heaviest
    assert weights[heaviest] > 0.6


def test_a_single_statement_weighs_all():
    (found,) = StanceClassifier.from_pretrained(screen=False)(FIRST).stances
    assert found.weights == (1.0,)
