"""The authored corpus and readers of public ones."""

from stance.corpus.passages import AnnotatedPassage
from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker, AnnotatedStatement
from stance.corpus.splits import load, load_bank, load_contrast

__all__ = [
    "AnnotatedArticle",
    "AnnotatedPassage",
    "AnnotatedSpeaker",
    "AnnotatedStatement",
    "load",
    "load_bank",
    "load_contrast",
]
