"""Scores of attribution: which words are source, cue and content, and which source a content has.

Sources: roles and their token scores, Newell, Margolin and Ruths, An attribution relations corpus
for political news, LREC 2018 (PolNeAR), and Pareti et al., Automatically detecting and attributing
indirect quotations, EMNLP 2013; overlap of spans, Breck, Choi and Cardie, Identifying expressions
of opinion in context, IJCAI 2007.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.evaluation._ratios import Estimate, FloatArray, named, precision_recall_f1, ratio
from stance.evaluation._spans import common_length, length
from stance.evaluation.bootstrap import Figure, bootstrap_figures

ROLES: tuple[str, ...] = ("source", "cue", "content")
"""Parts of an attribution."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_UNITS = ("tokens", "exact", "overlap")
_WHAT = ("hits_predicted", "predicted", "hits_gold", "gold")
_COLUMNS = (
    *(f"{unit}/{role}/{what}" for unit in _UNITS for role in ROLES for what in _WHAT),
    "linking/gold",
    "linking/found",
    "linking/right",
    "linking/given",
    "linking/given_right",
)

Spans = tuple[tuple[int, int], ...]
"""Half-open ranges of code points."""


class SourceLink(NamedTuple):
    """A statement with its source.

    Attributes:
        content: Spans of what is said, at least one.
        source: Spans of who says it; empty where the text names nobody.
    """

    content: Spans
    source: Spans = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributionDocument:
    """The text of one article, or its title, with gold and predicted spans.

    Attributes:
        article_id: Article it belongs to; text and title of one article share it.
        text: The string that all spans point into.
        gold: Gold spans by role (`ROLES`); a missing role has none.
        predicted: Predicted spans, likewise.
        gold_links: Gold statements with their sources; may be left out.
        predicted_links: Predicted ones.
        links_of_gold: The sources that the system gives to gold's contents; may be left out.
    """

    article_id: str
    text: str
    gold: Mapping[str, Sequence[tuple[int, int]]]
    predicted: Mapping[str, Sequence[tuple[int, int]]]
    gold_links: Sequence[SourceLink] = field(default=())
    predicted_links: Sequence[SourceLink] = field(default=())
    links_of_gold: Sequence[SourceLink] = field(default=())

    def __post_init__(self) -> None:
        for side in (self.gold, self.predicted):
            for role, spans in side.items():
                if role not in ROLES:
                    raise ValueError(f"role '{role}' is not one of {', '.join(ROLES)}")
                self._check(spans)
        for link in (*self.gold_links, *self.predicted_links, *self.links_of_gold):
            if not link.content:
                raise ValueError(f"a link without content in article '{self.article_id}'")
            self._check((*link.content, *link.source))

    def _check(self, spans: Iterable[tuple[int, int]]) -> None:
        for start, end in spans:
            if not 0 <= start < end <= len(self.text):
                raise ValueError(
                    f"span [{start}, {end}) is empty or leaves the text of '{self.article_id}'"
                )


def tokenize(text: str) -> NDArray[np.int64]:
    r"""Splits into runs of word characters and single other marks (`\w+|[^\w\s]`).

    Args:
        text: Any text.

    Returns:
        Shape (n_tokens, 2), start and end of each token, in code points.
    """
    offsets = [match.span() for match in _TOKEN.finditer(text)]
    return np.asarray(offsets, dtype=np.int64).reshape(-1, 2)


def score_attribution(
    documents: Iterable[AttributionDocument], *, n_resamples: int, seed: int
) -> dict[str, Figure]:
    """Scores attribution, each role by itself, summed over articles, with 95 % intervals.

    Args:
        documents: Texts and titles with gold and predicted spans.
        n_resamples: Bootstrap resamples over articles, 0 for no intervals.
        seed: Seed of the resampling.

    Returns:
        Precision, recall and F1 under

        - `tokens/ROLE/…`: a token (`tokenize`) has a role when it overlaps any span of that role; a
          hit has it in gold and in prediction.
        - `exact/ROLE/…`: a hit is a span with the same two ends; each fragment of a broken content
          is a span, spans given twice count once.
        - `overlap/ROLE/…`: predicted spans that share a character with any gold span of the role
          (precision), and the reverse (recall). Lenient: one long span may meet many.

        and, for documents with links,

        - `linking/accuracy`: among the gold links whose content is found (it shares a character
          with the content of a predicted link), the share whose source is right. The predicted link
          is the one with the largest Jaccard coefficient of characters; its source is right when it
          shares a character with gold's, or when both have none.
        - `linking/recall`: share of all gold links that are found with the right source.
        - `linking/given_contents`: the accuracy where the system is given gold's contents, in
          documents that hold `links_of_gold`.

        A figure without a denominator is None.
    """
    by_article: dict[str, Counter[str]] = {}
    for document in documents:
        by_article.setdefault(document.article_id, Counter()).update(_count(document))
    rows = [[by_article[key][name] for name in _COLUMNS] for key in sorted(by_article)]
    counts = np.asarray(rows, dtype=np.int64).reshape(len(rows), len(_COLUMNS))
    return bootstrap_figures(counts, _figures, n_resamples=n_resamples, seed=seed)


def _figures(sums: FloatArray) -> dict[str, Estimate]:
    c = dict(zip(_COLUMNS, sums.T, strict=True))
    out: dict[str, Estimate] = {}
    for unit in _UNITS:
        for role in ROLES:
            place = f"{unit}/{role}"
            out |= named(place, precision_recall_f1(*(c[f"{place}/{what}"] for what in _WHAT)))
    out["linking/accuracy"] = ratio(c["linking/right"], c["linking/found"])
    out["linking/recall"] = ratio(c["linking/right"], c["linking/gold"])
    out["linking/given_contents"] = ratio(c["linking/given_right"], c["linking/given"])
    return out


def _count(document: AttributionDocument) -> Counter[str]:
    counts: Counter[str] = Counter()
    tokens = tokenize(document.text)
    for role in ROLES:
        gold = sorted({(a, b) for a, b in document.gold.get(role, ())})
        predicted = sorted({(a, b) for a, b in document.predicted.get(role, ())})
        gold_tokens, predicted_tokens = _covered(tokens, gold), _covered(tokens, predicted)
        shared = int((gold_tokens & predicted_tokens).sum())
        exact = len(set(gold) & set(predicted))
        cells = {
            "tokens": (shared, int(predicted_tokens.sum()), shared, int(gold_tokens.sum())),
            "exact": (exact, len(predicted), exact, len(gold)),
            "overlap": (
                sum(common_length([span], gold) > 0 for span in predicted),
                len(predicted),
                sum(common_length([span], predicted) > 0 for span in gold),
                len(gold),
            ),
        }
        for unit, numbers in cells.items():
            for what, number in zip(_WHAT, numbers, strict=True):
                counts[f"{unit}/{role}/{what}"] = number
    for link in document.gold_links:
        best = _best_link(link, document.predicted_links)
        counts["linking/gold"] += 1
        counts["linking/found"] += int(best is not None)
        counts["linking/right"] += int(best is not None and _same_source(link, best))
        if document.links_of_gold:
            own = _best_link(link, document.links_of_gold)
            counts["linking/given"] += 1
            counts["linking/given_right"] += int(own is not None and _same_source(link, own))
    return counts


def _covered(tokens: NDArray[np.int64], spans: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Returns, of shape (n_tokens,), whether each token overlaps any span."""
    covered = np.zeros(len(tokens), dtype=np.bool_)
    for start, end in spans:
        first = np.searchsorted(tokens[:, 1], start, side="right")
        last = np.searchsorted(tokens[:, 0], end, side="left")
        covered[first:last] = True
    return covered


def _best_link(gold: SourceLink, predicted: Iterable[SourceLink]) -> SourceLink | None:
    """Returns the predicted link whose content is nearest to gold's, None where none overlaps."""

    def jaccard(link: SourceLink) -> float:
        shared = common_length(gold.content, link.content)
        return shared / (length(gold.content) + length(link.content) - shared)

    best = max(sorted(predicted), key=jaccard, default=None)
    return best if best is not None and jaccard(best) > 0 else None


def _same_source(gold: SourceLink, predicted: SourceLink) -> bool:
    if not gold.source or not predicted.source:
        return not gold.source and not predicted.source
    return common_length(gold.source, predicted.source) > 0
