"""The authored corpus as it lies in the repository."""

from __future__ import annotations

import datasets
from rapidfuzz import fuzz

from stance.corpus import load
from stance.corpus.build import build, check_splits
from stance.corpus.splits import ARTICLES, split_ids


def test_built_file_is_what_the_mark_up_gives(root, tmp_path):
    import shutil

    folder = tmp_path / "troops"
    shutil.copytree(root / "data" / "troops", folder)
    (folder / ARTICLES).unlink()
    _, errors = build(folder)
    assert errors == []
    assert (folder / ARTICLES).read_bytes() == (root / "data/troops" / ARTICLES).read_bytes()


def test_no_event_or_brief_stands_in_two_splits(root):
    articles = load(root / "data" / "troops")
    assert check_splits(articles, split_ids(root / "data" / "troops"), "splits.json") == []


def test_no_speaker_or_near_duplicate_across_splits(root):
    folder = root / "data" / "troops"
    by_split = {s: load(folder, s) for s in ("train", "dev", "test")}
    people = {
        s: {
            p.name
            for a in articles
            for p in a.speakers
            if p.kind == "person" and " " in p.name and p.name[0].isupper()
        }
        for s, articles in by_split.items()
    }
    for a, b in (("train", "dev"), ("train", "test"), ("dev", "test")):
        assert not {n for n in people[a] & people[b] if not n.lower().startswith("the ")}
        texts = [x.text[:600] for x in by_split[b]]
        for article in by_split[a]:
            assert all(fuzz.ratio(article.text[:600], t) < 80 for t in texts), article.id


def test_loads_with_the_datasets_library(root, tmp_path):
    rows = datasets.load_dataset(
        "json", data_files=str(root / "data/troops" / ARTICLES), cache_dir=str(tmp_path)
    )["train"]
    assert len(rows) == len(load(root / "data" / "troops"))
