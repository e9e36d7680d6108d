"""However odd an article is, it is read, and every offset is right."""

from __future__ import annotations

import random

import numpy as np
import pytest

from stance.attribution.labels import TOKEN_LABELS
from stance.corpus import load
from stance.inference.attribute import attribute_article
from stance.inference.classifier import SHIPPED
from stance.inference.onnx_model import OnnxModel
from stance.schema import Article

ODD = (
    "\u200b\u200f\ufeff\u0301🪖👩\u200d✈️ЖΩ中あק\u0627\x85\u2028\u00a0\"“”„«»‘’'—–…:;()[]{}*_#>|\\\t"
)
LONGEST = 900


def mutate(rng, text):
    """Changes a text in one to three ways that pages, converters and people do."""
    for _ in range(rng.randint(1, 3)):
        text = rng.choice(WAYS)(rng, text) or "x"
    return text


def truncated(rng, text):
    a, b = sorted(rng.sample(range(len(text) + 1), 2)) if text else (0, 0)
    return text[a:b]


def shuffled(rng, text):
    unit = rng.choice(["\n", " ", ". "])
    parts = text.split(unit)
    rng.shuffle(parts)
    return unit.join(parts)


def sprinkled(rng, text):
    out = list(text)
    for _ in range(rng.randint(1, 30)):
        out.insert(rng.randint(0, len(out)), rng.choice(ODD))
    return "".join(out)


def joined(rng, text):
    return text.replace(
        rng.choice(["\n", " ", ".", '"', ", "]), rng.choice(["", " ", "\r\n", "\n"])
    )


def repeated(rng, text):
    return truncated(rng, text)[:60] * rng.randint(2, 20)


def other_script(rng, text):
    shift = rng.choice([0x370, 0x410, 0x5D0, 0x4E00])
    return "".join(
        chr(shift + ord(c) % 25) if c.isalpha() and rng.random() < 0.5 else c for c in text
    )


def in_capitals(rng, text):
    return rng.choice([str.upper, str.lower, str.swapcase, str.title])(text)


WAYS = [truncated, shuffled, sprinkled, joined, repeated, other_script, in_capitals]


class RandomTagger:
    """Tags at random: whatever the model may say, what follows has to bear it."""

    def __init__(self, tagger, rng):
        self.tokenizer, self.settings, self._rng = tagger.tokenizer, tagger.settings, rng

    def run(self, rows, types=None):
        length = max(map(len, rows))
        generator = np.random.default_rng(self._rng.getrandbits(32))
        return generator.normal(size=(len(rows), length, len(TOKEN_LABELS))).astype(np.float32)


@pytest.fixture(scope="module")
def tagger():
    return OnnxModel(SHIPPED / "attribution", "attribution")


@pytest.fixture(scope="module")
def articles(root):
    return load(root / "data" / "troops", "dev")


def check(article, tagger):
    found = attribute_article(article, tagger)
    said = [s for speaker in found.speakers for s in speaker.statements] + list(found.unattributed)
    for statement in said:
        text = article.field_text(statement.field)
        assert statement.text == " … ".join(text[a:b] for a, b in statement.spans)
        for mention in (statement.cue, statement.source):
            if mention is not None:
                where = article.field_text(mention.field)
                assert mention.text == where[mention.start : mention.end]
    for speaker in found.speakers:
        assert speaker.statements
        assert speaker.name.strip()
        for mention in speaker.mentions:
            where = article.field_text(mention.field)
            assert mention.text == where[mention.start : mention.end]


def check_many(articles, tagger, n, *, seed):
    for i in range(n):
        rng = random.Random(f"{seed}-{i}")
        source = rng.choice(articles)
        text = mutate(rng, source.text[: rng.randint(1, LONGEST)])
        title = mutate(rng, source.title) if rng.random() < 0.5 else source.title
        article = Article(text=text, title=title, id=f"{source.id}-{i}")
        check(article, tagger if i % 2 else RandomTagger(tagger, rng))


def test_mutated_articles_are_read_with_right_offsets(articles, tagger):
    check_many(articles, tagger, 150, seed=0)


@pytest.mark.slow
def test_ten_thousand_mutated_articles(articles, tagger):
    check_many(articles, tagger, 10_000, seed=1)


def long_paragraph(unit):
    return Article(text=(unit * (50_000 // len(unit) + 1))[:50_000], id="long")


def test_a_paragraph_of_fifty_thousand_characters(tagger):
    check(long_paragraph('“He said: no," Berlin and Rome said. '), tagger)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["Berlin said no. ", "“He said: ", "a", "🪖 ", '"No," he said. '])
def test_long_paragraphs_whatever_is_found_in_them(tagger, unit):
    check(long_paragraph(unit), tagger)
    check(long_paragraph(unit), RandomTagger(tagger, random.Random(unit)))
