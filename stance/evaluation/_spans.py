"""Arithmetic on sets of half-open spans."""

from __future__ import annotations

from collections.abc import Iterable


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the same characters as sorted spans that neither overlap nor touch."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def length(spans: Iterable[tuple[int, int]]) -> int:
    """Returns the number of characters in at least one span."""
    return sum(end - start for start, end in merged(spans))


def common_length(left: Iterable[tuple[int, int]], right: Iterable[tuple[int, int]]) -> int:
    """Returns the number of characters that lie in both sets."""
    a, b = merged(left), merged(right)
    i = j = total = 0
    while i < len(a) and j < len(b):
        total += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return total
