"""Everything there is to say of one set of predictions, from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.corpus.schema import AnnotatedArticle
from stance.errors import InputError
from stance.evaluation.aggregates import Share, stance_shares
from stance.evaluation.alignment import align
from stance.evaluation.attribution_records import attribution_documents
from stance.evaluation.behaviour import GOLD_FILE, BehaviourResult, score_behaviour
from stance.evaluation.bootstrap import Figure
from stance.evaluation.clustering import score_clustering
from stance.evaluation.compare import Comparison, compare
from stance.evaluation.confidence import Confidence, score_confidence
from stance.evaluation.records import (
    FieldSpan,
    SpeakerRecord,
    SpeakersByArticle,
    check_offsets,
    read_annotated,
    read_gold,
    read_predictions,
)
from stance.evaluation.report import Evaluation, InputFile, check_scored, evaluate
from stance.evaluation.slices import Slice, score_slices
from stance.evaluation.token_f1 import score_attribution

N_ERRORS = 12
"""Errors that are shown in their article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Error:
    """A predicted stance that is wrong, or a gold one that was not found.

    Attributes:
        article: The article, with its text.
        speaker: The speaker's name, as gold has it where gold has the speaker.
        gold: Gold label; None where the speaker takes no stance or is not there.
        predicted: Predicted label; None where the speaker was not found.
        confidence: Confidence in the predicted label.
        gold_spans: What gold's label rests on.
        predicted_spans: What the prediction rests on.
    """

    article: AnnotatedArticle
    speaker: str
    gold: str | None
    predicted: str | None
    confidence: float | None
    gold_spans: tuple[FieldSpan, ...]
    predicted_spans: tuple[FieldSpan, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """One set of predictions against gold.

    Attributes:
        evaluation: Scores.
        attribution: Sources, cues, contents and links of the statements in the records; empty
            where gold is no annotated corpus.
        clustering: How statements are grouped to speakers.
        confidence: Calibration and coverage.
        slices: Accuracy by properties; empty where gold is no annotated corpus.
        shares: Shares of stances, observed and corrected, over all articles.
        errors: The surest wrong predictions, then speakers that were missed; likewise.
        behaviour: Behaviour tests; empty where none were given.
        comparison: Against other predictions, or None.
    """

    evaluation: Evaluation
    attribution: Mapping[str, Figure]
    clustering: Mapping[str, Figure]
    confidence: Confidence
    slices: tuple[Slice, ...]
    shares: tuple[Share, ...]
    errors: tuple[Error, ...]
    behaviour: tuple[BehaviourResult, ...] = ()
    comparison: Comparison | None = None

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON values, without the articles of the errors."""
        return {
            **self.evaluation.to_dict(),
            "attribution": {name: f.to_dict() for name, f in self.attribution.items()},
            "clustering": {name: f.to_dict() for name, f in self.clustering.items()},
            "confidence": self.confidence.to_dict(),
            "slices": [s.to_dict() for s in self.slices],
            "shares": [s.to_dict() for s in self.shares],
            "behaviour": [b.to_dict() for b in self.behaviour],
            "comparison": self.comparison.to_dict() if self.comparison else None,
        }


def review_files(
    gold: Path,
    predictions: Path,
    *,
    other: Path | None = None,
    behaviour: tuple[Path, Path] | None = None,
    n_resamples: int,
    seed: int,
) -> Review:
    """Reads, checks and scores files.

    Args:
        gold: JSONL of annotated articles or of another annotator's records.
        predictions: JSONL of records, with a line for every gold article.
        other: Predictions of another system for the same articles, to compare with.
        behaviour: Folder of behaviour tests and the predictions for its articles.
        n_resamples: Bootstrap resamples, 0 for no intervals.
        seed: Seed of the resampling.

    Raises:
        InputError: A file cannot be used or they do not belong together.
    """
    inputs = [InputFile.of(gold, "gold"), InputFile.of(predictions, "predictions")]
    speakers, articles = read_gold(gold), read_annotated(gold)
    predicted = _read(predictions, speakers, articles)
    settings = {"n_resamples": n_resamples, "seed": seed}
    comparison = None
    if other is not None:
        inputs.append(InputFile.of(other, "other"))
        names = (predictions.stem, other.stem)
        names = names if len(set(names)) == 2 else (str(predictions), str(other))
        rest = _read(other, speakers, articles)
        comparison = compare(speakers, predicted, rest, names=names, **settings)
    tests: Sequence[BehaviourResult] = ()
    if behaviour is not None:
        made = read_annotated(behaviour[0] / GOLD_FILE)
        inputs += [
            InputFile.of(behaviour[0] / GOLD_FILE, "behaviour gold"),
            InputFile.of(behaviour[1], "behaviour predictions"),
        ]
        tests = score_behaviour(made, read_predictions(behaviour[1]), **settings)
    return Review(
        evaluation=evaluate(speakers, predicted, inputs=tuple(inputs), **settings),
        attribution=score_attribution(attribution_documents(articles, predictions), **settings)
        if articles
        else {},
        clustering=score_clustering(speakers, predicted, **settings),
        confidence=score_confidence(speakers, predicted, **settings),
        slices=tuple(score_slices(articles, predicted, **settings)),
        shares=tuple(
            stance_shares(
                predicted,
                by="all",
                gold=speakers,
                gold_predicted=predicted,
                n_resamples=max(1, n_resamples),
                seed=seed,
            )
        ),
        errors=tuple(worst_errors(articles, speakers, predicted)),
        behaviour=tuple(tests),
        comparison=comparison,
    )


def _read(
    path: Path, gold: SpeakersByArticle, articles: Sequence[AnnotatedArticle]
) -> Mapping[str, tuple[SpeakerRecord, ...]]:
    predicted = read_predictions(path, known=gold)
    if not predicted and gold:
        raise InputError("no records", source=str(path), fix="score with --include-empty")
    check_scored(gold, predicted, path)
    check_offsets(articles, predicted, path)
    return predicted


def worst_errors(
    articles: Sequence[AnnotatedArticle], gold: SpeakersByArticle, predicted: SpeakersByArticle
) -> list[Error]:
    """Returns the surest wrong predictions first, then gold speakers that were missed."""
    out = []
    for article in articles:
        found = align(gold[article.id], [s for s in predicted.get(article.id, ()) if s.stance])
        pairs: list[tuple[SpeakerRecord | None, SpeakerRecord | None]]
        pairs = [(p.gold, p.predicted) for p in found.pairs]
        pairs += [(None, s) for s in found.spurious]
        pairs += [(s, None) for s in found.missed if s.stance]
        for g, p in pairs:
            if (g.stance if g else None) != (p.stance if p else None):
                out.append(_error(article, g, p))
    out.sort(key=lambda e: (e.predicted is None, -(e.confidence or 0.0), e.article.id, e.speaker))
    return out[:N_ERRORS]


def _error(
    article: AnnotatedArticle, gold: SpeakerRecord | None, predicted: SpeakerRecord | None
) -> Error:
    known = gold or predicted
    return Error(
        article=article,
        speaker=known.name if known else "",
        gold=gold.stance if gold else None,
        predicted=predicted.stance if predicted else None,
        confidence=predicted.confidence if predicted else None,
        gold_spans=gold.evidence or gold.statements if gold else (),
        predicted_spans=predicted.evidence if predicted else (),
    )
