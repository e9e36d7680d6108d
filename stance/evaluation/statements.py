"""Statements and speakers of whole articles against annotation, each reporting form by itself.

Unlike `token_f1`, which looks at words, this looks at what a user of `stance.attribute` gets: is
the statement there, and does the right speaker make it?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from stance.corpus.schema import FORMS, AnnotatedArticle, AnnotatedStatement
from stance.evaluation._ratios import Estimate, FloatArray, ratio
from stance.evaluation._spans import common_length, length
from stance.evaluation.alignment import align
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.evaluation.records import FieldSpan, SpeakerRecord, from_annotated
from stance.schema import Attribution, Speaker, Statement

_SAME = 0.5
"""Share of the shorter one's characters that two statements have to share to be the same."""

_PLACES = ("all", *FORMS)
_COLUMNS = (
    *(f"{place}/{what}" for place in _PLACES for what in ("gold", "found", "attributed", "right")),
    "predicted",
    "wanted",
    "paired",
    "same_kind",
)


def score_statements(
    pairs: Iterable[tuple[AnnotatedArticle, Attribution]], *, n_resamples: int, seed: int
) -> dict[str, Figure]:
    """Scores attributions of annotated articles, with 95 % intervals over articles.

    Args:
        pairs: Articles with what was found in them.
        n_resamples: Bootstrap resamples over articles, 0 for no intervals.
        seed: Seed of the resampling.

    Returns:
        - `statements/recall` and, by reporting form, `statements/FORM/recall`: share of annotated
          statements of which a found one shares at least half of the characters of the shorter.
        - `statements/precision`: share of found statements, with a speaker or without, that are
          such a one.
        - `statements/speaker_accuracy` and `statements/FORM/speaker_accuracy`: over annotated
          statements that are found, and each of their speakers, the share that a found statement of
          the speaker paired with it (`alignment.align`) stands for.
        - `speakers/kind_accuracy`: share of paired speakers whose kind is right.

        A figure without a denominator is None.
    """
    counts = [_count(article, found) for article, found in pairs]
    rows = [[count[name] for name in _COLUMNS] for count in counts]
    table = np.asarray(rows, dtype=np.int64).reshape(len(rows), len(_COLUMNS))
    return bootstrap_figures(table, _figures, n_resamples=n_resamples, seed=seed)


def _figures(sums: FloatArray) -> dict[str, Estimate]:
    c = dict(zip(_COLUMNS, sums.T, strict=True))
    out = {
        "statements/precision": ratio(c["wanted"], c["predicted"]),
        "speakers/kind_accuracy": ratio(c["same_kind"], c["paired"]),
    }
    for place in _PLACES:
        name = "statements" if place == "all" else f"statements/{place}"
        out[f"{name}/recall"] = ratio(c[f"{place}/found"], c[f"{place}/gold"])
        out[f"{name}/speaker_accuracy"] = ratio(c[f"{place}/right"], c[f"{place}/attributed"])
    return out


def _count(article: AnnotatedArticle, found: Attribution) -> Counter[str]:
    counts: Counter[str] = Counter()
    gold = dict(zip((s.key for s in article.speakers), from_annotated(article), strict=True))
    records = {_record(article.id, s): s for s in found.speakers}
    pairing = align(list(gold.values()), list(records))
    partner = {pair.gold: records[pair.predicted] for pair in pairing.pairs}
    counts["paired"] = len(pairing.pairs)
    counts["same_kind"] = sum(p.gold.kind == p.predicted.kind for p in pairing.pairs)
    statements = [
        *{s for speaker in found.speakers for s in speaker.statements},
        *found.unattributed,
    ]
    counts["predicted"] = len(statements)
    counts["wanted"] = sum(any(_same(g, s) for g in article.statements) for s in statements)
    for statement in article.statements:
        is_found = any(_same(statement, s) for s in statements)
        owners = [partner.get(gold[key]) for key in statement.speakers] if is_found else []
        right = sum(_says(owner, statement) for owner in owners if owner is not None)
        for place in ("all", statement.form):
            counts[f"{place}/gold"] += 1
            counts[f"{place}/found"] += is_found
            counts[f"{place}/attributed"] += len(owners)
            counts[f"{place}/right"] += right
    return counts


def _record(article_id: str, speaker: Speaker) -> SpeakerRecord:
    return SpeakerRecord(
        article_id=article_id,
        name=speaker.name,
        kind=speaker.kind,
        stance=None,
        aliases=speaker.aliases,
        statements=tuple(FieldSpan(s.field, a, b) for s in speaker.statements for a, b in s.spans),
    )


def _says(speaker: Speaker, statement: AnnotatedStatement) -> bool:
    return any(_same(statement, s) for s in speaker.statements)


def _same(gold: AnnotatedStatement, found: Statement) -> bool:
    if gold.field != found.field:
        return False
    spans: tuple[Sequence[tuple[int, int]], ...] = gold.content, found.spans
    return common_length(*spans) >= _SAME * min(map(length, spans))
