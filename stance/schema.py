"""The contracts between the parts: articles, statements, speakers and their stances.

All spans are half-open offsets in code points into `Article.text`, or into `Article.title` where
`field` says so. Everything here is frozen and checked on construction, so that what one part hands
on the next may trust.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class Stance(StrEnum):
    """A speaker's stance on the target (codebook, "One label a speaker, an article")."""

    SUPPORT = "support"
    DENY = "deny"
    AMBIGUOUS = "ambiguous"


NONE = "none"
"""Fourth output of the stance model: the passage says nothing about the target."""

MODEL_LABELS: tuple[str, ...] = (*(s.value for s in Stance), NONE)
"""Outputs of the stance model, in the order of its logits."""

Field = Literal["text", "title"]
"""Which string of an article a span points into."""


class SpeakerKind(StrEnum):
    """Who speaks: a human being (named or not), or a body, office, capital or party as one."""

    PERSON = "person"
    INSTITUTION = "institution"


class ParagraphKind(StrEnum):
    """What a paragraph is to a reader. Only `TEXT` and `HEADLINE` can hold statements."""

    TEXT = "text"
    HEADLINE = "headline"
    FURNITURE = "furniture"


class Span(NamedTuple):
    """Half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A line or block of an article, without the white space around it."""

    start: int
    end: int
    kind: ParagraphKind = ParagraphKind.TEXT

    def __post_init__(self) -> None:
        _check_span(self.start, self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One news article as it was read.

    Attributes:
        text: The whole text after decoding and removal of a BOM, newlines untouched.
        id: Unique name within a run: the input's `id`, else its path (`path#line`).
        source: Path or URL it came from, if any.
        title: Headline where it is known apart from the text.
        date: ISO date (`YYYY-MM-DD`) or the input's own wording.
        outlet: Newspaper, agency or site.
        url: Where it was published.
        paragraphs: In order, without overlap. Empty means "not yet split"
            (`stance.ingest.with_paragraphs` does that).
    """

    text: str
    id: str = ""
    source: str | None = None
    title: str | None = None
    date: str | None = None
    outlet: str | None = None
    url: str | None = None
    paragraphs: tuple[Paragraph, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"Article.text must be a string, not {type(self.text).__name__}")
        last = 0
        for paragraph in self.paragraphs:
            if paragraph.start < last or paragraph.end > len(self.text):
                raise ValueError(f"paragraph {paragraph} overlaps another or leaves the text")
            last = paragraph.end

    def field_text(self, name: Field) -> str:
        """Returns the string that spans with `field == name` point into."""
        return self.text if name == "text" else self.title or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """Words in an article: a cue, or a name, title or pronoun that stands for a speaker."""

    text: str
    start: int
    end: int
    field: Field = "text"

    def __post_init__(self) -> None:
        _check_span(self.start, self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What somebody is reported to say, write or hold.

    Attributes:
        spans: Parts of the content in reading order, without overlap (several where the cue
            breaks it).
        text: The parts joined by " … ".
        field: String that all spans point into.
        cue: Word or phrase that reports ("said", "according to"), if any.
        source: Words that name who is reported, if any.
        direct: Whether the content stands, at least in part, between quotation marks.
    """

    spans: tuple[Span, ...]
    text: str
    field: Field = "text"
    cue: Mention | None = None
    source: Mention | None = None
    direct: bool = False

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("a statement needs at least one span")
        last = 0
        for start, end in self.spans:
            _check_span(start, end)
            if start < last:
                raise ValueError(f"spans {self.spans} overlap or are out of order")
            last = end

    @property
    def start(self) -> int:
        """First offset of the content."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Offset after the last word of the content."""
        return self.spans[-1].end


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """One person or institution with all that an article reports of it.

    Attributes:
        name: Fullest name that the article gives.
        id: Names the speaker across articles ("hanno-pevkur-ee", "government-ru"); see
            `stance.attribution.entries.speaker_id`.
        aliases: Other words the article uses for it, in order of appearance.
        kind: Person or institution.
        role: Title and office as the article words them ("Estonian Defense Minister").
        country: ISO 3166-1 alpha-2 code, "EU", or None.
        mentions: Where it is named as a source, in order.
        statements: What it is reported to say, in reading order.
    """

    name: str
    id: str
    kind: SpeakerKind
    aliases: tuple[str, ...] = ()
    role: str | None = None
    country: str | None = None
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a speaker needs a name")


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeakerStance:
    """A speaker's stance with its probability and the words it rests on.

    Attributes:
        speaker: Who.
        stance: The label, or None where nothing is said about the target.
        confidence: Calibrated probability of `stance` (of "none" where `stance` is None), 0 to 1.
        probabilities: The four calibrated outputs by name; they sum to 1.
        evidence: Statements that the label rests on, in reading order.
        weights: One a statement of `evidence`: its share in the label, 0 to 1, sum 1.
    """

    speaker: Speaker
    stance: Stance | None
    confidence: float
    probabilities: Mapping[str, float]
    evidence: tuple[Statement, ...] = ()
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if set(self.probabilities) != set(MODEL_LABELS):
            raise ValueError(f"probabilities need exactly the keys {', '.join(MODEL_LABELS)}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not between 0 and 1")
        if len(self.evidence) != len(self.weights):
            raise ValueError("every statement of the evidence needs a weight")


STATEMENT_COLUMNS: tuple[str, ...] = (
    "article_id",
    "speaker",
    "speaker_id",
    "kind",
    "role",
    "country",
    "text",
    "field",
    "spans",
    "cue",
    "source",
    "direct",
)
"""Columns of `Attribution.to_frame`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Who said what in one article, before any stance; shows itself in a notebook.

    Attributes:
        article: The article, with paragraphs.
        speakers: Its speakers with their statements, in order of their first one.
        unattributed: Statements of which nobody is named as the source.
    """

    article: Article
    speakers: tuple[Speaker, ...]
    unattributed: tuple[Statement, ...] = field(default=())

    def to_frame(self) -> pd.DataFrame:
        """Returns one row a statement, in reading order; `speaker` is None where nobody is named.

        A statement of several speakers ("Berlin and Rome said") has a row for each.
        """
        import pandas as pd

        rows: list[tuple[Statement, Speaker | None]]
        rows = [(s, speaker) for speaker in self.speakers for s in speaker.statements]
        rows += [(s, None) for s in self.unattributed]
        rows.sort(key=lambda row: (row[0].field == "text", row[0].start))
        return pd.DataFrame(
            [
                {
                    "article_id": self.article.id,
                    "speaker": speaker.name if speaker else None,
                    "speaker_id": speaker.id if speaker else None,
                    "kind": speaker.kind.value if speaker else None,
                    "role": speaker.role if speaker else None,
                    "country": speaker.country if speaker else None,
                    "text": s.text,
                    "field": s.field,
                    "spans": [list(span) for span in s.spans],
                    "cue": s.cue.text if s.cue else None,
                    "source": s.source.text if s.source else None,
                    "direct": s.direct,
                }
                for s, speaker in rows
            ],
            columns=list(STATEMENT_COLUMNS),
        )

    def _repr_html_(self) -> str:
        from stance.report.html import attribution_html

        return attribution_html(self)


def _check_span(start: int, end: int) -> None:
    if not 0 <= start < end:
        raise ValueError(f"span [{start}, {end}) is empty or negative")
