"""Where a system is good and where not: accuracy on parts of the gold speakers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker
from stance.evaluation._ratios import Estimate, FloatArray, ratio
from stance.evaluation.alignment import align
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.evaluation.records import SpeakersByArticle, from_annotated
from stance.schema import NONE

LEAST = 10
"""Gold speakers that a slice must have on either side to be compared with the rest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """The gold speakers with a stance that share a property.

    Attributes:
        by: The property, for instance "register".
        value: Its value.
        accuracy: Share of them that were found and labelled as in gold.
        difference: `accuracy` less that of all others, with the interval of the same resamples;
            None where either side has fewer than `LEAST` speakers.
        gap: Whether that interval leaves out 0. Of twenty slices without any gap one is expected
            to be flagged.
    """

    by: str
    value: str
    accuracy: Figure
    difference: Figure | None
    gap: bool

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON values."""
        return asdict(self)


def score_slices(
    articles: Sequence[AnnotatedArticle],
    predicted: SpeakersByArticle,
    *,
    n_resamples: int,
    seed: int,
) -> list[Slice]:
    """Scores every slice, with 95 % intervals over articles.

    Args:
        articles: Annotated articles.
        predicted: Predicted speakers of these articles.
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.

    Returns:
        Slices by register, form of the reporting, codebook rule, kind, gender, country, position
        of the first statement on the target in the article, number of statements on the target,
        and length of the article. A speaker is in several slices of one property where its
        statements differ in it.
    """
    ordered = sorted(articles, key=lambda a: a.id)
    rows: list[tuple[int, bool, set[tuple[str, str]]]] = []
    for i, article in enumerate(ordered):
        own = from_annotated(article)
        stances = [s for s in predicted.get(article.id, ()) if s.stance]
        right = {
            id(p.gold) for p in align(own, stances).pairs if p.gold.stance == p.predicted.stance
        }
        rows += [
            (i, id(record) in right, set(_properties(article, speaker)))
            for speaker, record in zip(article.speakers, own, strict=True)
            if speaker.stance != NONE
        ]
    names = sorted({name for _, _, properties in rows for name in properties})
    place = {name: j for j, name in enumerate(names)}
    # Speakers and right ones: of everything in the last two columns, of each slice before.
    counts = np.zeros((len(ordered), 2 * len(names) + 2))
    for i, is_right, properties in rows:
        for name in properties:
            counts[i, 2 * place[name] : 2 * place[name] + 2] += (1, is_right)
        counts[i, -2:] += (1, is_right)

    def figures(sums: FloatArray) -> dict[str, Estimate]:
        out = {}
        for j in range(len(names)):
            n, hits = sums[:, 2 * j], sums[:, 2 * j + 1]
            inside = ratio(hits, n)
            outside = ratio(sums[:, -1] - hits, sums[:, -2] - n)
            out[f"accuracy/{j}"] = inside
            out[f"difference/{j}"] = Estimate(inside.value - outside.value, outside.n)
        return out

    found = bootstrap_figures(counts, figures, n_resamples=n_resamples, seed=seed)
    return [
        _slice(name, found[f"accuracy/{j}"], found[f"difference/{j}"])
        for j, name in enumerate(names)
    ]


def _slice(name: tuple[str, str], accuracy: Figure, difference: Figure) -> Slice:
    enough = accuracy.n >= LEAST and difference.n >= LEAST
    low, high = difference.low, difference.high
    gap = enough and low is not None and high is not None and not low <= 0 <= high
    return Slice(
        by=name[0],
        value=name[1],
        accuracy=accuracy,
        difference=difference if enough else None,
        gap=gap,
    )


def _properties(article: AnnotatedArticle, speaker: AnnotatedSpeaker) -> Iterator[tuple[str, str]]:
    own = [s for s in article.statements if speaker.key in s.speakers and s.stance != NONE]
    yield "register", article.register
    yield from (("form", s.form) for s in own)
    yield "rule", str(speaker.rule)
    yield "kind", speaker.kind
    yield "gender", speaker.gender or "unknown"
    yield "country", speaker.country or "unknown"
    if any(s.field == "title" for s in own):
        yield "position", "headline"
    starts = [s.content[0].start for s in own if s.field == "text"]
    if starts:
        third = min(2, 3 * min(starts) // max(1, len(article.text)))
        yield "position", ("first third", "second third", "last third")[third]
    yield "statements", str(len(own)) if len(own) < 4 else "4 or more"
    words = len(article.text.split())
    yield "words", "under 250" if words < 250 else "250 to 499" if words < 500 else "500 or more"
