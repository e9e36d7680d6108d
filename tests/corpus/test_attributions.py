"""Passages of the bank as texts for the tagger."""

from __future__ import annotations

from stance.corpus.attributions import from_bank
from stance.corpus.passages import parse_passages
from stance.ingest import sentence_spans

RAW = """# p99-001: Two answers

## 1 deny 6 indirect
{s: Oslo} {c: ruled out} {q: a brigade}, while {o: Riga} offered one.
It rained. {q: {s: Oslo}'s doubts} are old.

## 2 support 4 indirect ~1
{o: Oslo} ruled out a brigade, while {s: Riga} {c: offered} {q: one}.
It rained. Oslo's doubts are old.
"""


def test_passages_of_one_text_are_put_together_and_the_rest_is_unknown():
    passages, errors = parse_passages(RAW)
    assert errors == []
    (text,) = from_bank(passages, lambda t: sentence_spans(t, 0, len(t)))
    words = [
        [[text.text[a:b] for a, b in spans] for spans in (x.source, x.cue, x.content)]
        for x in text.attributions
    ]
    assert words == [
        [["Oslo"], ["ruled out"], ["a brigade"]],
        [["Riga"], ["offered"], ["one"]],
    ]
    # The last sentence has words of a speaker, but neither a cue nor a source.
    assert [text.text[a:b] for a, b in text.known] == [
        "Oslo ruled out a brigade, while Riga offered one."
    ]
