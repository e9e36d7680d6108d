import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.ingest import sentence_spans


def split(text):
    return [text[a:b] for a, b in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "sentences",
    [
        ["We stay.", "They go.", "Do you?", "No!"],
        ["Gen. Smith said so.", "Lt. Col. Oksana Bilyk, Mr. Brown and Prof. Dr. Kern did not."],
        ["Ret. Gen. Kay spoke to Amb. Roe and Spc. Doe.", "Lieut. Poe listened."],
        ["He met Lt. Gen. (ret.) Jon Roe.", "Approx. 5,000 men left."],
        ["The U.S. Army left at 5 p.m. Monday.", "It came back to the U.S.", "He went too."],
        ["1. The first point.", "2. The second one."],
        ['"We go. We stay. They left," he said.', "Then he went."],
        ["“We go.”", "That was all."],
        ['He said: "We stay."', "Then he left."],
        ["He said no.”", "Then he left."],
        ["(He denied it.)", "She did not."],
        ["“No!” Smith said.", "“Who pays?” Ms Kern asked.", "He left."],
        ['"Never!" the Estonian minister said.', '"Never!"', "They left."],
        ['The so-called "U.S." Brigade left.', "It came back."],
    ],
)
def test_sentences(sentences):
    assert split(" ".join(sentences)) == sentences


def test_range_and_white_space():
    text = "Not this.  \n We stay.\t They go. \n Nor this."
    start, end = text.index("We") - 3, text.index("Nor")
    assert [text[a:b] for a, b in sentence_spans(text, start, end)] == ["We stay.", "They go."]


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing(text):
    assert sentence_spans(text, 0, len(text)) == ()


def test_windows_do_not_show():
    sentence = "The minister of defence said on Monday that nobody would go anywhere at all."
    assert split(" ".join([sentence] * 300)) == [sentence] * 300


@pytest.mark.parametrize("unit", ["“", "word ", "a", '" ', ".” A", "\u0301", '!" Roe '])
def test_long_text_takes_linear_time(unit, benchmark_seconds):
    text = (unit * 50_000)[:50_000]
    assert benchmark_seconds(lambda: sentence_spans(text, 0, len(text))) < 1


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from('aB .!?"”“()\n😀é1'), max_size=80), st.integers(0, 9))
def test_spans_cover_all_but_white_space(text, start):
    start = min(start, len(text))
    last = start
    for a, b in sentence_spans(text, start, len(text)):
        assert last <= a < b <= len(text)
        assert not text[last:a].strip()
        assert text[a:b] == text[a:b].strip()
        last = b
    assert not text[last:].strip()
