"""Articles worked on at once come out in order."""

from __future__ import annotations

import threading
import time

import pytest

from stance.inference.ahead import in_order


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_results_come_in_order_and_no_more_is_read_than_needed(at_once):
    taken = []

    def source():
        for i in range(20):
            taken.append(i)
            yield i

    def work(i):
        time.sleep(0.002 * (i % 3))
        return -i

    for n, (item, result) in enumerate(in_order(work, source(), at_once=at_once)):
        assert (item, result) == (n, -n)
        assert len(taken) <= n + 1 + at_once
    assert len(taken) == 20


def test_two_are_worked_on_at_once():
    both = threading.Barrier(2, timeout=5)
    assert [r for _, r in in_order(lambda i: both.wait() >= 0, range(4), at_once=2)] == [True] * 4


def test_an_error_comes_in_its_place():
    found = in_order(lambda i: 1 / i, [1, 0, 2], at_once=2)
    assert next(found) == (1, 1.0)
    with pytest.raises(ZeroDivisionError):
        next(found)
