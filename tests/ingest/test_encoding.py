import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.ingest.encoding import clean, decode, text_encoding

TEXT = "“Nein”, sagte Žižka — 5 € für Łódź"
LATIN = "“Nein”, sagte Žižka — 5 €"
WRITTEN = [
    (TEXT.encode(), TEXT),
    (TEXT.encode("utf-8-sig"), TEXT),
    (TEXT.encode("utf-16"), TEXT),
    (b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT),
    (LATIN.encode("cp1252"), LATIN),
    (b"", ""),
    (b"one\r\ntwo\rthree\n", "one\r\ntwo\rthree\n"),
]


@pytest.mark.parametrize(("data", "text"), WRITTEN)
def test_decode(data, text):
    assert decode(data, "x") == text


@pytest.mark.parametrize(("data", "text"), WRITTEN)
def test_long_files_are_decoded_alike(data, text):
    stream = io.BytesIO(data)
    encoding = text_encoding(stream, "x")
    stream.seek(0)
    assert io.TextIOWrapper(stream, encoding, newline="").read() == text


def test_long_file_whose_end_is_not_utf8():
    data = b"a" * 3_000_000 + LATIN.encode("cp1252")
    assert text_encoding(io.BytesIO(data), "x") == "cp1252"
    assert text_encoding(io.BytesIO(b"a" * (2**20 - 1) + "é".encode()), "x") == "utf-8"


def test_fallback_is_logged(caplog):
    caplog.set_level("INFO")
    decode(LATIN.encode("cp1252"), "page.txt")
    assert "page.txt" in caplog.text
    assert "cp1252" in caplog.text


def test_one_broken_byte_does_not_spoil_the_rest():
    data = TEXT.encode() + b"\xff." + TEXT.encode()
    assert decode(data, "x") == f"{TEXT}\ufffd.{TEXT}"


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("windows-1251", "Київ і «Луцк»".encode("cp1251"), "Київ і «Луцк»"),
        ("windows-1251", "Київ".encode(), "Київ"),
        ("iso-8859-2", "Žižka".encode("iso-8859-2"), "Žižka"),
        ("no-such-charset", LATIN.encode("cp1252"), LATIN),
        ("utf-8", LATIN.encode("cp1252"), LATIN),
    ],
)
def test_declared(declared, data, text):
    assert decode(data, "x", declared=declared) == text


@pytest.mark.parametrize(
    "data",
    [
        b"abc\0def",
        bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n" + b"\x01\x02\x03" * 20,
        "text".encode("utf-16-le"),
        "text".encode("utf-32"),
        b"\xff\xfeabc",
    ],
)
def test_binary_is_refused(data):
    with pytest.raises(InputError, match=r"^f\.bin: .*(binary|BOM)") as error:
        decode(data, "f.bin")
    assert error.value.fix


def test_clean_keeps_length():
    assert clean("a\ud83db", "x") == "a\ufffdb"
    with pytest.raises(InputError, match="x:3: binary"):
        clean("a\0b", "x", 3)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_text_or_an_input_error(data):
    try:
        text = decode(data, "x", declared="cp1251")
    except InputError:
        return
    text.encode()
