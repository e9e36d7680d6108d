"""Downloads public corpora and checks them; `scripts/fetch_public.py` is its command."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from stance.corpus.public.pairs import read_rows
from stance.corpus.public.sources import RemoteFile, Source, Table, Tree
from stance.errors import InputError

logger = logging.getLogger(__name__)

Opener = Callable[[str], BinaryIO]
"""Opens a URL for reading; what it returns is used as a context manager."""

_TIMEOUT_S = 60
_CHUNK = 1 << 20
# Zip entries carry a date; a fixed one makes the same content the same file.
_ZIP_DATE = (2020, 1, 1, 0, 0, 0)


class State(StrEnum):
    """What a check found."""

    RIGHT = "right"
    ABSENT = "absent"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """State of one file or folder of a corpus.

    Attributes:
        path: Below the folder of all corpora.
        state: What was found.
        detail: Why, in a few words; may be empty.
        held_out: Whether it is test material, without which a corpus is still whole.
    """

    path: str
    state: State
    detail: str = ""
    held_out: bool = False

    @property
    def is_fault(self) -> bool:
        """Whether the corpus cannot be used as it is."""
        return self.state is State.WRONG or (self.state is State.ABSENT and not self.held_out)

    def __str__(self) -> str:
        notes = [note for note in (self.detail, "held out" if self.held_out else "") if note]
        return f"{self.state}: {self.path}" + (f" ({'; '.join(notes)})" if notes else "")


def open_url(url: str) -> BinaryIO:
    """Opens an address over the network (or a `file://` one)."""
    response: BinaryIO = urllib.request.urlopen(url, timeout=_TIMEOUT_S)
    return response


def check(source: Source, root: Path) -> list[Finding]:
    """Compares what lies below `root` with what was released; changes nothing.

    Args:
        source: A corpus.
        root: Folder of all corpora.

    Returns:
        One finding a file or folder, in the order of `source`.
    """
    files = [_check_file(root / file.path, file) for file in source.files]
    return files + [_check_tree(root / tree.path, tree) for tree in source.trees]


def fetch(source: Source, root: Path, *, opener: Opener = open_url) -> list[Finding]:
    """Gets what is absent or wrong below `root`; leaves alone what is right.

    Every file is written beside its place, checked there and then renamed, so that a break leaves
    no half file behind.

    Args:
        source: A corpus.
        root: Folder of all corpora; made where it is missing.
        opener: Opens the addresses.

    Returns:
        Findings after the work, as `check` gives them.

    Raises:
        InputError: Something cannot be downloaded or written, or is not what was released.
    """
    for file in source.files:
        target = root / file.path
        if _check_file(target, file).state is not State.RIGHT:
            _fetch_file(file, target, opener)
    trees = [t for t in source.trees if _check_tree(root / t.path, t).state is not State.RIGHT]
    if trees and source.archive_url:
        _fetch_trees(trees, source.archive_url, root, opener)
    return check(source, root)


def _fetch_file(file: RemoteFile, target: Path, opener: Opener) -> None:
    with _part(target) as part:
        if file.member is None:
            _download(file.url, part, opener)
        else:
            with _part(target.with_name(file.member)) as plain:
                _download(file.url, plain, opener)
                _pack(plain, file.member, part)
        finding = _check_file(part, file)
        if finding.state is not State.RIGHT:
            raise InputError(
                f"the download is not what was released ({finding.detail})",
                source=file.url,
                fix="try again; if it stays so, the source has changed",
            )
        os.replace(part, target)


def _fetch_trees(trees: list[Tree], url: str, root: Path, opener: Opener) -> None:
    with _part((root / trees[0].path).with_name("archive.zip")) as part:
        _download(url, part, opener)
        try:
            with zipfile.ZipFile(part) as archive:
                for tree in trees:
                    _extract(archive, tree, root / tree.path)
        except zipfile.BadZipFile as error:
            raise InputError(
                f"the download is not a whole zip ({error})", source=url, fix="try again"
            ) from error
    for tree in trees:
        finding = _check_tree(root / tree.path, tree)
        if finding.state is not State.RIGHT:
            raise InputError(
                f"not what was released ({finding.detail or finding.state})",
                source=str(root / tree.path),
                fix="move this folder away and run the script again",
            )


def _extract(archive: zipfile.ZipFile, tree: Tree, folder: Path) -> None:
    for name in archive.namelist():
        # A code host puts everything below one folder whose name holds the commit.
        inner = PurePosixPath(*PurePosixPath(name).parts[1:])
        if str(inner.parent) != tree.member or inner.suffix != tree.suffix:
            continue
        with _part(folder / inner.name) as part:
            with archive.open(name) as content, part.open("wb") as stream:
                shutil.copyfileobj(content, stream, _CHUNK)
            os.replace(part, folder / inner.name)


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """Gives a name beside `target` to write to; what is left under it at the end is removed."""
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cannot be written ({error})", source=str(target)) from error


def _download(url: str, target: Path, opener: Opener) -> None:
    logger.info("getting %s", url)
    with target.open("wb") as stream:
        try:
            with opener(url) as response:
                shutil.copyfileobj(response, stream, _CHUNK)
        except (OSError, HTTPException) as error:
            raise InputError(
                f"cannot be downloaded ({error})",
                source=url,
                fix="check the network connection and try again",
            ) from error


def _pack(plain: Path, member: str, target: Path) -> None:
    info = zipfile.ZipInfo(member, date_time=_ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(target, "w") as archive,
        archive.open(info, "w", force_zip64=True) as packed,
        plain.open("rb") as content,
    ):
        shutil.copyfileobj(content, packed, _CHUNK)


def _check_file(path: Path, file: RemoteFile) -> Finding:
    def found(state: State, detail: str = "") -> Finding:
        return Finding(path=file.path, state=state, detail=detail, held_out=file.held_out)

    if not path.is_file():
        return found(State.ABSENT)
    if file.table is not None:
        detail = _table_fault(path, file.table)
        return found(State.WRONG if detail else State.RIGHT, detail)
    try:
        digest = _sha256_of_member(path) if file.member else _sha256(path)
    except (OSError, zipfile.BadZipFile) as error:
        return found(State.WRONG, str(error))
    if digest != file.sha256:
        return found(State.WRONG, f"SHA-256 {digest[:12]}…, not {(file.sha256 or '')[:12]}…")
    return found(State.RIGHT)


def _table_fault(path: Path, table: Table) -> str:
    """Returns what is wrong with a table; empty where nothing is."""
    try:
        rows = read_rows(path, table.columns, corpus="", delimiter=table.delimiter)
        n_rows = sum(1 for _ in rows)
    except InputError as error:
        return error.what
    if n_rows not in table.n_rows:
        return f"{n_rows} rows, not {' or '.join(map(str, table.n_rows))}"
    return ""


def _check_tree(folder: Path, tree: Tree) -> Finding:
    def found(state: State, detail: str = "") -> Finding:
        return Finding(path=tree.path, state=state, detail=detail, held_out=tree.held_out)

    paths = sorted(folder.glob(f"*{tree.suffix}"))
    if not paths:
        return found(State.ABSENT)
    if len(paths) != tree.n_files:
        return found(State.WRONG, f"{len(paths)} files, not {tree.n_files}")
    if tree.sha256 is not None and tree_sha256(paths) != tree.sha256:
        return found(State.WRONG, "files differ from the released ones")
    return found(State.RIGHT)


def tree_sha256(paths: list[Path]) -> str:
    """Returns the checksum over the lines that `sha256sum` prints for files of one folder."""
    lines = (f"{_sha256(path)}  {path.name}\n" for path in sorted(paths))
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sha256_of_member(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len(names) != 1:
            raise zipfile.BadZipFile(f"the zip holds {len(names)} files, not one")
        with archive.open(names[0]) as stream:
            # file_digest wants a raw buffer, which a zip member does not have.
            digest = hashlib.sha256()
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
            return digest.hexdigest()
