"""Token labels, windows and decoding, on a tokenizer made here."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from stance.attribution.decoding import decode_spans
from stance.attribution.labels import (
    IGNORED,
    ROLES,
    TAGS,
    TOKEN_LABELS,
    role_spans,
    tags_to_spans,
    token_labels,
)
from stance.attribution.windows import make_windows, tokenize_text, window_ids, window_types
from stance.corpus.attributions import AttributedText, GoldAttribution
from stance.schema import Span

TEXT = 'Olsvik said that Oslo had vowed "never to go".\nBerlin disagreed.'


@pytest.fixture(scope="module")
def tokenizer():
    words = {w: i for i, w in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "said", "oslo"])}
    t = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    t.normalizer = normalizers.Lowercase()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return t


def span(words, text=TEXT):
    start = text.index(words)
    return Span(start, start + len(words))


def one_hot(tokens, spans):
    tags = token_labels(tokens, spans)
    return np.eye(len(TAGS))[tags].reshape(len(tokens), -1).astype(np.float32)


def test_roles_overlap_and_nested_contents_are_inner(tokenizer):
    outer, inner = span('that Oslo had vowed "never to go"'), span('"never to go"')
    text = AttributedText(
        id="t",
        text=TEXT,
        attributions=(
            GoldAttribution(source=(span("Olsvik"),), cue=(span("said"),), content=(outer,)),
            GoldAttribution(source=(span("Oslo"),), cue=(span("had vowed"),), content=(inner,)),
        ),
    )
    spans = role_spans(text)
    assert spans["content"] == [outer]
    assert spans["inner"] == [inner]
    tokens = tokenize_text(tokenizer, TEXT, [Span(0, 46), Span(47, len(TEXT))])
    decoded = decode_spans(one_hot(tokens, spans), tokens, TEXT)
    assert decoded == spans


def test_separator_stands_between_paragraphs_and_splits_no_span(tokenizer):
    tokens = tokenize_text(tokenizer, "a b\nc d", [Span(0, 3), Span(4, 7)])
    assert tokens.starts.tolist() == [0, 2, -1, 4, 6]
    inside = [TAGS.index("B")] + [TAGS.index("I")] * 4
    assert tags_to_spans(inside, tokens) == [Span(0, 7)]


def test_ignored_roles(tokenizer):
    tokens = tokenize_text(tokenizer, "a b", [Span(0, 3)])
    labels = token_labels(tokens, {r: [] for r in ROLES}, ignored_roles=["inner"])
    assert (labels[:, ROLES.index("inner")] == IGNORED).all()
    assert (labels[:, 0] == 0).all()
    assert len(TOKEN_LABELS) == len(ROLES) * len(TAGS)


def test_nothing_is_learned_outside_what_is_known(tokenizer):
    tokens = tokenize_text(tokenizer, "a b. c d.", [Span(0, 9)])
    labels = token_labels(tokens, {r: [] for r in ROLES}, known=[Span(5, 9)])
    assert [bool((row == IGNORED).all()) for row in labels] == [s < 5 for s in tokens.starts]


@given(st.integers(0, 3000), st.integers(8, 300), st.integers(0, 5))
def test_windows_keep_every_token_once(n_tokens, max_tokens, overlap):
    windows = make_windows(n_tokens, max_tokens=max_tokens, overlap=overlap)
    kept = [i for w in windows for i in range(w.keep_start, w.keep_end)]
    assert kept == list(range(n_tokens))
    for w in windows:
        assert w.start <= w.keep_start <= w.keep_end <= w.end
        assert w.end - w.start <= max_tokens - 2


def test_window_input_has_begin_and_end(tokenizer):
    tokens = tokenize_text(tokenizer, "said oslo", [Span(0, 9)])
    (window,) = make_windows(len(tokens), max_tokens=10, overlap=2)
    assert window_ids(tokenizer, tokens, window) == [2, 4, 5, 3]


def test_types_tell_which_words_begin_with_a_capital():
    vocabulary = {w: i for i, w in enumerate(["[CLS]", "[SEP]", "[PAD]", "[UNK]", "##a", "o"])}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    text = "Oaa o,\nO O-o"
    tokens = tokenize_text(backend, text, [Span(0, 6), Span(7, len(text))])
    shown = [text[a:b] if a >= 0 else "|" for a, b in zip(tokens.starts, tokens.ends, strict=True)]
    assert shown == ["O", "a", "a", "o", ",", "|", "O", "O", "-", "o"]
    assert tokens.capitals.tolist() == [1, 1, 1, 0, 0, 0, 1, 1, 0, 0]
    (window,) = make_windows(len(tokens), max_tokens=20, overlap=2)
    assert window_types(tokens, window) == [0, *tokens.capitals.tolist(), 0]


def test_very_long_paragraph_keeps_its_offsets(tokenizer):
    text = "said " * 20_000
    tokens = tokenize_text(tokenizer, text, [Span(0, len(text))])
    assert len(tokens) == 20_000
    assert all(text[a:b] == "said" for a, b in zip(tokens.starts, tokens.ends, strict=True))
