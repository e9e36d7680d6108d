"""Transcripts, `NAME: "…"` lists and interviews: whose turn a paragraph is stands at its beginning.

Nothing is reported there by a cue, so that the form of the page says more than the tagger: a
paragraph that begins with a name and a colon is what this person says, and in an interview of bare
questions and answers the answers are those of the person interviewed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stance.attribution.linking import LinkedStatement
from stance.attribution.mentions import is_rubric
from stance.attribution.names import NameParts, parse_mention
from stance.attribution.people import People
from stance.schema import Article, Mention, ParagraphKind, Span, SpeakerKind, Statement

_WORD = r"(?:[^\W\d_a-zà-öø-ÿ][\w.'’\-]*|\d{1,3}(?:st|nd|rd|th))"
_JOINING = r"(?:of|the|de|da|di|du|von|van|der|den|la|le|el|al|bin|del|zu|ten|ter|and|for)"
_LABEL = re.compile(
    rf"[*_>•\-–—\s]*(?P<label>{_WORD}(?: (?:{_JOINING} ){{0,3}}{_WORD}){{0,6}}"
    r"(?:, [^\n:.?!]{2,50}| ?\([^)\n]{2,60}\))?)[*_]*:[*_]*\s+(?=\S)"
)
_QUOTED = re.compile(r"[\"“„«]")
_QUESTION = re.compile(r"\?[\"”’»*_)]*$")
_ASKING = re.compile(
    r"(?:q|question|host|moderator|interviewer|presenter|anchor|reporter|correspondent|journalist"
    r"|audience|press|studio|narrator)s?\.?(?: \d+)?",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:a|answer)\.?", re.IGNORECASE)
_MARKED_QUESTION = re.compile(r"(?:\*\*|__|[*_]|[–—-]\s|Q[.:]\s)")

_FIRST_PERSON = re.compile(r"\b(?:I|we|my|our|me|us|We|My|Our)\b")
_IN_QUOTES = re.compile(r"[\"“„«][^\"”“»]*[\"”“»]")
# Share of answers in which whoever is interviewed speaks of himself.
_SPEAKS_OF_SELF = 1 / 3
# Turns from which on a page counts as a transcript, and questions from which on as an interview.
_MIN_TURNS = 3
# Share of turns that are questions from which on one of two people only asks.
_ASKS = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class _Turn:
    paragraph: Span
    label: Span
    content: Span
    name: str


def with_dialogue(article: Article, linked: Sequence[LinkedStatement]) -> list[LinkedStatement]:
    """Puts what the form of the page says in the place of what the tagger found in its turns.

    Args:
        article: An article with paragraphs.
        linked: Statements of its text, in reading order.

    Returns:
        Statements in reading order. In a turn only those of third persons ("the minister told me
        that …") are kept beside the turn itself; whoever only asks says nothing.
    """
    turns = _turns(article)
    answers = [] if turns else _answers(article)
    if not turns and not answers:
        return list(linked)
    spoken = [LinkedStatement(statement=s, sources=(s.source,)) for s in answers if s.source]
    silent = _asking(article, turns)
    for turn in turns:
        if turn.name not in silent:
            spoken.append(_said(article, turn))
    taken = [t.paragraph for t in turns] + [Span(s.start, s.end) for s in answers]
    kept = [
        item
        for item in linked
        if not any(p.start <= item.statement.start < p.end for p in taken)
        or _is_of_another(item, taken)
    ]
    return sorted([*kept, *spoken], key=lambda item: (item.statement.start, -item.statement.end))


def _turns(article: Article) -> list[_Turn]:
    """Returns the labelled turns of a transcript; none where labels are too few or no speakers."""
    found: list[tuple[_Turn, NameParts, bool]] = []
    for p in article.paragraphs:
        match = _LABEL.match(article.text, p.start, p.end)
        if match is None or p.kind is ParagraphKind.FURNITURE or match.end() >= p.end:
            continue
        if is_rubric(match["label"]):
            continue
        label = Span(*match.span("label"))
        turn = _Turn(
            paragraph=Span(p.start, p.end),
            label=label,
            content=Span(match.end(), p.end),
            name=match["label"].casefold(),
        )
        quoted = bool(_QUOTED.match(article.text, match.end()))
        found.append((turn, parse_mention(match["label"]), quoted))
    counts = Counter(turn.name for turn, _, _ in found)
    people = People(article)
    turns = [
        (turn, quoted)
        for turn, parts, quoted in found
        if _is_speaker(turn, parts, counts, people, quoted=quoted)
    ]
    if len(turns) < _MIN_TURNS:
        turns = [(turn, quoted) for turn, quoted in turns if quoted]
    return [turn for turn, _ in turns]


def _is_speaker(
    turn: _Turn, parts: NameParts, counts: Counter[str], people: People, *, quoted: bool
) -> bool:
    """Whether a label names somebody who speaks, and is no topic ("Energy: prices rose")."""
    if _ASKING.fullmatch(turn.name) or _ANSWER.fullmatch(turn.name):
        return counts[turn.name] > 1
    if parts.government:
        return quoted or counts[turn.name] > 1
    if parts.kind is SpeakerKind.INSTITUTION:
        return quoted or counts[turn.name] > 1
    known = people.expand(parts.name) != parts.name or people.get(parts.name) is not None
    in_capitals = parts.name.isupper() and len(parts.name) > 3
    titled = bool(parts.heads) or len(parts.name.split()) > 1
    return known or in_capitals or titled or counts[turn.name] > 1


def _asking(article: Article, turns: Sequence[_Turn]) -> set[str]:
    """Returns the labels of those who only ask: hosts, and one of two who mostly puts questions."""
    names = {t.name for t in turns}
    silent = {n for n in names if _ASKING.fullmatch(n) or n == (article.outlet or "").casefold()}
    if len(names - silent) == 2:
        for name in names - silent:
            own = [t for t in turns if t.name == name]
            asked = sum(bool(_QUESTION.search(_words(article, t.content))) for t in own)
            if len(own) > 1 and asked >= _ASKS * len(own):
                return silent | {name}
    return silent


def _said(article: Article, turn: _Turn) -> LinkedStatement:
    source = Mention(
        text=_words(article, turn.label), start=turn.label.start, end=turn.label.end, field="text"
    )
    if _ANSWER.fullmatch(turn.name):
        source = _interviewee(article) or source
    return LinkedStatement(statement=_statement(article, turn.content, source), sources=(source,))


def _answers(article: Article) -> list[Statement]:
    """Returns the answers of an interview whose questions stand in paragraphs of their own."""
    readable = [p for p in article.paragraphs if p.kind is not ParagraphKind.FURNITURE]
    texts = [article.text[p.start : p.end] for p in readable]
    asked = [
        i
        for i, text in enumerate(texts)
        if _QUESTION.search(text) and _MARKED_QUESTION.match(text) and i + 1 < len(texts)
    ]
    if len(asked) < _MIN_TURNS:
        return []
    source = _interviewee(article)
    if source is None:
        return []
    out: list[Statement] = []
    for i, following in zip(asked, [*asked[1:], len(texts)], strict=True):
        # After the last question the narrator may come back: one answer only.
        end = following if following < len(texts) else i + 2
        for p in readable[i + 1 : end]:
            dash = re.match(r"[–—-]\s+", article.text[p.start : p.end])
            start = p.start + (dash.end() if dash else 0)
            if start < p.end:
                out.append(_statement(article, Span(start, p.end), source))
    return out if _is_interview(out, source) else []


def _is_interview(answers: Sequence[Statement], source: Mention) -> bool:
    """Whether answers are somebody's own words, and no explainer's ("Who has said yes?")."""
    surname = source.text.split()[-1]
    bare = [_IN_QUOTES.sub(" ", said.text) for said in answers]
    own = sum(bool(_FIRST_PERSON.search(text)) for text in bare)
    about = sum(surname in text for text in bare)
    return own > about and own >= _SPEAKS_OF_SELF * len(bare)


def _interviewee(article: Article) -> Mention | None:
    """Returns the first full mention of the person whom the article is most about.

    People with a title come first, since papers are written like names, then the one named most
    often outside furniture.
    """
    people = People(article)
    counts: Counter[str] = Counter()
    first: dict[str, Span] = {}
    for p in article.paragraphs:
        if p.kind is ParagraphKind.FURNITURE:
            continue
        for at, name in people.named_in(article.text[p.start : p.end]):
            counts[name] += 1
            start = article.text.find(name, p.start + at, p.end)
            if start >= 0:
                first.setdefault(name, Span(start, start + len(name)))

    def rank(name: str) -> tuple[bool, int, int]:
        person = people.get(name)
        return bool(person and person.heads), counts[name], -first[name].start

    if not first:
        return None
    name = max(first, key=rank)
    return Mention(text=name, start=first[name].start, end=first[name].end, field="text")


def _is_of_another(item: LinkedStatement, taken: Sequence[Span]) -> bool:
    """Whether a statement inside a turn is that of somebody whom the turn's speaker reports."""
    statement = item.statement
    inside = [p for p in taken if p.start <= statement.start < p.end]
    if not item.sources or statement.end > inside[0].end:
        return False
    source = item.sources[0]
    parts = parse_mention(source.text)
    named = bool(parts.name or parts.government or parts.heads)
    # The label itself may have been found as the source of its own turn.
    return named and source.start > inside[0].start + 3 and source.start < inside[0].end


def _statement(article: Article, content: Span, source: Mention) -> Statement:
    return Statement(
        spans=(content,),
        text=_words(article, content),
        field="text",
        source=source,
        direct=True,
    )


def _words(article: Article, span: Span) -> str:
    return article.text[span.start : span.end]
