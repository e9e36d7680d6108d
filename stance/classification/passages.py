"""A speaker's statements → the passage that the stance model reads, with names masked.

The model shall read what is said, not remember who usually says it: every mention of the speaker
becomes "the speaker", every other person's name "someone". Exchanging two names in an article
therefore exchanges their passages and changes nothing else.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stance.schema import (
    Article,
    Field,
    Mention,
    ParagraphKind,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
)

SPEAKER = "the speaker"
"""Stands for every mention of the speaker whose stance is asked."""

OTHER = "someone"
"""Stands for every other person's name."""

MARKS = "<", ">"
"""Stand around what the speaker says, where `PassageForm.mark_statements` asks for it."""

HEADLINE_END = " | "
"""Stands between headline and passage, where `PassageForm.headline` asks for it."""

_POSSESSIVE_PRONOUNS = frozenset({"his", "her", "their", "its", "our", "my"})
_PRONOUNS = _POSSESSIVE_PRONOUNS | {"he", "she", "they", "it", "we", "i", "him", "them", "who"}
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s?$")

SentenceSplitter = Callable[[str, int, int], Sequence[Span]]


@dataclass(frozen=True, kw_only=True, slots=True)
class PassageForm:
    """How passages look; a model reads the form that it was trained on.

    Attributes:
        context_sentences: Sentences before a statement that come with it, 0 or more.
        mark_statements: Whether `MARKS` stand around the words of the statements, so that what
            others say in the same sentence can be told apart (markers around arguments: Zhou
            and Chen, "An Improved Baseline for Sentence-level Relation Extraction", AACL 2022).
        headline: Whether the article's headline stands before the passage: what "the plan" and
            "such a step" are, and whether the article is about the target at all.
    """

    context_sentences: int
    mark_statements: bool
    headline: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mask:
    """Words that stand for the speaker `of`."""

    start: int
    end: int
    of: Speaker
    own_only: bool  # hidden where `of` is the speaker, but not as somebody else's name


class PassageBuilder:
    """Makes passages for the speakers of one article.

    Args:
        article: The article.
        speakers: All of its speakers, in any order.
        sentence_spans: Splits a range of a text into sentences.
        form: How the passages look.
    """

    def __init__(
        self,
        article: Article,
        speakers: Sequence[Speaker],
        *,
        sentence_spans: SentenceSplitter,
        form: PassageForm,
    ) -> None:
        self._article = article
        self._speakers = speakers
        self._form = form
        self._sentences: dict[Field, list[Span]] = {
            "title": [Span(0, len(article.title))] if article.title else [],
            "text": [
                s for p in article.paragraphs for s in sentence_spans(article.text, p.start, p.end)
            ],
        }
        self._paragraph_starts = {p.start for p in article.paragraphs}
        self._masks: dict[Field, list[_Mask]] = {}
        self._headline = _headline(article)

    def passage(
        self,
        speaker: Speaker,
        statements: Sequence[Statement],
        *,
        without: Statement | None = None,
        headline: bool | None = None,
    ) -> str:
        """Returns one line: the sentences of the statements in reading order, names masked.

        Args:
            speaker: One of the article's speakers (by identity).
            statements: Those of its statements that the passage shall hold.
            without: A statement whose sentences are no context either.
            headline: Whether the headline stands before them, unless it is one of them; None
                leaves it to `PassageForm.headline`.
        """
        pieces: list[str] = []
        for field in ("title", "text"):
            own = [s for s in statements if s.field == field]
            for span in self._spans(own, field, without):
                piece = self._masked(span, field, speaker, own)
                # A quotation that goes on without "he said" still has to say whose it is.
                pieces.append(piece if SPEAKER in piece else f"{SPEAKER}: {piece}")
        passage = " ".join(" ".join(pieces).split())
        wanted = self._form.headline if headline is None else headline
        if self._headline is None or not wanted:
            return passage
        field, span = self._headline
        said = [*statements, *([without] if without else [])]
        if any(s.field == field and s.start < span.end and span.start < s.end for s in said):
            return passage
        above = " ".join(self._masked(span, field, speaker, ()).split())
        return f"{above}{HEADLINE_END}{passage}"

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
            for i in range(1, self._form.context_sentences + 1):
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

    def _masked(
        self, span: Span, field: Field, speaker: Speaker, statements: Sequence[Statement]
    ) -> str:
        text = self._article.field_text(field)
        if field not in self._masks:
            self._masks[field] = self._all_masks(field)
        masks = self._masks[field]
        first = bisect.bisect_left(masks, span.start, key=_start)
        behind = bisect.bisect_left(masks, span.end, key=_start)
        inside = [
            m
            for m in masks[first:behind]
            if m.end <= span.end and (m.of is speaker or not m.own_only)
        ]
        # The longest wins where masks overlap; the speaker's own before others'.
        inside.sort(key=lambda m: (m.of is not speaker, m.start - m.end, m.start))
        kept: list[_Mask] = []
        for mask in inside:
            if all(mask.end <= k.start or k.end <= mask.start for k in kept):
                kept.append(mask)
        pieces = [(m.start, m.end, _replaced(text, m, speaker)) for m in kept]
        if self._form.mark_statements:
            pieces += _marks(_clipped(statements, span), kept)
        out, position = [], span.start
        for start, end, word in sorted(pieces, key=lambda p: p[:2]):
            out += [text[position:start], word]
            position = end
        out.append(text[position : span.end])
        return "".join(out)

    def _all_masks(self, field: Field) -> list[_Mask]:
        """Returns what may have to be masked in a field, in order, whoever is the speaker."""
        text = self._article.field_text(field)
        words = defaultdict[str, list[int]](list)
        for match in _WORD.finditer(text):
            words[match.group()].append(match.start())
        masks: list[_Mask] = []
        for speaker in self._speakers:
            masks += filter(None, (_mention_mask(m, field, speaker) for m in speaker.mentions))
            masks += _name_masks(text, words, _person_names(speaker), speaker)
        return sorted(masks, key=_start)


def _headline(article: Article) -> tuple[Field, Span] | None:
    """Returns where the headline stands: apart, or as a paragraph of the text."""
    if article.title:
        return "title", Span(0, len(article.title))
    for paragraph in article.paragraphs:
        if paragraph.kind is ParagraphKind.HEADLINE:
            return "text", Span(paragraph.start, paragraph.end)
    return None


def _start(mask: _Mask) -> int:
    return mask.start


def _name_masks(
    text: str, words: Mapping[str, Sequence[int]], names: Iterable[str], of: Speaker
) -> Iterator[_Mask]:
    """Yields the places of names, looked for where their first words stand."""
    ordered = sorted({n for n in names if len(n) > 1}, key=lambda n: (-len(n), n))
    if not ordered:
        return
    pattern = re.compile(r"(?:" + "|".join(map(re.escape, ordered)) + r")(?:['’]s?)?(?!\w)")
    begun = {first.group() for n in ordered if (first := _WORD.match(n))}
    places: Iterable[int] = sorted(i for word in begun for i in words.get(word, ()))
    if any(not _WORD.match(n) for n in ordered):  # "'t Hooft"
        places = range(len(text))
    behind = 0
    for i in places:
        if i < behind or (i and text[i - 1].isalnum()):
            continue
        if match := pattern.match(text, i):
            behind = match.end()
            yield _Mask(start=i, end=behind, of=of, own_only=False)


def _replaced(text: str, mask: _Mask, speaker: Speaker) -> str:
    ending = _POSSESSIVE.search(text[mask.start : mask.end])
    return (SPEAKER if mask.of is speaker else OTHER) + (ending[0] if ending else "")


def _clipped(statements: Sequence[Statement], within: Span) -> list[Span]:
    """Returns what the statements cover of a range, overlapping spans joined."""
    out: list[Span] = []
    for start, end in sorted(s for statement in statements for s in statement.spans):
        start, end = max(start, within.start), min(end, within.end)
        if out and start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(end, out[-1].end))
        elif start < end:
            out.append(Span(start, end))
    return out


def _marks(spans: Iterable[Span], masks: Sequence[_Mask]) -> Iterable[tuple[int, int, str]]:
    """Yields the marks around spans as insertions, none of them inside a mask."""
    for start, end in spans:
        cut = [m for m in masks if m.start < start < m.end]
        yield (at := min([start, *(m.start for m in cut)])), at, MARKS[0]
        cut = [m for m in masks if m.start < end < m.end]
        yield (at := max([end, *(m.end for m in cut)])), at, MARKS[1]


def _touched(sentences: Sequence[Span], statement: Statement) -> list[int]:
    """Returns the numbers of the sentences that hold any of a statement."""
    out: set[int] = set()
    for start, end in _extent(statement):
        first = bisect.bisect_right(sentences, start, key=lambda s: s.end)
        behind = bisect.bisect_left(sentences, end, key=lambda s: s.start)
        out.update(range(first, behind))
    return sorted(out)


def _extent(statement: Statement) -> list[Span]:
    """Returns all spans whose sentences are needed: content, cue and source."""
    spans = list(statement.spans)
    spans += [Span(m.start, m.end) for m in (statement.cue, statement.source) if m]
    return spans


def _mention_mask(mention: Mention, field: Field, of: Speaker) -> _Mask | None:
    lower = mention.text.lower()
    if mention.field != field or lower in _POSSESSIVE_PRONOUNS:
        return None
    own_only = lower in _PRONOUNS or of.kind is not SpeakerKind.PERSON
    return _Mask(start=mention.start, end=mention.end, of=of, own_only=own_only)


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
