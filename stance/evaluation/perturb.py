"""Ways of changing an annotated article that must not change anybody's label.

`behaviour_tests.yaml` says which are used, with what words. Each takes an article, the
settings of its entry and a random generator, and returns the changed article, or None where it
finds nothing to change.
"""

from __future__ import annotations

import dataclasses
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker
from stance.evaluation.edits import Edit, apply_edits, paragraph_spans, reorder_paragraphs
from stance.schema import NONE, Field

Perturbation = Callable[
    [AnnotatedArticle, Mapping[str, Any], random.Random], "AnnotatedArticle | None"
]

_HE = re.compile(r"\b(?:he|him|his|himself|mr|husband|father|spokesman|son)\b", re.IGNORECASE)
_SHE = re.compile(
    r"\b(?:she|her|hers|herself|mrs|ms|wife|mother|spokeswoman|daughter)\b", re.IGNORECASE
)


def swap_names(
    article: AnnotatedArticle, settings: Mapping[str, Any], rng: random.Random
) -> AnnotatedArticle | None:
    """Exchanges the names of two people of one gender who take different stances."""
    people = [s for s in _named_people(article) if s.stance != NONE]
    pairs = [
        (a, b)
        for a, b in combinations(people, 2)
        if a.gender == b.gender and a.gender and a.stance != b.stance
    ]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    return _renamed(article, {first.key: second.name, second.key: first.name})


def replace_names(
    article: AnnotatedArticle, settings: Mapping[str, Any], rng: random.Random
) -> AnnotatedArticle | None:
    """Gives all people with a stance other names, of their gender or of the other."""
    people = [s for s in _named_people(article) if s.stance != NONE and s.gender]
    if settings["gender"] == "other" and any(
        pattern.search(article.title + " " + article.text) for pattern in (_HE, _SHE)
    ):
        return None
    other = {"f": "m", "m": "f"}
    pools = {g: rng.sample(names, len(names)) for g, names in settings["names"].items()}
    names = {}
    for person in people:
        gender = person.gender or ""
        pool = pools[other[gender] if settings["gender"] == "other" else gender]
        if pool:
            names[person.key] = pool.pop()
    return _renamed(article, names) if names else None


def _named_people(article: AnnotatedArticle) -> list[AnnotatedSpeaker]:
    """Returns the people with first name and surname that no other speaker shares."""
    words = [w for s in article.speakers for w in {*s.name.split()}]
    return [
        s
        for s in article.speakers
        if s.kind == "person"
        and len(s.name.split()) == 2
        and all(w[:1].isupper() and w.isalpha() and words.count(w) == 1 for w in s.name.split())
        and article.text.count(s.name) > 0
    ]


def _renamed(article: AnnotatedArticle, names: Mapping[str, str]) -> AnnotatedArticle:
    """Gives speakers other names everywhere: in full, first name alone and surname alone."""
    words: dict[str, str] = {}
    for speaker in article.speakers:
        if speaker.key in names:
            new_first, _, new_last = names[speaker.key].rpartition(" ")
            first, last = speaker.name.split()
            pairs = {speaker.name: names[speaker.key], first: new_first, last: new_last}
            words |= pairs | {old.upper(): new.upper() for old, new in pairs.items()}
    return _with_words(article, words)


def replace_words(
    article: AnnotatedArticle, settings: Mapping[str, Any], rng: random.Random
) -> AnnotatedArticle | None:
    """Replaces words both ways at once, or, within cues, one way."""
    pairs = [tuple(pair) for pair in settings["words"]]
    if settings.get("within") != "cue":
        words = dict(pairs) | {b: a for a, b in pairs}
        changed = _with_words(article, words)
        return None if (changed.text, changed.title) == (article.text, article.title) else changed
    words = dict(pairs)
    edits = {
        Edit(s.field, start, end, words[cue])
        for s in article.statements
        for start, end in s.cue
        if (cue := (article.title if s.field == "title" else article.text)[start:end]) in words
    }
    return apply_edits(article, edits, article_id=article.id) if edits else None


def _with_words(article: AnnotatedArticle, words: Mapping[str, str]) -> AnnotatedArticle:
    ordered = sorted(words, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")

    def new(text: str) -> str:
        return pattern.sub(lambda m: words[m[0]], text)

    def rename(speaker: AnnotatedSpeaker) -> AnnotatedSpeaker:
        return dataclasses.replace(
            speaker,
            name=new(speaker.name),
            aliases=tuple(new(a) for a in speaker.aliases),
            role=None if speaker.role is None else new(speaker.role),
        )

    edits = [
        Edit(field, m.start(), m.end(), words[m[0]])
        for field, text in _fields(article)
        for m in pattern.finditer(text)
    ]
    return apply_edits(article, edits, article_id=article.id, rename=rename)


def insert_paragraphs(
    article: AnnotatedArticle, settings: Mapping[str, Any], rng: random.Random
) -> AnnotatedArticle | None:
    """Puts each paragraph between two of the article, not before a continued quotation."""
    starts = {s.content[0].start for s in article.statements if s.form == "continued"}
    spans = paragraph_spans(article.text)
    ends = [a.end for a, b in pairwise(spans) if not any(b.start <= s < b.end for s in starts)]
    if not ends:
        return None
    edits = [Edit("text", rng.choice(ends), 0, "\n\n" + words) for words in settings["paragraphs"]]
    return _inserted(article, edits)


def insert_sentences(
    article: AnnotatedArticle, settings: Mapping[str, Any], rng: random.Random
) -> AnnotatedArticle | None:
    """Puts each sentence at the end of a paragraph."""
    ends = [
        p.end
        for p in paragraph_spans(article.text)
        if article.text[p.start : p.end].rstrip('"”’').endswith((".", "!", "?"))
    ]
    if not ends:
        return None
    edits = [Edit("text", rng.choice(ends), 0, " " + words) for words in settings["sentences"]]
    return _inserted(article, edits)


def _inserted(article: AnnotatedArticle, edits: Sequence[Edit]) -> AnnotatedArticle:
    edits = [e._replace(end=e.start) for e in edits]
    return apply_edits(article, edits, article_id=article.id)


def exchange_paragraphs(
    article: AnnotatedArticle, settings: Mapping[str, Any], rng: random.Random
) -> AnnotatedArticle | None:
    """Exchanges two neighbouring paragraphs that name their speakers and lean on nothing."""
    spans = paragraph_spans(article.text)
    speakers = [_self_contained(article, *span) for span in spans]
    places = [
        i
        for i in range(1, len(spans) - 1)
        if (first := speakers[i])
        and (second := speakers[i + 1])
        and not first & second
        and (i + 2 == len(spans) or speakers[i + 2] is not None)
    ]
    if not places:
        return None
    at = rng.choice(places)
    order = [*range(at), at + 1, at, *range(at + 2, len(spans))]
    return reorder_paragraphs(article, order, article_id=article.id)


def _self_contained(article: AnnotatedArticle, start: int, end: int) -> frozenset[str] | None:
    """Returns the keys of who speaks in a paragraph, None where it needs others to be understood.

    Each of its statements has to stand in it wholly and name its speakers there by a name.
    """
    names = {s.key: {w for w in s.name.split() if w[:1].isupper()} for s in article.speakers}
    keys: set[str] = set()
    for s in article.statements:
        spans = (*s.content, *s.source, *s.cue)
        inside = [start <= span.start and span.end <= end for span in spans]
        if s.field == "title" or not any(inside):
            continue
        words = {w for a, b in s.source for w in re.findall(r"\w+", article.text[a:b])}
        if not all(inside) or not all(names[key] & words for key in s.speakers):
            return None
        keys.update(s.speakers)
    return frozenset(keys)


def rewrite(
    article: AnnotatedArticle, settings: Mapping[str, Any], rng: random.Random
) -> AnnotatedArticle | None:
    """Writes the same letters otherwise: quotation marks, case, diacritics, typos."""
    how = settings["how"]
    if how == "typos":
        edits = list(_typos(article, settings["share"], rng))
    else:
        edits = [
            Edit(field, i, i + 1, new)
            for field, text in _fields(article)
            for i, new in enumerate(_REWRITERS[how](text))
            if new != text[i]
        ]
    return apply_edits(article, edits, article_id=article.id) if edits else None


def _curly(text: str) -> list[str]:
    out = []
    for i, char in enumerate(text):
        opens = i == 0 or text[i - 1] in " \n([–—"
        out.append(("“" if opens else "”") if char == '"' else char)
    return out


def _without_diacritics(text: str) -> list[str]:
    return [
        "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
        if char.isalpha()
        else char
        for char in text
    ]


_REWRITERS: Mapping[str, Callable[[str], Sequence[str]]] = {
    "curly_quotes": _curly,
    "straight_quotes": lambda text: [{"“": '"', "”": '"'}.get(c, c) for c in text],
    "lower_case": lambda text: [c.lower() for c in text],
    "no_diacritics": _without_diacritics,
}


def _typos(article: AnnotatedArticle, share: float, rng: random.Random) -> Iterator[Edit]:
    """Exchanges two inner letters of some longer words that are no names."""
    for field, text in _fields(article):
        for m in re.finditer(r"\b[a-z]{5,}\b", text):
            if rng.random() < share:
                i = m.start() + rng.randrange(1, len(m[0]) - 2)
                yield Edit(field, i, i + 2, text[i + 1] + text[i])


def _fields(article: AnnotatedArticle) -> tuple[tuple[Field, str], ...]:
    return (("title", article.title), ("text", article.text))


PERTURBATIONS: Mapping[str, Perturbation] = {
    f.__name__: f
    for f in (
        swap_names,
        replace_names,
        replace_words,
        insert_paragraphs,
        insert_sentences,
        exchange_paragraphs,
        rewrite,
    )
}
"""Ways of changing, under the names that `behaviour_tests.yaml` uses."""
