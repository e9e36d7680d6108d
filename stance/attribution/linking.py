"""Spans of each role → statements: which source and cue belong to which content.

A content takes the nearest cue of its sentence, the cue its nearest source; distance counts
characters, sentence ends and other contents or cues in between. A quotation without either goes on
with the speaker of the statement before it. On PolNeAR, 97 % of sources stand in the sentence of
their content, which is why nearness inside the sentence comes first.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from stance.attribution.lexicon import words
from stance.attribution.mentions import names_speaker, relays
from stance.attribution.names import may_be_source, parse_mention
from stance.schema import Field, Mention, Span, SpeakerKind, Statement

_OPENING_QUOTES = "\"“„«‘'"
_QUOTES = re.compile("[\"“”„«»]|(?<!\\w)[‘']\\w|\\w[’'](?=[\\s.,;:!?)])[^\\w]")
_DESCRIPTION = re.compile(r"(?:one of|an?)\b")
_AND = re.compile(r"\s*(?:,|,?\s*(?:and|or|&)|as well as)\s*", re.IGNORECASE)

_CLAUSE = re.compile(r",\s+(?:who|whose|whom|which)\b")
_DESCRIBES = re.compile(r"(?!(?:he|she|they|it|we|his|her|its|their|the)\b)[a-z]+ ")
_LAST_PART = re.compile(r"[^,;:.!?\"“”„«»\n]+\Z")

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w'’\-]*"
_NAME_AFTER = re.compile(rf"(?:(?:['’]s)?(?: {_CAPITAL})+|-{_CAPITAL}(?: {_CAPITAL})*)")
_WORD_END = re.compile(r"(?:[\w‑-]*)\Z")
_WORD_BEFORE = re.compile(rf"(?:[Tt]he )?{_CAPITAL} \Z")
_WORDS_BEFORE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir) (?:[\w’'\-]+ ){0,3}\Z")
# "The U.S. State" before "Department"
_BODY_BEFORE = re.compile(rf"(?:[Tt]he )?(?:(?:[A-Z]\.)+ )?(?:{_CAPITAL} )+\Z")
_NAME_BEFORE = re.compile(
    rf"(?:[Tt]he )?{_CAPITAL}(?: (?:{_CAPITAL}|of|the|and|for))* of (?:the )?\Z"
)

_NAME_DESCRIBED = re.compile(
    rf"(?:^|[.!?:\n*][\"”’»)*]*\s*)(?:[A-Z][a-z]+, )?(?:[\w’'\-]+ ){{0,6}}?"
    rf"(?P<name>{_CAPITAL}(?: (?:[a-z’']{{1,4}} ){{0,2}}{_CAPITAL})*), "
    rf"(?:(?P<relative>who|whose|which) |[a-z])[^,;:.!?\"“”„«»\n]*\Z"
)

_NAME_BEFORE_COMMA = re.compile(
    rf"(?P<name>{_CAPITAL}(?: (?:[a-z’']{{1,4}} ){{0,2}}{_CAPITAL})+), \Z"
)
_NAME_FOLLOWS = re.compile(
    rf", (?P<name>{_CAPITAL}(?: (?:[a-z’']{{1,4}} ){{0,2}}{_CAPITAL})+)(?=,| \()"
)

# "Poland, which has {refused}", "Paris {urged}": the subject right before a cue.
_SUBJECT = re.compile(
    rf"(?<![\w.])(?P<name>(?:[Tt]he )?{_CAPITAL}(?: {_CAPITAL}){{0,4}})(?<!['’]s)(?<!s['’])"
    rf"(?:,(?P<relative> (?:who|which)))?(?: (?!(?:and|or|but)\b)[a-z]+){{0,2}} \Z"
)
_PLACED = re.compile(
    r"\b(?:in|at|from|of|to|for|with|by|on|near|over|about|against|and|or)(?: the)? \Z"
)

_LISTED_NAME = rf"(?P<name>(?:the )?{_CAPITAL}(?: {_CAPITAL})?)"
_LISTED_BEFORE = re.compile(_LISTED_NAME + r"(?:,? and |, )\Z")
_LISTED_AFTER = re.compile(r"(?:,? and |, )" + _LISTED_NAME)
_LISTED_LENGTH = 40
_SUBJECT_LENGTH = 80
_AND_BEFORE = re.compile(
    r"(?:^|[.!?:\n*•][\"”’»)*]*\s*)(?P<name>(?:[\w’'\-]+ ){0,7}[\w’'\-]+) and (?:the )?\Z"
)

# Costs in characters. A sentence end between two spans weighs like a long clause, a foreign cue or
# content in between like a short one; beyond the limit nothing is linked.
_SENTENCE_COST = 150
_BETWEEN_COST = 60
_LIMIT = 400
# Words of a content that nothing introduces.
_SHORTEST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedStatement:
    """A statement with all of its sources (several in "Berlin and Rome said").

    Attributes:
        statement: What is said, with its first source.
        sources: Its sources in reading order.
        continued: Whether it has none of its own and takes those of the statement before it.
    """

    statement: Statement
    sources: tuple[Mention, ...]
    continued: bool = False


def link(
    text: str,
    spans: dict[str, list[Span]],
    paragraphs: Sequence[Span],
    sentences: Sequence[Span],
    field: Field = "text",
) -> list[LinkedStatement]:
    """Links the spans of one text into statements.

    Args:
        text: The text that all spans point into.
        spans: Spans by role (`labels.ROLES`), each in order.
        paragraphs: Paragraphs that were read, in order.
        sentences: Their sentences, in order.
        field: Which string of the article `text` is.

    Returns:
        Statements in reading order of their first word.
    """
    linker = _Linker(text, spans, paragraphs, sentences, field)
    return linker.statements()


class _Linker:
    def __init__(
        self,
        text: str,
        spans: dict[str, list[Span]],
        paragraphs: Sequence[Span],
        sentences: Sequence[Span],
        field: Field,
    ) -> None:
        self._text = text
        self._field: Field = field
        self._inner = set(spans["inner"])
        self._contents = sorted({*spans["content"], *spans["inner"]})
        self._cues = spans["cue"]
        cue_starts = {cue.start for cue in self._cues}
        whole = _rejoined(text, [*spans["source"], *_subjects(text, self._cues, spans["source"])])
        found = [_antecedent(text, s, cue_starts) for s in whole]
        named = [_whole_name(text, s) for s in found if may_be_source(text[s.start : s.end])]
        listed = sorted({s for name in named for s in _listed(text, name)})
        ends = {s.end for s in listed}
        self._sources = [s for s in listed if not _describes(text, s, ends)]
        self._paragraph_starts = [p.start for p in paragraphs]
        self._sentence_starts = [s.start for s in sentences]

    def statements(self) -> list[LinkedStatement]:
        groups: list[tuple[list[Span], Span | None, list[Span], bool]] = []
        for content in self._contents:
            cue = self._cue(content)
            if cue is not None and self._names_another(content, cue):
                cue = None
            if cue is None and self._is_fragment(content):
                continue
            anchor = cue or content
            sources = self._source(content, anchor)
            if sources and cue and self._is_relay(sources[0], cue):
                cue, sources = self._relayed(content) or (cue, sources)
            last = groups[-1] if groups else None
            if (
                last
                and cue is not None
                and cue == last[1]
                and self._same_statement(last[0], content, cue)
            ):
                last[0].append(content)
                continue
            continued = False
            if not sources and cue is None and last and self._continues(last[0][-1], content):
                sources, continued = last[2], True
            groups.append(([content], cue, sources, continued))
        return [self._statement(*group) for group in groups]

    def _is_relay(self, source: Span, cue: Span) -> bool:
        return relays(self._text[slice(*source)], self._text[slice(*cue)])

    def _relayed(self, content: Span) -> tuple[Span, list[Span]] | None:
        """Returns who says, inside of a content, what a newsroom passes on, and by which cue.

        "{Rome will send troops, {the premier} {said}}, Reuters reported".
        """
        sources = [s for s in self._sources if _inside(s, content)]
        cues = [c for c in self._cues if _inside(c, content)]
        pairs = [(max(s.start, c.start) - min(s.end, c.end), c, s) for c in cues for s in sources]
        if not pairs:
            return None
        _, cue, source = min(pairs)
        return cue, [source]

    def _is_fragment(self, content: Span) -> bool:
        """Whether a content is a word or two out of a sentence, which say nothing by themselves."""
        said = self._text[content.start : content.end]
        short = len(said.split()) < _SHORTEST and not _QUOTES.search(f" {said} ")
        return short and said[-1] not in ".!?"

    def _names_another(self, content: Span, cue: Span) -> bool:
        """Whether a cue of another sentence is foreign to a content whose own names a source.

        "Maybe, he said. The White House for its part repeated that …", "repeated" not being found.
        """
        here = self._sentence(content)
        if self._sentence(cue) == here:
            return False
        first = bisect.bisect_left(self._sources, (self._sentence_starts[here - 1], 0))
        own = self._sources[first : first + 1]
        return bool(own) and own[0].end <= content.start and self._sentence(own[0]) == here

    def _cue(self, content: Span) -> Span | None:
        return self._nearest(content, content, self._cues)

    def _source(self, content: Span, anchor: Span) -> list[Span]:
        best = self._nearest(anchor, content, self._sources)
        if best is None:
            return []
        out = [best]
        i = self._sources.index(best)
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(self._sources) and self._joined(
                self._sources[j], out[0 if step < 0 else -1]
            ):
                out.insert(0 if step < 0 else len(out), self._sources[j])
                j += step
        return out

    def _nearest(self, anchor: Span, content: Span, candidates: list[Span]) -> Span | None:
        """Returns the cheapest candidate for `content`, measured from `anchor`."""
        low = bisect.bisect_left(candidates, (anchor.start - _LIMIT - 400, 0))
        best, best_cost = None, float(_LIMIT)
        outer = self._outer(content) if content in self._inner else None
        for span in candidates[low:]:
            if span.start > anchor.end + _LIMIT:
                break
            if _inside(span, content) or self._paragraph(span) != self._paragraph(anchor):
                continue
            holder = self._outer(span)
            if holder is not None and holder != outer and not _inside(content, holder):
                continue  # belongs to a report inside another content
            cost = float(self._cost(anchor, span))
            if outer is not None and not _inside(span, outer):
                cost += _SENTENCE_COST
            if cost < best_cost:
                best, best_cost = span, cost
        return best

    def _cost(self, a: Span, b: Span) -> int:
        first, second = (a, b) if a.start <= b.start else (b, a)
        gap = max(0, second.start - first.end)
        sentences = abs(self._sentence(a) - self._sentence(b)) if gap else 0
        between = sum(
            1
            for spans in (self._contents, self._cues)
            for s in spans[bisect.bisect_left(spans, (first.end, 0)) :][:8]
            if s.end <= second.start and s not in (a, b)
        )
        return gap + sentences * _SENTENCE_COST + between * _BETWEEN_COST

    def _outer(self, span: Span) -> Span | None:
        i = bisect.bisect_right(self._contents, (span.start, 10**12))
        for content in reversed(self._contents[max(0, i - 6) : i]):
            if content != span and _inside(span, content):
                return content
        return None

    def _same_statement(self, parts: list[Span], content: Span, cue: Span) -> bool:
        last = parts[-1]
        if content in self._inner or last in self._inner:
            return False
        gap = content.start - last.end
        return last.end <= cue.start < content.start or gap < 40

    def _continues(self, last: Span, content: Span) -> bool:
        """Whether a content without source goes on with the speaker before it."""
        near = self._paragraph(content) - self._paragraph(last) <= 1
        quoted = self._text[content.start] in _OPENING_QUOTES
        return near and (quoted or self._sentence(content) - self._sentence(last) <= 1)

    def _joined(self, a: Span, b: Span) -> bool:
        first, second = (a, b) if a.start < b.start else (b, a)
        return bool(_AND.fullmatch(self._text, first.end, second.start))

    def _paragraph(self, span: Span) -> int:
        return bisect.bisect_right(self._paragraph_starts, span.start)

    def _sentence(self, span: Span) -> int:
        return bisect.bisect_right(self._sentence_starts, span.start)

    def _mention(self, span: Span) -> Mention:
        return Mention(
            text=self._text[span.start : span.end],
            start=span.start,
            end=span.end,
            field=self._field,
        )

    def _statement(
        self, parts: list[Span], cue: Span | None, sources: list[Span], continued: bool
    ) -> LinkedStatement:
        pieces = [self._text[a:b] for a, b in parts]
        mentions = tuple(self._mention(s) for s in sources)
        return LinkedStatement(
            statement=Statement(
                spans=tuple(parts),
                text=" … ".join(pieces),
                field=self._field,
                cue=self._mention(cue) if cue else None,
                source=mentions[0] if mentions else None,
                direct=any(_QUOTES.search(w + " ") for w in pieces),
            ),
            sources=mentions,
            continued=continued,
        )


def _subjects(text: str, cues: Sequence[Span], sources: Sequence[Span]) -> list[Span]:
    """Returns subjects of cues that the tagger has not marked: governments, and antecedents.

    "Poland, which has {refused} the offer", "Ana Weiss, who {called} it a farce", "Paris {urged}".
    """
    out = []
    for cue in cues:
        match = _SUBJECT.search(text, max(0, cue.start - _SUBJECT_LENGTH), cue.start)
        if match is None:
            continue
        name = Span(*match.span("name"))
        if any(s.start < cue.start and name.start < s.end for s in sources):
            continue
        parts = parse_mention(match["name"])
        person = parts.kind is SpeakerKind.PERSON and " " in parts.name and match["relative"]
        if person or (parts.government and not _PLACED.search(text, 0, name.start)):
            out.append(name)
    return out


def _rejoined(text: str, sources: Sequence[Span]) -> list[Span]:
    """Joins pieces of one source: a name and its description, the halves of a hyphenated name."""
    out: list[Span] = []
    for span in sorted(set(sources)):
        if out and _is_one_source(text, out[-1], span):
            out[-1] = Span(out[-1].start, span.end)
        else:
            out.append(span)
    return out


def _is_one_source(text: str, first: Span, second: Span) -> bool:
    between = text[first.end : second.start]
    if between.strip("-‑") == "" and "\n" not in between:
        return between != "" or text[second.start - 1] in "-‑"
    if between == "." and re.match(r"[A-Z]\b", text[second.start : second.end]):
        return True  # "the U" and "K."
    words_used = text[slice(*first)]
    return between == ", " and " " in words_used and bool(_DESCRIBES.match(text, second.start))


def _antecedent(text: str, source: Span, cue_starts: Collection[int]) -> Span:
    """Returns of whom a relative clause speaks that ends in `source` before a cue.

    "Ana Weiss, whose party lost the election, called it a farce": the tagger may take the last
    words of the clause for the source of the cue.
    """
    named = _NAME_FOLLOWS.match(text, source.end)
    if (
        named
        and _is_nameless_person(text[slice(*source)])
        and parse_mention(named["name"]).kind is SpeakerKind.PERSON
    ):
        return Span(source.start, named.end("name"))
    before = _NAME_BEFORE_COMMA.search(text, max(0, source.start - _LIMIT), source.start)
    if (
        before
        and text[source.end : source.end + 1] == ","
        and _is_nameless_person(text[slice(*source)])
        and parse_mention(before["name"]).kind is SpeakerKind.PERSON
    ):
        return Span(before.start("name"), source.end)
    described = _described(text, source, cue_starts)
    if described is not None:
        return described
    after = text[source.end : source.end + 3]
    cue = source.end + len(after) - len(after.lstrip(", "))
    if not after.startswith(",") or cue not in cue_starts:
        return source
    window = text[max(0, source.start - _LIMIT) : source.start]
    clauses = list(_CLAUSE.finditer(window))
    if not clauses or re.search(r"[,.!?\n]", window[clauses[-1].end() :]):
        return source
    start = source.start - len(window) + clauses[-1].start()
    part = _LAST_PART.search(text, max(0, start - _LIMIT), start)
    if part is None or not part.group().strip():
        return source
    return Span(start - len(part.group().lstrip()), start)


def _described(text: str, source: Span, cue_starts: Collection[int]) -> Span | None:
    """Returns the name that begins the sentence and that words around `source` only describe.

    "Ana Weiss, whose {party} lost the election, called it a farce", "Ana Weiss, once envoy to
    {NATO}, warned": nothing is said by the party or by NATO. "Ana Weiss, {the minister} said,
    had lied" is another matter: there a cue follows at once.
    """
    if source.end + 1 in cue_starts or source.end in cue_starts:
        return None
    begin = max(0, source.start - _LIMIT)
    match = _NAME_DESCRIBED.search(text, begin, source.start)
    if match is None:
        return None
    parts = parse_mention(text[slice(*source)])
    name = match["name"]
    if parts.pronoun or (parts.name and parts.kind is SpeakerKind.PERSON):
        return None
    of_name = parse_mention(name)
    # "Norway, a {neighbour} of Russia, refused"
    apposed = bool(of_name.government) and text[slice(*source)].islower()
    if not (match["relative"] or apposed or of_name.kind is SpeakerKind.PERSON):
        return None
    return Span(*match.span("name"))


def _is_nameless_person(words_used: str) -> bool:
    parts = parse_mention(words_used)
    return parts.kind is SpeakerKind.PERSON and not parts.name and not parts.pronoun


def _whole_name(text: str, source: Span) -> Span:
    """Completes a name of which the tagger has a part.

    "Kharkiv" of "the Council of Kharkiv", "the party Native" of "the party Native Shore", "staff"
    of "the French joint staff".
    """
    start, end = source
    # "Noël Piettevaux" of "Jean-Noël Piettevaux".
    start -= len(_WORD_END.search(text, max(0, start - _LIMIT), start).group())  # type: ignore[union-attr]
    last_word = text.rfind(" ", start, end) + 1
    if text[max(start, last_word)].isupper():
        after = _NAME_AFTER.match(text, end)
        end = after.end() if after else end
    cut_off = text[:end].endswith((" of", " of the"))
    if cut_off and (after := _NAME_AFTER.match(text, end)):
        end = after.end()
    if " " not in text[slice(*source)]:
        country = _WORD_BEFORE.search(text, max(0, start - _LIMIT), start)
        if country and parse_mention(country.group() + text[start:end]).government:
            return Span(country.start(), end)  # "the United States"
        pattern = _NAME_BEFORE if text[start].isupper() else _WORDS_BEFORE
        before = pattern.search(text, max(0, start - _LIMIT), start)
        word = text[slice(*source)]
        if word[:1].isupper() and word.lower() in words("institution_words"):
            before = _BODY_BEFORE.search(text, max(0, start - _LIMIT), start) or before
        is_body = word in words("institution_words")
        if before and (text[start].isupper() or is_body):
            start = before.start()
    return Span(start, end)


def _describes(text: str, source: Span, ends: Collection[int]) -> bool:
    """Whether a source says who another one is ("Poland, one of the closest allies, said")."""
    behind = source.start - 2 in ends and text[source.start - 2 : source.start] == ", "
    return behind and bool(_DESCRIPTION.match(text, source.start, source.end))


def _listed(text: str, source: Span) -> list[Span]:
    """Returns the speakers of a list in which `source` stands.

    That are governments anywhere ("Madrid, Athens and Lisbon"), and whoever else begins the
    sentence ("The bishop and the union").
    """
    first = _AND_BEFORE.search(text, max(0, source.start - _LIMIT), source.start)
    if first and names_speaker(first["name"]):
        return [Span(*first.span("name")), source]
    if parse_mention(text[source.start : source.end]).government is None:
        return [source]
    before: list[Span] = []
    start = source.start
    while match := _LISTED_BEFORE.search(text, max(0, start - _LISTED_LENGTH), start):
        name = _government(text, Span(*match.span("name")))
        if name is None or (not before and "and" not in match.group()):
            break
        before.append(name)
        start = name.start
    after: list[Span] = []
    for match in _LISTED_AFTER.finditer(text, source.end, source.end + 3 * _LISTED_LENGTH):
        end = after[-1].end if after else source.end
        name = _government(text, Span(*match.span("name")))
        if match.start() != end or name is None or name.start != match.start("name"):
            break
        after.append(name)
        if "and" in match.group():
            return [*before, source, *after]
    return [*before, source]


def _government(text: str, name: Span) -> Span | None:
    """Returns the government that one or two words name, or the last of them ("Tuesday Madrid")."""
    if parse_mention(text[name.start : name.end]).government is None:
        name = Span(name.start + text[name.start : name.end].rfind(" ") + 1, name.end)
    return None if parse_mention(text[name.start : name.end]).government is None else name


def _inside(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end
