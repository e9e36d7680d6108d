"""Who in a news article supports, denies or leaves open the deployment of troops to Ukraine.

>>> from stance import StanceClassifier
>>> classifier = StanceClassifier.from_pretrained()
>>> scored = classifier("The minister said no soldier would be sent to Ukraine.")
>>> table = scored.to_frame()

Who said what, for other questions than ours:

>>> from stance import attribute
>>> statements = attribute("The minister said no soldier would be sent.").to_frame()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stance.schema import (
    Article,
    Attribution,
    Mention,
    Paragraph,
    Span,
    Speaker,
    SpeakerKind,
    SpeakerStance,
    Stance,
    Statement,
)

if TYPE_CHECKING:
    from stance.inference import ScoredArticle, StanceClassifier, attribute

__all__ = [
    "Article",
    "Attribution",
    "Mention",
    "Paragraph",
    "ScoredArticle",
    "Span",
    "Speaker",
    "SpeakerKind",
    "SpeakerStance",
    "Stance",
    "StanceClassifier",
    "Statement",
    "attribute",
]


def __getattr__(name: str) -> Any:
    # Loading the runtime takes time that the types alone do not need.
    if name in ("ScoredArticle", "StanceClassifier", "attribute"):
        from stance import inference

        return getattr(inference, name)
    raise AttributeError(f"module 'stance' has no attribute '{name}'")
