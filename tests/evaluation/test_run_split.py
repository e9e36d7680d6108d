"""Records that speak of other splits of the corpus, and those that cannot be read."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from stance.corpus import load
from stance.errors import InputError
from stance.evaluation.run import _of_split


def test_records_of_other_splits_are_left_out_and_unknown_ones_kept(root, tmp_path):
    corpus = root / "data" / "troops"
    config = SimpleNamespace(corpus_root=corpus, split="dev")
    ids = [load(corpus, split)[0].id for split in ("dev", "test", "train")] + ["unknown"]
    source = tmp_path / "all.jsonl"
    source.write_text("".join(json.dumps({"article_id": i}) + "\n" for i in ids), "utf-8")
    kept = _of_split(config, source, tmp_path / "dev.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["article_id"] for line in kept] == [ids[0], "unknown"]
    for text in ("no JSON\n", None):
        source.write_text(text, "utf-8") if text else source.unlink()
        with pytest.raises(InputError):
            _of_split(config, source, tmp_path / "dev.jsonl")
