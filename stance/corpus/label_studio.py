"""Annotated articles ↔ tasks of Label Studio, for annotating with a mouse instead of braces.

`docs/annotation.md` holds the labelling configuration that the names here refer to. Headline and
text stand in one field, an empty line between them, so that an annotator reads one page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from stance.corpus.markup import check_used, parse_speakers, speaker_lines
from stance.corpus.schema import AnnotatedArticle, AnnotatedStatement, GoldSpan
from stance.errors import InputError
from stance.schema import Field

SPAN_LABELS = {"Content": "content", "Source": "source", "Cue": "cue"}
"""Labels of the configuration's control `spans` and what they mark."""

_LABEL_OF = {role: label for label, role in SPAN_LABELS.items()}
_GAP = "\n\n"
_META = ("id", "date", "outlet", "outlet_kind", "register", "event", "brief", "author")
_REGION = re.compile(r"statement-(\d+)-\w+-\d+")
"""Ids that export gives; those of regions drawn by hand look otherwise."""


def to_label_studio(articles: Iterable[AnnotatedArticle]) -> list[dict[str, Any]]:
    """Returns one task an article, with its annotation, in Label Studio's common JSON format.

    Args:
        articles: Annotated articles. One without speakers becomes a task to be annotated.
    """
    tasks = []
    for article in articles:
        data = {name: getattr(article, name) for name in _META if getattr(article, name)}
        data["text"] = article.title + _GAP + article.text
        data["title"] = article.title
        task: dict[str, Any] = {"data": data}
        if article.speakers:
            task["annotations"] = [{"result": _results(article, data["text"])}]
        tasks.append(task)
    return tasks


def _results(article: AnnotatedArticle, page: str) -> list[dict[str, Any]]:
    out = [_per_article("speakers", "\n".join(speaker_lines(article.speakers)))]
    for statement in article.statements:
        shift = 0 if statement.field == "title" else len(article.title) + len(_GAP)
        first = f"statement-{statement.number}-content-0"
        for role in ("content", "source", "cue"):
            for i, (start, end) in enumerate(getattr(statement, role)):
                region = f"statement-{statement.number}-{role}-{i}"
                span = {"start": start + shift, "end": end + shift}
                span |= {"text": page[span["start"] : span["end"]]}
                out.append(_control(region, "spans", "labels", span, [_LABEL_OF[role]]))
                if region != first:
                    out.append(
                        {
                            "type": "relation",
                            "from_id": region,
                            "to_id": first,
                            "direction": "right",
                        }
                    )
                    continue
                keys = "+".join(statement.speakers)
                out.append(_control(region, "said_by", "textarea", span, [keys], kind="text"))
                for name in ("stance", "form"):
                    value = [getattr(statement, name)]
                    out.append(_control(region, name, "choices", span, value))
    return out


def _control(
    region: str, name: str, type_: str, span: dict[str, Any], value: list[str], kind: str = ""
) -> dict[str, Any]:
    return {
        "id": region,
        "from_name": name,
        "to_name": "article",
        "type": type_,
        "value": {**span, (kind or type_): value},
    }


def _per_article(name: str, text: str) -> dict[str, Any]:
    return {
        "id": name,
        "from_name": name,
        "to_name": "article",
        "type": "textarea",
        "value": {"text": [text]},
    }


def from_label_studio(
    tasks: Sequence[Any], *, source: str = "<tasks>"
) -> tuple[list[AnnotatedArticle], list[InputError]]:
    """Reads annotated tasks, as Label Studio exports them ("JSON").

    The last annotation of a task that was not cancelled counts; a task without any is an error.

    Args:
        tasks: The list that the JSON file holds.
        source: Name of the file, for errors.

    Returns:
        The articles that are right, and an error for each other task.
    """
    articles, errors = [], []
    for number, task in enumerate(tasks, start=1):
        place = f"{source} task {number}"
        try:
            articles.append(_article(task, place))
        except InputError as error:
            errors.append(error)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            errors.append(
                InputError(
                    f"not a task of docs/annotation.md ({type(error).__name__}: {error})",
                    source=place,
                    fix="export as JSON from a project with that labelling configuration",
                )
            )
    return articles, errors


def _article(task: dict[str, Any], place: str) -> AnnotatedArticle:
    data = task["data"]
    for name in _META[:-1]:
        if not data.get(name):
            raise InputError(f"the data lack '{name}'", source=place, fix="add it to the task")
    page: str = data["text"]
    title: str = data["title"]
    if not page.startswith(title + _GAP):
        raise InputError(
            "'text' does not begin with 'title' and an empty line", source=place, fix="add them"
        )
    done = [a for a in task.get("annotations", ()) if not a.get("was_cancelled")]
    if not done:
        raise InputError("the task has no annotation", source=place, fix="annotate or leave it out")
    result = done[-1]["result"]
    speakers = parse_speakers(_speaker_text(result, place), place)
    regions = _regions(result, page, place)
    article = AnnotatedArticle(
        **{name: data.get(name) for name in _META},
        title=title,
        text=page[len(title) + len(_GAP) :],
        speakers=speakers,
        statements=_statements(regions, result, len(title), place),
    )
    known = {s.key for s in speakers}
    for statement in article.statements:
        for key in set(statement.speakers) - known:
            raise InputError(
                f"statement {statement.number} is said by {key}, who is not among the speakers",
                source=place,
                fix="add the speaker or correct the key",
            )
    check_used(speakers, article.statements, place)
    return article


def _speaker_text(result: list[dict[str, Any]], place: str) -> str:
    for item in result:
        if item.get("from_name") == "speakers":
            return "\n".join(item["value"]["text"])
    raise InputError("the field 'speakers' is empty", source=place, fix="write one line a speaker")


def _regions(result: list[dict[str, Any]], page: str, place: str) -> dict[str, dict[str, Any]]:
    """Returns role, span and the controls' values of every region, by its id."""
    regions: dict[str, dict[str, Any]] = defaultdict(dict)
    for item in result:
        name = item.get("from_name")
        value = item.get("value", {})
        if name == "spans":
            regions[item["id"]] |= {
                "role": SPAN_LABELS[value["labels"][0]],
                "span": _span(value, page, place),
            }
        elif name in ("stance", "form"):
            regions[item["id"]][name] = value["choices"][0]
        elif name == "said_by":
            regions[item["id"]][name] = value["text"][0]
    return regions


def _span(value: dict[str, Any], page: str, place: str) -> GoldSpan:
    """Returns the range in code points; some versions count UTF-16 units (issue 1347 there)."""
    start, end, words = value["start"], value["end"], value.get("text")
    if words is not None and page[start:end] != words:
        units = page.encode("utf-16-le")
        start = len(units[: 2 * start].decode("utf-16-le", "ignore"))
        end = len(units[: 2 * end].decode("utf-16-le", "ignore"))
        if page[start:end] != words:
            raise InputError(
                f"'{words[:40]}' does not stand at {value['start']}",
                source=place,
                fix="draw the region again",
            )
    return GoldSpan(start, end)


def _statements(
    regions: dict[str, dict[str, Any]], result: list[dict[str, Any]], title: int, place: str
) -> tuple[AnnotatedStatement, ...]:
    heads = {name: r for name, r in regions.items() if "said_by" in r}
    members: dict[str, list[dict[str, Any]]] = {name: [r] for name, r in heads.items()}
    linked = set(heads)
    for item in result:
        if item.get("type") != "relation":
            continue
        a, b = item["from_id"], item["to_id"]
        part, head = (a, b) if b in heads else (b, a)
        if head not in heads:
            raise InputError(
                "a relation leads to no content with a speaker", source=place, fix="remove it"
            )
        members[head].append(regions[part])
        linked.add(part)
    for name in regions.keys() - linked:
        start = regions[name]["span"].start
        raise InputError(
            f"the region at {start} belongs to no statement",
            source=place,
            fix="name its speaker, or draw a relation to the content that it belongs to",
        )
    numbers = _numbers(heads)
    out = [_statement(numbers[name], heads[name], members[name], title, place) for name in heads]
    return tuple(sorted(out, key=lambda s: s.number))


def _numbers(heads: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Returns each statement's number: the one it was exported with, or the next in the text."""
    numbers = {name: int(m[1]) for name in heads if (m := _REGION.fullmatch(name))}
    following = max(numbers.values(), default=0)
    for name in sorted(heads.keys() - numbers.keys(), key=lambda name: heads[name]["span"]):
        following += 1
        numbers[name] = following
    return numbers


def _statement(
    number: int, head: dict[str, Any], members: list[dict[str, Any]], title: int, place: str
) -> AnnotatedStatement:
    for name in ("stance", "form"):
        if name not in head:
            raise InputError(f"statement {number} lacks its {name}", source=place, fix="choose one")
    field: Field = "title" if head["span"].start < title else "text"
    shift = 0 if field == "title" else title + len(_GAP)
    spans: dict[str, list[GoldSpan]] = {role: [] for role in SPAN_LABELS.values()}
    for member in members:
        start, end = member["span"]
        if (start < title) != (field == "title") or end > title > start:
            raise InputError(
                f"statement {number} stands in the headline and in the text",
                source=place,
                fix="make two of it",
            )
        spans[member["role"]].append(GoldSpan(start - shift, end - shift))
    return AnnotatedStatement(
        number=number,
        speakers=tuple(head["said_by"].replace(" ", "").split("+")),
        stance=head["stance"],
        form=head["form"],
        field=field,
        **{role: tuple(sorted(found)) for role, found in spans.items()},
    )
