"""What can be guessed about a stance without reading what it says.

A corpus whose labels follow from who speaks, or from single words, teaches a model that and nothing
else. Both ceilings are measured by cross-validation with all articles of an event in one fold.
"""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from stance.classification.gold import gold_passages
from stance.classification.passages import PassageForm
from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import AnnotatedArticle
from stance.schema import NONE

_FOLDS = 5


def who_macro_f1(articles: Sequence[AnnotatedArticle], *, seed: int) -> float:
    """Returns the macro-F1 of logistic regression on names, countries, roles, gender and outlet.

    Args:
        articles: Annotated articles; speakers without a stance are left out.
        seed: Seed of the folds.
    """
    texts, labels, groups = [], [], []
    for article in articles:
        for s in article.speakers:
            if s.stance == NONE:
                continue
            facts = [f"country={s.country}", f"gender={s.gender}", f"kind={s.kind}"]
            facts += [f"outlet={article.outlet_kind}".replace(" ", "-")]
            words = " ".join((s.name, *s.aliases, s.role or "")).lower().split()
            texts.append(" ".join(facts + words))
            labels.append(s.stance)
            groups.append(article.event)
    return _macro_f1(
        CountVectorizer(token_pattern=r"\S+", binary=True), texts, labels, groups, seed
    )


def words_macro_f1(articles: Sequence[AnnotatedArticle], *, seed: int) -> float:
    """Returns the macro-F1 of TF-IDF and logistic regression on the speakers' own sentences.

    Args:
        articles: Annotated articles; speakers without a stance are left out.
        seed: Seed of the folds.
    """
    rows = [
        p
        for p in gold_passages(
            articles,
            form=PassageForm(context_sentences=0, mark_statements=False, headline=False),
            single_statements=False,
        )
        if p.label != NONE
    ]
    return _tfidf([r.passage for r in rows], [r.label for r in rows], [r.event for r in rows], seed)


def passages_macro_f1(passages: Sequence[AnnotatedPassage], *, seed: int) -> float:
    """Returns the macro-F1 of TF-IDF and logistic regression on the passages with a stance."""
    rows = [p for p in passages if p.stance != NONE]
    return _tfidf(
        [r.text for r in rows], [r.stance for r in rows], [r.situation for r in rows], seed
    )


def _tfidf(texts: list[str], labels: list[str], groups: list[str], seed: int) -> float:
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode")
    return _macro_f1(vectorizer, texts, labels, groups, seed)


def _macro_f1(
    vectorizer: CountVectorizer, texts: list[str], labels: list[str], groups: list[str], seed: int
) -> float:
    model = make_pipeline(
        vectorizer, LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000)
    )
    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    predicted = cross_val_predict(model, texts, labels, groups=groups, cv=folds)
    return float(f1_score(labels, predicted, average="macro"))
