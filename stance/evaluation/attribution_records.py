"""Attribution as records show it: the statements that scoring wrote, against annotated articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stance.corpus.schema import AnnotatedArticle
from stance.evaluation.records import read_rows
from stance.evaluation.token_f1 import ROLES, AttributionDocument, SourceLink, Spans
from stance.schema import Field

_Parts = dict[str, Spans]


def attribution_documents(
    articles: Sequence[AnnotatedArticle], predictions: Path
) -> list[AttributionDocument]:
    """Returns title and text of every article with gold and predicted sources, cues and contents.

    Args:
        articles: Annotated articles.
        predictions: JSONL of records, written with `--all-speakers`; records whose statements have
            no cue and no source count as they are. Its spans must lie within the articles
            (`stance.evaluation.records.check_offsets`).

    Returns:
        What `stance.evaluation.token_f1.score_attribution` scores. A statement that two records
        share (a joint one) counts once.
    """
    found: Mapping[tuple[str, str], list[_Parts]] = defaultdict(list)
    for _, row in read_rows(predictions):
        statements: Any = row.get("statements") or ()
        for statement in statements:
            parts = _predicted_parts(statement)
            own = found[str(row["article_id"]), statement.get("field", "text")]
            if parts not in own:
                own.append(parts)
    return [d for article in articles for d in _documents(article, found)]


def _documents(
    article: AnnotatedArticle, found: Mapping[tuple[str, str], list[_Parts]]
) -> Iterator[AttributionDocument]:
    fields: tuple[tuple[Field, str], ...] = (("title", article.title), ("text", article.text))
    for field, text in fields:
        gold = [
            {role: tuple((a, b) for a, b in getattr(s, role)) for role in ROLES}
            for s in article.statements
            if s.field == field
        ]
        predicted = found.get((article.id, field), [])
        yield AttributionDocument(
            article_id=article.id,
            text=text,
            gold=_spans(gold),
            predicted=_spans(predicted),
            gold_links=_links(gold),
            predicted_links=_links(predicted),
        )


def _predicted_parts(statement: Mapping[str, Any]) -> _Parts:
    parts: _Parts = {"content": tuple((a, b) for a, b in statement.get("spans") or ())}
    for role in ("source", "cue"):
        mention = statement.get(role)
        parts[role] = ((mention["start"], mention["end"]),) if mention else ()
    return parts


def _spans(statements: Sequence[_Parts]) -> dict[str, list[tuple[int, int]]]:
    return {role: [span for s in statements for span in s[role]] for role in ROLES}


def _links(statements: Sequence[_Parts]) -> list[SourceLink]:
    return [
        SourceLink(content=s["content"], source=s["source"]) for s in statements if s["content"]
    ]
