"""The scorer: articles in, speakers with their stances out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np

from stance.attribution.linking import LinkedStatement
from stance.attribution.windows import special_ids
from stance.classification.calibration import Calibration, FloatArray, more_silent
from stance.classification.passages import PassageBuilder, PassageForm
from stance.errors import InputError, ModelError
from stance.inference.ahead import in_order
from stance.inference.attribute import attribute_article, text_statements
from stance.inference.merge import merge_offices
from stance.inference.onnx_model import OnnxModel, available_cores
from stance.inference.results import ScoredArticle
from stance.inference.screen import Screen
from stance.ingest import MAX_BYTES, detect_language, from_text, sentence_spans, with_paragraphs
from stance.schema import (
    MODEL_LABELS,
    NONE,
    Article,
    Attribution,
    Span,
    Speaker,
    SpeakerStance,
    Stance,
    Statement,
)

SHIPPED = Path(__file__).resolve().parent.parent / "weights"
"""Folder of the weights that come with the package."""

# Of the difference that a statement makes: decides only where none makes any.
_TIE = 0.02


_Read = Callable[[Sequence[str]], list[FloatArray]]


class StanceClassifier:
    """Finds who in an article supports, denies or leaves open the target.

    Use `from_pretrained`; then call the object on a text or an `Article`, or `score` on many.

    Args:
        tagger: The attribution model.
        model: The stance model.
        any_language: Whether articles in other languages than English are read too.
        screen: Decides which articles are read at all; None reads every one.
        at_once: Articles that `score` works on at a time.
    """

    def __init__(
        self,
        tagger: OnnxModel,
        model: OnnxModel,
        *,
        any_language: bool = False,
        screen: Screen | None = None,
        at_once: int = 1,
    ) -> None:
        self._tagger = tagger
        self._model = model
        self._any_language = any_language
        self._screen = screen
        self._at_once = at_once
        settings = model.settings
        self.calibration = Calibration(
            temperature=settings["temperature"], none_threshold=settings["none_threshold"]
        )
        self._proposition_ids = model.tokenizer.encode(
            settings["proposition"], add_special_tokens=False
        ).ids
        # Three special tokens stand around proposition and passage.
        self._room: int = settings["max_tokens"] - len(self._proposition_ids) - 3
        self.name = f"{settings['name']}@{settings['version']}"
        self.form = PassageForm(
            context_sentences=settings["context_sentences"],
            mark_statements=settings.get("mark_statements", False),
            headline=settings.get("headline", False),
        )
        self._second_look: bool = settings.get("second_look", False)

    @classmethod
    def from_pretrained(
        cls,
        path: str | Path | None = None,
        *,
        threads: int | None = None,
        any_language: bool = False,
        screen: bool = True,
    ) -> Self:
        """Loads the shipped models or those of a folder.

        Args:
            path: Folder with `attribution/` and `stance/` as `scripts/export.py` writes them.
            threads: Threads to use; None takes all cores of this process.
            any_language: Whether articles in other languages are read too (the shipped models
                know English alone).
            screen: Whether articles in which nothing can concern the target pass by unread, where
                the folder has a screen (one for another target has none). Their speakers are not
                found then; False reads every article.

        Raises:
            ModelError: The folder is missing, incomplete or damaged.
        """
        folder = SHIPPED if path is None else Path(path)
        if not folder.is_dir():
            raise ModelError(f"{folder}: no such model folder")
        threads = threads or available_cores()
        pool = ThreadPoolExecutor(threads)
        tagger = OnnxModel(folder / "attribution", "attribution", pool=pool)
        model = OnnxModel(folder / "stance", "stance", pool=pool)
        chosen = Screen.load(folder) if screen else None
        return cls(tagger, model, any_language=any_language, screen=chosen, at_once=threads)

    def __call__(self, article: str | Article) -> ScoredArticle:
        """Scores one article.

        Args:
            article: Its text, or an `Article`.

        Returns:
            The speakers with their stances; `skipped` says so where the language is another one.

        Raises:
            InputError: The text is empty or over `MAX_BYTES`.
        """
        if isinstance(article, str):
            article = from_text(article)
        _check(article)
        if not self._any_language:
            language = detect_language(article.text)
            if language != "en":
                return ScoredArticle(
                    article=article, model=self.name, skipped=f"its language is '{language}'"
                )
        if self._screen is not None and not self._screen.lets_through(article):
            return ScoredArticle(article=article, model=self.name)
        attribution = attribute_article(article, self._tagger)
        stances = self._stances(attribution)
        return ScoredArticle(
            article=attribution.article,
            stances=tuple(merge_offices([s for s in stances if s.stance is not None])),
            others=tuple(s for s in stances if s.stance is None),
            model=self.name,
        )

    def score(
        self, articles: Iterable[str | Article], *, progress: bool | None = None
    ) -> Iterator[ScoredArticle]:
        """Scores many articles, a few at a time, in order.

        Args:
            articles: Texts or articles; read as they are needed.
            progress: Whether to show a progress bar on standard error; None means where that is
                a terminal.
        """
        shown = sys.stderr.isatty() if progress is None else progress
        if not shown:
            yield from (scored for _, scored in in_order(self, articles, at_once=self._at_once))
            return
        from rich.console import Console
        from rich.progress import track

        total = len(articles) if isinstance(articles, Sequence) else None
        results = in_order(self, articles, at_once=self._at_once)
        for _, scored in track(results, "scoring", total=total, console=Console(stderr=True)):
            yield scored

    def outcomes(
        self, articles: Iterable[Article]
    ) -> Iterator[tuple[Article, ScoredArticle | InputError]]:
        """Scores many articles, in order; one that cannot be read is no end of the run."""
        yield from in_order(self.outcome, articles, at_once=self._at_once)

    def outcome(self, article: Article) -> ScoredArticle | InputError:
        """Scores one article of many; one that cannot be read is no end of the run."""
        try:
            return self(article)
        except InputError as error:
            return error

    def attribute(self, article: str | Article) -> Attribution:
        """Finds statements and speakers alone, without any stance."""
        article = from_text(article) if isinstance(article, str) else article
        _check(article)
        return attribute_article(article, self._tagger)

    def statements(self, article: Article) -> tuple[dict[str, list[Span]], list[LinkedStatement]]:
        """Returns the spans of each role in the text and the statements made of them."""
        return text_statements(with_paragraphs(article), self._tagger)

    def label(self, probabilities: FloatArray) -> str:
        """Returns the label of one row of `probabilities`, one of `MODEL_LABELS`."""
        return self.calibration.label(probabilities)

    def _stances(self, attribution: Attribution) -> list[SpeakerStance]:
        speakers = attribution.speakers
        if not speakers:
            return []
        builder = PassageBuilder(
            attribution.article,
            speakers,
            sentence_spans=sentence_spans,
            form=self.form,
        )
        # First all that a speaker says at once, since the whole of it decides (codebook, rule 2).
        # Most speakers of most articles talk of other things and are done with.
        wholes = [builder.passage(s, s.statements) for s in speakers]
        long = {i for i, passage in enumerate(wholes) if self._is_long(passage)}
        read = _remembering(self.probabilities)
        final = read(wholes)
        self._look_again(read, builder, speakers, final)
        rows = [[(s, final[i]) for s in speaker.statements] for i, speaker in enumerate(speakers)]
        several = [
            i
            for i, speaker in enumerate(speakers)
            if len(speaker.statements) > 1 and (i in long or self.label(final[i]) != NONE)
        ]
        # Then the others' statements one by one: which of them concern the target.
        owners = [(i, s) for i in several for s in speakers[i].statements]
        single = iter(read([builder.passage(speakers[i], [s]) for i, s in owners]))
        for i in several:
            own = [(s, next(single)) for s in speakers[i].statements]
            rows[i] = [(s, p) for s, p in own if self.label(p) != NONE]
            if not rows[i]:
                rows[i] = [min(own, key=lambda pair: pair[1][MODEL_LABELS.index(NONE)])]
                final[i] = rows[i][0][1]
        # What is too long to be read at once is read without the statements on other things.
        cut = sorted(long.intersection(several))
        shorter = [self._end_of(builder, speakers[i], [s for s, _ in rows[i]]) for i in cut]
        for i, probabilities in zip(cut, read(shorter), strict=True):
            final[i] = probabilities
        weights = self._weights(read, builder, speakers, rows, final, long)
        return [
            self._stance(speaker, [s for s, _ in rows[i]], final[i], weights[i])
            for i, speaker in enumerate(speakers)
        ]

    def _look_again(
        self,
        read: _Read,
        builder: PassageBuilder,
        speakers: Sequence[Speaker],
        final: list[FloatArray],
    ) -> None:
        """Reads those who seem to take a stance once more, below the headline.

        "We stay as long as we are needed" may speak of a brigade in Lithuania. Whoever is as likely
        silent with the headline as without is left alone; `none` never becomes less likely.
        """
        if not self._second_look:
            return
        taken = [i for i, probabilities in enumerate(final) if self.label(probabilities) != NONE]
        passages = [builder.passage(s := speakers[i], s.statements, headline=True) for i in taken]
        for i, below in zip(taken, read(passages), strict=True):
            final[i] = more_silent(final[i], below)

    def _is_long(self, passage: str) -> bool:
        return len(self._model.tokenizer.encode(passage, add_special_tokens=False)) > self._room

    def _weights(
        self,
        read: _Read,
        builder: PassageBuilder,
        speakers: Sequence[Speaker],
        rows: Sequence[Sequence[tuple[Statement, FloatArray]]],
        final: Sequence[FloatArray],
        long: Container[int],
    ) -> list[FloatArray]:
        """Returns how much each statement carries the label of its speaker, shares of 1.

        That is how much less likely the label is without the statement (leave one out; Li, Monroe
        and Jurafsky, "Understanding Neural Networks through Representation Erasure", 2016). What
        nothing hangs on, since others say the same, shares by how likely each makes the label.
        """
        index = [MODEL_LABELS.index(self.calibration.label(p)) for p in final]
        several = [
            i for i, own in enumerate(rows) if len(own) > 1 and MODEL_LABELS[index[i]] != NONE
        ]
        left_out = [
            passage
            for i in several
            for passage in self._left_out(builder, speakers[i], [s for s, _ in rows[i]], i in long)
        ]
        without = iter(read(left_out))
        shares = []
        for i, own in enumerate(rows):
            alone = np.array([p[index[i]] for _, p in own]) + 1e-6
            share = alone / alone.sum()
            if i in several:
                drop = np.array([final[i][index[i]] - next(without)[index[i]] for _ in own])
                share = np.maximum(drop, 0.0) + _TIE * share
                share /= share.sum()
            shares.append(share)
        return shares

    def _left_out(
        self,
        builder: PassageBuilder,
        speaker: Speaker,
        relevant: Sequence[Statement],
        is_long: bool,
    ) -> Iterator[str]:
        """Yields what a speaker says but for each statement, as `_stances` would read it."""
        for i, out in enumerate(relevant):
            if is_long:
                others = [*relevant[:i], *relevant[i + 1 :]]
                yield self._end_of(builder, speaker, others, without=out)
            else:
                others = [s for s in speaker.statements if s != out]
                yield builder.passage(speaker, others, without=out)

    def _end_of(
        self,
        builder: PassageBuilder,
        speaker: Speaker,
        statements: Sequence[Statement],
        without: Statement | None = None,
    ) -> str:
        """Returns the passage of the last statements, no more than the model has room for.

        Whoever says a thousand things in one article would else cost a million.
        """
        count = 2
        while True:
            passage = builder.passage(speaker, statements[-count:], without=without)
            if count >= len(statements) or self._is_long(passage):
                return passage
            count *= 2

    def _stance(
        self,
        speaker: Speaker,
        evidence: Sequence[Statement],
        probabilities: FloatArray,
        weights: FloatArray,
    ) -> SpeakerStance:
        label = self.calibration.label(probabilities)
        return SpeakerStance(
            speaker=speaker,
            stance=None if label == NONE else Stance(label),
            confidence=float(probabilities[MODEL_LABELS.index(label)]),
            probabilities=dict(zip(MODEL_LABELS, map(float, probabilities), strict=True)),
            evidence=tuple(evidence),
            weights=tuple(map(float, weights)),
        )

    def probabilities(self, passages: Sequence[str]) -> FloatArray:
        """Reads masked passages (`stance.classification.passages`).

        Returns:
            Calibrated probabilities in the order of `MODEL_LABELS`, shape (n, 4).
        """
        if not passages:
            return np.zeros((0, len(MODEL_LABELS)))
        tokenizer = self._model.tokenizer
        begin, end = special_ids(tokenizer)[:2]
        first = [begin, *self._proposition_ids, end]
        encodings = tokenizer.encode_batch(list(passages), add_special_tokens=False)
        rows = [[*first, *e.ids[-self._room :], end] for e in encodings]
        types = [[0] * len(first) + [1] * (len(row) - len(first)) for row in rows]
        logits = self._model.run(rows, types)
        return self.calibration.probabilities(logits)


def _remembering(read: Callable[[Sequence[str]], FloatArray]) -> _Read:
    """Returns `read` for one article, in which some passages come again in another place."""
    known: dict[str, FloatArray] = {}

    def remembered(passages: Sequence[str]) -> list[FloatArray]:
        new = [p for p in dict.fromkeys(passages) if p not in known]
        known.update(zip(new, read(new), strict=True))
        return [known[p] for p in passages]

    return remembered


def attribute(article: str | Article, *, model: str | Path | None = None) -> Attribution:
    """Finds who says what in a news article, without any stance.

    The tagger is loaded once and kept. The language is not looked at; the shipped tagger knows
    English alone.

    Args:
        article: Its text, or an `Article`.
        model: Folder with `attribution/` as `scripts/export.py` writes it; None takes the shipped
            one.

    Returns:
        Speakers with their statements, and statements without a source; in a notebook the article
        with what each of them says, `to_frame()` as a table.

    Raises:
        InputError: The text is empty or over `MAX_BYTES`.
        ModelError: The folder is missing, incomplete or damaged.
    """
    article = from_text(article) if isinstance(article, str) else article
    _check(article)
    return attribute_article(article, _tagger(SHIPPED if model is None else Path(model)))


@cache
def _tagger(folder: Path) -> OnnxModel:
    return OnnxModel(folder / "attribution", "attribution")


def _check(article: Article) -> None:
    if not article.text.strip():
        raise InputError("the article is empty", source=article.id or None)
    size = len(article.text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise InputError(
            f"the article has {size:,} bytes, more than {MAX_BYTES:,}",
            source=article.id or None,
            fix="split it",
        )
