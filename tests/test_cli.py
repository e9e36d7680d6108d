"""The command line: formats, records, and one line for everything that can go wrong."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.inference.results import COLUMNS

ARTICLE = (
    "Defence Minister Ilva Brentsone said on Monday that Latvia would not send soldiers to "
    'Ukraine. "Not one of ours will go," Brentsone told reporters.\n\n'
    "Opposition leader Karlis Vaivod said the country should lead a force there.\n"
)
runner = CliRunner()


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def score(*arguments):
    return runner.invoke(app, ["score", *map(str, arguments)])


def test_jsonl_holds_the_record_of_the_design(article):
    result = score(article, "--format", "jsonl", "--all-speakers")
    assert result.exit_code == 0
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert {r["speaker"] for r in records} >= {"Ilva Brentsone", "Karlis Vaivod"}
    for record in records:
        assert tuple(record) == COLUMNS
        assert sum(record["probabilities"].values()) == pytest.approx(1, abs=1e-3)
        for statement in record["statements"]:
            parts = [ARTICLE[a:b] for a, b in statement["spans"]]
            assert statement["text"] == " … ".join(parts)
            source = statement["source"]
            assert ARTICLE[source["start"] : source["end"]] == source["text"]


def test_csv_and_parquet_hold_the_same_as_jsonl(article, tmp_path):
    expected = [json.loads(x) for x in score(article, "-f", "jsonl").stdout.splitlines()]
    rows = list(csv.DictReader(io.StringIO(score(article, "-f", "csv").stdout)))
    assert [json.loads(r["statements"]) for r in rows] == [r["statements"] for r in expected]
    path = tmp_path / "out.parquet"
    assert score(article, "-f", "parquet", "-o", path).exit_code == 0
    assert pq.read_table(path).to_pylist() == expected


def test_table_in_a_pipe_is_plain_lines(article):
    lines = score(article).stdout.splitlines()
    assert lines
    assert all(len(line.split("\t")) == 5 and "\x1b" not in line for line in lines)


def test_html_page_is_self_contained_and_escaped(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE + "\n<script>alert(1)</script> was painted on the wall.\n", "utf-8")
    page = score(path, "-f", "html").stdout
    assert "Ilva Brentsone" in page
    assert "<script>" not in page
    assert "http" not in page.split("</style>")[0]


def test_standard_input():
    result = runner.invoke(app, ["score", "-", "-f", "jsonl", "--all-speakers"], input=ARTICLE)
    assert result.exit_code == 0
    assert json.loads(result.stdout.splitlines()[0])["article_id"] == "-"


def test_min_confidence_says_how_many_are_left_out(article):
    found = len(score(article, "-f", "jsonl").stdout.splitlines())
    assert found
    result = score(article, "-f", "jsonl", "--min-confidence", "1")
    assert result.stdout == ""
    assert f"{found} stances" in result.stderr


def test_version_and_help():
    assert runner.invoke(app, ["--version"]).stdout.startswith("stance ")
    assert "Examples" in runner.invoke(app, ["score", "--help"]).stdout


def _write(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


GOOD_ROW = json.dumps({"text": ARTICLE})
BAD = {
    "missing file": (lambda t: t / "nowhere.txt", ["no such file"]),
    "empty file": (lambda t: _write(t / "e.txt", ""), ["e.txt", "empty"]),
    "binary file": (lambda t: _write(t / "b.txt", bytes(range(256)) * 9), ["b.txt", "binary"]),
    "folder without articles": (lambda t: t / "none", ["folder without articles"]),
    "broken JSON": (
        lambda t: _write(t / "j.jsonl", (GOOD_ROW + "\n") * 16 + "{broken\n"),
        ["j.jsonl:17:", "not JSON"],
    ),
    "row without text": (
        lambda t: _write(t / "r.jsonl", '{"title": "x"}\n'),
        ["r.jsonl:1:", "without text", "--text-column"],
    ),
    "HTML without article": (
        lambda t: _write(t / "h.html", "<html><body><nav>Home</nav></body></html>"),
        ["h.html", "no article"],
    ),
    "CSV without column": (
        lambda t: _write(t / "c.csv", "body,date\nx,y\n"),
        ["c.csv", "no column 'text'", "body"],
    ),
    "too long": (lambda t: _write(t / "l.txt", "A word. " * 260_000), ["l.txt", "2,000,000"]),
    "other language": (
        lambda t: _write(
            t / "d.txt",
            "Der Minister sagte am Montag, dass keine Soldaten in die Ukraine geschickt werden. "
            "Die Opposition warf der Regierung vor, sich hinter anderen zu verstecken. " * 3,
        ),
        ["d.txt", "'de'", "--any-language"],
    ),
    "unknown kind": (lambda t: _write(t / "x.docx", "abc"), ["x.docx", "unknown kind"]),
    "broken Parquet": (lambda t: _write(t / "p.parquet", "PAR1 no"), ["p.parquet", "Parquet"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_the_rest_is_scored(case, article, tmp_path):
    (tmp_path / "none").mkdir()
    make, words = BAD[case]
    result = score(make(tmp_path), article, "-f", "jsonl", "--all-speakers")
    assert result.exit_code == 2
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert all(word in lines[0] for word in words), lines[0]
    scored = {json.loads(line)["article_id"] for line in result.stdout.splitlines()}
    assert str(article) in scored


def test_unknown_format(article):
    result = score(article, "-f", "xml")
    assert result.exit_code == 2
    assert "unknown format 'xml'" in result.stderr
    assert "jsonl" in result.stderr


def test_output_that_cannot_be_written(article, tmp_path):
    result = score(article, "-f", "jsonl", "-o", tmp_path / "no" / "out.jsonl")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert not (tmp_path / "no").exists()


def test_nothing_half_written_is_left(article, tmp_path, monkeypatch):
    out = tmp_path / "out.jsonl"
    out.write_text("before", encoding="utf-8")

    def fail(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.inference.classifier.StanceClassifier.__call__", fail)
    page = score(article, "-f", "html", "-o", tmp_path / "page.html")
    assert page.exit_code == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["article.txt", "out.jsonl"]
    result = score(article, "-o", out)
    assert "interrupted; the same command with --resume goes on" in result.stderr
    assert out.read_text("utf-8") == "before"
    monkeypatch.undo()
    assert score(article, "-o", out, "--resume").exit_code == 0
    assert "before" not in out.read_text("utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["article.txt", "out.jsonl"]


def test_model_folder_missing_truncated_or_of_another_kind(article, tmp_path, root):
    shipped = root / "stance" / "weights"
    missing = score(article, "--model", tmp_path / "nothing")
    assert missing.exit_code == 2
    assert "no such model folder" in missing.stderr
    for part in ("attribution", "stance"):
        for name in ("settings.json", "tokenizer.json", "model.onnx"):
            _write(_folder(tmp_path / "cut" / part) / name, (shipped / part / name).read_bytes())
    (tmp_path / "cut" / "stance" / "model.onnx").write_bytes(
        (shipped / "stance" / "model.onnx").read_bytes()[:100_000]
    )
    truncated = score(article, "--model", tmp_path / "cut")
    assert truncated.exit_code == 2
    assert "damaged or cut off" in truncated.stderr
    settings = (shipped / "attribution" / "settings.json").read_bytes()
    (tmp_path / "cut" / "stance" / "settings.json").write_bytes(settings)
    wrong = score(article, "--model", tmp_path / "cut")
    assert wrong.exit_code == 2
    assert "for 'attribution', not for 'stance'" in wrong.stderr
    for result in (missing, truncated, wrong):
        assert len(result.stderr.strip().splitlines()) == 1


def _folder(path):
    path.mkdir(parents=True, exist_ok=True)
    return path


def test_scoring_imports_nothing_heavy(article):
    code = (
        "import sys, stance\n"
        "c = stance.StanceClassifier.from_pretrained()\n"
        f"c({ARTICLE!r}).to_dict()\n"
        "heavy = {'torch', 'transformers', 'hydra', 'sklearn', 'scipy', 'datasets'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
