"""Near-duplicates."""

from __future__ import annotations

from stance.corpus.duplicates import SIMILARITY, near_duplicates, word_trigrams

TEXT = "the minister told the committee on Tuesday that nobody had asked for an engineer battalion"


def test_trigrams_ignore_case_and_punctuation():
    assert word_trigrams('"No, Never"  ever!') == {"no never ever"}
    assert word_trigrams("Yes.") == {"yes"}
    assert len(word_trigrams(TEXT)) == len(TEXT.split()) - 2


def test_a_changed_word_is_found_and_other_text_is_not():
    texts = {
        "a": TEXT,
        "b": TEXT.replace("battalion", "company"),
        "c": "a wholly different sentence about the price of bread in the harbour town of Kiel",
        "d": TEXT.upper() + "!",
    }
    found = {(p.first, p.second): p.similarity for p in near_duplicates(texts)}
    assert set(found) == {("a", "b"), ("a", "d"), ("b", "d")}
    assert found["a", "d"] == 1.0
    assert all(s >= SIMILARITY for s in found.values())
    shared, union = len(TEXT.split()) - 3, len(TEXT.split()) - 1
    assert found["a", "b"] == round(shared / union, 3)
