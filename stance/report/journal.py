"""Long runs that can be interrupted: records grow in a file beside the output, with a journal.

`OUTPUT.part` holds the records as JSON lines, `OUTPUT.journal` what they belong to: first the job,
then, each time that the records written so far have reached the disk, how many articles that were,
the last one's id and the length of the part. Whatever lies behind that length is of a step that was
interrupted, and is cut off before the run goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from stance.errors import InputError

Note = Mapping[str, Any]

_EVERY_SECONDS = 1.0
"""What a power cut may cost: articles scored since the last step are scored again."""


class RecordLog:
    """The records of a run while they grow.

    Use as a context: a run that ends early leaves part and journal for `resume`, or nothing where
    no article was done.

    Args:
        output: File that the run will write.
        job: What decides the records: inputs, options, model. Plain JSON values.
        resume: Whether to go on where part and journal, if there are any, leave off.

    Attributes:
        n_done: Articles whose records are in the part.
        last_id: Id of the last of them.
        notes: What the run has to say in the end, of articles done before too.

    Raises:
        InputError: The output cannot be written, or the journal is of another job.
    """

    def __init__(self, output: Path, job: Mapping[str, Any], *, resume: bool) -> None:
        self.output = output
        self.part = output.with_name(output.name + ".part")
        self.journal = output.with_name(output.name + ".journal")
        self.n_done = 0
        self.last_id: str | None = None
        self.notes: list[Note] = []
        self._unsaved: list[Note] = []
        self._job = json.loads(json.dumps(job))
        self._records: IO[bytes]
        self._steps: IO[bytes]
        try:
            self._start(self._whole_steps() if resume else [])
        except OSError as error:
            raise _not_written(error, output) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # On a full disk even this fails; the last whole step stays, and so does the first error.
        with contextlib.suppress(OSError):
            if kind is not None and self.n_done:
                self._save()
        for stream in (self._records, self._steps):
            with contextlib.suppress(OSError):
                stream.close()
        if kind is not None and not self.n_done:
            self._remove()

    def add(self, article_id: str, records: Sequence[Note], note: Note | None) -> None:
        """Takes the records of the next article, which may be none.

        Args:
            article_id: Its id.
            records: Plain JSON values.
            note: What the run has to say of it in the end, as plain JSON values, or None.

        Raises:
            InputError: The part cannot be written.
        """
        try:
            for record in records:
                self._records.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            self.n_done += 1
            self.last_id = article_id
            if note is not None:
                self.notes.append(note)
                self._unsaved.append(note)
            if time.monotonic() - self._saved >= _EVERY_SECONDS:
                self._save()
        except OSError as error:
            raise _not_written(error, self.output) from error

    def records(self) -> Iterator[dict[str, Any]]:
        """Yields all records, also those of the runs before."""
        self._records.flush()
        with self.part.open("rb") as stream:
            for line in stream:
                yield json.loads(line)

    def finish(self, written: Path | None) -> None:
        """Puts the output in its place and removes part and journal.

        Args:
            written: File with the records in another form, to be moved to the output; None where
                the part itself is the output.

        Raises:
            InputError: The output cannot be written.
        """
        try:
            self._records.flush()
            os.fsync(self._records.fileno())
            (written or self.part).replace(self.output)
        except OSError as error:
            raise _not_written(error, self.output) from error
        self._remove()

    def _start(self, steps: Sequence[Note]) -> None:
        kept = [{"job": self._job}, *steps]
        rewritten = self.journal.with_name(self.journal.name + ".new")
        rewritten.write_bytes(b"".join(json.dumps(s).encode() + b"\n" for s in kept))
        rewritten.replace(self.journal)
        self._steps = self.journal.open("ab")
        self._records = self.part.open("r+b" if steps else "wb")
        if steps:
            self.n_done, self.last_id = steps[-1]["articles"], steps[-1]["last"]
            self.notes = [note for step in steps for note in step["notes"]]
            self._records.truncate(steps[-1]["bytes"])
            self._records.seek(0, os.SEEK_END)
        self._saved = time.monotonic()

    def _whole_steps(self) -> list[Note]:
        """Reads the journal; empty where there is nothing to go on from."""
        if not self.journal.is_file() or not self.part.is_file():
            return []
        lines = list(_lines(self.journal))
        if not lines or "job" not in lines[0]:
            return []
        if lines[0]["job"] != self._job:
            raise InputError(
                "was begun with other inputs, options or models",
                source=str(self.journal),
                fix="give the same, or leave out --resume to begin anew",
            )
        length = self.part.stat().st_size
        return [step for step in lines[1:] if step["bytes"] <= length]

    def _save(self) -> None:
        """Makes sure that the records are on the disk before the journal says so."""
        self._records.flush()
        os.fsync(self._records.fileno())
        step = {"articles": self.n_done, "last": self.last_id, "bytes": self._records.tell()}
        self._steps.write(json.dumps({**step, "notes": self._unsaved}).encode() + b"\n")
        self._steps.flush()
        os.fsync(self._steps.fileno())
        self._unsaved = []
        self._saved = time.monotonic()

    def _remove(self) -> None:
        for path in (self.part, self.journal):
            path.unlink(missing_ok=True)


def _lines(path: Path) -> Iterator[Note]:
    """Yields the lines of a journal; the last one may be half written, and is left out then."""
    for line in path.read_bytes().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return


def _not_written(error: OSError, output: Path) -> InputError:
    what = f"cannot be written ({error.strerror or error})"
    return InputError(what, source=str(output), fix="name another file, or make room")
