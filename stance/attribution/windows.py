"""Texts → token windows for the tagger.

A text is tokenised paragraph by paragraph; a separator stands between paragraphs, since who speaks
often changes there and an uncased tokenizer would not see the line end. What such a tokenizer takes
away besides, capitals, comes back as the type of each token: names and beginnings of sentences are
where sources stand. Long texts are read in windows that overlap, and each token is judged in the
window where it lies farthest from an edge.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from stance.schema import Span

IntArray = NDArray[np.int64]

# The tokenizer's cost per call grows with the length of its input; very long paragraphs are cut
# at white space into pieces of about this many characters.
_PIECE = 4000


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenizedText:
    """A tokenised text.

    Attributes:
        ids: Token ids, separators between paragraphs included, shape (n_tokens,).
        starts: First offset of each token; -1 for separators, shape (n_tokens,).
        ends: Offset after each token; -1 for separators, shape (n_tokens,).
        capitals: 1 for tokens of a word that begins with a capital, else 0, shape (n_tokens,).
    """

    ids: IntArray
    starts: IntArray
    ends: IntArray
    capitals: IntArray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Tokens `start` to `end` of a text, of which `keep_start` to `keep_end` are judged here."""

    start: int
    end: int
    keep_start: int
    keep_end: int


def tokenize_text(tokenizer: Tokenizer, text: str, paragraphs: Sequence[Span]) -> TokenizedText:
    """Tokenises the given paragraphs of a text, in order.

    Args:
        tokenizer: Without truncation and padding; knows `[SEP]`/`</s>` (see `special_ids`).
        text: The whole text.
        paragraphs: Spans to be read; what lies between them is skipped.

    Returns:
        Tokens with offsets into `text`.
    """
    _, separator, _ = special_ids(tokenizer)
    pieces: list[tuple[int, int, bool]] = []
    for start, end in paragraphs:
        cuts = [start]
        while end - cuts[-1] > _PIECE:
            cut = text.rfind(" ", cuts[-1] + _PIECE // 2, cuts[-1] + _PIECE)
            cuts.append(cut if cut > 0 else cuts[-1] + _PIECE)
        bounds = [*cuts, end]
        pieces.extend((a, b, i == 0) for i, (a, b) in enumerate(itertools.pairwise(bounds)))
    encodings = tokenizer.encode_batch([text[a:b] for a, b, _ in pieces], add_special_tokens=False)
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for (offset, _, is_first), encoding in zip(pieces, encodings, strict=True):
        if is_first and ids:
            ids.append(separator)
            starts.append(-1)
            ends.append(-1)
        ids.extend(encoding.ids)
        starts.extend(offset + a for a, _ in encoding.offsets)
        ends.extend(offset + b for _, b in encoding.offsets)
    return TokenizedText(
        ids=np.array(ids, np.int64),
        starts=np.array(starts, np.int64),
        ends=np.array(ends, np.int64),
        capitals=_capitals(text, starts, ends),
    )


def _capitals(text: str, starts: Sequence[int], ends: Sequence[int]) -> IntArray:
    out: list[int] = []
    previous_end = -1
    for start, end in zip(starts, ends, strict=True):
        if start < 0:
            out.append(0)
        elif start == previous_end and text[start].isalnum() and text[start - 1].isalnum():
            out.append(out[-1])
        else:
            out.append(int(text[start : start + 1].isupper()))
        previous_end = end
    return np.array(out, np.int64)


def make_windows(n_tokens: int, *, max_tokens: int, overlap: int) -> list[Window]:
    """Splits a text of `n_tokens` into windows of `max_tokens`, two special tokens included.

    Args:
        n_tokens: Length of the text in tokens.
        max_tokens: Longest input of the model, in tokens.
        overlap: Tokens that two neighbours share; each side keeps half of them.

    Returns:
        Windows in order; their kept parts cover every token once.
    """
    width = max_tokens - 2
    if not 0 <= overlap < width:
        raise ValueError(f"overlap {overlap} must be at least 0 and less than {width}")
    windows = []
    start = 0
    keep_start = 0
    while True:
        end = min(start + width, n_tokens)
        keep_end = n_tokens if end == n_tokens else end - overlap // 2
        windows.append(Window(start=start, end=end, keep_start=keep_start, keep_end=keep_end))
        if end == n_tokens:
            return windows
        start, keep_start = end - overlap, keep_end


def special_ids(tokenizer: Tokenizer) -> tuple[int, int, int]:
    """Returns the ids of the tokens that begin, end and pad an input.

    Raises:
        ValueError: The tokenizer has none of the known ones.
    """
    out = []
    for names in (("[CLS]", "<s>"), ("[SEP]", "</s>"), ("[PAD]", "<pad>")):
        found = [i for i in map(tokenizer.token_to_id, names) if i is not None]
        if not found:
            raise ValueError(f"the tokenizer has no {' or '.join(names)}")
        out.append(found[0])
    return out[0], out[1], out[2]


def window_ids(tokenizer: Tokenizer, text: TokenizedText, window: Window) -> list[int]:
    """Returns the model's input for a window: begin token, its tokens, end token."""
    begin, end, _ = special_ids(tokenizer)
    return [begin, *text.ids[window.start : window.end].tolist(), end]


def window_types(text: TokenizedText, window: Window) -> list[int]:
    """Returns the token types that go with `window_ids`: capitals."""
    return [0, *text.capitals[window.start : window.end].tolist(), 0]
