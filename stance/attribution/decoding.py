"""The tagger's logits → spans of each role."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from stance.attribution.labels import ROLES, TAGS, tags_to_spans
from stance.attribution.lexicon import words
from stance.attribution.windows import TokenizedText
from stance.schema import Span

_JOINING_BEFORE = re.compile(r"(?:(?:including|and|or|but|like|while|as|than)\s+)*")
_JOINING_AFTER = re.compile(r"(?:,?\s+(?:and|or|of|in|for|from|with|as|like))*\Z")


def decode_spans(
    logits: NDArray[np.float32],
    tokens: TokenizedText,
    text: str,
    roles: Collection[str] = ROLES,
) -> dict[str, list[Span]]:
    """Decodes each role by itself.

    Args:
        logits: Shape (n_tokens, n_roles * n_tags), see `labels.TOKEN_LABELS`.
        tokens: The tokens that were scored.
        text: The text they point into.
        roles: Roles that the model has learned; the others have no spans.

    Returns:
        Spans by role, in order, ending at word boundaries.
    """
    tags = logits.reshape(len(tokens), len(ROLES), len(TAGS)).argmax(-1)
    inside_word = _continues_word(tokens, text)
    spans: dict[str, list[Span]] = {}
    for column, role in enumerate(ROLES):
        if role not in roles:
            spans[role] = []
            continue
        role_tags = tags[:, column].copy()
        # All pieces of a word take the decision of its first piece.
        for i in np.flatnonzero(inside_word):
            role_tags[i] = TAGS.index("O" if TAGS[role_tags[i - 1]] == "O" else "I")
        spans[role] = [
            trimmed
            for span in tags_to_spans(role_tags.tolist(), tokens)
            if (trimmed := _trim(text, span, role)) is not None
        ]
    return spans


def _continues_word(tokens: TokenizedText, text: str) -> NDArray[np.bool_]:
    out = np.zeros(len(tokens), np.bool_)
    for i in range(1, len(tokens)):
        a = int(tokens.starts[i])
        out[i] = 0 < a == tokens.ends[i - 1] and text[a].isalnum() and text[a - 1].isalnum()
    return out


def _trim(text: str, span: Span, role: str) -> Span | None:
    """Drops punctuation that cannot belong to a role; None if no word is left."""
    edge = " \t\n\r,;:" if role == "cue" else " \t\n\r,;"
    start, end = span
    if role == "cue" and text[start:end].strip() == ":":
        return span
    while start < end and text[start] in edge:
        start += 1
    while end > start and text[end - 1] in edge:
        end -= 1
    if role == "source":
        # "including Ireland", "Denmark and": a word that joins it to others.
        start += len(_JOINING_BEFORE.match(text, start, end)[0])  # type: ignore[index]
        end -= len(_JOINING_AFTER.search(text[start:end])[0])  # type: ignore[index]
    if not any(c.isalnum() for c in text[start:end]):
        return None
    if role == "content" and text[start:end].lower() in words("function_words"):
        return None  # a stray "her" is nothing that was said
    return Span(start, end)
