"""Which language a text is in, by the library py3langid."""

from __future__ import annotations

from functools import cache
from typing import Any

# Names and loans mislead on short texts: these are taken as English unless it is very sure.
_SHORT = 200
_SURE = 0.995
# More text than this changes nothing and costs time.
_ENOUGH = 5000


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(text: str) -> str:
    """Returns the ISO 639-1 code of a text's language."""
    sample = text[:_ENOUGH]
    if not any(c.isalpha() for c in sample):
        return "en"
    code, probability = _identifier().classify(sample)
    if len(sample.strip()) < _SHORT and probability < _SURE:
        return "en"
    return str(code)
