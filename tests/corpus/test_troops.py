"""The authored corpus as it lies in the repository."""

from __future__ import annotations

import datasets
import pytest

from stance.corpus import load, load_bank, load_contrast
from stance.corpus.build import Corpus, build, check_splits
from stance.corpus.splits import ARTICLES, BANK, CONTRAST, split_ids
from stance.errors import InputError
from stance.evaluation.corpus_report import corpus_duplicates, corpus_report


def test_built_file_is_what_the_mark_up_gives(root, tmp_path):
    import shutil

    folder = tmp_path / "troops"
    shutil.copytree(root / "data" / "troops", folder)
    for name in (ARTICLES, BANK, CONTRAST):
        (folder / name).unlink()
    _, errors = build(folder)
    assert errors == []
    for name in (ARTICLES, BANK, CONTRAST):
        assert (folder / name).read_bytes() == (root / "data/troops" / name).read_bytes()


def test_no_event_or_brief_stands_in_two_splits(root):
    articles = load(root / "data" / "troops")
    assert check_splits(articles, split_ids(root / "data" / "troops"), "splits.json") == []


@pytest.fixture(scope="module")
def corpus(root):
    folder = root / "data/troops"
    return Corpus(articles=load(folder), bank=load_bank(folder), contrast=load_contrast(folder))


def test_no_near_duplicates_across_splits_and_hardly_any_within(root, corpus):
    found = corpus_duplicates(root / "data/troops", corpus)
    assert found["across"] == []
    names = {name for pair in found["passages"] for name in pair[:2]}
    assert len(names) < 0.01 * len(corpus.bank)


def test_contrast_pairs_are_split_in_halves_of_all_six_directions(root, corpus):
    folder = root / "data/troops"
    parts = {split: load_contrast(folder, split) for split in ("dev", "test")}
    assert sum(map(len, parts.values())) == len(corpus.contrast)
    stances = {p.id: p.stance for p in corpus.contrast}
    for own in parts.values():
        pairs = {(stances[p.partner], p.stance) for p in own if p.partner}
        assert len({p for p in pairs if "none" not in p}) == 6
    assert not {p.brief for p in parts["dev"]} & {p.brief for p in parts["test"]}
    with pytest.raises(InputError, match="no split 'train'"):
        load_contrast(folder, "train")


def test_words_alone_do_not_solve_the_corpus(root, corpus):
    report = corpus_report(root / "data/troops", corpus, n_resamples=0)
    assert report["shortcuts_macro_f1"]["words_of_statements"] <= 0.75
    assert report["shortcuts_macro_f1"]["names_countries_roles"] <= 0.42


def test_no_speaker_across_splits(root):
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


def test_loads_with_the_datasets_library(root, tmp_path):
    for name, loader in ((ARTICLES, load), (BANK, load_bank), (CONTRAST, load_contrast)):
        rows = datasets.load_dataset(
            "json", data_files=str(root / "data/troops" / name), cache_dir=str(tmp_path)
        )["train"]
        assert len(rows) == len(loader(root / "data" / "troops"))
