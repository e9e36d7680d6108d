"""The tagger's recipe on a tiny model, and PolNeAR's format."""

from __future__ import annotations

import json

import pytest
from transformers import AutoModelForTokenClassification

from stance.attribution.labels import TOKEN_LABELS
from stance.config import build
from stance.corpus.public.polnear import read_polnear
from stance.errors import InputError
from stance.schema import Span
from stance.training.attribution import train_attribution
from stance.training.average import average_checkpoints
from stance.training.config import AttributionConfig
from tests.training.test_configs import composed

TEXT = (
    "The minister said that no soldiers will go.\r\n"
    'Oslo: "We will send it," said Berlin, "never".\n'
)


def ann(*lines):
    return "".join(f"{line}\n" for line in lines)


@pytest.fixture
def polnear(tmp_path):
    for split in ("train", "dev"):
        (tmp_path / split / "text").mkdir(parents=True)
        (tmp_path / split / "attributions").mkdir()
        for name in ("quay", "pier"):
            (tmp_path / split / "text" / f"{name}.txt").write_bytes(TEXT.encode())
            quote, tail = TEXT.index('"We'), TEXT.index('"never"')
            (tmp_path / split / "attributions" / f"{name}_a1b2.ann").write_text(
                ann(
                    "T1\tSource 0 12\tThe minister",
                    "T2\tCue 13 17\tsaid",
                    "T3\tContent 18 42\tthat no soldiers will go",
                    "T4\tAttribution 13 17\tsaid",
                    "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3",
                    f'T5\tContent {quote} {quote + 18};{tail} {tail + 7}\t"We will send it,"',
                    "goes on in the next line",
                    f"T6\tSource {TEXT.index('Berlin')} {TEXT.index('Berlin') + 6}\tBerlin",
                    "T7\tAttribution-no-source 45 49\tOslo",
                    "E2\tAttribution:T7 Source:T6 Content:T5",
                    "T8\tDiscard 0 3\tThe",
                    "#1\tAnnotatorNotes T8\tleft out",
                ),
                encoding="utf-8",
            )
    return tmp_path


def test_polnear_spans_and_discontinuous_contents(polnear):
    texts = read_polnear(polnear, "train")
    assert [t.id for t in texts] == ["pier_a1b2", "quay_a1b2"]
    first, second = texts[0].attributions
    assert [TEXT[slice(*s)] for s in first.content] == ["that no soldiers will go"]
    assert [TEXT[slice(*s)] for s in second.content] == ['"We will send it,"', '"never"']
    assert second.cue == ()
    assert first.source == (Span(0, 12),)


def test_only_the_first_annotator_counts_unless_asked(polnear):
    folder = polnear / "train" / "attributions"
    (folder / "quay_z9.ann").write_bytes((folder / "quay_a1b2.ann").read_bytes())
    assert len(read_polnear(polnear, "train")) == 2
    assert len(read_polnear(polnear, "train", all_annotators=True)) == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("T9\tCue 5 9999\tx", "leaves the text"),
        ("E9\tAttribution:T4 Cue:T77", "T77 is not defined"),
    ],
)
def test_broken_annotations_name_file_and_line(polnear, line, words):
    path = polnear / "dev" / "attributions" / "quay_a1b2.ann"
    path.write_text(path.read_text("utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_polnear(polnear, "dev")
    assert "quay_a1b2.ann:13:" in str(caught.value)


def test_missing_split_says_where_to_get_it(polnear):
    with pytest.raises(InputError, match=r"fetch_public\.py"):
        read_polnear(polnear, "test")
    with pytest.raises(InputError, match="no split"):
        read_polnear(polnear, "all")


def test_the_recipe_trains_a_plain_checkpoint(root, polnear, tiny_model, tiny_corpus, tmp_path):
    values = composed(root, "train_attribution", ["debug=tiny"])
    values["model"] = {
        "name": "tiny",
        "source": str(tiny_model),
        "sha256": None,
        "init": "base",
        "attention_dropout": None,
    }
    values["data"] |= {"polnear_root": str(polnear), "corpus_root": str(tiny_corpus)}
    values["window"] |= {"max_tokens": 32, "overlap": 8}
    values["training"] |= {"max_steps": 3, "progress": False}
    values["output_dir"] = str(tmp_path / "run")
    best = train_attribution(build(AttributionConfig, values))
    model = AutoModelForTokenClassification.from_pretrained(best)
    assert tuple(model.config.id2label.values()) == TOKEN_LABELS
    provenance = json.loads((best / "provenance.json").read_text("utf-8"))
    assert set(provenance["data_sha256"]) == {"polnear/train", "polnear/dev", "articles.jsonl"}
    mean = average_checkpoints([best, best], tmp_path / "mean")
    averaged = json.loads((mean / "provenance.json").read_text("utf-8"))
    assert averaged["scores"] == pytest.approx(provenance["scores"])
    assert (averaged["task"], len(averaged["averaged"])) == ("attribution", 2)


def test_real_polnear_counts(datasets_root):
    texts = read_polnear(datasets_root / "polnear", "dev")
    assert len(texts) == 84
    assert sum(len(t.attributions) for t in texts) == 2192
