"""The authored corpus as inputs of the stance model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stance.classification.passages import PassageBuilder, PassageForm
from stance.corpus.gold import gold_speakers, gold_statement
from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import AnnotatedArticle, GoldSpan
from stance.ingest import sentence_spans, with_paragraphs
from stance.schema import NONE, Article, Mention, Span, Speaker, SpeakerKind, Statement


@dataclass(frozen=True, kw_only=True, slots=True)
class GoldPassage:
    """A passage with its label.

    Attributes:
        passage: Masked sentences of one speaker.
        label: One of `stance.schema.MODEL_LABELS`.
        article_id: Where it comes from.
        speaker: Key of the speaker in the article.
        event: Frame of events, for grouped splits.
        whole: Whether it is the speaker's whole passage, not a statement by itself.
    """

    passage: str
    label: str
    article_id: str
    speaker: str
    event: str
    whole: bool


def gold_passages(
    articles: Iterable[AnnotatedArticle], *, form: PassageForm, single_statements: bool
) -> list[GoldPassage]:
    """Returns the passages of all annotated speakers.

    A speaker with a stance is read by its statements on the target, one without by all of its
    statements, as in scoring.

    Args:
        articles: Annotated articles.
        form: See `PassageBuilder`.
        single_statements: Whether each statement also comes by itself with its own label.
    """
    out: list[GoldPassage] = []
    for article in articles:
        bare = with_paragraphs(article.article())
        pairs = gold_speakers(article)
        builder = PassageBuilder(
            bare,
            [speaker for _, speaker in pairs],
            sentence_spans=sentence_spans,
            form=form,
        )
        for annotated, speaker in pairs:
            rows = [s for s in article.statements if annotated.key in s.speakers]
            on_target = [s for s in rows if s.stance != NONE] or rows
            wanted: list[tuple[Sequence[int], str, bool]] = [
                ([s.number for s in on_target], annotated.stance, True)
            ]
            if single_statements:
                wanted += [([s.number], s.stance, False) for s in rows]
            seen: set[str] = set()
            for numbers, label, whole in wanted:
                chosen = [
                    gold_statement(article, s, annotated.key) for s in rows if s.number in numbers
                ]
                passage = builder.passage(speaker, chosen)
                if passage in seen:
                    continue
                seen.add(passage)
                out.append(
                    GoldPassage(
                        passage=passage,
                        label=label,
                        article_id=article.id,
                        speaker=annotated.key,
                        event=article.event,
                        whole=whole,
                    )
                )
    return out


def bank_passages(passages: Iterable[AnnotatedPassage], *, form: PassageForm) -> list[GoldPassage]:
    """Returns passages of the bank (or of the contrast set) as the model is given them.

    Args:
        passages: Annotated passages.
        form: See `PassageBuilder`.
    """
    return [
        GoldPassage(
            passage=_built(passage, form),
            label=passage.stance,
            article_id=passage.id,
            speaker=passage.id,
            event=passage.situation,
            whole=True,
        )
        for passage in passages
    ]


def _built(passage: AnnotatedPassage, form: PassageForm) -> str:
    mentions = _mentions(passage.text, passage.source)
    statement = Statement(
        spans=tuple(Span(*s) for s in passage.content),
        text=" … ".join(passage.text[a:b] for a, b in passage.content),
        source=mentions[0],
    )
    # An institution's name is masked as it stands; mentions of a person are all marked.
    speaker = Speaker(
        name=max((m.text for m in mentions), key=len),
        id="speaker",
        kind=SpeakerKind.INSTITUTION,
        mentions=mentions,
        statements=(statement,),
    )
    others = [
        Speaker(name=m.text, id=f"other-{i}", kind=SpeakerKind.PERSON, mentions=(m,))
        for i, m in enumerate(_mentions(passage.text, passage.others))
    ]
    builder = PassageBuilder(
        with_paragraphs(Article(text=passage.text, id=passage.id)),
        [speaker, *others],
        sentence_spans=sentence_spans,
        form=form,
    )
    return builder.passage(speaker, [statement])


def _mentions(text: str, spans: Sequence[GoldSpan]) -> tuple[Mention, ...]:
    return tuple(Mention(text=text[a:b], start=a, end=b, field="text") for a, b in spans)
