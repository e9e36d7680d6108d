"""Signed opinion pieces: the author speaks where nobody else is reported."""

from __future__ import annotations

import pytest

from stance.attribution.linking import LinkedStatement
from stance.attribution.opinion import author_of, is_opinion, with_author
from stance.ingest import from_text, sentence_spans
from stance.schema import Mention, Span, Statement

COLUMN = (
    "By Bożena Skrzet\n\nI keep a key in my drawer. We should not send our soldiers.\n\n"
    "The general urged that a brigade go. I cannot follow him.\n\n"
    "*The author teaches history.*"
)


def told(text, linked=()):
    article = from_text(text)
    sentences = [s for p in article.paragraphs for s in sentence_spans(text, p.start, p.end)]
    return with_author(article, linked, sentences)


def test_the_author_has_what_nobody_else_says():
    at = COLUMN.index("that a brigade go")
    by = Mention(text="The general", start=at - 18, end=at - 7)
    statement = Statement(spans=(Span(at, at + 17),), text="that a brigade go", source=by)
    found = told(COLUMN, [LinkedStatement(statement=statement, sources=(by,))])
    assert [(item.sources[0].text, item.statement.text) for item in found] == [
        ("Bożena Skrzet", "I keep a key in my drawer. We should not send our soldiers."),
        ("The general", "that a brigade go"),
        ("Bożena Skrzet", "I cannot follow him."),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("*RORY CATHCART*\n\nI have come round. I was wrong.", "RORY CATHCART"),
        (
            "I have come round.\n\n*Rory Cathcart served in the army.*",
            "Rory Cathcart",
        ),
        ("Opinion: by Ana de Weiss\n\nNo.", "Ana de Weiss"),
        ("The cabinet met.\n\nRory Cathcart is the new minister.", None),
        ("By Friday\n\nIt was over.", None),
    ],
)
def test_author(text, name):
    author = author_of(from_text(text))
    assert (author.text if author else None) == name


def test_a_byline_over_a_report_makes_no_speaker():
    text = 'By Ana Weiss\n\nThe minister said no. "I will not go," he said. "I never will."'
    article = from_text(text)
    assert not is_opinion(article, author_of(article))
    assert told(text) == []
