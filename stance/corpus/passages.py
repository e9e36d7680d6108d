"""The passage bank and the contrast set: short passages in which one speaker is reported.

Both are written in the same mark-up, which `data/troops/MARKUP.md` describes ("Passages"); the
bank teaches, the contrast set examines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stance.corpus.schema import FORMS, GoldSpan
from stance.errors import InputError
from stance.schema import MODEL_LABELS, NONE

_SITUATION = re.compile(r"# (?P<id>[a-z]\d+-\d+): (?P<setting>\S.*)")
_HEADING = re.compile(
    r"## (?P<number>\d+) (?P<stance>[a-z]+) (?P<rule>\d+|-) (?P<form>[a-z]+)(?: ~(?P<partner>\d+))?"
)
_TAG = re.compile(r"\{(?P<role>[scqo]): ")
_ROLES = {"s": "source", "c": "cue", "q": "content", "o": "others"}
_HOW = "write '## NUMBER STANCE RULE FORM' or '## NUMBER STANCE RULE FORM ~PARTNER'"
MAX_WORDS = 160
"""A passage longer than that is an article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnotatedPassage:
    """One to five sentences of which one speaker's stance is known.

    Attributes:
        id: Situation and number, for instance "p03-017-05".
        situation: What the passages of a group have in common; "p03-017".
        setting: The situation in words.
        brief: Who wrote it under which brief; "p03".
        text: The bare passage.
        stance: One of `stance.schema.MODEL_LABELS`.
        form: Main reporting form, one of `FORMS`.
        content: What the speaker is reported to say, in parts.
        source: Words that stand for the speaker.
        cue: Words that report.
        others: Names of other people.
        rule: Codebook rule that decided, 1 to 11; None where the stance is "none".
        partner: Id of the passage of which this is a contrasting edit, or None.
    """

    id: str
    situation: str
    setting: str
    brief: str
    text: str
    stance: str
    form: str
    content: tuple[GoldSpan, ...]
    source: tuple[GoldSpan, ...]
    cue: tuple[GoldSpan, ...] = ()
    others: tuple[GoldSpan, ...] = ()
    rule: int | None = None
    partner: str | None = None

    def __post_init__(self) -> None:
        if self.stance not in MODEL_LABELS:
            raise ValueError(f"stance '{self.stance}' is not one of {', '.join(MODEL_LABELS)}")
        if self.form not in FORMS:
            raise ValueError(f"form '{self.form}' is not one of {', '.join(FORMS)}")
        if (self.rule is None) != (self.stance == NONE):
            raise ValueError("a rule is needed exactly where the stance is not none")
        if self.rule is not None and not 1 <= self.rule <= 11:
            raise ValueError(f"rule {self.rule} is not a rule of the codebook (1 to 11)")
        if not self.content:
            raise ValueError("no words are marked as said ({q: …})")
        if not self.source:
            raise ValueError("no words are marked as the speaker ({s: …})")
        if len(self.text.split()) > MAX_WORDS:
            raise ValueError(f"more than {MAX_WORDS} words")

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON values; `from_dict` reads them back."""
        return asdict(self)

    @staticmethod
    def from_dict(row: dict[str, Any]) -> AnnotatedPassage:
        """Reads a row of the built JSONL."""
        spans = {n: tuple(GoldSpan(a, b) for a, b in row[n]) for n in _ROLES.values()}
        return AnnotatedPassage(**{**row, **spans})


def read_passages(path: Path) -> tuple[list[AnnotatedPassage], list[InputError]]:
    """Reads a file of marked-up passages.

    Args:
        path: A file `BRIEF/NAME.md`.

    Returns:
        The passages that are right and an error for each other one.
    """
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return [], [InputError(f"cannot be read ({error})", source=str(path))]
    return parse_passages(raw, source=str(path))


def parse_passages(
    raw: str, *, source: str = "<text>"
) -> tuple[list[AnnotatedPassage], list[InputError]]:
    """Parses marked-up passages; see `read_passages`."""
    passages: dict[str, AnnotatedPassage] = {}
    errors: list[InputError] = []
    situation: re.Match[str] | None = None
    for number, heading, body in _sections(raw):
        try:
            if heading.startswith("## "):
                passage = _passage(situation, heading, body)
                _check_new(passage, passages)
                passages[passage.id] = passage
            else:
                situation = _SITUATION.fullmatch(heading)
                if situation is None:
                    raise _Broken("not a situation", "write '# p03-017: what happens'")
        except _Broken as broken:
            errors.append(InputError(broken.what, source=source, line=number, fix=broken.fix))
        except ValueError as error:
            errors.append(InputError(str(error), source=source, line=number))
    return list(passages.values()), errors


def _sections(raw: str) -> Iterator[tuple[int, str, str]]:
    """Yields the line number of every heading, the heading, and what stands under it."""
    heading, first, body = "", 1, list[str]()
    for number, line in enumerate(raw.split("\n"), start=1):
        if not line.startswith("#"):
            body.append(line)
            continue
        if heading or any(map(str.strip, body)):
            yield first, heading, "\n".join(body)
        heading, first, body = line.rstrip(), number, []
    yield first, heading, "\n".join(body)


class _Broken(Exception):
    """What is wrong and how to mend it; the caller knows the place."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


def _check_new(passage: AnnotatedPassage, earlier: Mapping[str, AnnotatedPassage]) -> None:
    if passage.id in earlier:
        raise _Broken(f"passage {passage.id} stands twice", "give it another number")
    if passage.partner is None:
        return
    partner = earlier.get(passage.partner)
    if partner is None:
        raise _Broken(
            f"partner {passage.partner} does not stand before it in its situation",
            "put the partner first",
        )
    if partner.stance == passage.stance:
        raise _Broken("contrast partners have the same stance", "drop the '~' or change the text")


def _passage(situation: re.Match[str] | None, line: str, marked: str) -> AnnotatedPassage:
    heading = _HEADING.fullmatch(line)
    if heading is None:
        raise _Broken(f"'{line[:40]}' is not a heading", _HOW)
    if situation is None:
        raise _Broken("no situation above the passage", "write '# p03-017: what happens'")
    name = situation["id"]
    spans: dict[str, list[GoldSpan]] = {role: [] for role in _ROLES.values()}
    text = _read(" ".join(marked.split()), spans)
    partner, rule = heading["partner"], heading["rule"]
    return AnnotatedPassage(
        id=f"{name}-{int(heading['number']):02d}",
        situation=name,
        setting=situation["setting"],
        brief=name.split("-")[0],
        text=text,
        stance=heading["stance"],
        rule=None if rule == "-" else int(rule),
        form=heading["form"],
        partner=None if partner is None else f"{name}-{int(partner):02d}",
        **{role: tuple(sorted(found)) for role, found in spans.items()},
    )


def _read(marked: str, spans: dict[str, list[GoldSpan]]) -> str:
    """Returns the text without tags and fills `spans`; paragraphs are joined to one."""
    out: list[str] = []
    stack: list[tuple[str, int]] = []
    length = position = 0
    while position < len(marked):
        char = marked[position]
        if char == "{":
            tag = _TAG.match(marked, position)
            if tag is None:
                raise _Broken(
                    f"'{marked[position : position + 20]}' is not a tag",
                    "write {s: …}, {c: …}, {q: …} or {o: …}",
                )
            stack.append((_ROLES[tag["role"]], length))
            position = tag.end()
            continue
        if char == "}":
            if not stack:
                raise _Broken("a closing brace without an opening one", "remove it")
            role, start = stack.pop()
            if start == length:
                raise _Broken("a tag without words", "remove it")
            spans[role].append(GoldSpan(start, length))
        else:
            out.append(char)
            length += 1
        position += 1
    if stack:
        raise _Broken("a tag is never closed", "close it with '}'")
    return "".join(out)


def write_passages(passages: list[AnnotatedPassage]) -> str:
    """Writes passages as mark-up; `parse_passages` of the result gives them back."""
    lines: list[str] = []
    situation = None
    for passage in passages:
        if passage.situation != situation:
            situation = passage.situation
            lines += [f"# {situation}: {passage.setting}", ""]
        number = int(passage.id.rsplit("-", 1)[1])
        rule = "-" if passage.rule is None else passage.rule
        partner = "" if passage.partner is None else f" ~{int(passage.partner.rsplit('-', 1)[1])}"
        lines += [f"## {number} {passage.stance} {rule} {passage.form}{partner}"]
        lines += [_tagged(passage), ""]
    return "\n".join(lines)


def _tagged(passage: AnnotatedPassage) -> str:
    openings: dict[int, list[tuple[int, str]]] = {}
    closings: dict[int, int] = {}
    for letter, role in _ROLES.items():
        for start, end in getattr(passage, role):
            openings.setdefault(start, []).append((-end, letter))
            closings[end] = closings.get(end, 0) + 1
    out = []
    for i in range(len(passage.text) + 1):
        out.append("}" * closings.get(i, 0))
        out.extend(f"{{{letter}: " for _, letter in sorted(openings.get(i, ())))
        out.append(passage.text[i : i + 1])
    return "".join(out)
