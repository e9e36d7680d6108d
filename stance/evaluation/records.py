"""Speakers of articles as evaluation sees them, read from gold and prediction JSONL.

Gold is the authored corpus (`AnnotatedArticle.to_dict()`, one article a line) or the records of
another annotator; predictions are what `stance score --format jsonl` writes (design, "The record
that scoring writes"). Both become the same view, so that either can be scored against the other.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

from stance.corpus.schema import AnnotatedArticle
from stance.errors import InputError
from stance.schema import NONE, Field, SpeakerKind, Stance


class FieldSpan(NamedTuple):
    """Half-open range of code points in the text or the title of an article."""

    field: Field
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeakerRecord:
    """A speaker in an article with what somebody, or a model, says of it.

    Attributes:
        article_id: Article it occurs in.
        name: Fullest name.
        kind: Person or institution.
        stance: The label; None where nothing is said about the target.
        aliases: Other names.
        confidence: Probability of the label, 0 to 1; None in gold.
        statements: Spans of all statements. They help to align speakers.
        evidence: Spans that the label rests on: in gold the statements whose own stance is not
            "none", in predictions those with a weight above 0 (or without a weight).
        speaker_id: Names the speaker across articles, where known.
        country: Two-letter code, where known.
        date: Date of the article as it was given.
    """

    article_id: str
    name: str
    kind: SpeakerKind
    stance: Stance | None
    aliases: tuple[str, ...] = ()
    confidence: float | None = None
    statements: tuple[FieldSpan, ...] = ()
    evidence: tuple[FieldSpan, ...] = ()
    speaker_id: str | None = None
    country: str | None = None
    date: str | None = None

    def __post_init__(self) -> None:
        if not self.article_id or not self.name.strip():
            raise ValueError("a speaker needs a name and an article_id")
        if self.confidence is not None and not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not between 0 and 1")


SpeakersByArticle = Mapping[str, tuple[SpeakerRecord, ...]]
"""Speakers under their `article_id`; an article without speakers has an empty tuple."""


def from_annotated(article: AnnotatedArticle) -> tuple[SpeakerRecord, ...]:
    """Returns the speakers of an annotated article; gold "none" becomes None."""
    records = []
    for speaker in article.speakers:
        own = [s for s in article.statements if speaker.key in s.speakers]
        stance = None if speaker.stance == NONE else Stance(speaker.stance)
        on_target = [s for s in own if s.stance != NONE] if stance else []
        records.append(
            SpeakerRecord(
                article_id=article.id,
                name=speaker.name,
                kind=SpeakerKind(speaker.kind),
                stance=stance,
                aliases=speaker.aliases,
                statements=tuple(FieldSpan(s.field, a, b) for s in own for a, b in s.content),
                evidence=tuple(FieldSpan(s.field, a, b) for s in on_target for a, b in s.content),
                country=speaker.country,
                date=article.date,
            )
        )
    return tuple(records)


def read_gold(path: Path) -> dict[str, tuple[SpeakerRecord, ...]]:
    """Reads gold from JSONL, each line an annotated article or one record of another annotator.

    Of another annotator only articles with a line are known: one where nobody takes a stance needs
    a line with `"speaker": null`.

    Args:
        path: The JSONL file. Lines with a field `speakers` are annotated articles.

    Returns:
        The speakers of every article, in the order of the file.

    Raises:
        InputError: A line cannot be used, or an article is given twice; names file and line.
    """
    by_article: dict[str, list[SpeakerRecord]] = {}
    closed: set[str] = set()
    for line, row in read_rows(path):
        if "speakers" in row:
            article_id, records = _annotated(row, path, line)
            given_twice = article_id in by_article
            closed.add(article_id)
        else:
            article_id, records = _prediction(row, path, line)
            given_twice = article_id in closed
        if given_twice:
            raise InputError(
                f"article '{article_id}' is given twice",
                source=str(path),
                line=line,
                fix="keep one of them",
            )
        by_article.setdefault(article_id, []).extend(records)
    return {key: tuple(records) for key, records in by_article.items()}


def read_annotated(path: Path) -> list[AnnotatedArticle]:
    """Reads the annotated articles of a gold file; other lines are left out.

    Raises:
        InputError: A line cannot be used.
    """
    out = []
    for line, row in read_rows(path):
        if "speakers" in row:
            _annotated(row, path, line)
            out.append(AnnotatedArticle.from_dict(row))
    return out


def check_offsets(
    articles: Iterable[AnnotatedArticle], predicted: SpeakersByArticle, path: Path
) -> None:
    """Checks that predicted spans lie within the gold articles.

    Raises:
        InputError: One does not: the files are not about the same texts.
    """
    for article in articles:
        length = {"text": len(article.text), "title": len(article.title)}
        for speaker in predicted.get(article.id, ()):
            for field, start, end in speaker.statements:
                if end > length[field]:
                    raise InputError(
                        f"span [{start}, {end}) of '{speaker.name}' leaves the {field} of article "
                        f"'{article.id}', which has {length[field]} characters",
                        source=str(path),
                        fix="score the very texts of the gold file",
                    )


def read_predictions(
    path: Path, *, known: Container[str] | None = None
) -> dict[str, tuple[SpeakerRecord, ...]]:
    """Reads the records that scoring wrote.

    Args:
        path: The JSONL file, one line a speaker and article, `"speaker": null` for an article
            without any, `"stance": null` for a speaker without a stance.
        known: Ids of the gold articles. If given, any other id is an error; else such articles are
            read and left to `evaluate`, which ignores and counts them.

    Returns:
        The speakers of every article that has a line, in the order of the file.

    Raises:
        InputError: A line cannot be used, or its article is not known; names file and line.
    """
    by_article: dict[str, list[SpeakerRecord]] = {}
    for line, row in read_rows(path):
        article_id, records = _prediction(row, path, line)
        if known is not None and article_id not in known:
            raise InputError(
                f"article '{article_id}' is not in gold",
                source=str(path),
                line=line,
                fix="score the gold articles under their own ids, or allow unknown articles",
            )
        by_article.setdefault(article_id, []).extend(records)
    return {key: tuple(records) for key, records in by_article.items()}


def from_record(row: dict[str, object]) -> SpeakerRecord:
    """Returns a speaker of a record that scoring gives.

    Raises:
        ValueError: A field is missing or cannot be used.
    """
    spans, evidence = _statements(row.get("statements"))
    return SpeakerRecord(
        article_id=_string(row, "article_id"),
        name=_string(row, "speaker"),
        kind=_kind(row),
        stance=_stance(row),
        aliases=tuple(_alias(alias) for alias in _list(row.get("aliases"), "aliases")),
        confidence=_number(row.get("confidence"), "confidence"),
        statements=spans,
        evidence=evidence,
        **{name: _text(row, name) for name in ("speaker_id", "country", "date")},
    )


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Yields line number and object of every line that is not blank."""
    try:
        raw = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", source=str(path)) from error
    for line, text in enumerate(raw.split("\n"), start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(
                f"not JSON ({error})",
                source=str(path),
                line=line,
                fix="write one JSON object a line",
            ) from error
        if not isinstance(row, dict):
            raise InputError("not a JSON object", source=str(path), line=line)
        yield line, row


def _annotated(
    row: dict[str, object], path: Path, line: int
) -> tuple[str, tuple[SpeakerRecord, ...]]:
    try:
        article = AnnotatedArticle.from_dict(row)
        return _string(row, "id"), from_annotated(article)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"not an annotated article ({type(error).__name__}: {error})",
            source=str(path),
            line=line,
            fix="build the corpus again",
        ) from error


def _prediction(
    row: dict[str, object], path: Path, line: int
) -> tuple[str, tuple[SpeakerRecord, ...]]:
    try:
        article_id = _string(row, "article_id")
        if "speaker" not in row:
            raise ValueError("field 'speaker' is missing")
        if row["speaker"] is None:
            if row.get("stance") is not None:
                raise ValueError("a stance without a speaker")
            return article_id, ()
        record = from_record(row)
    except ValueError as error:
        raise InputError(
            str(error), source=str(path), line=line, fix="correct the record"
        ) from error
    return article_id, (record,)


def _string(row: dict[str, object], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"field '{key}' is {_shown(value)}, not a text")
    return value


def _text(row: dict[str, object], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"field '{key}' is {_shown(value)}, not a text")
    return value


def _alias(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"alias {_shown(value)} is not a text")
    return value


def _kind(row: dict[str, object]) -> SpeakerKind:
    value = _string(row, "kind")
    if value not in set(SpeakerKind):
        raise ValueError(f"kind '{value}' is not {' or '.join(SpeakerKind)}")
    return SpeakerKind(value)


def _stance(row: dict[str, object]) -> Stance | None:
    if "stance" not in row:
        raise ValueError("field 'stance' is missing (null for no stance)")
    value = row["stance"]
    if value is None:
        return None
    if value not in list(Stance):
        raise ValueError(f"stance {_shown(value)} is not support, deny, ambiguous or null")
    return Stance(cast(str, value))


def _number(value: object, key: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{key} {_shown(value)} is not a number")
    return float(value)


def _list(value: object, key: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"field '{key}' is {_shown(value)}, not a list")
    return value


def _statements(value: object) -> tuple[tuple[FieldSpan, ...], tuple[FieldSpan, ...]]:
    """Returns the spans of all statements and of those that carry weight."""
    spans: list[FieldSpan] = []
    evidence: list[FieldSpan] = []
    for statement in _list(value, "statements"):
        if not isinstance(statement, dict):
            raise ValueError(f"statement {_shown(statement)} is not an object")
        field = statement.get("field", "text")
        if field not in ("text", "title"):
            raise ValueError(f"field {_shown(field)} of a statement is not text or title")
        own = [_span(field, pair) for pair in _list(statement.get("spans"), "spans")]
        spans += own
        weight = _number(statement.get("weight"), "weight")
        if weight is None or weight > 0:
            evidence += own
    return tuple(spans), tuple(evidence)


def _span(field: Field, pair: object) -> FieldSpan:
    if isinstance(pair, list) and len(pair) == 2:
        start, end = pair
        if type(start) is int and type(end) is int and 0 <= start < end:
            return FieldSpan(field, start, end)
    raise ValueError(f"span {_shown(pair)} is not [start, end] with 0 <= start < end")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def spans_by_field(spans: Iterable[FieldSpan]) -> dict[Field, list[tuple[int, int]]]:
    """Returns the bare spans under the field that they point into."""
    out: dict[Field, list[tuple[int, int]]] = {}
    for field, start, end in spans:
        out.setdefault(field, []).append((start, end))
    return out
