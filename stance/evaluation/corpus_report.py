"""What the authored corpus holds and how far it can be trusted, from its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stance.corpus.build import Corpus
from stance.corpus.duplicates import NearDuplicate, near_duplicates
from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import AnnotatedArticle
from stance.corpus.splits import SPLITS, contrast_ids, split_ids
from stance.evaluation.agreement import corpus_agreement
from stance.evaluation.shortcuts import passages_macro_f1, who_macro_f1, words_macro_f1
from stance.schema import NONE

_SHORTEST_PARAGRAPH = 12
"""Paragraphs of fewer words are furniture ("Read also") as often as text."""

_SEEDS = (0, 1, 2)


def corpus_report(
    root: Path, corpus: Corpus, *, n_resamples: int = 1000, seed: int = 0
) -> dict[str, Any]:
    """Returns counts, near-duplicates, short cuts and agreement as plain JSON values.

    Args:
        root: The corpus's folder.
        corpus: What `stance.corpus.build.build` gave for it.
        n_resamples: Bootstrap resamples of the agreement.
        seed: Seed of the resampling.
    """
    ids = split_ids(root)
    articles = {
        split: [a for a in corpus.articles if split == "all" or a.id in set(ids[split])]
        for split in ("all", *SPLITS)
    }
    duplicates = corpus_duplicates(root, corpus)
    return {
        "articles": {split: count_articles(chosen) for split, chosen in articles.items()},
        "bank": count_passages(corpus.bank),
        "contrast": count_passages(corpus.contrast),
        "near_duplicates": {
            "passages_share": _share(duplicates["passages"], len(corpus.bank)),
            "passages": [list(pair) for pair in duplicates["passages"]],
            "partners": len(duplicates["partners"]),
            "across": [list(pair) for pair in duplicates["across"]],
        },
        "shortcuts_macro_f1": {
            "names_countries_roles": _mean([who_macro_f1(corpus.articles, seed=s) for s in _SEEDS]),
            "words_of_statements": _mean([words_macro_f1(corpus.articles, seed=s) for s in _SEEDS]),
            "words_of_bank": _mean([passages_macro_f1(corpus.bank, seed=s) for s in _SEEDS[:1]])
            if corpus.bank
            else None,
        },
        "agreement": corpus_agreement(
            root,
            corpus.articles,
            [*corpus.bank, *corpus.contrast],
            n_resamples=n_resamples,
            seed=seed,
        ),
    }


def count_articles(articles: Sequence[AnnotatedArticle]) -> dict[str, Any]:
    """Counts articles, words, speakers by label, statements by form, and rules."""
    speakers = [s for a in articles for s in a.speakers]
    lengths = [len(a.text.split()) for a in articles]
    return {
        "articles": len(articles),
        "without_stance": sum(all(s.stance == NONE for s in a.speakers) for a in articles),
        "words_mean": round(sum(lengths) / max(1, len(lengths)), 1),
        "of_600_words_or_more": sum(n >= 600 for n in lengths),
        "labelled_speakers": sum(s.stance != NONE for s in speakers),
        "speakers": _counted(s.stance for s in speakers),
        "rules": _counted(s.rule for s in speakers if s.rule),
        "forms": _counted(s.form for a in articles for s in a.statements),
        "registers": len({a.register for a in articles}),
        "outlet_kinds": _counted(a.outlet_kind for a in articles),
        "briefs": len({a.brief for a in articles}),
        "events": len({a.event for a in articles}),
    }


def count_passages(passages: Sequence[AnnotatedPassage]) -> dict[str, Any]:
    """Counts passages by label, rule and form, situations, and contrast pairs by direction."""
    stances = {p.id: p.stance for p in passages}
    return {
        "passages": len(passages),
        "situations": len({p.situation for p in passages}),
        "words_mean": round(sum(len(p.text.split()) for p in passages) / max(1, len(passages)), 1),
        "stances": _counted(p.stance for p in passages),
        "rules": _counted(p.rule for p in passages if p.rule),
        "forms": _counted(p.form for p in passages),
        "pairs": _counted(
            f"{stances[p.partner]} to {p.stance}" for p in passages if p.partner is not None
        ),
    }


def corpus_duplicates(root: Path, corpus: Corpus) -> dict[str, list[NearDuplicate]]:
    """Finds near-duplicates.

    Returns:
        - "passages": pairs within the bank, edits of one passage aside.
        - "partners": pairs within the bank that are declared edits of one passage.
        - "across": pairs of passages and articles' paragraphs in two different splits.
    """
    bank = {p.id: p.text for p in corpus.bank}
    edited = {p.id: p.partner for p in corpus.bank if p.partner is not None}
    split = dict.fromkeys(bank, "train")
    texts = dict(bank)
    home = {name: s for s, names in split_ids(root).items() for name in names}
    for article in corpus.articles:
        for i, paragraph in enumerate(article.text.split("\n\n")):
            if len(paragraph.split()) >= _SHORTEST_PARAGRAPH:
                texts[f"{article.id}#{i}"] = paragraph
                split[f"{article.id}#{i}"] = home[article.id]
    contrast_home = {name: s for s, names in contrast_ids(root).items() for name in names}
    for passage in corpus.contrast:
        texts[passage.id] = passage.text
        split[passage.id] = contrast_home[passage.situation]
    pairs = near_duplicates(texts)
    within = [p for p in pairs if p.first in bank and p.second in bank]
    declared = [p for p in within if _original(p.first, edited) == _original(p.second, edited)]
    return {
        "passages": [p for p in within if p not in declared],
        "partners": declared,
        "across": [p for p in pairs if split[p.first] != split[p.second]],
    }


def _original(name: str, edited: Mapping[str, str]) -> str:
    """Returns the passage that a passage is an edit of, over several steps, or itself."""
    while name in edited:
        name = edited[name]
    return name


def _share(pairs: Sequence[NearDuplicate], n: int) -> float:
    """Returns the share of passages that have a near-duplicate."""
    return round(len({name for p in pairs for name in p[:2]}) / max(1, n), 4)


def _counted(values: Iterable[object]) -> Mapping[str, int]:
    return {str(k): n for k, n in sorted(Counter(values).items(), key=lambda item: str(item[0]))}


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 3)
