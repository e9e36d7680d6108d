"""Inline mark-up of the authored corpus: text with braces ↔ annotations with offsets.

The format is described for annotators in `data/troops/MARKUP.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from stance.corpus.schema import (
    FORMS,
    AnnotatedArticle,
    AnnotatedSpeaker,
    AnnotatedStatement,
    GoldSpan,
)
from stance.errors import InputError
from stance.schema import MODEL_LABELS, Field

_TAG = re.compile(
    r"\{(?P<ids>\d+(?:,\d+)*)(?P<role>[sc])?"
    r"(?: (?P<keys>[A-Z][A-Z0-9_]*(?:\+[A-Z][A-Z0-9_]*)*) (?P<stance>[a-z]+) (?P<form>[a-z]+))?: "
)
_REQUIRED = ("event", "brief", "register", "outlet", "outlet_kind", "date", "speakers")
_OPTIONAL = ("author",)
_SPEAKER_FIELDS = ("name", "aliases", "kind", "gender", "role", "country", "stance", "rule")
_ONE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")


def read_markup(path: Path) -> AnnotatedArticle:
    """Reads one marked-up article.

    Args:
        path: A file `ARTICLES/BRIEF/ID.md`.

    Returns:
        The bare article with its speakers and statements; the id is the file's stem.

    Raises:
        InputError: The file breaks the format; names the line and the mend.
    """
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", source=str(path)) from error
    return parse_markup(raw, article_id=path.stem, source=str(path))


def parse_markup(raw: str, *, article_id: str, source: str = "<text>") -> AnnotatedArticle:
    """Parses marked-up text; see `read_markup`."""
    header, body, first_line = _split_front_matter(raw, source)
    speakers = _speakers(header["speakers"], source)
    body = body.rstrip("\n")
    if not body.startswith("# "):
        raise InputError(
            "the body does not begin with a headline",
            source=source,
            line=first_line,
            fix="put '# ' and the headline on the first line after the header",
        )
    head, _, rest = body.partition("\n")
    builder = _Builder({s.key for s in speakers}, source)
    title = builder.read(head[2:], "title", first_line)
    lead = len(rest) - len(rest.lstrip("\n"))
    text = builder.read(rest.lstrip("\n"), "text", first_line + 1 + lead)
    statements = builder.statements()
    check_used(speakers, statements, source)
    return AnnotatedArticle(
        id=article_id,
        title=title,
        text=text,
        date=str(header["date"]),
        outlet=str(header["outlet"]),
        outlet_kind=str(header["outlet_kind"]),
        register=str(header["register"]),
        event=str(header["event"]),
        brief=str(header["brief"]),
        author=header.get("author"),
        speakers=speakers,
        statements=statements,
    )


def write_markup(article: AnnotatedArticle) -> str:
    """Writes an annotated article as mark-up; `parse_markup` of the result gives it back."""
    lines = ["---"]
    for name in ("event", "brief", "register", "outlet", "outlet_kind", "date", "author"):
        value = getattr(article, name)
        if value is not None:
            lines.append(f"{name}: {_scalar(value)}")
    lines.append("speakers:")
    lines += [f"  {line}" for line in speaker_lines(article.speakers)]
    lines += ["---", f"# {_tagged(article, 'title')}", "", _tagged(article, "text"), ""]
    return "\n".join(lines)


def speaker_lines(speakers: Iterable[AnnotatedSpeaker]) -> list[str]:
    """Returns `KEY: {name: …, …}` for each speaker; `parse_speakers` reads the lines back."""
    lines = []
    for speaker in speakers:
        fields: dict[str, Any] = {
            "name": speaker.name,
            "aliases": list(speaker.aliases),
            "kind": speaker.kind,
        }
        fields |= {"gender": speaker.gender, "role": speaker.role, "country": speaker.country}
        fields |= {"stance": speaker.stance, "rule": speaker.rule}
        kept = {k: v for k, v in fields.items() if v not in (None, [])}
        flow = yaml.safe_dump(
            kept, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**9
        )
        lines.append(f"{speaker.key}: {flow.strip()}")
    return lines


def parse_speakers(raw: str, source: str) -> tuple[AnnotatedSpeaker, ...]:
    """Reads lines `KEY: {name: …, …}`.

    Raises:
        InputError: They are not YAML, or a speaker breaks the format.
    """
    return _speakers(_yaml(raw, source, "the list of speakers", first_line=1), source)


def _scalar(value: object) -> str:
    dumped = yaml.safe_dump(str(value), allow_unicode=True, width=10**9)
    return dumped.removesuffix("\n").removesuffix("\n...")


def _split_front_matter(raw: str, source: str) -> tuple[dict[str, Any], str, int]:
    parts = raw.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise InputError("no header between two lines '---'", source=source, line=1)
    header = _yaml(parts[1], source, "the header", first_line=2)
    if not isinstance(header, dict):
        raise InputError("the header is not a mapping", source=source, line=1)
    for key in _REQUIRED:
        if key not in header:
            raise InputError(f"the header lacks '{key}'", source=source, line=1, fix="add it")
    for key in header:
        if key not in _REQUIRED + _OPTIONAL:
            raise InputError(f"unknown key '{key}' in the header", source=source, line=1)
    return header, parts[2], 3 + parts[1].count("\n")


def _yaml(raw: str, source: str, what: str, *, first_line: int) -> Any:
    try:
        return yaml.safe_load(raw)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", "not YAML")
        raise InputError(
            f"{what} is not YAML ({problem})",
            source=source,
            line=mark.line + first_line if mark else 1,
            fix="quote values that hold ':' or '#'",
        ) from error


def _speakers(entries: Any, source: str) -> tuple[AnnotatedSpeaker, ...]:
    if entries is None:
        return ()
    if not isinstance(entries, dict):
        raise InputError("'speakers' is not a mapping of key: {…}", source=source, line=1)
    out = []
    for key, entry in entries.items():
        if not isinstance(entry, dict):
            raise InputError(f"speaker {key} is not a mapping", source=source, line=1)
        unknown = set(entry) - set(_SPEAKER_FIELDS)
        if unknown:
            raise InputError(
                f"speaker {key} has unknown fields {', '.join(sorted(unknown))}",
                source=source,
                line=1,
            )
        # YAML 1.1 reads the country code NO as the truth value false.
        country = "NO" if entry.get("country") is False else entry.get("country")
        fields = {**entry, "aliases": tuple(entry.get("aliases", ())), "country": country}
        try:
            out.append(AnnotatedSpeaker(key=str(key), **fields))
        except (TypeError, ValueError) as error:
            raise InputError(f"speaker {key}: {error}", source=source, line=1) from error
    return tuple(out)


class _Open:
    """A tag whose closing brace has not been met."""

    __slots__ = ("ids", "line", "role", "start")

    def __init__(self, ids: list[int], role: str, start: int, line: int) -> None:
        self.ids, self.role, self.start, self.line = ids, role, start, line


class _Builder:
    """Collects the spans of all tags of one article, title first."""

    def __init__(self, keys: set[str], source: str) -> None:
        self._keys = keys
        self._source = source
        self._statements: dict[int, dict[str, Any]] = {}

    def read(self, marked: str, field: Field, first_line: int) -> str:
        # A line break inside a paragraph is a wrapped line: one space.
        flat = _ONE_BREAK.sub(" ", marked)
        out: list[str] = []
        length = position = 0
        stack: list[_Open] = []
        while position < len(flat):
            char = flat[position]
            if char == "{":
                match = _TAG.match(flat, position)
                line = self._line(marked, position, first_line)
                if not match:
                    raise InputError(
                        f"'{flat[position : position + 30]}' is not a tag",
                        source=self._source,
                        line=line,
                        fix="write {1 KEY stance form: …}, {1: …}, {1s: …} or {1c: …}",
                    )
                ids = [int(i) for i in match["ids"].split(",")]
                self._declare(match, ids, field, line)
                stack.append(_Open(ids, match["role"] or "content", length, line))
                position = match.end()
            elif char == "}":
                if not stack:
                    raise InputError(
                        "a closing brace without an opening one",
                        source=self._source,
                        line=self._line(marked, position, first_line),
                    )
                self._close(stack.pop(), length, field, out)
                position += 1
            else:
                out.append(char)
                length += 1
                position += 1
        if stack:
            raise InputError("a tag is never closed", source=self._source, line=stack[-1].line)
        return "".join(out)

    def _line(self, marked: str, position: int, first_line: int) -> int:
        return first_line + marked.count("\n", 0, position)

    def _declare(self, match: re.Match[str], ids: list[int], field: Field, line: int) -> None:
        where: dict[str, Any] = {"source": self._source, "line": line}
        if match["keys"] is None:
            return
        if match["role"] or len(ids) != 1:
            raise InputError("speaker, stance and form belong to one content tag", **where)
        keys = match["keys"].split("+")
        for key in keys:
            if key not in self._keys:
                raise InputError(
                    f"speaker {key} is not in the header",
                    **where,
                    fix=f"add it, or use one of {', '.join(sorted(self._keys))}",
                )
        if match["stance"] not in MODEL_LABELS:
            raise InputError(
                f"stance '{match['stance']}' is not one of {', '.join(MODEL_LABELS)}", **where
            )
        if match["form"] not in FORMS:
            raise InputError(f"form '{match['form']}' is not one of {', '.join(FORMS)}", **where)
        entry = self._entry(ids[0], field, line)
        if "speakers" in entry:
            raise InputError(
                f"statement {ids[0]} is declared twice", **where, fix="use another number"
            )
        entry.update(
            speakers=tuple(keys), stance=match["stance"], form=match["form"], declared=line
        )

    def _entry(self, number: int, field: Field, line: int) -> dict[str, Any]:
        entry = self._statements.setdefault(
            number, {"content": [], "s": [], "c": [], "field": field, "line": line}
        )
        if entry["field"] != field:
            raise InputError(
                f"statement {number} stands in the headline and in the text",
                source=self._source,
                line=line,
                fix="give them different numbers",
            )
        return entry

    def _close(self, tag: _Open, end: int, field: Field, out: list[str]) -> None:
        words = "".join(out)[tag.start : end]
        start = tag.start + len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        if start >= end:
            raise InputError("a tag without words", source=self._source, line=tag.line)
        for number in tag.ids:
            self._entry(number, field, tag.line)[tag.role].append(GoldSpan(start, end))

    def statements(self) -> tuple[AnnotatedStatement, ...]:
        out = []
        for number, entry in sorted(self._statements.items()):
            where: dict[str, Any] = {"source": self._source, "line": entry["line"]}
            if "speakers" not in entry:
                raise InputError(
                    f"statement {number} has no speaker, stance and form",
                    **where,
                    fix=f"write {{{number} KEY stance form: …}} at its first content",
                )
            out.append(
                AnnotatedStatement(
                    number=number,
                    speakers=entry["speakers"],
                    stance=entry["stance"],
                    form=entry["form"],
                    field=entry["field"],
                    content=tuple(sorted(entry["content"])),
                    source=tuple(sorted(entry["s"])),
                    cue=tuple(sorted(entry["c"])),
                )
            )
        return tuple(out)


def check_used(
    speakers: tuple[AnnotatedSpeaker, ...],
    statements: tuple[AnnotatedStatement, ...],
    source: str,
) -> None:
    """Checks that every speaker has statements and that they agree with its stance.

    Raises:
        InputError: They do not.
    """
    for speaker in speakers:
        own = {s.stance for s in statements if speaker.key in s.speakers}
        if not own:
            raise InputError(f"speaker {speaker.key} has no statement", source=source, line=1)
        on_target = own - {"none"}
        if bool(on_target) != (speaker.stance != "none"):
            raise InputError(
                f"speaker {speaker.key} is labelled {speaker.stance}, but the statements are "
                f"{', '.join(sorted(own))}",
                source=source,
                line=1,
                fix="make them agree",
            )
        if len(on_target) == 1 and speaker.stance not in on_target | {"ambiguous"}:
            raise InputError(
                f"speaker {speaker.key} is labelled {speaker.stance}, but every statement on the "
                f"target is {on_target.pop()}",
                source=source,
                line=1,
                fix="make them agree",
            )


def _tagged(article: AnnotatedArticle, field: Field) -> str:
    """Returns the words of a field with all its tags, outer before inner."""
    tags: list[tuple[int, int, int, str]] = []
    for s in (s for s in article.statements if s.field == field):
        for i, span in enumerate(s.content):
            head = f"{s.number} {'+'.join(s.speakers)} {s.stance} {s.form}" if i == 0 else s.number
            tags.append((span.start, -span.end, 0, str(head)))
    shared: dict[tuple[str, GoldSpan], list[int]] = {}
    for s in (s for s in article.statements if s.field == field):
        for role, spans in (("s", s.source), ("c", s.cue)):
            for span in spans:
                shared.setdefault((role, span), []).append(s.number)
    for (role, span), numbers in shared.items():
        tags.append((span.start, -span.end, 1, ",".join(map(str, numbers)) + role))
    text = article.title if field == "title" else article.text
    openings: dict[int, list[str]] = {}
    closings: dict[int, int] = {}
    for start, negative_end, _, head in sorted(tags):
        openings.setdefault(start, []).append(head)
        closings[-negative_end] = closings.get(-negative_end, 0) + 1
    out = []
    for i in range(len(text) + 1):
        out.append("}" * closings.get(i, 0))
        out.extend(f"{{{head}: " for head in openings.get(i, ()))
        out.append(text[i : i + 1])
    return "".join(out)
