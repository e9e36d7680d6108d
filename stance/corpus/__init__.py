"""The authored corpus and readers of public ones."""

from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker, AnnotatedStatement
from stance.corpus.splits import load

__all__ = ["AnnotatedArticle", "AnnotatedSpeaker", "AnnotatedStatement", "load"]
