import io
import os

import pytest

from stance.ingest import MAX_BYTES, read_articles
from stance.schema import ParagraphKind

TEXT = "The minister said no.\nShe then left."


def write(path, data=TEXT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_text_file(read, tmp_path):
    path = write(tmp_path / "a.TXT")
    (article,), errors = read(path)
    assert errors == []
    assert (article.text, article.id, article.source) == (TEXT, str(path), str(path))
    assert len(article.paragraphs) == 2


def test_bom_goes_and_newlines_stay(read, tmp_path):
    (article,), _ = read(write(tmp_path / "a.txt", b"\xef\xbb\xbfOne.\r\nTwo.\n"))
    assert article.text == "One.\r\nTwo.\n"


@pytest.mark.parametrize("suffix", [".html", ".HTM"])
def test_html_file(read, tmp_path, fixtures, suffix):
    path = write(tmp_path / f"a{suffix}", (fixtures / "news_site.html").read_bytes())
    (article,), errors = read(path)
    assert errors == []
    assert article.outlet == "Harbour Post"
    assert (article.id, article.source) == (str(path), str(path))


# --- Markdown ------------------------------------------------------------------------------------

FRONT = """\
---
title: "No: troops"
date: 2025-03-11
outlet: Harbour Post
author: Jane Doe
tags:
  - a
---
"""


@pytest.mark.parametrize(
    ("data", "fields", "text"),
    [
        (FRONT + TEXT, ("No: troops", "2025-03-11", "Harbour Post"), TEXT),
        (FRONT.replace("\n", "\r\n") + TEXT, ("No: troops", "2025-03-11", "Harbour Post"), TEXT),
        (f"---\nTitle: 'A'\noutlet:\n...\n{TEXT}", ("A", None, None), TEXT),
        (f"# No troops\n\n{TEXT}", ("No troops", None, None), f"# No troops\n\n{TEXT}"),
        (
            f"{FRONT}\n# Other\n{TEXT}",
            ("No: troops", "2025-03-11", "Harbour Post"),
            f"\n# Other\n{TEXT}",
        ),
        (TEXT, (None, None, None), TEXT),
        # rules, not front matter
        (f"---\n{TEXT}\n---\nMore.", (None, None, None), f"---\n{TEXT}\n---\nMore."),
        ("---\ntitle: never closed", (None, None, None), "---\ntitle: never closed"),
        (f"## Not the title\n{TEXT}", (None, None, None), f"## Not the title\n{TEXT}"),
    ],
)
def test_markdown(read, tmp_path, data, fields, text):
    (article,), errors = read(write(tmp_path / "a.md", data))
    assert errors == []
    assert (article.title, article.date, article.outlet) == fields
    assert article.text == text


def test_markdown_heading_is_headline(read, tmp_path):
    (article,), _ = read(write(tmp_path / "a.md", f"# No troops.\n\n{TEXT}"))
    first = article.paragraphs[0]
    assert first.kind is ParagraphKind.HEADLINE
    assert article.text[first.start : first.end] == article.title == "No troops."


# --- folders -------------------------------------------------------------------------------------


def test_folder_in_order_of_names(read, tmp_path):
    names = ["b/2.txt", "a.txt", "b/1/x.md", "c.txt", "b/10.txt"]
    for name in [*names, "b/y.docx", ".hidden/z.txt", "b/.z.txt", "README"]:
        write(tmp_path / name)
    articles, errors = read(tmp_path)
    assert errors == []
    found = [os.path.relpath(a.id, tmp_path) for a in articles]
    assert found == ["a.txt", "b/1/x.md", "b/10.txt", "b/2.txt", "c.txt"]


def test_folder_with_one_bad_file(read, tmp_path):
    write(tmp_path / "a.txt", b"\0")
    write(tmp_path / "b.txt")
    articles, errors = read(tmp_path)
    assert len(articles) == 1
    assert len(errors) == 1
    assert errors[0].startswith(f"{tmp_path}/a.txt: binary")


def test_links_are_followed_once(read, tmp_path):
    inside = tmp_path / "in"
    write(inside / "sub" / "a.txt")
    write(tmp_path / "out" / "b.txt")
    (inside / "loop").symlink_to(inside, target_is_directory=True)
    (inside / "sub" / "up").symlink_to(inside, target_is_directory=True)
    (inside / "other").symlink_to(tmp_path / "out", target_is_directory=True)
    (inside / "c.txt").symlink_to(tmp_path / "out" / "b.txt")
    articles, errors = read(inside)
    assert errors == []
    assert [os.path.relpath(a.id, inside) for a in articles] == [
        "c.txt",
        "other/b.txt",
        "sub/a.txt",
    ]


def test_folder_that_cannot_be_listed(read, tmp_path, monkeypatch):
    write(tmp_path / "a" / "x.txt")
    write(tmp_path / "b.txt")
    list_folder = type(tmp_path).iterdir

    def refuse(path):
        if path.name == "a":
            raise PermissionError(13, "Permission denied")
        return list_folder(path)

    monkeypatch.setattr(type(tmp_path), "iterdir", refuse)
    articles, errors = read(tmp_path)
    assert len(articles) == 1
    assert errors == [f"{tmp_path}/a: cannot be read (Permission denied); check path and rights"]


# --- what cannot be read -----------------------------------------------------------------------


def _self_link(folder):
    path = folder / "loop.txt"
    path.symlink_to(path)
    return path


def _dangling_link(folder):
    path = folder / "gone.txt"
    path.symlink_to(folder / "nowhere.txt")
    return path


def _pipe(folder):
    path = folder / "pipe.txt"
    os.mkfifo(path)
    return path


def _folder(folder):
    path = folder / "empty"
    path.mkdir()
    return path


BAD = {
    "missing": (lambda t: t / "no.txt", "no such file or folder; check the path"),
    "empty": (lambda t: write(t / "e.txt", b""), "empty; give a file with text"),
    "blank": (lambda t: write(t / "e.md", b" \n\n"), "empty, no text in it; give"),
    "only front matter": (lambda t: write(t / "f.md", FRONT), "empty, no text in it; give"),
    "binary": (lambda t: write(t / "b.txt", b"GIF89a\0\1\2"), "binary, not text; give a text"),
    "folder without articles": (_folder, "a folder without articles; files that are read end in"),
    "unknown suffix": (lambda t: write(t / "a.docx"), "unknown kind of file '.docx'; files that"),
    "no suffix": (lambda t: write(t / "README"), "unknown kind of file ''; files that"),
    "no article": (lambda t: write(t / "a.html", b"<html><p>Home</p></html>"), "no article text"),
    "too long": (
        lambda t: write(t / "l.txt", b"a" * (MAX_BYTES + 1)),
        "2,000,001 bytes of text, more than 2,000,000; split the article",
    ),
    "far too long": (
        lambda t: write(t / "l.txt", b"a" * (2 * MAX_BYTES + 1)),
        "4,000,001 bytes of text, more than 2,000,000; split the article",
    ),
    "long in bytes alone": (
        lambda t: write(t / "l.txt", "є".encode() * (MAX_BYTES // 2 + 1)),
        "2,000,002 bytes of text",
    ),
    "link to itself": (_self_link, "cannot be read (Too many levels of symbolic links); check"),
    "dangling link": (_dangling_link, "no such file or folder"),
    "pipe": (_pipe, "neither a file nor a folder"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_the_rest_goes_on(read, tmp_path, case):
    make, what = BAD[case]
    path = make(tmp_path)
    good = write(tmp_path / "good.txt")
    articles, errors = read(path, good)
    assert [a.id for a in articles] == [str(good)]
    assert len(errors) == 1
    assert errors[0].startswith(f"{path}: {what}")
    assert "\n" not in errors[0]


def test_no_rights(read, tmp_path, monkeypatch):
    path, good = write(tmp_path / "a.txt"), write(tmp_path / "b.txt")
    read_bytes = type(path).read_bytes

    def refuse(self):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return read_bytes(self)

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    articles, errors = read(path, good)
    assert [a.id for a in articles] == [str(good)]
    assert errors == [f"{path}: cannot be read (Permission denied); check path and rights"]


def test_longest_article(read, tmp_path):
    articles, errors = read(write(tmp_path / "l.txt", ("word " * 400_000).encode()))
    assert errors == []
    assert len(articles) == 1


def test_utf16_may_have_twice_the_bytes(read, tmp_path):
    text = "One. " * (MAX_BYTES // 5 - 1)
    articles, errors = read(
        write(tmp_path / "l.txt", text.encode("utf-16-le").join([b"\xff\xfe", b""]))
    )
    assert errors == []
    assert articles[0].text == text


# --- standard input and order --------------------------------------------------------------------


def test_standard_input(read, tmp_path):
    path = write(tmp_path / "a.txt")
    (first, second), errors = read("-", path, stdin=io.BytesIO(TEXT.encode()))
    assert errors == []
    assert (first.text, first.id, first.source) == (TEXT, "-", None)
    assert second.id == str(path)


def test_page_on_standard_input(read, fixtures):
    (article,), errors = read("-", stdin=io.BytesIO((fixtures / "amp.html").read_bytes()))
    assert errors == []
    assert article.outlet == "The Danube Mirror"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "standard input: empty"),
        (b"a\0b", "standard input: binary"),
        (b"a" * (MAX_BYTES + 1), "standard input: 2,000,001 bytes"),
        (b"a" * (10 * MAX_BYTES + 9), "standard input: 20,000,001 bytes"),
    ],
)
def test_bad_standard_input(read, data, what):
    articles, errors = read("-", stdin=io.BytesIO(data))
    assert articles == []
    assert len(errors) == 1
    assert errors[0].startswith(what)


def test_files_are_read_as_they_are_asked_for(tmp_path):
    paths = [str(write(tmp_path / name)) for name in ("a.txt", "b.txt")]
    articles = read_articles(paths, on_error=pytest.fail)
    assert next(articles).id == paths[0]
    write(tmp_path / "b.txt", "Changed.")
    assert next(articles).text == "Changed."


def test_errors_of_the_caller_are_not_swallowed(tmp_path):
    path = write(tmp_path / "a.txt")

    def consume():
        for _ in read_articles([str(path)], on_error=pytest.fail):
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        consume()
