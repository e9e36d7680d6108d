"""Annotated articles as the speakers and statements that attribution would ideally find."""

from __future__ import annotations

from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker, AnnotatedStatement
from stance.schema import Field, Mention, Span, Speaker, SpeakerKind, Statement


def gold_speakers(article: AnnotatedArticle) -> list[tuple[AnnotatedSpeaker, Speaker]]:
    """Returns each annotated speaker with its statements and mentions as package types."""
    out = []
    for annotated in article.speakers:
        statements = tuple(
            gold_statement(article, s, annotated.key)
            for s in article.statements
            if annotated.key in s.speakers
        )
        mentions = tuple(s.source for s in statements if s.source is not None)
        speaker = Speaker(
            name=annotated.name,
            id=annotated.key.lower(),
            kind=SpeakerKind(annotated.kind),
            aliases=annotated.aliases,
            role=annotated.role,
            country=annotated.country,
            mentions=mentions,
            statements=statements,
        )
        out.append((annotated, speaker))
    return out


def gold_statement(article: AnnotatedArticle, row: AnnotatedStatement, key: str) -> Statement:
    """Returns an annotated statement as said by the speaker `key`."""
    text = article.title if row.field == "title" else article.text
    # Joint statements have one source a speaker, in the order of the keys; else one for all.
    at = row.speakers.index(key) if len(row.source) == len(row.speakers) else 0
    source = row.source[at] if row.source else None
    return Statement(
        spans=tuple(Span(*s) for s in row.content),
        text=" … ".join(text[a:b] for a, b in row.content),
        field=row.field,
        cue=_mention(text, row.cue[0], row.field) if row.cue else None,
        source=_mention(text, source, row.field) if source else None,
        direct=any(c in text[a:b] for a, b in row.content for c in '"“”'),
    )


def _mention(text: str, span: tuple[int, int], field: Field) -> Mention:
    return Mention(text=text[span[0] : span[1]], start=span[0], end=span[1], field=field)
