"""PolNeAR 1.0: political news with every attribution marked (Newell et al., LREC 2018)."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from stance.corpus.attributions import AttributedText, GoldAttribution
from stance.errors import InputError
from stance.schema import Span

logger = logging.getLogger(__name__)

_ENTITY = re.compile(
    r"(T\d+)\t(Source|Cue|Content|Attribution|Attribution-no-source|Discuss|Discard) "
    r"(\d+ \d+(?:;\d+ \d+)*)\t"
)
_EVENT = re.compile(r"E\d+\t(.+)")
_SPLITS = ("train", "dev", "test")


def read_polnear(root: Path, split: str, *, all_annotators: bool = False) -> list[AttributedText]:
    """Reads one split.

    Args:
        root: The folder that holds `train/`, `dev/` and, where the user has it, `test/`.
        split: "train", "dev" or "test".
        all_annotators: Whether articles with several annotators come several times; otherwise
            the first annotator by file name counts.

    Returns:
        Texts in the order of their file names; ids are `NAME_ANNOTATOR`.

    Raises:
        InputError: The folder or a text is missing, or spans leave their text.
    """
    if split not in _SPLITS:
        raise InputError(f"PolNeAR has no split '{split}'", fix=f"use one of {', '.join(_SPLITS)}")
    folder = root / split
    annotation_paths = sorted((folder / "attributions").glob("*.ann"))
    if not annotation_paths:
        raise InputError(
            f"no PolNeAR annotations for split '{split}'",
            source=str(folder),
            fix="run scripts/fetch_public.py polnear, or set data.polnear.root",
        )
    out, seen = [], set()
    for path in annotation_paths:
        name = path.stem.rsplit("_", 1)[0]
        if name in seen and not all_annotators:
            continue
        seen.add(name)
        out.append(_read_one(path, folder / "text" / f"{name}.txt"))
    return out


def _read_one(path: Path, text_path: Path) -> AttributedText:
    try:
        # Offsets count the newlines as they are in the file: no translation.
        text = text_path.read_bytes().decode("utf-8")
    except OSError as error:
        raise InputError(
            "the text of these annotations is missing", source=str(text_path)
        ) from error
    spans: dict[str, tuple[str, tuple[Span, ...]]] = {}
    events: list[tuple[int, list[str]]] = []
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), start=1):
        entity = _ENTITY.match(line)
        event = None if entity else _EVENT.match(line)
        if entity:
            spans[entity[1]] = (entity[2], _spans(entity[3], text, path, number))
        elif event:
            events.append((number, event[1].split()))
        elif line.strip() and line[0] not in "#AR":
            # Text of the line before that went over a line end; its offsets are already read.
            logger.debug("%s:%d: continues the line before", path, number)
    attributions = []
    for number, arguments in events:
        roles: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
        for argument in arguments[1:]:
            role, _, key = argument.partition(":")
            if key not in spans:
                raise InputError(f"{key} is not defined", source=str(path), line=number)
            roles.setdefault(role.rstrip("0123456789"), []).extend(spans[key][1])
        if roles["Content"]:
            attributions.append(
                GoldAttribution(
                    source=tuple(sorted(roles["Source"])),
                    cue=tuple(sorted(roles["Cue"])),
                    content=tuple(sorted(roles["Content"])),
                )
            )
    return AttributedText(id=path.stem, text=text, attributions=tuple(attributions))


def _spans(listed: str, text: str, path: Path, line: int) -> tuple[Span, ...]:
    out = []
    for part in listed.split(";"):
        start, end = (int(n) for n in part.split())
        if not 0 <= start < end <= len(text):
            raise InputError(f"span {start} {end} leaves the text", source=str(path), line=line)
        out.append(Span(start, end))
    return tuple(out)
