"""A cheap look at an article: can anything in it concern the target at all?

A logistic regression over the words and word pairs of a moving window decides, so that articles
about other things pass by unread. It never decides a label: what it lets through is read by the
models, and it is fitted to let through far more than concerns the target (`training/screen.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

from stance.errors import ModelError
from stance.schema import Article

SCREEN_FILE = "screen.json"
"""Name of the file beside the two models' folders."""

WINDOW = 60
"""Words that are looked at together, as many as a long passage of the bank has."""

_STRIDE = 30
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """A fitted screen.

    Attributes:
        weights: Of words and of word pairs ("ground troops"), lower case.
        intercept: Added to their sum.
        threshold: Score from which on an article is read.
    """

    weights: dict[str, float]
    intercept: float
    threshold: float

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Reads the screen of a model folder, None if it has none.

        Raises:
            ModelError: The file is damaged.
        """
        path = folder / SCREEN_FILE
        if not path.is_file():
            return None
        try:
            return cls(**json.loads(path.read_text("utf-8")))
        except (ValueError, TypeError) as error:
            raise ModelError(f"{path}: damaged; train the screen again") from error

    def score(self, article: Article) -> float:
        """Returns the largest log-odds of all windows that one of them concerns the target."""
        text = f"{article.title}\n{article.text}" if article.title else article.text
        return max((self._window(w) for w in windows(text)), default=float("-inf"))

    def lets_through(self, article: Article) -> bool:
        """Whether an article has to be read."""
        return self.score(article) >= self.threshold

    def _window(self, words: Sequence[str]) -> float:
        weights = self.weights
        return self.intercept + sum(weights.get(f, 0.0) for f in features(words))


def features(words: Sequence[str]) -> set[str]:
    """Returns the words of a window and its pairs of neighbours."""
    return {*words, *(f"{a} {b}" for a, b in pairwise(words))}


def windows(text: str) -> Iterator[list[str]]:
    """Yields the windows of a text as lower-cased words; neighbours share half of theirs."""
    words = _WORD.findall(text.lower())
    for start in range(0, max(1, len(words) - _STRIDE), _STRIDE):
        yield words[start : start + WINDOW]
