import csv as csv_module
import datetime
import gzip
import json
import random
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.ingest import MAX_BYTES, read_articles

TEXT = "The minister said no.\nShe then left."
GOOD = json.dumps({"text": TEXT})
FULL = {"id": "a1", "title": "T", "date": "2025-03-11", "outlet": "O", "url": "https://o.example/a"}


def jsonl(folder, *lines, encoding="utf-8"):
    path = folder / "rows.jsonl"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def csv(folder, text, encoding="utf-8"):
    path = folder / "rows.csv"
    path.write_bytes(text.encode(encoding))
    return path


def parquet(folder, **columns):
    path = folder / "rows.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def fields(article):
    return {
        "id": article.id,
        "title": article.title,
        "date": article.date,
        "outlet": article.outlet,
        "url": article.url,
    }


# --- all three -----------------------------------------------------------------------------------


def _full_csv(folder):
    return csv(
        folder, f'id,title,date,outlet,url,extra,text\n{",".join(FULL.values())},9,"{TEXT}"\n'
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda t: jsonl(t, json.dumps({**FULL, "text": TEXT, "extra": [1]})),
        _full_csv,
        lambda t: parquet(t, text=[TEXT], extra=[1], **{k: [v] for k, v in FULL.items()}),
    ],
)
def test_all_fields(read, tmp_path, make):
    (article,), errors = read(make(tmp_path))
    assert errors == []
    assert article.text == TEXT
    assert fields(article) == FULL
    assert article.source == FULL["url"]
    assert len(article.paragraphs) == 2


@pytest.mark.parametrize(
    ("make", "lines"),
    [
        (lambda t: jsonl(t, GOOD, "", GOOD), [1, 3]),
        (lambda t: csv(t, f'text\n"{TEXT}"\nTwo.\n'), [2, 4]),
        (lambda t: parquet(t, text=[TEXT, "Two."]), [1, 2]),
    ],
)
def test_id_is_path_and_line(read, tmp_path, make, lines):
    path = make(tmp_path)
    articles, errors = read(path)
    assert errors == []
    assert [a.id for a in articles] == [f"{path}#{line}" for line in lines]
    assert {a.source for a in articles} == {str(path)}


@pytest.mark.parametrize(
    "make",
    [
        lambda t: jsonl(t, json.dumps({"body": TEXT, "text": 1})),
        lambda t: csv(t, f'body,text\n"{TEXT}",1\n'),
        lambda t: parquet(t, body=[TEXT], text=[1]),
    ],
)
def test_text_column(read, tmp_path, make):
    (article,), errors = read(make(tmp_path), text_column="body")
    assert errors == []
    assert article.text == TEXT


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda t: jsonl(t, '{"title": "x"}', GOOD), "1: a row without text"),
        (lambda t: jsonl(t, '{"text": null}', GOOD), "1: a row without text"),
        (lambda t: jsonl(t, '{"text": NaN}', GOOD), "1: a row without text"),
        (lambda t: jsonl(t, '{"text": " "}', GOOD), "1: a row without text"),
        (lambda t: jsonl(t, '{"text": 7}', GOOD), "1: 'text' is int, not text; make it a string"),
        (lambda t: jsonl(t, '{"text": ["a"]}', GOOD), "1: 'text' is list, not text"),
        (lambda t: jsonl(t, "[1, 2]", GOOD), "1: a JSON list, not an object; write"),
        (lambda t: jsonl(t, '"text"', GOOD), "1: a JSON str, not an object; write"),
        (lambda t: jsonl(t, *[GOOD] * 16, "{broken", GOOD), "17: not JSON ("),
        (lambda t: jsonl(t, "[" * 200_000, GOOD), "1: not JSON ("),
        (lambda t: jsonl(t, '{"text": ' + "9" * 5000 + "}", GOOD), "1: not JSON ("),
        (lambda t: jsonl(t, '{"text": "a\\u0000b"}', GOOD), "1: binary, not text"),
        (lambda t: jsonl(t, GOOD, f'{{"text": "{"a" * (MAX_BYTES + 1)}"}}'), "2: 2,000,001 bytes"),
        (lambda t: csv(t, "title,text\nx,\ny,Two.\n"), "2: a row without text"),
        (lambda t: csv(t, 'title,text\n"a\nb",\ny,Two.\nz\n'), "2: a row without text"),
        (
            lambda t: csv(t, "title,text\nx,No, she said.\ny,Two.\n"),
            "2: more fields than the header",
        ),
        (lambda t: csv(t, f"text\n{'a' * (MAX_BYTES + 1)}\nTwo.\n"), "2: 2,000,001 bytes"),
        (lambda t: parquet(t, text=[None, "Two."]), "1: a row without text"),
        (lambda t: parquet(t, text=["a" * (MAX_BYTES + 1), "Two."]), "1: 2,000,001 bytes"),
    ],
)
def test_bad_row_is_one_line_and_the_rest_goes_on(read, tmp_path, make, where):
    path = make(tmp_path)
    articles, errors = read(path)
    assert articles
    assert errors[0].startswith(f"{path}:{where}")
    assert "\n" not in errors[0]
    assert len(errors) == 1 or "\nz" in path.read_text()


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (
            lambda t: csv(t, "body,date\nx,y\n"),
            ": no column 'text'; name one with --text-column; there are: body, date",
        ),
        (
            lambda t: csv(t, "\n"),
            ": no column 'text'; name one with --text-column; there are: none",
        ),
        (
            lambda t: parquet(t, body=["x"]),
            ": no column 'text'; name one with --text-column; there are: body",
        ),
        (lambda t: parquet(t, text=[1]), ":1: 'text' is int, not text"),
        (lambda t: parquet(t, text=[b"abc"]), ":1: 'text' is bytes, not text"),
    ],
)
def test_table_without_text(read, tmp_path, make, what):
    path = make(tmp_path)
    articles, errors = read(path)
    assert articles == []
    assert len(errors) == 1
    assert errors[0].startswith(f"{path}{what}")


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_empty_and_binary_tables(read, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"")
    assert read(path) == ([], [f"{path}: empty; give a file with text"])
    path.write_bytes(b"\x1f\x8b\0\1\2" * 99)
    articles, errors = read(path)
    assert articles == []
    assert len(errors) == 1
    assert ("Parquet" if name.endswith("parquet") else "binary") in errors[0]


# --- values of optional fields -------------------------------------------------------------------


def test_odd_values_of_fields(read, tmp_path):
    row = {
        "text": TEXT,
        "id": 17,
        "title": " ",
        "date": 20250311,
        "outlet": {"name": "O"},
        "url": None,
    }
    (article,), errors = read(jsonl(tmp_path, json.dumps(row)))
    assert errors == []
    assert fields(article) == {
        "id": "17",
        "title": None,
        "date": "20250311",
        "outlet": None,
        "url": None,
    }


def test_parquet_types(read, tmp_path):
    path = parquet(
        tmp_path,
        text=pa.array(["One.", "Two."]).dictionary_encode(),
        id=[1.0, None],
        date=[datetime.datetime(2025, 3, 11, 8, 30), None],
        title=pa.array(["x", float("nan")], from_pandas=True, type=pa.large_string()),
    )
    (first, second), errors = read(path)
    assert errors == []
    assert (first.id, first.date, first.title) == ("1", "2025-03-11", "x")
    assert (second.id, second.date, second.title) == (f"{path}#2", None, None)


# --- JSONL ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_jsonl_encodings(read, tmp_path, encoding):
    line = json.dumps({"text": "Žižka:\u0a0a “no”."}, ensure_ascii=False)
    articles, errors = read(jsonl(tmp_path, line, line, encoding=encoding))
    assert errors == []
    assert [a.text for a in articles] == ["Žižka:\u0a0a “no”."] * 2


def test_jsonl_with_one_line_in_another_encoding(read, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes('{"text": "Žižka."}\n'.encode() + '{"text": "Café."}\n'.encode("cp1252"))
    articles, errors = read(path)
    assert errors == []
    assert [a.text for a in articles] == ["Žižka.", "Café."]


def test_lone_surrogates_can_be_written_again(read, tmp_path):
    (article,), _ = read(jsonl(tmp_path, '{"text": "No \\ud83d troops.", "title": "\\udc00"}'))
    assert article.text == "No \ufffd troops."
    assert article.title == "\ufffd"


def test_line_that_is_too_long(read, tmp_path, monkeypatch):
    monkeypatch.setattr("stance.ingest.rows._MAX_ROW", 100)
    path = jsonl(tmp_path, GOOD, '{"text": "' + "a" * 950 + '"}', GOOD)
    articles, errors = read(path)
    assert [a.id for a in articles] == [f"{path}#1", f"{path}#3"]
    assert errors == [f"{path}:2: more than 100 bytes in one line; write one article a line"]


# --- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("title,text\nŽ,“No.”\n", "utf-8"),
        ("title,text\r\nŽ,“No.”\r\n", "utf-8-sig"),
        ("title,text\nŽ,“No.”\n", "utf-16"),
        ("title,text\nŽ,“No.”\n", "cp1252"),
        ("title;text\nŽ;“No.”\n", "utf-8"),
        ("title\ttext\nŽ\t“No.”\n", "utf-8"),
        (' title , text \nŽ,"“No.”"\n', "utf-8"),
    ],
)
def test_csv_dialects(read, tmp_path, text, encoding):
    (article,), errors = read(csv(tmp_path, text, encoding))
    assert errors == []
    assert (article.title, article.text) == ("Ž", "“No.”")


def test_csv_holds_long_texts(read, tmp_path):
    (article,), errors = read(csv(tmp_path, f'text\n"{"word " * 100_000}"\n'))
    assert errors == []
    assert len(article.text) == 500_000


def test_csv_with_an_unclosed_quotation_mark(read, tmp_path, monkeypatch):
    monkeypatch.setattr("stance.ingest.rows._MAX_ROW", 200_000)
    path = csv(tmp_path, 'text\nOne.\n"Two.\n' + "Three.\n" * 50_000)
    limit = csv_module.field_size_limit(1000)
    try:
        articles, errors = read(path)
    finally:
        csv_module.field_size_limit(limit)
    assert [a.text for a in articles] == ["One."]
    assert len(errors) == 1
    assert errors[0].startswith(f"{path}:3: not CSV from here on")


# --- Parquet -------------------------------------------------------------------------------------


def test_parquet_cut_off(read, tmp_path):
    path = parquet(tmp_path, text=[TEXT] * 10)
    path.write_bytes(path.read_bytes()[:-20])
    articles, errors = read(path)
    assert articles == []
    assert errors == [f"{path}: not a Parquet file, or cut off after row 0; write it again"]


def test_parquet_damaged_inside(read, tmp_path):
    path = parquet(tmp_path, text=[f"{TEXT} {i}" for i in range(1000)])
    data = bytearray(path.read_bytes())
    data[20:200] = b"\xff" * 180
    path.write_bytes(data)
    articles, errors = read(path)
    assert articles == []
    assert len(errors) == 1
    assert "Parquet" in errors[0]


# --- memory --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_rows_are_streamed(tmp_path, kind):
    text = "word " * 10_000
    if kind == "jsonl":
        path = jsonl(tmp_path, *[json.dumps({"text": text})] * 200)
    else:
        path = csv(tmp_path, "text\n" + f"{text}\n" * 200)
    assert path.stat().st_size > 9_000_000
    tracemalloc.start()
    n = sum(1 for _ in read_articles([str(path)], on_error=pytest.fail))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n == 200
    assert peak < 5_000_000


PACKED = {"gz": gzip.compress, "zst": lambda data: pa.compress(data, "zstd", asbytes=True)}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        ("jsonl", '{"text": "Žižka says no."}\n{"text": "Paris says yes."}\n'.encode()),
        ("jsonl", '{"text": "Žižka says no."}\n'.encode("utf-16")),
        ("csv", 'text,title\n"Žižka says no.",T\n"Paris, too.",U\n'.encode("cp1252")),
    ],
)
def test_compressed_tables_read_like_plain_ones(tmp_path, packing, suffix, data):
    plain, packed = tmp_path / f"a.{suffix}", tmp_path / f"a.{suffix}.{packing}"
    plain.write_bytes(data)
    packed.write_bytes(PACKED[packing](data))
    read = [
        [a.text for a in read_articles([str(p)], on_error=pytest.fail)] for p in (plain, packed)
    ]
    assert read[0] == read[1] != []


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize(
    "damage", [lambda data: b"no archive", lambda data: data[: len(data) // 2]]
)
def test_damaged_compression_is_one_line(tmp_path, packing, damage):
    rows = "".join(
        json.dumps({"text": f"{i} " + random.Random(i).randbytes(99).hex()}) + "\n"
        for i in range(999)
    )
    path = tmp_path / f"a.jsonl.{packing}"
    path.write_bytes(damage(PACKED[packing](rows.encode())))
    errors = []
    articles = list(read_articles([str(path)], on_error=errors.append))
    assert len(articles) < 999
    assert len(errors) == 1
    assert "as its name says, or cut off; compress it again" in str(errors[0])
