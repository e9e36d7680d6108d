"""Tests of `stance.evaluation._spans`."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stance.evaluation._spans import common_length, length, merged

_SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair))),
    max_size=5,
)


def _characters(spans: list[tuple[int, int]]) -> set[int]:
    return {i for start, end in spans for i in range(start, end)}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(left=_SPANS, right=_SPANS)
def test_lengths_are_those_of_sets_of_characters(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    assert length(left) == len(_characters(left))
    assert common_length(left, right) == len(_characters(left) & _characters(right))
    assert _characters(merged(left)) == _characters(left)


def test_spans_that_overlap_or_touch_are_merged() -> None:
    assert merged([(5, 6), (0, 9), (9, 10), (12, 13)]) == [(0, 10), (12, 13)]
