"""Annotated articles: what the authored corpus says of each article, with offsets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, cast

from stance.schema import MODEL_LABELS, Article, Field, SpeakerKind

FORMS: tuple[str, ...] = (
    "direct",
    "indirect",
    "mixed",
    "split",
    "continued",
    "free",
    "noun",
    "list",
    "joint",
    "nested",
    "headline",
    "dialogue",
)
"""Reporting forms; `data/troops/MARKUP.md` says what each means."""


class GoldSpan(NamedTuple):
    """Half-open range of code points in the field that its statement names."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnotatedSpeaker:
    """A speaker with its gold label (codebook, "Speaker" and "One label a speaker").

    Attributes:
        key: Short name, unique in the article.
        name: Fullest name the article gives.
        kind: "person" or "institution".
        stance: One of `stance.schema.MODEL_LABELS`.
        aliases: Other words used as a name for it.
        gender: "m", "f" or None.
        role: Title and office as worded.
        country: ISO 3166-1 alpha-2 code, "EU", or None.
        rule: Number of the codebook rule that decided, 1 to 11; None where stance is "none".
    """

    key: str
    name: str
    kind: str
    stance: str
    aliases: tuple[str, ...] = ()
    gender: str | None = None
    role: str | None = None
    country: str | None = None
    rule: int | None = None

    def __post_init__(self) -> None:
        SpeakerKind(self.kind)
        if self.stance not in MODEL_LABELS:
            raise ValueError(f"stance '{self.stance}' is not one of {', '.join(MODEL_LABELS)}")
        if self.gender not in (None, "m", "f"):
            raise ValueError(f"gender '{self.gender}' is not m or f; leave it out if unknown")
        if self.country is not None and not (len(self.country) == 2 and self.country.isupper()):
            raise ValueError(f"country '{self.country}' is not a two-letter code")
        if (self.rule is None) != (self.stance == "none"):
            raise ValueError("'rule' is needed exactly where the stance is not none")
        if self.rule is not None and not 1 <= self.rule <= 11:
            raise ValueError(f"rule {self.rule} is not a rule of the codebook (1 to 11)")


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnotatedStatement:
    """One attributed content with its stance by itself.

    Attributes:
        number: Its number in the mark-up.
        speakers: Keys of who says it (several for a joint statement).
        stance: Stance of this statement alone, one of `stance.schema.MODEL_LABELS`.
        form: Reporting form, one of `FORMS`.
        field: "text" or "title".
        content: Its parts in reading order.
        source: Words that name the source; may be empty.
        cue: Words that report; may be empty.
    """

    number: int
    speakers: tuple[str, ...]
    stance: str
    form: str
    field: Field
    content: tuple[GoldSpan, ...]
    source: tuple[GoldSpan, ...] = ()
    cue: tuple[GoldSpan, ...] = ()

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError(f"statement {self.number} has no content")


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnotatedArticle:
    """An article of the authored corpus with its annotations."""

    id: str
    title: str
    text: str
    date: str
    outlet: str
    outlet_kind: str
    register: str
    event: str
    brief: str
    speakers: tuple[AnnotatedSpeaker, ...]
    statements: tuple[AnnotatedStatement, ...]
    author: str | None = None

    def article(self) -> Article:
        """Returns the bare article, as a user would hand it in."""
        return Article(
            text=self.text, id=self.id, title=self.title, date=self.date, outlet=self.outlet
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON values; `from_dict` reads them back."""
        return asdict(self)

    @staticmethod
    def from_dict(row: dict[str, Any]) -> AnnotatedArticle:
        """Reads a row of the built JSONL."""
        speakers = tuple(
            AnnotatedSpeaker(**{**s, "aliases": tuple(s["aliases"])}) for s in row["speakers"]
        )
        statements = tuple(
            AnnotatedStatement(
                **{
                    **s,
                    "speakers": tuple(s["speakers"]),
                    **{
                        name: tuple(GoldSpan(a, b) for a, b in s[name])
                        for name in ("content", "source", "cue")
                    },
                }
            )
            for s in row["statements"]
        )
        rest = {k: v for k, v in row.items() if k not in ("speakers", "statements")}
        return AnnotatedArticle(**cast(Any, rest), speakers=speakers, statements=statements)
