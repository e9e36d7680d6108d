"""What the built wheel holds, and which way imports go."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile

ORDER = ["ingest", "corpus", "attribution", "classification", "inference", "report"]


def test_wheel_holds_weights_and_data_but_no_tests(tmp_path, root):
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(root)],
        check=True,
        capture_output=True,
    )
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for part in ("attribution", "stance"):
        for name in ("model.onnx", "tokenizer.json", "settings.json", "provenance.json"):
            assert f"stance/weights/{part}/{name}" in names
    assert "stance/attribution/lexicon/countries.json" in names
    assert "stance/report/templates/article.html" in names
    assert not [n for n in names if n.startswith(("tests/", "data/", "scripts/", "configs/"))]


def test_shipped_weights_are_small(root):
    files = (root / "stance" / "weights").rglob("*")
    assert sum(f.stat().st_size for f in files if f.is_file()) < 60_000_000


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names)


def test_no_hydra_in_the_package_and_rooms_look_one_way(root):
    for path in (root / "stance").rglob("*.py"):
        room = path.relative_to(root / "stance").parts[0]
        for module in _imports(path):
            top = module.split(".")[0]
            assert top not in ("hydra", "omegaconf"), path
            if top == "stance" and room in ORDER and module.count("."):
                other = module.split(".")[1]
                assert other not in ("training", "evaluation"), path
                if other in ORDER and not (room == "inference" and other == "report"):
                    assert ORDER.index(other) <= ORDER.index(room), f"{path} imports {module}"
