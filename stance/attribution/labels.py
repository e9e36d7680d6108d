"""Token labels of the tagger: each role by itself, as begin / inside / outside.

Roles may overlap (a source inside a reported content), so each role has its own three logits, side
by side in one token classification head: `source:O source:B source:I cue:O …`. Contents inside
other contents (nested reports) have a role of their own, `inner`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.attribution.windows import TokenizedText
from stance.corpus.attributions import AttributedText
from stance.schema import Span

ROLES: tuple[str, ...] = ("source", "cue", "content", "inner")
"""Roles in the order of the logits."""

TAGS: tuple[str, ...] = ("O", "B", "I")
"""Tags of each role in the order of the logits."""

TOKEN_LABELS: tuple[str, ...] = tuple(f"{role}:{tag}" for role in ROLES for tag in TAGS)
"""Names of all logits of the tagger."""

IGNORED = -100
"""Label of tokens that do not count in the loss."""


def role_spans(text: AttributedText) -> dict[str, list[Span]]:
    """Returns the spans of each role; contents inside a larger content are `inner`."""
    contents = sorted({span for a in text.attributions for span in a.content})
    inner = [s for s in contents if any(_inside(s, other) for other in contents)]
    return {
        "source": sorted({span for a in text.attributions for span in a.source}),
        "cue": sorted({span for a in text.attributions for span in a.cue}),
        "content": [s for s in contents if s not in inner],
        "inner": inner,
    }


def token_labels(
    tokens: TokenizedText,
    spans: dict[str, list[Span]],
    *,
    ignored_roles: Iterable[str] = (),
    known: Iterable[Span] | None = None,
) -> NDArray[np.int64]:
    """Labels each token for each role.

    Args:
        tokens: The tokenised text.
        spans: Spans by role.
        ignored_roles: Roles that the corpus does not annotate; they get `IGNORED`.
        known: Parts of the text outside which nothing is annotated; None means all of it.

    Returns:
        Indices into `TAGS`, shape (n_tokens, n_roles); separators inside a span are I.
    """
    labels = np.zeros((len(tokens), len(ROLES)), np.int64)
    for column, role in enumerate(ROLES):
        for start, end in spans[role]:
            touched = np.flatnonzero((tokens.starts < end) & (tokens.ends > start))
            if len(touched):
                labels[touched[0] : touched[-1] + 1, column] = TAGS.index("I")
                labels[touched[0], column] = TAGS.index("B")
    for role in ignored_roles:
        labels[:, ROLES.index(role)] = IGNORED
    if known is not None:
        inside = np.zeros(len(tokens), bool)
        for start, end in known:
            inside |= (tokens.starts < end) & (tokens.ends > start)
        labels[~inside] = IGNORED
    return labels


def _inside(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end and span != other


def tags_to_spans(tags: Sequence[int], tokens: TokenizedText) -> list[Span]:
    """Decodes one role's tags: B opens a span, I continues or opens one, O closes it.

    A separator between paragraphs neither opens nor ends a span.
    """
    spans: list[Span] = []
    start = end = -1
    for tag, a, b in zip(tags, tokens.starts.tolist(), tokens.ends.tolist(), strict=True):
        if a < 0:
            continue
        if TAGS[tag] != "I" and start >= 0:
            spans.append(Span(start, end))
            start = -1
        if TAGS[tag] != "O":
            start = a if start < 0 else start
            end = b
    if start >= 0:
        spans.append(Span(start, end))
    return spans
