"""Training passages as life gives them: made of what the tagger finds, not of the annotation.

A model that has only read gold statements meets cut-off quotations, foreign sentences and talk
about other things for the first time when it is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from stance.classification.gold import GoldPassage
from stance.classification.passages import PassageBuilder, PassageForm
from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import AnnotatedArticle, AnnotatedStatement
from stance.inference.ahead import in_order
from stance.inference.attribute import attribute_article
from stance.inference.onnx_model import OnnxModel, available_cores
from stance.ingest import sentence_spans
from stance.schema import NONE, Article, Attribution, Speaker, Statement

# Share of a found statement's characters that an annotated one has to cover to be the same.
_SAME = 0.5
# Share of a speaker's characters on the target above which a second speaker makes it a mixture.
_MIXED = 0.2
# Share of the annotated characters that a found speaker of a passage has to have, and the share of
# its own that may be others'.
_WHOLE = 0.75
_FOREIGN = 0.3


def predicted_passages(
    articles: Iterable[AnnotatedArticle],
    tagger: OnnxModel,
    *,
    form: PassageForm,
    single_statements: bool,
) -> list[GoldPassage]:
    """Returns the passages of found speakers, labelled by the annotated statements that they hold.

    A found speaker with statements of one annotated speaker on the target takes that speaker's
    label, whatever name was found; one without any is "none". Left out are mixtures of several
    annotated speakers and statements of which only a part is annotated on the target.

    Args:
        articles: Annotated articles.
        tagger: The attribution model.
        form: See `PassageBuilder`.
        single_statements: Whether each found statement also comes by itself.
    """
    out: list[GoldPassage] = []
    for article in articles:
        attribution = attribute_article(article.article(), tagger)
        builder = PassageBuilder(
            attribution.article,
            attribution.speakers,
            sentence_spans=sentence_spans,
            form=form,
        )
        stances = {s.key: s.stance for s in article.speakers}
        on_target = [s for s in article.statements if s.stance != NONE]
        for number, speaker in enumerate(attribution.speakers):
            wanted: list[tuple[Sequence[Statement], str | None]] = [
                (speaker.statements, _speaker_label(speaker.statements, on_target, stances))
            ]
            if single_statements and len(speaker.statements) > 1:
                wanted += [([s], _statement_label(s, on_target)) for s in speaker.statements]
            out += [
                GoldPassage(
                    passage=builder.passage(speaker, statements),
                    label=label,
                    article_id=article.id,
                    speaker=f"found-{number}",
                    event=article.event,
                    whole=len(statements) == len(speaker.statements),
                )
                for statements, label in wanted
                if label is not None
            ]
    return out


def predicted_bank(
    passages: Sequence[AnnotatedPassage], tagger: OnnxModel, *, form: PassageForm
) -> dict[str, GoldPassage]:
    """Returns passages of the bank as a tagger that was not trained on them finds them, by id.

    Left out are those whose speaker is not found, has words of others, or lacks some of its own.

    Args:
        passages: Annotated passages.
        tagger: The attribution model.
        form: See `PassageBuilder`.
    """
    # The same text stands in the bank with one and another actor as the speaker.
    texts = list(dict.fromkeys(p.text for p in passages))
    work = partial(_found_in, tagger=tagger, form=form)
    found = dict(in_order(work, texts, at_once=available_cores()))
    out = {}
    for passage in passages:
        attribution, builder = found[passage.text]
        speaker = _annotated_speaker(passage, attribution.speakers)
        if speaker is not None:
            out[passage.id] = GoldPassage(
                passage=builder.passage(speaker, speaker.statements),
                label=passage.stance,
                article_id=passage.id,
                speaker=passage.id,
                event=passage.situation,
                whole=True,
            )
    return out


def _found_in(
    text: str, *, tagger: OnnxModel, form: PassageForm
) -> tuple[Attribution, PassageBuilder]:
    attribution = attribute_article(Article(text=text), tagger)
    builder = PassageBuilder(
        attribution.article, attribution.speakers, sentence_spans=sentence_spans, form=form
    )
    return attribution, builder


def _annotated_speaker(passage: AnnotatedPassage, speakers: Sequence[Speaker]) -> Speaker | None:
    """Returns the found speaker that says what is annotated, and hardly anything else."""
    said = _places(passage.content)
    around = said | _places(passage.source) | _places(passage.cue)
    for speaker in speakers:
        found = _places(s for statement in speaker.statements for s in statement.spans)
        words = [m for s in speaker.statements for m in (s.source, s.cue) if m is not None]
        extent = found | _places((m.start, m.end) for m in words)
        named = any(_places([(m.start, m.end)]) & _places(passage.source) for m in words)
        whole = len(extent & said) >= _WHOLE * len(said)
        if named and whole and len(found - around) <= _FOREIGN * len(found):
            return speaker
    return None


def _places(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {i for start, end in spans for i in range(start, end)}


def _speaker_label(
    statements: Sequence[Statement],
    on_target: Sequence[AnnotatedStatement],
    stances: dict[str, str],
) -> str | None:
    """Returns the label of all that a found speaker says, None where it cannot be told."""
    shares: Counter[str] = Counter()
    labels = {_statement_label(s, on_target) for s in statements}
    for statement in statements:
        for row in on_target:
            shared = _shared(statement, row)
            # "Berlin and Rome said": either may have been found.
            shares.update({key: shared for key in row.speakers if shared})
    if not shares:
        return NONE
    if labels == {None} or labels == {None, NONE}:
        return None
    best = max(shares.values())
    fitting = {stances[key] for key, n in shares.items() if n >= _MIXED * best}
    return fitting.pop() if len(fitting) == 1 else None


def _statement_label(statement: Statement, on_target: Sequence[AnnotatedStatement]) -> str | None:
    """Returns the stance of the annotated statement that a found one is, "none" without any."""
    total = sum(b - a for a, b in statement.spans)
    shared = [(_shared(statement, row), row.stance) for row in on_target]
    most, stance = max(shared, default=(0, NONE))
    if not most:
        return NONE
    annotated = max(
        sum(b - a for a, b in row.content) for row in on_target if _shared(statement, row) == most
    )
    return stance if most >= _SAME * min(total, annotated) else None


def _shared(statement: Statement, row: AnnotatedStatement) -> int:
    """Returns how many characters a found and an annotated statement share."""
    if statement.field != row.field:
        return 0
    return sum(max(0, min(b, d) - max(a, c)) for a, b in statement.spans for c, d in row.content)
