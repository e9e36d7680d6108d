"""Statements and speakers of whole articles, counted by hand."""

from __future__ import annotations

import pytest

from stance.corpus.markup import parse_markup
from stance.evaluation.statements import score_statements
from stance.schema import Attribution, Span, Speaker, SpeakerKind, Statement

MARKED = """---
event: e
brief: b
register: wire
outlet: Courier
outlet_kind: agency
date: 2025-03-11
speakers:
  ANA: {name: Ana Weiss, aliases: [Weiss], kind: person, stance: deny, rule: 6}
  OSLO: {name: Oslo, kind: institution, country: "NO", stance: support, rule: 4}
---
# Talks

{1s: Ana Weiss} {1c: said} {1 ANA deny indirect: that nobody would go}.

{2s: Oslo} and {2s: Weiss} {2c: want} {2 OSLO+ANA none joint: to talk}.

{3s: Oslo} {3c: offered} {3 OSLO support indirect: a battalion}.
"""


@pytest.fixture
def article():
    return parse_markup(MARKED, article_id="a1")


def statement(text, words, **changes):
    at = text.index(words)
    return Statement(spans=(Span(at, at + len(words)),), text=words, **changes)


def test_statements_and_their_speakers_are_counted_by_form(article):
    text = article.text
    first, joint = statement(text, "that nobody would go"), statement(text, "to talk")
    other = statement(text, "want")
    ana = Speaker(name="Ana Weiss", id="ana-weiss", kind=SpeakerKind.PERSON, statements=(first,))
    # The government is taken for a person, and the joint statement for one of two speakers alone.
    oslo = Speaker(name="Oslo", id="oslo", kind=SpeakerKind.PERSON, statements=(joint, other))
    found = Attribution(article=article.article(), speakers=(ana, oslo))
    figures = score_statements([(article, found)], n_resamples=0, seed=0)
    values = {k: (f.value, f.n) for k, f in figures.items() if f.value is not None}
    assert values == {
        "statements/precision": (pytest.approx(2 / 3), 3),
        "statements/recall": (pytest.approx(2 / 3), 3),
        "statements/speaker_accuracy": (pytest.approx(2 / 3), 3),
        "statements/indirect/recall": (0.5, 2),
        "statements/indirect/speaker_accuracy": (1.0, 1),
        "statements/joint/recall": (1.0, 1),
        "statements/joint/speaker_accuracy": (0.5, 2),
        "speakers/kind_accuracy": (0.5, 2),
    }


def test_statements_without_a_speaker_count_as_found(article):
    alone = statement(article.text, "a battalion")
    found = Attribution(article=article.article(), speakers=(), unattributed=(alone,))
    figures = score_statements([(article, found)], n_resamples=0, seed=0)
    assert figures["statements/recall"].value == pytest.approx(1 / 3)
    assert figures["statements/precision"].value == 1.0
    assert figures["statements/speaker_accuracy"].value == 0.0
