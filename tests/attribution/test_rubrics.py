"""Agency copy in sections: who speaks stands under a heading of its own."""

from __future__ import annotations

from stance.attribution.linking import LinkedStatement
from stance.attribution.rubrics import with_rubrics
from stance.attribution.speakers import resolve_speakers
from stance.ingest import from_text
from stance.schema import Mention, Span, Statement

TEXT = (
    "Danish soldiers will go to Ukraine for a fortnight.\n\n"
    "Source: Anders Ravnkilde, commander of the Danish army, in an interview with Kanal Nord\n\n"
    'Quote: "We go as pupils."\n\n'
    '"Two hundred of us."\n\n'
    'Quote from Zakhar Tymkovych: "They are welcome."\n\n'
    "Details: He named no date."
)


def said(words, source=None):
    at = TEXT.index(words)
    mention = None
    if source:
        by = TEXT.rindex(source, 0, at)
        mention = Mention(text=source, start=by, end=by + len(source))
    statement = Statement(
        spans=(Span(at, at + len(words)),), text=words, source=mention, direct=words[0] == '"'
    )
    return LinkedStatement(statement=statement, sources=(mention,) if mention else ())


def test_a_quotation_is_that_of_the_source_or_of_whom_its_heading_names():
    article = from_text(TEXT)
    linked = [
        said('"We go as pupils."', "Quote"),
        said('"Two hundred of us."'),
        said('"They are welcome."'),
        said("named no date", "He"),
    ]
    found = with_rubrics(article, linked)
    assert [item.sources[0].text for item in found] == [
        "Anders Ravnkilde",
        "Anders Ravnkilde",
        "Zakhar Tymkovych",
        "He",
    ]
    for item in found:
        mention = item.sources[0]
        assert TEXT[mention.start : mention.end] == mention.text
    speakers, unattributed = resolve_speakers(article, found)
    assert {s.name: len(s.statements) for s in speakers} == {
        "Anders Ravnkilde": 2,
        "Zakhar Tymkovych": 2,
    }
    assert not unattributed


def test_without_headings_nothing_changes():
    article = from_text('Anders Ravnkilde came home. "We go as pupils."')
    statement = Statement(spans=(Span(28, 46),), text='"We go as pupils."', direct=True)
    linked = [LinkedStatement(statement=statement, sources=())]
    assert with_rubrics(article, linked) == linked
