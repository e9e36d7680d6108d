"""Scoring on a CPU: needs neither torch nor transformers."""

from stance.inference.classifier import StanceClassifier, attribute
from stance.inference.results import ScoredArticle, frame

__all__ = ["ScoredArticle", "StanceClassifier", "attribute", "frame"]
