"""Mark-up ↔ annotations."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus.build import check_splits
from stance.corpus.markup import parse_markup, write_markup
from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker, AnnotatedStatement, GoldSpan
from stance.errors import InputError

HEAD = """---
event: quay-visit
brief: b99
register: agency wire
outlet: Sund Courier
outlet_kind: agency
date: 2025-03-11
speakers:
  OLS: {name: Tove Olsvik, kind: person, gender: f, country: NO, stance: deny, rule: 6}
  OSLO: {name: Oslo, kind: institution, stance: none}
---
# {1s: Olsvik} {1c: rules out} {1 OLS deny headline: troops}

"""
BODY = """{2 OLS deny split: "Nobody goes,"} {2s: Tove Olsvik} {2c: said}. {2: "Nobody."}
Wrapped line.

{3c: According to} {3s: Oslo}, {3 OSLO none indirect: the money is there}.
"""


def parse(text):
    return parse_markup(text, article_id="a", source="a.md")


def test_spans_point_at_the_words():
    article = parse(HEAD + BODY)
    second = article.statements[1]
    assert [article.text[a:b] for a, b in second.content] == ['"Nobody goes,"', '"Nobody."']
    assert article.text[slice(*second.source[0])] == "Tove Olsvik"
    assert article.title == "Olsvik rules out troops"
    assert 'Nobody." Wrapped line.\n\nAccording' in article.text
    assert article.speakers[0].country == "NO"  # YAML 1.1 reads a bare NO as false


def test_round_trip_through_mark_up_and_json():
    article = parse(HEAD + BODY)
    assert parse(write_markup(article)) == article
    assert AnnotatedArticle.from_dict(article.to_dict()) == article


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("{2 OLS deny direct: never closed\n", 14, "never closed"),
        ("text } here\n", 14, "closing brace"),
        ("{2 XXX deny direct: words}\n", 14, "XXX is not in the header"),
        ("{2 OLS refuse direct: words}\n", 14, "stance 'refuse'"),
        ("{2 OLS deny spoken: words}\n", 14, "form 'spoken'"),
        ("One.\n\n{2s: Olsvik} left.\n", 16, "no speaker, stance and form"),
        ("{broken tag}\n", 14, "not a tag"),
    ],
)
def test_errors_name_line_and_mend(body, line, words):
    with pytest.raises(InputError) as caught:
        parse(HEAD + body)
    assert words in str(caught.value)
    assert caught.value.line == line


def test_label_must_agree_with_statements():
    with pytest.raises(InputError, match="OSLO is labelled none"):
        parse(HEAD + BODY.replace("OSLO none", "OSLO deny"))


WORDS = st.text(alphabet="abc ÄŁé“”'.,\n", min_size=1, max_size=12).filter(
    lambda s: s.strip() and "\n" not in s
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=5), st.booleans())
def test_any_article_survives_the_round_trip(parts, nest):
    text, statements = "", []
    for i, (source, cue, content) in enumerate(parts, start=1):
        spans = []
        for words in (source.strip(), cue.strip(), content.strip()):
            text += " x " if text else "x "
            spans.append(GoldSpan(len(text), len(text) + len(words)))
            text += words
        content_span = GoldSpan(spans[0].start, spans[2].end) if nest and i == 1 else spans[2]
        statements.append(
            AnnotatedStatement(
                number=i,
                speakers=("A",),
                stance="deny",
                form="indirect",
                field="text",
                content=(content_span,),
                source=(spans[0],),
                cue=(spans[1],),
            )
        )
    speaker = AnnotatedSpeaker(key="A", name="Ada Oskarsdal", kind="person", stance="deny", rule=6)
    article = AnnotatedArticle(
        id="a",
        title="No",
        text=text,
        date="2025-01-01",
        outlet="o",
        outlet_kind="agency",
        register="r",
        event="e",
        brief="b",
        speakers=(speaker,),
        statements=tuple(statements),
    )
    assert parse(write_markup(article)) == article


def test_splits_must_not_share_events():
    one, two = parse(HEAD + BODY), parse_markup(HEAD + BODY, article_id="b", source="b.md")
    errors = check_splits([one, two], {"train": ["a"], "dev": ["b"], "test": []}, "splits.json")
    assert any("event quay-visit is in dev and train" in str(e) for e in errors)
    assert any("brief" in str(e) for e in errors)
    errors = check_splits([one], {"train": [], "dev": [], "test": []}, "splits.json")
    assert "in no split" in str(errors[0])
