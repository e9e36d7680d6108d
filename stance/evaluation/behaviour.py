"""Behaviour tests: articles changed where it must not matter, and the contrast set.

`write_tests` writes the articles; any system scores them; `score_behaviour` compares its labels.
Source: Ribeiro et al., Beyond accuracy: behavioral testing of NLP models with CheckList, ACL 2020;
contrast sets, Gardner et al., Evaluating models' local decision boundaries via contrast sets,
Findings of EMNLP 2020.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker, AnnotatedStatement
from stance.corpus.splits import read_rows
from stance.errors import InputError
from stance.evaluation._ratios import Estimate, FloatArray, ratio
from stance.evaluation.alignment import align
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.evaluation.perturb import PERTURBATIONS
from stance.evaluation.records import (
    SpeakerRecord,
    SpeakersByArticle,
    from_annotated,
    read_annotated,
)
from stance.schema import NONE

ORIGINAL = "original"
CONTRAST = "contrast set"
ARTICLES_FILE = "articles.jsonl"
GOLD_FILE = "gold.jsonl"
TESTS = Path(__file__).parent / "behaviour_tests.yaml"
"""What is changed where nothing else is said."""

N_EXAMPLES = 5
"""Worst failures that are shown of each test."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A label that changed with what must not matter, or a contrast pair with a wrong side.

    Attributes:
        article_id: The changed article (of a contrast pair, its edit).
        speaker: The speaker's name in it.
        before: Label in the original; None for no stance or not found.
        after: Label in the changed article, likewise.
        gold: Label that both have in gold; of a contrast pair, that of the edit.
        confidence: Confidence in `before`: the surest failures are the worst.
    """

    article_id: str
    speaker: str
    before: str | None
    after: str | None
    gold: str | None
    confidence: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BehaviourResult:
    """One test.

    Attributes:
        name: Its name in `behaviour_tests.yaml`, or "contrast set".
        failure_rate: Share of speakers with a stance in gold whose label changed (of contrast
            pairs, the share with at least one wrong side), with its interval over articles.
        articles: Changed articles, or contrast pairs.
        worst: The surest failures.
    """

    name: str
    failure_rate: Figure
    articles: int
    worst: tuple[Failure, ...]

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON values."""
        return asdict(self)


def read_tests(path: Path) -> list[dict[str, Any]]:
    """Reads `behaviour_tests.yaml`.

    Raises:
        InputError: It cannot be read or names an unknown way of changing.
    """
    try:
        tests = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise InputError(f"cannot be read ({error})", source=str(path)) from error
    for test in tests:
        if test.get("change") not in PERTURBATIONS:
            raise InputError(
                f"test '{test.get('name')}' wants change '{test.get('change')}'",
                source=str(path),
                fix=f"use one of {', '.join(PERTURBATIONS)}",
            )
    return list(tests)


def make_articles(
    articles: Sequence[AnnotatedArticle],
    tests: Iterable[dict[str, Any]],
    contrast: Iterable[AnnotatedPassage],
    *,
    seed: int,
) -> list[AnnotatedArticle]:
    """Returns the originals and all changed articles, with gold; ids are `TEST/ORIGINAL`.

    Args:
        articles: Articles to be changed; those without a stance are left out.
        tests: Entries of `behaviour_tests.yaml`.
        contrast: Passages of the contrast set.
        seed: Seed of the choices within articles.
    """
    chosen = [a for a in articles if any(s.stance != NONE for s in a.speakers)]
    out = [dataclasses.replace(a, id=f"{ORIGINAL}/{a.id}") for a in chosen]
    for test in tests:
        for article in chosen:
            rng = random.Random(f"{seed}-{test['name']}-{article.id}")
            changed = PERTURBATIONS[test["change"]](article, test, rng)
            if changed is not None:
                out.append(dataclasses.replace(changed, id=f"{test['name']}/{article.id}"))
    return out + [_as_article(p) for p in contrast]


def _as_article(passage: AnnotatedPassage) -> AnnotatedArticle:
    mentions = [passage.text[a:b] for a, b in passage.source]
    name = max(mentions, key=len)
    speaker = AnnotatedSpeaker(
        key="SPEAKER",
        name=name,
        aliases=tuple(dict.fromkeys(m for m in mentions if m != name)),
        kind="person",
        stance=passage.stance,
        rule=passage.rule,
    )
    statement = AnnotatedStatement(
        number=1,
        speakers=("SPEAKER",),
        stance=passage.stance,
        form=passage.form,
        field="text",
        content=passage.content,
        source=passage.source[:1],
        cue=passage.cue,
    )
    return AnnotatedArticle(
        id=f"{CONTRAST}/{passage.id}/{passage.partner or ''}",
        title="",
        text=passage.text,
        date="",
        outlet="",
        outlet_kind="",
        register="",
        event=passage.situation,
        brief=passage.brief,
        speakers=(speaker,),
        statements=(statement,),
    )


def write_tests(folder: Path, made: Sequence[AnnotatedArticle]) -> None:
    """Writes `articles.jsonl`, to be scored with `--include-empty`, and `gold.jsonl`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{"id": a.id, "title": a.title, "text": a.text} for a in made]
    for name, values in ((ARTICLES_FILE, rows), (GOLD_FILE, [a.to_dict() for a in made])):
        lines = [json.dumps(v, ensure_ascii=False) + "\n" for v in values]
        (folder / name).write_text("".join(lines), encoding="utf-8")


def write_behaviour(
    gold: Path, folder: Path, *, tests: Path, contrast: Path | None, seed: int
) -> int:
    """Reads gold, tests and contrast set and writes the articles to be scored.

    Returns:
        Number of articles written.

    Raises:
        InputError: A file cannot be used.
    """
    passages = read_rows(contrast, AnnotatedPassage.from_dict) if contrast else []
    made = make_articles(read_annotated(gold), read_tests(tests), passages, seed=seed)
    write_tests(folder, made)
    return len(made)


def score_behaviour(
    made: Sequence[AnnotatedArticle],
    predicted: SpeakersByArticle,
    *,
    n_resamples: int,
    seed: int,
) -> list[BehaviourResult]:
    """Compares a system's labels before and after each change.

    A speaker is paired with gold by name in each article; what counts is whether the label of the
    same gold speaker stays (a speaker not found has none). Whether it is right plays no part, but
    in the contrast set, whose pairs need both labels right.

    Args:
        made: What `make_articles` gave (or `gold.jsonl` holds).
        predicted: Predicted speakers of all these articles.
        n_resamples: Bootstrap resamples over articles, 0 for no intervals.
        seed: Seed of the resampling.

    Raises:
        InputError: An article was not scored.
    """
    for article in made:
        if article.id not in predicted:
            raise InputError(
                f"article '{article.id}' is not in the predictions",
                fix="score articles.jsonl of the tests with --include-empty",
            )
    tests: dict[str, list[AnnotatedArticle]] = defaultdict(list)
    for article in made:
        tests[article.id.split("/", 1)[0]].append(article)
    original = {a.id.split("/", 1)[1]: _labels(a, predicted[a.id]) for a in tests.pop(ORIGINAL, ())}
    out = []
    for name, articles in tests.items():
        if name == CONTRAST:
            units = _contrast_units(articles, predicted)
        else:
            units = [
                _unit(a, original[a.id.split("/", 1)[1]], _labels(a, predicted[a.id]))
                for a in articles
            ]
        out.append(_result(name, units, n_resamples=n_resamples, seed=seed))
    return out


_Labels = dict[str, tuple[str | None, float | None]]


def _labels(article: AnnotatedArticle, predicted: Sequence[SpeakerRecord]) -> _Labels:
    """Returns label and confidence of every gold speaker, by key."""
    gold = from_annotated(article)
    keys = {id(g): s.key for g, s in zip(gold, article.speakers, strict=True)}
    out: _Labels = dict.fromkeys(keys.values(), (None, None))
    for pair in align(gold, [p for p in predicted if p.stance]).pairs:
        out[keys[id(pair.gold)]] = (pair.predicted.stance, pair.predicted.confidence)
    return out


def _unit(article: AnnotatedArticle, before: _Labels, after: _Labels) -> tuple[int, list[Failure]]:
    speakers = [s for s in article.speakers if s.stance != NONE]
    failures = [
        Failure(
            article_id=article.id,
            speaker=s.name,
            before=before[s.key][0],
            after=after[s.key][0],
            gold=s.stance,
            confidence=before[s.key][1],
        )
        for s in speakers
        if before[s.key][0] != after[s.key][0]
    ]
    return len(speakers), failures


def _contrast_units(
    articles: Sequence[AnnotatedArticle], predicted: SpeakersByArticle
) -> list[tuple[int, list[Failure]]]:
    labels = {a.id.split("/")[1]: _labels(a, predicted[a.id])["SPEAKER"] for a in articles}
    gold = {a.id.split("/")[1]: a.speakers[0].stance for a in articles}
    out = []
    for article in articles:
        _, edit, partner = article.id.split("/")
        if not partner:
            continue
        (before, confidence), (after, _) = labels[partner], labels[edit]
        failed = (before or NONE, after or NONE) != (gold[partner], gold[edit])
        failure = Failure(
            article_id=article.id,
            speaker=article.speakers[0].name,
            before=before,
            after=after,
            gold=gold[edit],
            confidence=confidence,
        )
        out.append((1, [failure] if failed else []))
    return out


def _result(
    name: str, units: Sequence[tuple[int, list[Failure]]], *, n_resamples: int, seed: int
) -> BehaviourResult:
    counts = np.array([[n, len(failures)] for n, failures in units], dtype=np.int64).reshape(-1, 2)

    def figures(sums: FloatArray) -> dict[str, Estimate]:
        return {"failure_rate": ratio(sums[:, 1], sums[:, 0])}

    found = bootstrap_figures(counts, figures, n_resamples=n_resamples, seed=seed)
    failures = [f for _, own in units for f in own]
    failures.sort(key=lambda f: (-(f.confidence or 0.0), f.article_id, f.speaker))
    return BehaviourResult(
        name=name,
        failure_rate=found["failure_rate"],
        articles=len(units),
        worst=tuple(failures[:N_EXAMPLES]),
    )
