"""Runs that are killed at any moment and go on to the same bytes."""

from __future__ import annotations

import gzip
import json
import random
import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from stance.cli import app

runner = CliRunner()
NAMES = ("Ilva Brentsone", "Karlis Vaivod", "Tove Olsvik", "Jonas Brekkeland")
WORDS = (
    "no soldier would be sent to Ukraine",
    "the country should lead a force in Ukraine",
    "it was too early to speak of troops",
    "the harbour would be closed on Monday",
)


START = 1.0
"""Seconds in which the program starts, about."""


def write_articles(path, n):
    rng = random.Random(n)
    rows = []
    for i in range(n):
        told = [f"Minister {name} said that {rng.choice(WORDS)}." for name in rng.sample(NAMES, 2)]
        text = (
            "Der Minister sagte heute nichts dazu und ging." * 3 if i % 17 == 5 else " ".join(told)
        )
        rows.append(json.dumps({"id": f"a{i}", "text": text}) + "\n")
    rows.insert(3, "no JSON\n")
    path.write_text("".join(rows), encoding="utf-8")


def command(source, output, *options):
    run = [sys.executable, "-m", "stance", "score", str(source), "-o", str(output)]
    return [*run, "--no-screen", *options]


def run_with_kills(source, output, n_kills, seconds):
    """Kills so many runs, each after some time between two figures, then lets one end."""
    rng = random.Random(n_kills)
    kills = 0
    while True:
        process = subprocess.Popen(
            command(source, output, "--include-empty", "--resume"), stderr=subprocess.PIPE
        )
        try:
            if kills < n_kills:
                process.wait(rng.uniform(*seconds))
            _, errors = process.communicate()
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
            continue
        return kills, errors.decode()


def check_kills(tmp_path, n_articles, n_kills):
    source = tmp_path / "in.jsonl"
    write_articles(source, n_articles)
    whole, output = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    start = time.perf_counter()
    undisturbed = subprocess.run(command(source, whole, "--include-empty"), capture_output=True)
    taken = time.perf_counter() - start
    assert undisturbed.returncode == 2  # a line that is no JSON, articles in German
    # Half of what would let the last of them fall behind the end of the run.
    latest = START + taken / n_kills
    kills, errors = run_with_kills(source, output, n_kills, (START / 2, latest))
    assert kills > 0
    assert output.read_bytes() == whole.read_bytes()
    assert sorted(errors.splitlines()) == sorted(undisturbed.stderr.decode().splitlines())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl", "whole.jsonl"]
    return kills


def test_killed_run_goes_on_to_the_same_bytes(tmp_path):
    check_kills(tmp_path, 120, 5)


@pytest.mark.slow
def test_fifty_kills_over_two_thousand_articles(tmp_path):
    assert check_kills(tmp_path, 2000, 50) == 50


def score(*arguments):
    return runner.invoke(app, ["score", *map(str, arguments)])


def test_workers_and_formats_give_the_same_records(tmp_path):
    source = tmp_path / "in.jsonl"
    write_articles(source, 12)
    outputs = {
        name: tmp_path / name
        for name in ("one.jsonl", "two.jsonl", "packed.jsonl.gz", "table.parquet")
    }
    for name, path in outputs.items():
        more = ["--workers", "2"] if name == "two.jsonl" else []
        assert score(source, "--include-empty", "-o", path, *more).exit_code == 2
    plain = outputs["one.jsonl"].read_bytes()
    assert outputs["two.jsonl"].read_bytes() == plain
    assert gzip.decompress(outputs["packed.jsonl.gz"].read_bytes()) == plain
    rows = [json.loads(line) for line in plain.splitlines()]
    assert pq.read_table(outputs["table.parquet"]).to_pylist() == rows


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--resume"], "--resume needs an output that can grow; name a .jsonl"),
        (["--resume", "-o", "page.html"], "--resume needs an output that can grow"),
        (["-o", "table.parquet.gz"], "the format parquet is not compressed"),
        (["-o", "no/such/out.jsonl"], "cannot be written"),
    ],
)
def test_what_cannot_be_resumed_or_written_is_one_line(tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    write_articles(tmp_path / "in.jsonl", 1)
    result = score("in.jsonl", *options)
    assert result.exit_code == 2
    assert any(message in line for line in result.stderr.splitlines())
    assert [p.name for p in tmp_path.iterdir()] == ["in.jsonl"]


def test_changed_input_is_noticed(tmp_path, monkeypatch):
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_articles(source, 4)

    def fail(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.report.journal.RecordLog.finish", fail)
    score(source, "-o", output)
    monkeypatch.undo()
    source.write_text(source.read_text("utf-8").replace('"a3"', '"b3"'), encoding="utf-8")
    result = score(source, "-o", output, "--resume")
    assert result.exit_code == 2
    assert "the input has changed; leave out --resume to begin anew" in result.stderr


def test_an_interrupted_conversion_leaves_no_half_of_it(tmp_path, monkeypatch):
    source, output = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    write_articles(source, 3)

    def fail(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.report.writers._write_parquet", fail)
    score(source, "-o", output)
    names = {p.name for p in tmp_path.iterdir()}
    assert names == {"in.jsonl", "out.parquet.part", "out.parquet.journal"}
    monkeypatch.undo()
    score(source, "-o", output, "--resume")
    assert {p.name for p in tmp_path.iterdir()} == {"in.jsonl", "out.parquet"}
