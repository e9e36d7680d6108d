"""Tests of `stance.evaluation.token_f1`."""

from __future__ import annotations

import pytest
import seqeval.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.evaluation import (
    ROLES,
    AttributionDocument,
    Figure,
    SourceLink,
    score_attribution,
    tokenize,
)

TEXT = 'Tavor said: "No boats, no crews."'
"""Tokens: Tavor said : " No boats , no crews . " (11)."""


def _span(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def _values(*documents: AttributionDocument) -> dict[str, float | None]:
    figures = score_attribution(documents, n_resamples=0, seed=0)
    return {name: figure.value for name, figure in figures.items()}


def _document(
    gold: dict[str, list[tuple[int, int]]],
    predicted: dict[str, list[tuple[int, int]]],
    article: str = "a1",
) -> AttributionDocument:
    return AttributionDocument(article_id=article, text=TEXT, gold=gold, predicted=predicted)


def test_tokens_are_words_and_marks_with_offsets() -> None:
    words = [TEXT[start:end] for start, end in tokenize(TEXT)]
    assert words == ["Tavor", "said", ":", '"', "No", "boats", ",", "no", "crews", ".", '"']
    assert tokenize(" \n").shape == (0, 2)


def test_attribution_is_scored_as_counted_by_hand() -> None:
    document = _document(
        {
            "source": [_span("Tavor")],
            "cue": [_span("said")],
            "content": [_span('"No boats'), _span('no crews."')],
        },
        {
            "source": [_span("Tavor")],
            "content": [_span("boats, no"), _span('no crews."')],
        },
    )
    values = _values(document)
    expected: dict[str, float | None] = {
        "tokens/source/f1": 1.0,
        "tokens/cue/precision": None,
        "tokens/cue/recall": 0.0,
        "tokens/cue/f1": 0.0,
        # Gold: " No boats no crews . " (7); predicted: boats , no crews . " (6); 5 in common.
        "tokens/content/precision": 5 / 6,
        "tokens/content/recall": 5 / 7,
        "tokens/content/f1": 10 / 13,
        "exact/content/precision": 1 / 2,
        "exact/content/recall": 1 / 2,
        "exact/content/f1": 1 / 2,
        "overlap/content/precision": 1.0,
        "overlap/content/recall": 1.0,
        "overlap/content/f1": 1.0,
        "linking/accuracy": None,
        "linking/recall": None,
    }
    assert {name: values[name] for name in expected} == pytest.approx(expected)


def test_touching_a_token_is_enough_and_touching_a_span_is_not() -> None:
    start, end = _span("boats")
    inside = _document({"cue": [(start + 1, start + 2)]}, {"cue": [(start, end)]})
    assert _values(inside)["tokens/cue/f1"] == 1
    beside = _document({"cue": [(start, end)]}, {"cue": [(end, end + 1)]})
    values = _values(beside)
    assert (values["tokens/cue/f1"], values["overlap/cue/f1"]) == (0, 0)


def test_one_long_span_is_lenient_on_overlap_only() -> None:
    gold = {"content": [_span("No boats"), _span("no crews")]}
    values = _values(_document(gold, {"content": [(0, len(TEXT))]}))
    assert values["overlap/content/f1"] == 1
    assert values["exact/content/f1"] == 0
    assert values["tokens/content/precision"] == pytest.approx(4 / 11)


def test_a_span_given_twice_counts_once() -> None:
    twice = _document({"cue": [_span("said")]}, {"cue": [_span("said"), _span("said")]})
    assert _values(twice)["exact/cue/precision"] == 1


def test_counts_are_pooled_over_documents() -> None:
    good = _document({"content": [(0, len(TEXT))]}, {"content": [(0, len(TEXT))]})
    bad = _document({"content": [_span("No")]}, {"content": [_span("said")]}, article="a2")
    assert _values(good, bad)["tokens/content/f1"] == pytest.approx(2 * 11 / (12 + 12))


def test_title_and_text_of_an_article_are_one_unit() -> None:
    document = _document({"cue": [_span("said")]}, {"cue": [_span("said")]})
    figure = score_attribution([document, document], n_resamples=50, seed=0)["tokens/cue/f1"]
    assert figure == Figure(value=1.0, low=None, high=None, n=2)


def test_links_are_scored_as_counted_by_hand() -> None:
    text = "Tavor and Orsky: one two three four five six"

    def at(words: str) -> tuple[int, int]:
        return _span(words, text)

    gold = [
        SourceLink((at("two three"),), (at("Tavor"),)),
        SourceLink((at("one"),), (at("Orsky"),)),
        SourceLink((at("four"),)),
        SourceLink((at("six"),), (at("Orsky"),)),
    ]
    predicted = [
        SourceLink((at("one two three"),), (at("Orsky"),)),
        SourceLink((at("two three"),), (at("Tavor and"),)),
        SourceLink((at("four five"),), (at("Tavor"),)),
    ]
    document = AttributionDocument(
        article_id="a1",
        text=text,
        gold={},
        predicted={},
        gold_links=gold,
        predicted_links=predicted,
        links_of_gold=[
            SourceLink((at("two three"),), (at("Orsky"),)),
            SourceLink((at("one"),), (at("Orsky"),)),
            SourceLink((at("four"),)),
        ],
    )
    # "two three" is nearest to the second, right; "one" to the first, right; "four" has a source
    # that gold has not; "six" is not found.
    values = _values(document)
    assert values["linking/accuracy"] == pytest.approx(2 / 3)
    assert values["linking/recall"] == pytest.approx(2 / 4)
    # "two three" is given to the wrong one, "six" to nobody although gold names somebody.
    assert values["linking/given_contents"] == pytest.approx(2 / 4)


def test_no_documents_are_undefined() -> None:
    figures = score_attribution([], n_resamples=20, seed=0)
    assert set(figures.values()) == {Figure(value=None, low=None, high=None, n=0)}
    assert {name.split("/")[1] for name in figures if name.startswith("tokens")} == set(ROLES)


@pytest.mark.parametrize("span", [(3, 3), (-1, 2), (0, len(TEXT) + 1)])
def test_spans_outside_the_text_are_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is empty or leaves the text of 'a1'"):
        _document({"cue": [span]}, {})
    with pytest.raises(ValueError, match="is empty or leaves the text"):
        AttributionDocument(
            article_id="a1", text=TEXT, gold={}, predicted={}, gold_links=[SourceLink((span,))]
        )


def test_unknown_roles_and_empty_links_are_refused() -> None:
    with pytest.raises(ValueError, match="role 'verb' is not one of source, cue, content"):
        _document({}, {"verb": []})
    with pytest.raises(ValueError, match="a link without content"):
        AttributionDocument(
            article_id="a1", text=TEXT, gold={}, predicted={}, predicted_links=[SourceLink(())]
        )


_SPANS = st.lists(
    st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 9)).map(
        lambda pair: (pair[0], min(len(TEXT), pair[0] + pair[1]))
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(gold=_SPANS, predicted=_SPANS)
def test_token_scores_agree_with_a_plain_count(
    gold: list[tuple[int, int]], predicted: list[tuple[int, int]]
) -> None:
    def covered(spans: list[tuple[int, int]]) -> set[int]:
        return {
            i
            for i, (start, end) in enumerate(tokenize(TEXT).tolist())
            if any(set(range(start, end)) & set(range(a, b)) for a, b in spans)
        }

    g, p = covered(gold), covered(predicted)
    expected = 2 * len(g & p) / (len(g) + len(p)) if g or p else None
    values = _values(_document({"cue": gold}, {"cue": predicted}))
    assert values["tokens/cue/f1"] == (expected if expected is None else pytest.approx(expected))
    reverse = _values(_document({"cue": predicted[::-1]}, {"cue": gold[::-1]}))
    for unit in ("tokens", "exact", "overlap"):
        assert reverse[f"{unit}/cue/precision"] == values[f"{unit}/cue/recall"]


@st.composite
def _tagged(draw: st.DrawFn) -> tuple[list[str], list[tuple[int, int]]]:
    """Twelve one-letter words as BIO tags, and as spans of the string that they make."""
    tags, spans = [], []
    for i in range(12):
        inside = bool(tags) and tags[-1] != "O"
        tag = draw(st.sampled_from(["O", "B-content", *(["I-content"] if inside else [])]))
        if tag == "I-content":
            spans[-1] = (spans[-1][0], 2 * i + 1)
        elif tag == "B-content":
            spans.append((2 * i, 2 * i + 1))
        tags.append(tag)
    return tags, spans


@given(_tagged(), _tagged())
def test_exact_spans_are_those_of_seqeval(
    gold: tuple[list[str], list[tuple[int, int]]],
    predicted: tuple[list[str], list[tuple[int, int]]],
) -> None:
    document = AttributionDocument(
        article_id="a",
        text=" ".join("abcdefghijkl"),
        gold={"content": gold[1]},
        predicted={"content": predicted[1]},
    )
    f1 = score_attribution([document], n_resamples=0, seed=0)["exact/content/f1"].value
    if gold[1] or predicted[1]:
        expected = seqeval.metrics.f1_score([gold[0]], [predicted[0]], zero_division=0)
        assert f1 == pytest.approx(expected)
    else:
        assert f1 is None
