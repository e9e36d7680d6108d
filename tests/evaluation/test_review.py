"""From files to a page, and what is said of files that do not fit."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.corpus import load
from stance.evaluation.page import PLOTS, review_html, write_review
from stance.evaluation.records import read_annotated as load_gold
from stance.evaluation.review import review_files

runner = CliRunner()
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))),
    None,
)


def _jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return path


def _record(
    article_id: str, name: str | None, stance: str | None, **more: object
) -> dict[str, object]:
    return {"article_id": article_id, "speaker": name, "stance": stance, "kind": "person", **more}


@pytest.fixture(scope="module")
def files(root, tmp_path_factory):
    """Gold of the dev split, good and bad predictions for it, and behaviour tests."""
    folder = tmp_path_factory.mktemp("review")
    articles = load(root / "data/troops", "dev")[:10]
    gold = _jsonl(folder / "gold.jsonl", [a.to_dict() for a in articles])
    rows: dict[str, list[dict[str, object]]] = {"good": [], "bad": []}
    for article in articles:
        for name, own in rows.items():
            own.append(_record(article.id, None, None))
            for i, s in enumerate(article.speakers):
                spans = [list(c) for c in article.statements[0].content]
                statement = {"spans": spans, "field": article.statements[0].field, "weight": 0.5}
                stance = s.stance if name == "good" or i % 2 else "deny"
                row = _record(
                    article.id,
                    s.name,
                    None if stance == "none" else stance,
                    confidence=None if stance == "none" else 0.5 + i / 20,
                    statements=[statement],
                )
                own.append({**row, "kind": s.kind})
    good, bad = (_jsonl(folder / f"{name}.jsonl", own) for name, own in rows.items())
    tests = folder / "tests"
    assert runner.invoke(app, ["behaviour", str(gold), str(tests)]).exit_code == 0
    made = [json.loads(x) for x in (tests / "gold.jsonl").read_text("utf-8").splitlines()]
    scored = [
        _record(a["id"], s["name"], "deny", confidence=0.9) | {"kind": s["kind"]}
        for a in made
        for s in a["speakers"]
    ]
    _jsonl(tests / "predictions.jsonl", scored)
    return {"gold": gold, "good": good, "bad": bad, "tests": tests}


def test_the_command_writes_scores_and_a_page(files, tmp_path):
    out = tmp_path / "out"
    arguments = ["evaluate", files["gold"], files["good"], "--compare", files["bad"]]
    arguments += ["--behaviour", files["tests"], "--output", out, "--n-resamples", "50"]
    result = runner.invoke(app, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    assert "good is better than bad on 10 articles" in " ".join(result.output.split())
    scores = json.loads((out / "scores.json").read_text("utf-8"))
    assert scores["figures"]["end_to_end/macro_f1"]["value"] == 1
    assert scores["comparison"]["difference"]["end_to_end/macro_f1"]["low"] > 0
    assert {b["name"] for b in scores["behaviour"]} >= {"typos", "furniture inserted"}
    page = (out / "report.html").read_text("utf-8")
    assert re.findall(r'data-plot="(\w+)"', page) == list(PLOTS)
    # Everything is in the page: no address that a browser would fetch.
    outside = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"(?:src|href)=[\"']https?:", outside)


def test_the_script_reviews_files_too(root, files, tmp_path):
    out = tmp_path / "out"
    settings = {"gold": "gold", "predictions": "good", "compare": "bad", "behaviour": "tests"}
    command = [sys.executable, str(root / "scripts/evaluate.py"), "~model", "n_resamples=20"]
    command += [f"{name}={files[file]}" for name, file in settings.items()]
    done = subprocess.run([*command, f"output_dir={out}"], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stderr
    scores = json.loads((out / "scores.json").read_text("utf-8"))
    assert scores["comparison"]["difference"]["end_to_end/macro_f1"]["low"] > 0
    assert scores["behaviour"]
    assert (out / "report.html").exists()


def test_shares_are_counted_from_files(files, tmp_path):
    out = tmp_path / "shares.csv"
    arguments = ["shares", files["bad"], "--gold", files["gold"], "--by", "month"]
    arguments += ["--gold-predictions", files["bad"], "--n-resamples", "20"]
    shown = runner.invoke(app, list(map(str, arguments)))
    assert shown.exit_code == 0, shown.output
    assert "as predicted" in shown.output
    assert runner.invoke(app, [*map(str, arguments), "-o", str(out)]).exit_code == 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert {r["stance"] for r in rows} == {"support", "deny", "ambiguous"}
    by_group: dict[str, float] = defaultdict(float)
    for row in rows:
        by_group[row["group"]] += float(row["observed"])
    assert all(total == pytest.approx(1) for total in by_group.values())

    wrong = runner.invoke(app, [*map(str, arguments), "--by", "planet"])
    assert wrong.exit_code == 2
    assert "use one of all, speaker, country, month" in wrong.output


def test_attribution_is_read_from_the_records(files, tmp_path):
    articles = load_gold(files["gold"])
    rows = []
    for a in articles:
        rows.append(_record(a.id, None, None))
        for s in a.speakers:
            own = [x for x in a.statements if s.key in x.speakers]
            statements = [
                {
                    "spans": [list(c) for c in x.content],
                    "field": x.field,
                    "cue": {"start": x.cue[0].start, "end": x.cue[0].end} if x.cue else None,
                    "source": None,
                }
                for x in own
            ]
            rows.append(_record(a.id, s.name, None, statements=statements) | {"kind": s.kind})
    path = _jsonl(tmp_path / "p.jsonl", rows)
    found = review_files(files["gold"], path, n_resamples=0, seed=0).attribution
    assert found["exact/content/f1"].value == 1
    assert found["tokens/source/recall"].value == 0
    without = sum(not x.source for a in articles for x in a.statements)
    total = sum(len(a.statements) for a in articles)
    assert found["linking/recall"].value == pytest.approx(without / total)


def test_errors_are_shown_in_their_article(files):
    review = review_files(files["gold"], files["bad"], n_resamples=20, seed=0)
    assert review.errors
    first = review.errors[0]
    assert first.confidence == max(e.confidence or 0 for e in review.errors)
    page = review_html(review, title="t")
    assert '<mark class="predicted">' in page
    assert page.count('<div class="error">') == len(review.errors)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome is installed")
def test_the_page_draws_in_a_browser(files, tmp_path):
    review = review_files(
        files["gold"],
        files["bad"],
        behaviour=(files["tests"], files["tests"] / "predictions.jsonl"),
        n_resamples=20,
        seed=0,
    )
    write_review(review, tmp_path, title="t")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--enable-logging=stderr"]
    command += ["--virtual-time-budget=20000", "--dump-dom", (tmp_path / "report.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.stdout.count('class="main-svg"') >= len(PLOTS)
    assert "CONSOLE" not in done.stderr or "error" not in done.stderr.lower()


def _fails(files: dict[str, Path], predictions: Path) -> str:
    result = runner.invoke(app, ["evaluate", str(files["gold"]), str(predictions)])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    lines = [line for line in result.output.splitlines() if line.strip()]
    assert len(lines) == 1
    return lines[0]


def test_files_that_do_not_fit_get_one_line(files, tmp_path):
    rows = [json.loads(x) for x in files["good"].read_text("utf-8").splitlines()]
    first = rows[0]["article_id"]
    cases = [
        ([r for r in rows if r["article_id"] != first], f"gold article '{first}' has no line"),
        ([*rows, _record("elsewhere", None, None)], "article 'elsewhere' is not in gold"),
        ([*rows, _record(first, "X", "maybe")], 'stance "maybe" is not support, deny'),
        (
            [
                *rows,
                _record(first, "X", "deny", statements=[{"spans": [[0, 10**6]], "field": "text"}]),
            ],
            "leaves the text of article",
        ),
        ([], "no records"),
    ]
    for i, (changed, message) in enumerate(cases):
        path = _jsonl(tmp_path / f"p{i}.jsonl", changed)
        assert message in _fails(files, path) or (
            not changed and "no records" in _fails(files, path)
        )
    assert "cannot be read" in _fails(files, tmp_path / "missing.jsonl")


def test_no_gold_speaker_and_no_prediction(files, tmp_path):
    gold = _jsonl(tmp_path / "gold.jsonl", [_record("a", None, None)])
    predictions = _jsonl(tmp_path / "p.jsonl", [_record("a", None, None)])
    review = review_files(gold, predictions, n_resamples=20, seed=0)
    assert review.slices == review.errors == review.shares == ()
    assert "plot-confusion" in review_html(review, title="t")
    assert "NaN" not in json.dumps(review.to_dict(), allow_nan=False)
