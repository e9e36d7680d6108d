"""Code that the documents show runs."""

from __future__ import annotations

import re

import pandas as pd


def test_the_spark_function_gives_the_records(root):
    page = (root / "docs/large-scale.md").read_text("utf-8")
    code = re.search(r"```python spark\n(.+?)```", page, re.DOTALL)
    names = {}
    exec(code[1], names)
    texts = ["Ana Weiss said that not a single soldier would go to Ukraine.", "It rained."]
    batch = pd.DataFrame({"id": ["a", "b"], "text": texts})
    (frame,) = names["score"](iter([batch]))
    assert frame.to_dict("records")[0] | {"confidence": 0} == {
        "article_id": "a",
        "speaker": "Ana Weiss",
        "speaker_id": "ana-weiss",
        "country": None,
        "stance": "deny",
        "confidence": 0,
    }
    assert len(frame) == 1
