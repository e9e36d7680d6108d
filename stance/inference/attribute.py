"""Article → who said what: tagger, linking and speakers in one."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from stance.attribution.decoding import decode_spans
from stance.attribution.dialogue import with_dialogue
from stance.attribution.labels import ROLES, TOKEN_LABELS
from stance.attribution.linking import LinkedStatement, link
from stance.attribution.opinion import with_author
from stance.attribution.rubrics import with_rubrics
from stance.attribution.speakers import resolve_speakers
from stance.attribution.windows import make_windows, tokenize_text, window_ids, window_types
from stance.inference.onnx_model import OnnxModel
from stance.ingest import sentence_spans, with_paragraphs
from stance.schema import Article, Attribution, Field, ParagraphKind, Span

# Windows of an article that go through the model at once; bounds memory on long articles.
_BATCH = 64


def attribute_article(article: Article, tagger: OnnxModel) -> Attribution:
    """Finds the statements of an article and who makes them.

    Args:
        article: Any article; its paragraphs are found if it has none yet.
        tagger: The attribution model.

    Returns:
        The article with paragraphs, its speakers, and statements without a source.
    """
    article = with_paragraphs(article)
    linked: list[LinkedStatement] = []
    has_headline = any(p.kind is ParagraphKind.HEADLINE for p in article.paragraphs)
    if article.title and article.title.strip() and not has_headline:
        whole = [Span(0, len(article.title))]
        linked += _statements(article.title, whole, "title", tagger)[1]
    found = with_rubrics(article, text_statements(article, tagger)[1])
    found = with_dialogue(article, found)
    linked += with_author(article, found, _sentences(article.text, _readable(article)))
    speakers, unattributed = resolve_speakers(article, linked)
    return Attribution(article=article, speakers=speakers, unattributed=unattributed)


def text_statements(
    article: Article, tagger: OnnxModel
) -> tuple[dict[str, list[Span]], list[LinkedStatement]]:
    """Finds the statements in the text of an article, furniture left out.

    Args:
        article: An article with paragraphs.
        tagger: The attribution model.

    Returns:
        Spans by role, and the statements that they make.
    """
    return _statements(article.text, _readable(article), "text", tagger)


def link_contents(
    article: Article, spans: dict[str, list[Span]], contents: Iterable[Span]
) -> list[LinkedStatement]:
    """Links given contents to the sources and cues that were found, to examine linking alone.

    Args:
        article: An article with paragraphs.
        spans: Spans by role, as `text_statements` gives them.
        contents: Contents to take instead of those found.
    """
    paragraphs = _readable(article)
    ordered = sorted(set(contents), key=lambda s: (s.start, -s.end))
    reach = list(itertools.accumulate((s.end for s in ordered), max, initial=0))
    inner = [s for s, end in zip(ordered, reach, strict=False) if s.start < end]
    given = {**spans, "content": [s for s in ordered if s not in inner], "inner": inner}
    return link(article.text, given, paragraphs, _sentences(article.text, paragraphs))


def _readable(article: Article) -> list[Span]:
    kept = (p for p in article.paragraphs if p.kind is not ParagraphKind.FURNITURE)
    return [Span(p.start, p.end) for p in kept]


def _sentences(text: str, paragraphs: Iterable[Span]) -> list[Span]:
    return [s for p in paragraphs for s in sentence_spans(text, p.start, p.end)]


def _statements(
    text: str, paragraphs: list[Span], field: Field, tagger: OnnxModel
) -> tuple[dict[str, list[Span]], list[LinkedStatement]]:
    tokens = tokenize_text(tagger.tokenizer, text, paragraphs)
    if not len(tokens):
        return {role: [] for role in ROLES}, []
    settings = tagger.settings
    windows = make_windows(
        len(tokens), max_tokens=settings["max_tokens"], overlap=settings["overlap"]
    )
    logits = np.zeros((len(tokens), len(TOKEN_LABELS)), np.float32)
    for i in range(0, len(windows), _BATCH):
        batch = windows[i : i + _BATCH]
        scores = tagger.run(
            [window_ids(tagger.tokenizer, tokens, w) for w in batch],
            [window_types(tokens, w) for w in batch] if settings.get("capitals") else None,
        )
        for window, window_scores in zip(batch, scores, strict=True):
            # Row 0 belongs to the begin token.
            kept = slice(window.keep_start - window.start + 1, window.keep_end - window.start + 1)
            logits[window.keep_start : window.keep_end] = window_scores[kept]
    spans = decode_spans(logits, tokens, text, settings["roles"])
    return spans, link(text, spans, paragraphs, _sentences(text, paragraphs), field)
