"""A tiny encoder of each architecture and tiny corpora, made here."""

from __future__ import annotations

import json

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import GoldSpan

# Tiny matrices gain nothing from threads, and threads that wait for each other lose much.
torch.set_num_threads(1)

WORDS = """the speaker someone said that no soldiers will go to ukraine foreign troops should
be deployed minister we send never yes early not decided weapons money oslo berlin
. , \" : for it is"""


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split()]
    tokenizer = Tokenizer(
        models.WordPiece({w: i for i, w in enumerate(vocabulary)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def _article(number, stance, words):
    text = f"The minister said that {words}."
    start = text.index(words)
    rule = None if stance == "none" else 6
    speaker = {"key": "M", "name": "The minister", "kind": "person", "stance": stance}
    speaker |= {"aliases": [], "gender": None, "role": None, "country": None, "rule": rule}
    statement = {"number": 1, "speakers": ["M"], "stance": stance, "form": "indirect"}
    statement |= {"field": "text", "content": [[start, start + len(words)]]}
    statement |= {"source": [[0, 12]], "cue": [[13, 17]]}
    meta = dict.fromkeys(("date", "outlet", "outlet_kind", "register"), "x")
    meta |= {"id": f"a{number}", "title": "Quay", "text": text, "author": None}
    meta |= {"event": f"e{number}", "brief": f"b{number}"}
    return {**meta, "speakers": [speaker], "statements": [statement]}


def _passage(number, stance, words):
    text = f"The minister said that {words}."
    rule = None if stance == "none" else 6
    return AnnotatedPassage(
        id=f"p01-{number:03d}-01",
        situation=f"p01-{number:03d}",
        setting="a day",
        brief="p01",
        text=text,
        stance=stance,
        rule=rule,
        form="indirect",
        content=(GoldSpan(text.index(words), len(text) - 1),),
        source=(GoldSpan(0, 12),),
    ).to_dict()


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory):
    root = tmp_path_factory.mktemp("corpus")
    said = {
        "support": "we will send soldiers",
        "deny": "no soldiers will go to ukraine",
        "ambiguous": "it is early and not decided",
        "none": "money for weapons is early",
    }
    articles = [_article(i, s, said[s]) for i, s in enumerate([*said] * 4)]
    rows = "".join(json.dumps(a) + "\n" for a in articles)
    (root / "articles.jsonl").write_text(rows, encoding="utf-8")
    ids = [a["id"] for a in articles]
    splits = {"train": ids[:8], "dev": ids[8:12], "test": ids[12:]}
    (root / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
    bank = [_passage(i, stance, words) for i, (stance, words) in enumerate(said.items())]
    rows = "".join(json.dumps(p) + "\n" for p in bank)
    (root / "passages.jsonl").write_text(rows, encoding="utf-8")
    return root
