"""Training passages as life gives them: made of what the tagger finds, not of the annotation.

A model that has only read gold statements meets cut-off quotations, foreign sentences and talk
about other things for the first time when it is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from stance.classification.gold import GoldPassage
from stance.classification.passages import PassageBuilder, PassageForm
from stance.corpus.schema import AnnotatedArticle, AnnotatedStatement
from stance.inference.attribute import attribute_article
from stance.inference.onnx_model import OnnxModel
from stance.ingest import sentence_spans
from stance.schema import NONE, Statement

# Share of a found statement's characters that an annotated one has to cover to be the same.
_SAME = 0.5
# Share of a speaker's characters on the target above which a second speaker makes it a mixture.
_MIXED = 0.2


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
