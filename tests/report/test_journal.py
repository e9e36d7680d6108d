"""The journal of a run: what is on the disk, and where an interrupted run goes on."""

from __future__ import annotations

import contextlib
import json

import pytest

from stance.errors import InputError
from stance.report import journal
from stance.report.journal import RecordLog

JOB = {"inputs": ["a.jsonl"], "model": "m"}


@pytest.fixture(autouse=True)
def _every_article_is_a_step(monkeypatch):
    monkeypatch.setattr(journal, "_EVERY_SECONDS", 0.0)


def interrupted(output, n, *, resume=False):
    with contextlib.suppress(KeyboardInterrupt), RecordLog(output, JOB, resume=resume) as log:
        for i in range(log.n_done, n):
            log.add(f"a{i}", [{"n": i}], {"failures": [f"no {i}"]} if i % 2 else None)
        raise KeyboardInterrupt


def finished(output):
    with RecordLog(output, JOB, resume=True) as log:
        done, last, notes = log.n_done, log.last_id, list(log.notes)
        for i in range(done, 6):
            log.add(f"a{i}", [{"n": i}], None)
        log.finish(None)
    return done, last, [n["failures"][0] for n in notes]


def numbers(path):
    return [json.loads(line)["n"] for line in path.read_text("utf-8").splitlines()]


def test_goes_on_after_the_last_whole_article(tmp_path):
    out = tmp_path / "out.jsonl"
    interrupted(out, 2)
    interrupted(out, 4, resume=True)
    assert not out.exists()
    assert finished(out) == (4, "a3", ["no 1", "no 3"])
    assert numbers(out) == list(range(6))
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


@pytest.mark.parametrize("cut", [1, 30, 70, 100, 150, 200])
def test_half_written_ends_are_cut_off(tmp_path, cut):
    out = tmp_path / "out.jsonl"
    interrupted(out, 4)
    log = tmp_path / "out.jsonl.journal"
    log.write_bytes(log.read_bytes()[:-cut])
    part = tmp_path / "out.jsonl.part"
    part.write_bytes(part.read_bytes() + b'{"n": 4}\n{"n":')
    done, _, _ = finished(out)
    assert 0 < done <= 4
    assert numbers(out) == list(range(6))


def test_part_shorter_than_the_journal_says(tmp_path):
    out = tmp_path / "out.jsonl"
    interrupted(out, 4)
    part = tmp_path / "out.jsonl.part"
    part.write_bytes(part.read_bytes()[:-1])
    assert finished(out)[0] == 3
    assert numbers(out) == list(range(6))


def test_without_a_part_or_a_journal_it_begins_anew(tmp_path):
    out = tmp_path / "out.jsonl"
    for name in ("out.jsonl.part", "out.jsonl.journal"):
        interrupted(out, 4)
        (tmp_path / name).unlink()
        assert finished(out) == (0, None, [])
        assert numbers(out) == list(range(6))


def test_another_job_is_refused_and_nothing_lost(tmp_path):
    out = tmp_path / "out.jsonl"
    interrupted(out, 4)
    with pytest.raises(InputError, match="begun with other inputs"):
        RecordLog(out, {**JOB, "model": "n"}, resume=True)
    assert finished(out)[0] == 4


def test_an_error_before_the_first_article_leaves_nothing(tmp_path):
    out = tmp_path / "out.jsonl"
    with pytest.raises(InputError), RecordLog(out, JOB, resume=False):
        raise InputError("no")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line_and_the_run_can_go_on(tmp_path, monkeypatch):
    out = tmp_path / "out.jsonl"
    interrupted(out, 3)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.os, "fsync", full)
    with (
        pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"),
        RecordLog(out, JOB, resume=True) as log,
    ):
        log.add("a3", [{"n": 3}], None)
    monkeypatch.undo()
    assert finished(out)[0] == 3
    assert numbers(out) == list(range(6))
