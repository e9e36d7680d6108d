"""Whole evaluations, as `scripts/evaluate.py` runs them: the scorer or a file against gold."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from stance.attribution.linking import LinkedStatement
from stance.classification.calibration import FloatArray
from stance.classification.gold import bank_passages, gold_passages
from stance.corpus.attributions import AttributedText, from_annotated
from stance.corpus.public.polnear import read_polnear
from stance.corpus.splits import CONTRAST, load, load_bank, load_contrast
from stance.errors import InputError
from stance.evaluation.baselines import (
    Embed,
    LabelledPassage,
    Labeller,
    ProbeConfig,
    TfidfConfig,
    fit_majority,
    fit_probe,
    fit_tfidf,
    score_labels,
)
from stance.evaluation.behaviour import GOLD_FILE
from stance.evaluation.bootstrap import Figure
from stance.evaluation.page import review_html
from stance.evaluation.records import read_annotated, read_gold, read_predictions, read_rows
from stance.evaluation.review import Review, review_files
from stance.evaluation.scores import score
from stance.evaluation.statements import score_statements
from stance.evaluation.token_f1 import AttributionDocument, SourceLink, score_attribution
from stance.inference import StanceClassifier
from stance.inference.attribute import link_contents
from stance.ingest import with_paragraphs
from stance.schema import MODEL_LABELS, NONE, Article, Span


@dataclass(frozen=True, kw_only=True)
class EvaluateConfig:
    """`configs/evaluate.yaml`.

    Attributes:
        task: "stance" (records against gold), "passages" (the stance model and the baselines on
            gold passages) or "attribution" (the tagger on PolNeAR).
        split: "train", "dev" or "test".
        corpus_root: The authored corpus.
        polnear_root: PolNeAR's folder, for task "attribution"; None takes the authored corpus.
        models: Folder of models; None takes the shipped ones.
        predictions: JSONL of records to score instead of running the models; None runs them.
        gold: JSONL of gold to score against instead of the corpus's split; None takes the split.
        compare: JSONL of another system's records for the same articles, for task "stance".
        behaviour: Folder that `stance behaviour` wrote; its articles are scored by the models
            (or, with `predictions`, its predictions.jsonl is read), for task "stance".
        output_dir: Where scores and records are written.
        n_resamples: Bootstrap resamples.
        seed: Seed of the bootstrap.
        tfidf: Settings of the TF-IDF baseline.
        probe: Settings of the linear probe on a frozen encoder.
    """

    task: Literal["stance", "passages", "attribution"]
    split: str
    corpus_root: str
    polnear_root: str | None
    models: str | None
    predictions: str | None
    gold: str | None
    compare: str | None
    behaviour: str | None
    output_dir: str
    n_resamples: int
    seed: int
    tfidf: TfidfConfig
    probe: ProbeConfig


def run_evaluation(config: EvaluateConfig, *, embed: Embed | None = None) -> dict[str, Any]:
    """Runs one task and writes `scores.json` into the output folder.

    Args:
        config: See `configs/evaluate.yaml`.
        embed: The frozen encoder of the linear probe; None leaves the probe out.

    Returns:
        Plain JSON values: figures by name, each with value and interval, and what was scored.

    Raises:
        InputError: A corpus, file or split is missing or broken.
    """
    output = Path(config.output_dir)
    output.mkdir(parents=True, exist_ok=True)
    task = {"stance": _stance, "passages": _passages, "attribution": _attribution}[config.task]
    scores = {"config": dataclasses.asdict(config), **task(config, output, embed)}
    (output / "scores.json").write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")
    return scores


def _classifier(config: EvaluateConfig) -> StanceClassifier:
    return StanceClassifier.from_pretrained(config.models)


def _stance(config: EvaluateConfig, output: Path, embed: Embed | None) -> dict[str, Any]:
    gold = Path(config.gold) if config.gold else _write_gold(config, output)
    if config.predictions:
        predictions = Path(config.predictions)
        if not config.gold:
            predictions = _of_split(config, predictions, output / "predictions.jsonl")
        return _reviewed(config, gold, predictions, output).to_dict()
    if config.gold:
        raise InputError("'gold' needs 'predictions' too", fix="give both, or neither")
    articles = [a.article() for a in load(config.corpus_root, config.split)]
    classifier = _classifier(config)
    predictions = _write_records(output / "predictions.jsonl", classifier, articles)
    scores = _reviewed(config, gold, predictions, output).to_dict()
    for name, labeller in _baselines(config, embed).items():
        scorer = _LabelScorer.from_pretrained(config.models)
        scorer.labeller = labeller
        found = _write_records(output / f"predictions_{name}.jsonl", scorer, articles)
        speakers, labelled = read_gold(gold), read_predictions(found)
        scores[f"figures_{name}"] = _plain(
            score(speakers, labelled, n_resamples=config.n_resamples, seed=config.seed)
        )
    return scores


def _of_split(config: EvaluateConfig, predictions: Path, target: Path) -> Path:
    """Writes the records without those of articles in the corpus's other splits."""
    others = {a.id for a in load(config.corpus_root)}
    others -= {a.id for a in load(config.corpus_root, config.split)}
    kept = [row for _, row in read_rows(predictions) if row.get("article_id") not in others]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in kept]
    target.write_text("".join(lines), encoding="utf-8")
    return target


def _reviewed(config: EvaluateConfig, gold: Path, predictions: Path, output: Path) -> Review:
    """Scores predictions and writes their page."""
    tests = None
    if config.behaviour:
        folder = Path(config.behaviour)
        tests = (folder, folder / "predictions.jsonl")
        if not config.predictions:
            articles = [a.article() for a in read_annotated(folder / GOLD_FILE)]
            made = _write_records(output / "behaviour.jsonl", _classifier(config), articles)
            tests = (folder, made)
    review = review_files(
        gold,
        predictions,
        other=Path(config.compare) if config.compare else None,
        behaviour=tests,
        n_resamples=config.n_resamples,
        seed=config.seed,
    )
    page = review_html(review, title=f"{predictions.stem}, {config.split}")
    (output / "report.html").write_text(page, encoding="utf-8")
    return review


class _LabelScorer(StanceClassifier):
    """The scorer with a baseline in the place of the stance model."""

    labeller: Labeller

    def probabilities(self, passages: Sequence[str]) -> FloatArray:
        """Returns 1 for the label that the baseline gives, shape (n, 4)."""
        labels = self.labeller(passages) if passages else []
        rows = [[float(label == name) for name in MODEL_LABELS] for label in labels]
        return np.array(rows).reshape(-1, len(MODEL_LABELS))


def _baselines(config: EvaluateConfig, embed: Embed | None) -> dict[str, Labeller]:
    """Fits the baselines on what the stance model is trained on."""
    form = _classifier(config).form
    passages = gold_passages(load(config.corpus_root, "train"), form=form, single_statements=True)
    passages += bank_passages(load_bank(config.corpus_root), form=form)
    train = [
        LabelledPassage(article_id=p.article_id, text=p.passage, label=p.label) for p in passages
    ]
    stances = [label for label in MODEL_LABELS if label != NONE]
    fitted = {
        "tfidf": fit_tfidf(train, config=config.tfidf),
        "majority": fit_majority(train, among=stances),
    }
    if embed is not None:
        fitted["probe"] = fit_probe(train, embed=embed, config=config.probe)
    return fitted


def _write_records(path: Path, scorer: StanceClassifier, articles: Iterable[Article]) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        for scored in scorer.score(articles):
            for record in scored.records(include_empty=True, all_speakers=True):
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def _write_gold(config: EvaluateConfig, output: Path) -> Path:
    path = output / "gold.jsonl"
    rows = [
        json.dumps(a.to_dict(), ensure_ascii=False) for a in load(config.corpus_root, config.split)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def _passages(config: EvaluateConfig, output: Path, embed: Embed | None) -> dict[str, Any]:
    """Scores the stance model and the baselines on the same gold passages."""
    classifier = _classifier(config)
    found = gold_passages(
        load(config.corpus_root, config.split),
        form=classifier.form,
        single_statements=False,
    )
    rows = [LabelledPassage(article_id=p.article_id, text=p.passage, label=p.label) for p in found]
    texts = [row.text for row in rows]
    systems = {"model": [classifier.label(p) for p in classifier.probabilities(texts)]}
    systems |= {name: label(texts) for name, label in _baselines(config, embed).items()}
    out: dict[str, Any] = {"speakers": len(rows)}
    for name, predicted in systems.items():
        figures = score_labels(
            [r.label for r in rows],
            predicted,
            [r.article_id for r in rows],
            n_resamples=config.n_resamples,
            seed=config.seed,
        )
        out[name] = _plain(figures)
    out["contrast"] = _contrast(config, classifier)
    return out


def _contrast(config: EvaluateConfig, classifier: StanceClassifier) -> dict[str, Any]:
    """Scores the model on the passages of the contrast set, all of them and each brief's.

    `both_right` is the share of pairs of which both sides have their label.
    """
    if not (Path(config.corpus_root) / CONTRAST).is_file() or config.split == "train":
        return {}
    asked = load_contrast(config.corpus_root, config.split)
    texts = [p.passage for p in bank_passages(asked, form=classifier.form)]
    labels = [classifier.label(p) for p in classifier.probabilities(texts)]
    right = {p.id: p.stance == label for p, label in zip(asked, labels, strict=True)}
    out: dict[str, Any] = {}
    for brief in ("all", *sorted({p.brief for p in asked})):
        rows = [(p, x) for p, x in zip(asked, labels, strict=True) if brief in ("all", p.brief)]
        figures = score_labels(
            [p.stance for p, _ in rows],
            [label for _, label in rows],
            [p.situation for p, _ in rows],
            n_resamples=config.n_resamples,
            seed=config.seed,
        )
        pairs = [right[p.id] and right[p.partner] for p, _ in rows if p.partner]
        both = {"pairs": len(pairs), "both_right": sum(pairs) / len(pairs)}
        out[brief] = {"passages": len(rows), **both, **_plain(figures)}
    return out


def _attribution(config: EvaluateConfig, output: Path, embed: Embed | None) -> dict[str, Any]:
    classifier = _classifier(config)
    options = {"n_resamples": config.n_resamples, "seed": config.seed}
    out: dict[str, Any] = {}
    if config.polnear_root:
        texts = read_polnear(Path(config.polnear_root), config.split)
    else:
        articles = load(config.corpus_root, config.split)
        texts = [t for a in articles for t in from_annotated(a) if t.text]
        pairs = ((a, classifier.attribute(a.article())) for a in articles)
        out["statements"] = _plain(score_statements(pairs, **options))
    documents = [_document(text, classifier) for text in texts]
    figures = score_attribution(documents, **options)
    return {"texts": len(texts), "figures": _plain(figures), **out}


def _document(text: AttributedText, classifier: StanceClassifier) -> AttributionDocument:
    article = with_paragraphs(Article(text=text.text, id=text.id))
    spans, statements = classifier.statements(article)
    gold_links = [
        SourceLink(content=_pairs(a.content), source=_pairs(a.source)) for a in text.attributions
    ]
    given = link_contents(article, spans, [s for a in text.attributions for s in a.content])
    gold = {
        role: [s for a in text.attributions for s in _pairs(getattr(a, role))]
        for role in ("source", "cue", "content")
    }
    predicted = {role: _pairs(spans[role]) for role in ("source", "cue")}
    predicted["content"] = _pairs([*spans["content"], *spans["inner"]])
    return AttributionDocument(
        article_id=text.id.partition("#")[0],
        text=text.text,
        gold=gold,
        predicted=predicted,
        gold_links=gold_links,
        predicted_links=_links(statements),
        links_of_gold=_links(given),
    )


def _links(statements: Iterable[LinkedStatement]) -> list[SourceLink]:
    return [
        SourceLink(
            content=_pairs(item.statement.spans),
            source=tuple((m.start, m.end) for m in item.sources),
        )
        for item in statements
    ]


def _pairs(spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in spans)


def _plain(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: figure.to_dict() for name, figure in figures.items()}
