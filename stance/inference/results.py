"""What scoring an article gives: records, a data frame, a notebook display."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stance.schema import Article, Mention, SpeakerStance, Statement

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "article_id",
    "source",
    "title",
    "date",
    "outlet",
    "speaker",
    "speaker_id",
    "aliases",
    "kind",
    "role",
    "country",
    "stance",
    "confidence",
    "probabilities",
    "statements",
    "model",
)
"""Keys of a record, in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoredArticle:
    """An article with the stances of its speakers.

    Attributes:
        article: The article, with paragraphs.
        stances: Speakers with a stance, in order of their first statement.
        others: Speakers who say nothing about the target.
        model: "name@version" of the weights.
        skipped: Why the article was not read ("language: de"), or None.
    """

    article: Article
    stances: tuple[SpeakerStance, ...] = ()
    others: tuple[SpeakerStance, ...] = ()
    model: str = ""
    skipped: str | None = field(default=None)

    def to_dict(self) -> list[dict[str, Any]]:
        """Returns one record a speaker with a stance, as `stance score` writes them."""
        return self.records()

    def records(
        self, *, include_empty: bool = False, all_speakers: bool = False
    ) -> list[dict[str, Any]]:
        """Returns records with the keys of `COLUMNS`.

        Args:
            include_empty: Whether an article without any yields one with `"speaker": None`.
            all_speakers: Whether speakers without a stance come too, with `"stance": None`.
        """
        chosen = list(self.stances)
        if all_speakers:
            chosen = sorted([*chosen, *self.others], key=_first_statement)
        records = [self._record(s) for s in chosen]
        if not records and include_empty:
            empty = dict.fromkeys(COLUMNS)
            records = [{**empty, **self._article_fields(), "aliases": [], "statements": []}]
        return records

    def to_frame(self) -> pd.DataFrame:
        """Returns the records as a data frame, one row a speaker."""
        return frame(self.to_dict())

    def _repr_html_(self) -> str:
        from stance.report.html import article_html

        return article_html(self)

    def _article_fields(self) -> dict[str, Any]:
        a = self.article
        return {
            "article_id": a.id,
            "source": a.url or a.source,
            "title": a.title,
            "date": a.date,
            "outlet": a.outlet,
            "model": self.model,
        }

    def _record(self, s: SpeakerStance) -> dict[str, Any]:
        fields = self._article_fields()
        speaker = s.speaker
        fields |= {
            "speaker": speaker.name,
            "speaker_id": speaker.id,
            "aliases": list(speaker.aliases),
            "kind": speaker.kind.value,
            "role": speaker.role,
            "country": speaker.country,
            "stance": s.stance.value if s.stance else None,
            "confidence": round(s.confidence, 4),
            "probabilities": {k: round(v, 4) for k, v in s.probabilities.items()},
            "statements": [_statement(x, w) for x, w in zip(s.evidence, s.weights, strict=True)],
        }
        return {key: fields[key] for key in COLUMNS}


def frame(records: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Returns records as a data frame with the columns of `COLUMNS`."""
    import pandas as pd

    return pd.DataFrame(list(records), columns=list(COLUMNS))


def _first_statement(s: SpeakerStance) -> tuple[bool, int]:
    first = s.speaker.statements[0]
    return first.field == "text", first.start


def _statement(statement: Statement, weight: float) -> dict[str, Any]:
    return {
        "text": statement.text,
        "field": statement.field,
        "spans": [list(s) for s in statement.spans],
        "cue": _mention(statement.cue),
        "source": _mention(statement.source),
        "direct": statement.direct,
        "weight": round(weight, 4),
    }


def _mention(mention: Mention | None) -> dict[str, Any] | None:
    if mention is None:
        return None
    return {"text": mention.text, "start": mention.start, "end": mention.end}
