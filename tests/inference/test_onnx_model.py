"""A row's logits depend on the row alone."""

from __future__ import annotations

import numpy as np
import pytest

from stance.inference.classifier import SHIPPED
from stance.inference.onnx_model import OnnxModel

TEXTS = ("No soldier will go.", "She said that the idea was premature. " * 9, "Troops, perhaps.")


@pytest.mark.parametrize("task", ["stance", "attribution"])
def test_company_order_and_threads_change_nothing(task):
    one, two = (OnnxModel(SHIPPED / task, task, threads=n) for n in (1, 2))
    rows = [one.tokenizer.encode(text).ids for text in TEXTS]
    alone = [one.run([row])[0] for row in rows]
    together = two.run(rows)
    backwards = two.run(rows[::-1])[::-1]
    for row, expected, a, b in zip(rows, alone, together, backwards, strict=True):
        kept = slice(len(row)) if expected.ndim > 1 else slice(None)
        np.testing.assert_array_equal(a[kept], expected)
        np.testing.assert_array_equal(b[kept], expected)
        if expected.ndim > 1:
            assert not a[len(row) :].any()
