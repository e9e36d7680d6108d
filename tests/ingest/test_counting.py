"""Articles are counted without being read."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.ingest import count_articles, read_articles


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Nobody spoke.")
    paragraph = "<p>The council of the town met on Monday and spoke for an hour of the bridge.</p>"
    (folder / "b.html").write_text(f"<html><body><article>{paragraph * 5}</article></body></html>")
    (folder / ".hidden.txt").write_text("Nobody spoke.")
    (folder / "picture.png").write_bytes(b"x")
    (folder / "c.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    table = pa.table({"text": ["Three.", "Four.", "Five."]})
    pq.write_table(table, tmp_path / "t.parquet")
    return [str(folder), str(tmp_path / "t.parquet")]


def test_count_is_what_is_read(inputs):
    read = list(read_articles(inputs, on_error=lambda error: pytest.fail(str(error))))
    assert count_articles(inputs) == len(read) == 7


@pytest.mark.parametrize("name", ["-", "rows.csv", "rows.jsonl.gz", "absent.parquet"])
def test_what_cannot_be_told_is_none(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    if name.startswith("rows"):
        (tmp_path / name).write_bytes(b"text\nx\n")
    assert count_articles([name]) is None
