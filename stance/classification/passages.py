"""A speaker's statements → the passage that the stance model reads, with names masked.

The model shall read what is said, not remember who usually says it: every mention of the speaker
becomes "the speaker", every other person's name "someone". Exchanging two names in an article
therefore exchanges their passages and changes nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stance.schema import Article, Field, Mention, Span, Speaker, SpeakerKind, Statement

SPEAKER = "the speaker"
"""Stands for every mention of the speaker whose stance is asked."""

OTHER = "someone"
"""Stands for every other person's name."""

_POSSESSIVE_PRONOUNS = frozenset({"his", "her", "their", "its", "our", "my"})
_PRONOUNS = _POSSESSIVE_PRONOUNS | {"he", "she", "they", "it", "we", "i", "him", "them", "who"}
_POSSESSIVE = re.compile(r"['’]s?$")

SentenceSplitter = Callable[[str, int, int], Sequence[Span]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mask:
    start: int
    end: int
    word: str


class PassageBuilder:
    """Makes passages for the speakers of one article.

    Args:
        article: The article.
        speakers: All of its speakers, in any order.
        sentence_spans: Splits a range of a text into sentences.
        context_sentences: Sentences before a statement that come with it, 0 or more.
        names: People named in the article without being speakers.
    """

    def __init__(
        self,
        article: Article,
        speakers: Sequence[Speaker],
        *,
        sentence_spans: SentenceSplitter,
        context_sentences: int,
        names: Iterable[str] = (),
    ) -> None:
        self._article = article
        self._speakers = speakers
        self._context = context_sentences
        self._sentences: dict[Field, list[Span]] = {
            "title": [Span(0, len(article.title))] if article.title else [],
            "text": [
                s for p in article.paragraphs for s in sentence_spans(article.text, p.start, p.end)
            ],
        }
        self._paragraph_starts = {p.start for p in article.paragraphs}
        self._patterns = [_name_pattern(_person_names(s)) for s in speakers]
        self._other_names = _name_pattern(names)

    def passage(
        self, speaker: Speaker, statements: Sequence[Statement], *, without: Statement | None = None
    ) -> str:
        """Returns one line: the sentences of the statements in reading order, names masked.

        Args:
            speaker: One of the article's speakers (by identity).
            statements: Those of its statements that the passage shall hold.
            without: A statement whose sentences are no context either.
        """
        pieces: list[str] = []
        for field in ("title", "text"):
            own = [s for s in statements if s.field == field]
            for span in self._spans(own, field, without):
                piece = self._masked(span, field, speaker)
                # A quotation that goes on without "he said" still has to say whose it is.
                pieces.append(piece if SPEAKER in piece else f"{SPEAKER}: {piece}")
        return " ".join(" ".join(pieces).split())

    def _spans(
        self, statements: Sequence[Statement], field: Field, without: Statement | None
    ) -> list[Span]:
        """Returns the sentences of the statements with their context, neighbours joined."""
        sentences = self._sentences[field]
        wanted: set[int] = set()
        left_out = _touched(sentences, without) if without and without.field == field else []
        for statement in statements:
            touched = _touched(sentences, statement)
            wanted.update(touched)
            left_out = [i for i in left_out if i not in touched]
            for i in range(1, self._context + 1):
                before = min(touched, default=0) - i
                if before >= 0 and sentences[before + 1].start not in self._paragraph_starts:
                    wanted.add(before)
                else:
                    break
        out: list[Span] = []
        last = -2
        for i in sorted(wanted - set(left_out)):
            if i == last + 1 and out:
                out[-1] = Span(out[-1].start, sentences[i].end)
            else:
                out.append(sentences[i])
            last = i
        return out

    def _masked(self, span: Span, field: Field, speaker: Speaker) -> str:
        text = self._article.field_text(field)
        masks: list[_Mask] = []
        for other, pattern in zip(self._speakers, self._patterns, strict=True):
            own = other is speaker
            word = SPEAKER if own else OTHER
            if own or other.kind is SpeakerKind.PERSON:
                masks += [
                    m
                    for mention in other.mentions
                    if (m := _mention_mask(mention, field, word, own))
                ]
            if pattern:
                masks += [
                    _Mask(start=m.start(), end=m.end(), word=word)
                    for m in pattern.finditer(text, *span)
                ]
        if self._other_names:
            masks += [
                _Mask(start=m.start(), end=m.end(), word=OTHER)
                for m in self._other_names.finditer(text, *span)
            ]
        inside = [m for m in masks if span.start <= m.start and m.end <= span.end]
        # The longest wins where masks overlap; the speaker's own before others'.
        inside.sort(key=lambda m: (m.word != SPEAKER, m.start - m.end, m.start))
        kept: list[_Mask] = []
        for mask in inside:
            if all(mask.end <= k.start or k.end <= mask.start for k in kept):
                kept.append(mask)
        out, position = [], span.start
        for mask in sorted(kept, key=lambda m: m.start):
            ending = _POSSESSIVE.search(text[mask.start : mask.end])
            out += [text[position : mask.start], mask.word, ending[0] if ending else ""]
            position = mask.end
        out.append(text[position : span.end])
        return "".join(out)


def _touched(sentences: Sequence[Span], statement: Statement) -> list[int]:
    """Returns the numbers of the sentences that hold any of a statement."""
    return [
        i
        for i, s in enumerate(sentences)
        if any(s.start < end and start < s.end for start, end in _extent(statement))
    ]


def _extent(statement: Statement) -> list[Span]:
    """Returns all spans whose sentences are needed: content, cue and source."""
    spans = list(statement.spans)
    spans += [Span(m.start, m.end) for m in (statement.cue, statement.source) if m]
    return spans


def _mention_mask(mention: Mention, field: Field, word: str, own: bool) -> _Mask | None:
    if mention.field != field:
        return None
    lower = mention.text.lower()
    if lower in _PRONOUNS:
        if not own or lower in _POSSESSIVE_PRONOUNS:
            return None
        return _Mask(start=mention.start, end=mention.end, word=word)
    return _Mask(start=mention.start, end=mention.end, word=word)


def _person_names(speaker: Speaker) -> set[str]:
    """Returns the spellings that stand for a speaker wherever they occur."""
    names = {speaker.name, *speaker.aliases}
    if speaker.kind is SpeakerKind.PERSON:
        named = {n for n in names if n[:1].isupper() and not n.lower().startswith("the ")}
        # Surnames by themselves, as newspapers shorten names after the first mention.
        surnames = {
            n.split()[-1] for n in named if len(n.split()) > 1 and n.split()[-1][:1].isupper()
        }
        return named | surnames
    return {n for n in names if n[:1].isupper() or n.lower().startswith("the ")}


def _name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted({n for n in names if len(n) > 1}, key=lambda n: (-len(n), n))
    if not ordered:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?:['’]s?)?(?!\w)")
