"""The screen is fitted and its threshold keeps what it promises."""

from __future__ import annotations

import json

import pytest

from stance.errors import InputError
from stance.inference.screen import Screen
from stance.schema import Article
from stance.training.config import ScreenConfig
from stance.training.screen import train_screen

FOLDS = 2


@pytest.fixture
def polnear(tmp_path):
    for split, sport in (("train", "rowing"), ("dev", "curling")):
        folder = tmp_path / "polnear" / split
        (folder / "text").mkdir(parents=True)
        (folder / "attributions").mkdir()
        for i in range(4):
            text = f"The {sport} club said the boats of pier {i} were dry."
            (folder / "text" / f"n{i}.txt").write_text(text, encoding="utf-8")
            (folder / "attributions" / f"n{i}_a.ann").write_text("", encoding="utf-8")
    return tmp_path / "polnear"


@pytest.fixture
def config(tiny_corpus, polnear, tmp_path):
    def make(**changes):
        values = {"corpus_root": str(tiny_corpus), "polnear_root": str(polnear)}
        values |= {"output_dir": str(tmp_path / "out"), "folds": FOLDS, "max_lost": 0}
        values |= {"slack": 0.0, "margin": 50, "min_count": 1, "max_features": 500, "c": 1.0}
        return ScreenConfig(**{**values, **changes})

    return make


def test_no_article_with_a_stance_is_lost(config, tmp_path):
    figures = train_screen(config())
    assert figures["articles_with_stance"] == 9
    assert figures["lost"] == 0
    screen = Screen.load(tmp_path / "out")
    assert screen.lets_through(Article(text="The minister said no soldiers will go to ukraine."))
    assert not screen.lets_through(Article(text="The rowing club said the boats were dry."))
    provenance = json.loads((tmp_path / "out/screen.provenance.json").read_text("utf-8"))
    assert provenance["cross_validation"] == figures
    assert set(provenance["data_sha256"]) == {"articles.jsonl", "passages.jsonl"}


def test_slack_lowers_the_threshold_and_a_second_run_gives_the_same(config, tmp_path):
    train_screen(config())
    first = Screen.load(tmp_path / "out")
    train_screen(config())
    assert Screen.load(tmp_path / "out") == first
    train_screen(config(slack=2.0))
    lower = Screen.load(tmp_path / "out")
    assert lower.threshold == pytest.approx(first.threshold - 2)
    assert lower.weights == first.weights


def test_missing_corpus_is_one_line(config):
    with pytest.raises(InputError, match="no PolNeAR annotations"):
        train_screen(config(polnear_root="no/such"))
