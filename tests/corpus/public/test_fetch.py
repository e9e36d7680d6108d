from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from stance.corpus.public.fetch import Finding, State, check, fetch, open_url, tree_sha256
from stance.corpus.public.sources import SOURCES, RemoteFile, Source, Table, Tree
from stance.errors import InputError

TABLE = b"a,b\n1,2\n3,4\n"
TEXTS = {"one.txt": b"First made-up article.\n", "two.txt": b"Second one.\r\n"}
SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "fetch_public.py"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A place to download from, with a table and an archive like those of a code host."""
    folder = tmp_path / "remote"
    folder.mkdir()
    (folder / "table.csv").write_bytes(TABLE)
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("Repo-abc/README.md", "not wanted")
        archive.writestr("Repo-abc/data/train/text/", "")
        archive.writestr("Repo-abc/data/train/text/notes.md", "not wanted")
        archive.writestr("Repo-abc/data/train/text/deeper/three.txt", "not wanted")
        for name, content in TEXTS.items():
            archive.writestr(f"Repo-abc/data/train/text/{name}", content)
            archive.writestr(f"Repo-abc/data/test/text/{name}", content)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "corpora"


def source(*files: RemoteFile, archive: Path | None = None, trees: tuple[Tree, ...] = ()) -> Source:
    return Source(
        title="Made-up",
        homepage="https://example.org",
        licence="CC0",
        citation="Nobody: Nothing. 2020.",
        files=files,
        archive_url=archive.as_uri() if archive else None,
        trees=trees,
    )


def table_file(remote: Path, **fields: Any) -> RemoteFile:
    url = (remote / "table.csv").as_uri()
    return RemoteFile(**{"path": "c/t.csv", "url": url, "sha256": sha256(TABLE)} | fields)


def train_tree(tmp_path: Path, *, n_files: int = 2) -> Tree:
    folder = tmp_path / "released"
    folder.mkdir(exist_ok=True)
    for name, content in TEXTS.items():
        (folder / name).write_bytes(content)
    digest = tree_sha256(list(folder.iterdir()))
    return Tree(
        path="c/train/text", member="data/train/text", suffix=".txt", n_files=n_files, sha256=digest
    )


TEST_TREE = Tree(
    path="c/test/text", member="data/test/text", suffix=".txt", n_files=2, held_out=True
)


def no_network(url: str) -> BinaryIO:
    raise AssertionError(f"asked for {url}")


def leftovers(root: Path) -> list[Path]:
    return list(root.rglob("*.part"))


def test_a_file_is_fetched_once(remote: Path, root: Path) -> None:
    made_up = source(table_file(remote))
    assert [f.state for f in check(made_up, root)] == [State.ABSENT]
    assert not root.exists(), "a check writes nothing"
    assert [str(f) for f in fetch(made_up, root)] == ["right: c/t.csv"]
    assert (root / "c/t.csv").read_bytes() == TABLE
    fetch(made_up, root, opener=no_network)
    assert leftovers(root) == []


def test_a_wrong_file_is_replaced(remote: Path, root: Path) -> None:
    made_up = source(table_file(remote))
    fetch(made_up, root)
    (root / "c/t.csv").write_bytes(b"half")
    finding = check(made_up, root)[0]
    assert finding.state is State.WRONG
    assert sha256(b"half")[:12] in finding.detail
    assert finding.is_fault
    fetch(made_up, root)
    assert (root / "c/t.csv").read_bytes() == TABLE


def test_a_download_that_differs_is_not_kept(remote: Path, root: Path) -> None:
    (root / "c").mkdir(parents=True)
    (root / "c/t.csv").write_bytes(b"old")
    with pytest.raises(InputError, match=r"table\.csv: the download is not what was released"):
        fetch(source(table_file(remote, sha256="0" * 64)), root)
    assert (root / "c/t.csv").read_bytes() == b"old"
    assert leftovers(root) == []


@pytest.mark.parametrize(
    ("table", "detail"),
    [
        (Table(columns=("a", "b"), n_rows=(2,)), ""),
        (Table(columns=("a",), n_rows=(5, 2)), ""),
        (Table(columns=("a",), n_rows=(3, 4)), "2 rows, not 3 or 4"),
        (Table(columns=("a", "z"), n_rows=(2,)), "no column z"),
        (Table(columns=("a",), n_rows=(2,), delimiter="\t"), "no column a"),
    ],
)
def test_a_table_is_checked_by_its_form(
    remote: Path, root: Path, table: Table, detail: str
) -> None:
    made_up = source(table_file(remote, sha256=None, table=table, held_out=True))
    if not detail:
        assert [str(f) for f in fetch(made_up, root)] == ["right: c/t.csv (held out)"]
        return
    with pytest.raises(InputError, match=f"not what was released .{detail}"):
        fetch(made_up, root)


@pytest.mark.parametrize(
    "known", [{}, {"sha256": None, "table": Table(columns=("a",), n_rows=(2,))}]
)
def test_a_file_can_be_stored_as_a_zip(remote: Path, root: Path, known: dict[str, Any]) -> None:
    made_up = source(table_file(remote, path="c/t.zip", member="t.csv", **known))
    fetch(made_up, root)
    first = (root / "c/t.zip").read_bytes()
    with zipfile.ZipFile(root / "c/t.zip") as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == {"t.csv": TABLE}
    assert sorted(p.name for p in (root / "c").iterdir()) == ["t.zip"]
    (root / "c/t.zip").write_bytes(b"no zip")
    assert check(made_up, root)[0].state is State.WRONG
    fetch(made_up, root)
    assert (root / "c/t.zip").read_bytes() == first, "the same content gives the same zip"


def test_a_zip_with_several_files_is_wrong(remote: Path, root: Path) -> None:
    (root / "c").mkdir(parents=True)
    with zipfile.ZipFile(root / "c/t.csv", "w") as archive:
        archive.writestr("t.csv", TABLE)
        archive.writestr("more.csv", TABLE)
    finding = check(source(table_file(remote, member="t.csv")), root)[0]
    assert (finding.state, finding.detail) == (State.WRONG, "the zip holds 2 files, not one")


def test_folders_come_out_of_an_archive(tmp_path: Path, remote: Path, root: Path) -> None:
    trees = (train_tree(tmp_path), TEST_TREE)
    made_up = source(archive=remote / "archive.zip", trees=trees)
    assert [(f.state, f.is_fault) for f in check(made_up, root)] == [
        (State.ABSENT, True),
        (State.ABSENT, False),
    ]
    assert {f.state for f in fetch(made_up, root)} == {State.RIGHT}
    files = {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    assert files == {
        f"c/{split}/text/{name}": content
        for split in ("train", "test")
        for name, content in TEXTS.items()
    }
    fetch(made_up, root, opener=no_network)


def test_a_folder_is_completed_and_mended(tmp_path: Path, remote: Path, root: Path) -> None:
    made_up = source(archive=remote / "archive.zip", trees=(train_tree(tmp_path),))
    fetch(made_up, root)
    (root / "c/train/text/one.txt").write_bytes(b"changed")
    assert check(made_up, root)[0].detail == "files differ from the released ones"
    (root / "c/train/text/two.txt").unlink()
    assert check(made_up, root)[0].detail == "1 files, not 2"
    assert fetch(made_up, root)[0].state is State.RIGHT


def test_a_strange_file_is_left_for_its_owner(tmp_path: Path, remote: Path, root: Path) -> None:
    made_up = source(archive=remote / "archive.zip", trees=(train_tree(tmp_path),))
    fetch(made_up, root)
    (root / "c/train/text/mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"3 files, not 2.*move this folder away"):
        fetch(made_up, root)
    assert (root / "c/train/text/mine.txt").read_text() == "mine"


def test_a_broken_archive_is_named(tmp_path: Path, remote: Path, root: Path) -> None:
    (remote / "archive.zip").write_bytes(b"half a zip")
    with pytest.raises(InputError, match=r"archive\.zip: the download is not a whole zip"):
        fetch(source(archive=remote / "archive.zip", trees=(train_tree(tmp_path),)), root)
    assert leftovers(root) == []


def test_an_unreachable_address_is_one_line(remote: Path, root: Path) -> None:
    made_up = source(table_file(remote))
    (remote / "table.csv").unlink()
    with pytest.raises(InputError, match=r"table\.csv: cannot be downloaded .*check the network"):
        fetch(made_up, root)
    assert leftovers(root) == []


def test_a_break_while_reading_leaves_nothing(remote: Path, root: Path) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise TimeoutError("the line went dead")

    with pytest.raises(InputError, match="the line went dead"):
        fetch(source(table_file(remote)), root, opener=lambda url: Breaking())
    assert leftovers(root) == []


def test_a_place_that_cannot_be_written_is_named(remote: Path, root: Path) -> None:
    root.write_text("a file where a folder should be")
    with pytest.raises(InputError, match="cannot be written"):
        fetch(source(table_file(remote)), root)


def test_file_addresses_can_be_opened(remote: Path) -> None:
    with open_url((remote / "table.csv").as_uri()) as stream:
        assert stream.read() == TABLE


def test_findings_read_well() -> None:
    finding = Finding(path="p", state=State.WRONG, detail="why", held_out=True)
    assert str(finding) == "wrong: p (why; held out)"


def test_source_rows_are_checked() -> None:
    with pytest.raises(ValueError, match="either a checksum or a table"):
        RemoteFile(path="p", url="u")
    with pytest.raises(ValueError, match="need each other"):
        source(trees=(TEST_TREE,))


@pytest.mark.parametrize("name", SOURCES)
def test_addresses_and_paths_are_of_one_form(name: str) -> None:
    listed = SOURCES[name]
    urls = [file.url for file in listed.files] + [listed.archive_url or listed.files[0].url]
    repository = listed.homepage.removeprefix("https://github.com/")
    for url in urls:
        assert url.startswith("https://")
        assert f"/{repository}/" in url
        assert re.search(r"/[0-9a-f]{40}(/|$)", url), "an address with a commit does not change"
    paths = [entry.path for entry in (*listed.files, *listed.trees)]
    assert all(path.startswith(f"{name}/") for path in paths)
    assert len(set(paths)) == len(paths)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command_checks_without_network(tmp_path: Path) -> None:
    done = run("commitmentbank", "--root", str(tmp_path), "--check")
    assert done.returncode == 2
    assert "absent: commitmentbank/CommitmentBank-items.csv" in done.stdout
    assert "licence:" in done.stdout
    assert "cite: de Marneffe" in done.stdout


def test_the_command_knows_its_names(tmp_path: Path) -> None:
    done = run("comitmentbank", "--root", str(tmp_path))
    assert done.returncode == 2
    assert "no corpus comitmentbank; use polnear" in done.stderr
    assert "network" in " ".join(run("--help").stdout.split())
