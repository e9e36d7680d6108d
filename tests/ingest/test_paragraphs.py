import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.ingest import from_text, with_paragraphs
from stance.schema import Article, Paragraph, ParagraphKind

T, H, F = ParagraphKind.TEXT, ParagraphKind.HEADLINE, ParagraphKind.FURNITURE

BODY = "The minister said on Monday that no soldier would go."
MORE = '"We stay," she added.'

WRAPPED = """\
TALLINN, March 11 (Courier) - The defence minister told reporters on
Monday that no soldier would leave, and that
the port would be
guarded by volunteers. "We stay," said
Kaarel Tammik.

A second paragraph begins here and goes on for a while, until the line
is full; then it ends.

- The first point of a list, which is also longer than the line and so
goes on.
- The second point.
"""


def found(text, title=None):
    article = from_text(text, title=title)
    return [(article.text[p.start : p.end], p.kind) for p in article.paragraphs]


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("", None, []),
        (" \n\t\n\u200b\n", None, []),
        (f"{BODY}\n{MORE}", None, [(BODY, T), (MORE, T)]),
        (f"\r\n  {BODY}\t\r\n\r\n{MORE}\r\n", None, [(BODY, T), (MORE, T)]),
        (f"{BODY}\r{MORE}\u2028{BODY}\x85{MORE}", None, [(BODY, T), (MORE, T)] * 2),
        (f"\u00a0{BODY}\u200b\n\ufeff{MORE}", None, [(BODY, T), (MORE, T)]),
        # headline
        (f"No troops, minister says\n{BODY}", None, [("No troops, minister says", H), (BODY, T)]),
        (f"Will they go?\n\n{BODY}", None, [("Will they go?", H), (BODY, T)]),
        ("No troops, minister says", None, [("No troops, minister says", T)]),
        (f"They went.\n{BODY}", None, [("They went.", T), (BODY, T)]),
        (f'TAMM: "No."\n{BODY}', None, [('TAMM: "No."', T), (BODY, T)]),
        (f"{'word ' * 40}\n{BODY}", None, [(("word " * 40).strip(), T), (BODY, T)]),
        (f"No troops\n{BODY}", "Another title", [("No troops", T), (BODY, T)]),
        (f"No  Troops!\n{BODY}", "No troops", [("No  Troops!", H), (BODY, T)]),
        (
            f"Vienna is not going to march\n{BODY}",
            "Vienna is not going to march | Alpine Courier",
            [("Vienna is not going to march", H), (BODY, T)],
        ),
        (f"Watch: No troops\n{BODY}", "Watch: No troops", [("Watch: No troops", H), (BODY, T)]),
        (f"# No troops.\n\n{BODY}", "Other", [("No troops.", H), (BODY, T)]),
        (
            f"Home | World\nNo troops\n{BODY}",
            None,
            [("Home | World", F), ("No troops", H), (BODY, T)],
        ),
        # furniture
        (
            f"By Jane Doe\n{BODY}\nAdvertisement\n{MORE}",
            None,
            [("By Jane Doe", F), (BODY, T), ("Advertisement", F), (MORE, T)],
        ),
        (
            f"{BODY}\n— Jane Doe (@jd) March 3, 2025",
            None,
            [(BODY, T), ("— Jane Doe (@jd) March 3, 2025", T)],
        ),
        # links under a header, until the text goes on
        (
            f"{BODY}\nMost read\nFerry stuck in ice\nThe price of butter\n{MORE}\nWhat now\n{BODY}",
            "x",
            [
                (BODY, T),
                ("Most read", F),
                ("Ferry stuck in ice", F),
                ("The price of butter", F),
                (MORE, T),
                ("What now", T),
                (BODY, T),
            ],
        ),
        (f"Topics\nNo troops\n{BODY}", None, [("Topics", F), ("No troops", H), (BODY, T)]),
    ],
)
def test_kinds(text, title, expected):
    assert found(text, title) == expected


def test_hard_wrapped_blocks_stay_together():
    blocks = [" ".join(text.split()) for text, _ in found(WRAPPED)]
    assert len(blocks) == 4
    assert blocks[0].startswith("TALLINN")
    assert blocks[0].endswith("said Kaarel Tammik.")
    assert blocks[1].endswith("then it ends.")
    assert blocks[2].startswith("- The first point")
    assert blocks[2].endswith("so goes on.")
    assert blocks[3] == "- The second point."


def test_short_lines_in_a_wrapped_block_stand_alone():
    text = "By Jane Doe\n" + WRAPPED
    assert found(text)[0] == ("By Jane Doe", F)
    text = (
        WRAPPED
        + "\n13:40 GMT\nThe minister has come, and the hall is full of people who want\nto hear.\n"
    )
    assert [kind for _, kind in found(text)[-2:]] == [F, T]


def test_one_paragraph_a_line_is_not_wrapped():
    lines = [
        f"{name} said no on Monday, and then the hall was silent." for name in ("Ann", "Bo", "Cy")
    ]
    assert [text for text, _ in found("\n".join(lines))] == lines


def test_list_of_headlines_is_not_wrapped():
    lines = [
        "Minister rules out a battalion after a night of talks",
        "Ferry stuck in ice as captain blames the buoys",
    ]
    assert [text for text, _ in found(f"{BODY}\n\n" + "\n".join(lines))][1:] == lines


def test_paragraphs_that_are_there_stay():
    given_ones = (Paragraph(start=0, end=3),)
    article = Article(text="abc def", paragraphs=given_ones)
    assert with_paragraphs(article) is article


def test_fields_are_kept():
    article = from_text("Text.", id="i", source="s", title="t", date="d", outlet="o", url="u")
    fields = (article.id, article.source, article.title, article.date, article.outlet, article.url)
    assert fields == ("i", "s", "t", "d", "o", "u")


@pytest.mark.parametrize(
    "unit", ["word ", "a", "\u0301", "\u200d", "“", "\u2028", "\n", "😀 ", "- \n", ". "]
)
def test_long_text_takes_linear_time(unit, benchmark_seconds):
    text = (unit * 50_000)[:50_000]
    assert benchmark_seconds(lambda: from_text(text)) < 1


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from('aB .\n\r\t\u2028\u200b😀—#"1'), max_size=80),
    st.none() | st.text(max_size=9),
)
def test_paragraphs_cover_all_but_white_space(text, title):
    article = from_text(text, title=title)
    last = 0
    for paragraph in article.paragraphs:
        words = text[paragraph.start : paragraph.end]
        assert words == words.strip()
        between = text[last : paragraph.start]
        assert not between.replace("\u200b", "").replace("#", "").strip()
        last = paragraph.end
    assert not text[last:].replace("\u200b", "").strip()
