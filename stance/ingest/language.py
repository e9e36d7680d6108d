"""Which language a text is in, by function words and the library py3langid."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Common in English and rare in other languages; a text with this share of them is English. This
# saves the usual article the model, which takes half a second and 100 MB to load.
_ENGLISH_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the of and that to with from would will not but they this which are were been its his she "
        "their who said says what there when than could should about after before because",
    )
)
_ENGLISH_SHARE = 0.15
_WORD = re.compile(r"[^\W\d_]+")
# Names and loans mislead on short texts: these are taken as English unless it is very sure.
_SHORT = 200
_SURE = 0.97
_LIKELY = 0.8
# More text than this changes nothing and costs time.
_ENOUGH = 3000


def detect_language(text: str) -> str:
    """Tells the language of a text.

    Looks at the beginning and the middle, since a page may begin with a menu in another language.

    Args:
        text: An article, or part of one.

    Returns:
        ISO 639-1 code; "en" where there is too little text to tell.
    """
    middle = max(_ENOUGH, len(text) // 2)
    sample = f"{text[:_ENOUGH]} {text[middle : middle + _ENOUGH]}"
    words = _WORD.findall(sample.lower())
    letters = sum(map(len, words))
    if not letters:
        return "en"
    share = sum(word in _ENGLISH_WORDS for word in words) / len(words)
    if letters >= _SHORT and share >= _ENGLISH_SHARE:
        return "en"
    code, probability = _identifier().classify(sample)
    latin = sum(c < "\u0250" for word in words for c in word) / letters
    needed = _SURE if letters < _SHORT else _LIKELY
    # In another script it cannot be English, however short it is.
    return str(code) if probability >= needed or latin < 0.5 else "en"


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
