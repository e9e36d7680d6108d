"""Articles in which nothing can concern the target pass by unread."""

from __future__ import annotations

import json

import pytest

from stance import StanceClassifier
from stance.errors import ModelError
from stance.inference.screen import SCREEN_FILE, WINDOW, Screen, windows
from stance.schema import Article

SCREEN = Screen(weights={"troops": 3.0, "ground troops": 2.0}, intercept=-4.0, threshold=0.5)


def test_score_is_that_of_the_best_window():
    far = "word " * 200
    assert SCREEN.score(Article(text="Ground troops, no.")) == pytest.approx(1.0)
    assert SCREEN.score(Article(text=f"{far} ground {far} troops {far}")) == pytest.approx(-1.0)
    assert SCREEN.score(Article(text="A fair.", title="Ground troops")) == pytest.approx(1.0)
    assert SCREEN.lets_through(Article(text=f"{far} Ground troops. {far}"))
    assert not SCREEN.lets_through(Article(text="troops"))


def test_every_word_lies_in_a_window():
    words = [f"w{i}" for i in range(205)]
    seen = list(windows(" ".join(words)))
    assert {w for window in seen for w in window} == set(words)
    assert max(map(len, seen)) == WINDOW
    assert list(windows("")) == [[]]


def test_a_folder_without_a_screen_has_none(tmp_path):
    assert Screen.load(tmp_path) is None
    (tmp_path / SCREEN_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="damaged; train the screen again"):
        Screen.load(tmp_path)
    (tmp_path / SCREEN_FILE).write_text(json.dumps({"weights": {}}), encoding="utf-8")
    with pytest.raises(ModelError, match="damaged"):
        Screen.load(tmp_path)


def test_what_is_screened_is_not_read(monkeypatch):
    text = "The mayor of Kiel said that the harbour was closed on Tuesday because of a storm."
    screened = StanceClassifier.from_pretrained()
    monkeypatch.setattr(screened, "_tagger", None)
    assert screened(text).others == ()
    assert StanceClassifier.from_pretrained(screen=False)(text).others


def test_what_concerns_the_target_is_read():
    text = "Ana Weiss said on Monday that not a single soldier would go to Ukraine."
    assert StanceClassifier.from_pretrained()(text).stances[0].stance == "deny"
