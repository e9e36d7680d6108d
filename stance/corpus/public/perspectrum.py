"""Perspectrum: claims with perspectives that support or undermine them (Chen et al., NAACL 2019).

The claim is the proposition, a perspective the passage. The corpus has no unrelated pairs, so they
are made: a claim with perspectives of another claim, half as many as it has of its own. Half of
these come from the claim that is worded most alike ("… should be banned"), the rest from any.
The other claim must be of the same split and must not bear on the first: no topic in common (topics
were given by crowd workers; claims without one take no part), no perspective in common, and no word
that is rare among the claims.

The authors' splits part the claims, not the perspectives: 769 of the 2,070 rows of "dev" have a
passage that also stands in "train", mostly under a claim of the same matter in other words.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.corpus.public.pairs import (
    DENIED,
    SUPPORTED,
    UNRELATED,
    PairExample,
    check_split,
    missing,
    pair_at,
)
from stance.errors import InputError

CLAIMS = "perspectrum_with_answers_v1.0.json"
POOL = "perspective_pool_v1.0.json"
SPLIT_IDS = "dataset_split_v1.0.json"

_SPLITS = ("train", "dev", "test")
_ALLOWED = {"SUPPORT": SUPPORTED, "UNDERMINE": DENIED}
_NO_PERSPECTIVE = "NOT-A-PERSPECTIVE"
_SEED = "perspectrum-none-1"
_UNRELATED_SHARE = 0.5
_STEM_LENGTH = 5
_RARE_SHARE = 0.03
"""A stem is rare if at most this share of the claims, or two of them, have it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Claim:
    id: str
    text: str
    topics: frozenset[str]
    stances: Mapping[str, frozenset[str]]  # perspective id -> allowed outputs
    stems: frozenset[str]


def read(root: Path, split: str) -> list[PairExample]:
    """Reads one of the authors' splits with the unrelated pairs made for it.

    Args:
        root: Folder that holds `perspectrum/`.
        split: "train", "dev" or "test".

    Returns:
        Claim by claim in the order of the file, first its own perspectives, then those of others;
        rows of one claim share a group. The same at every call.

    Raises:
        InputError: A file is missing or broken, or there is no such split.
    """
    check_split("perspectrum", split, _SPLITS)
    folder = root / "perspectrum"
    path = folder / CLAIMS
    try:
        pool = {str(row["pId"]): str(row["text"]).strip() for row in _load(folder / POOL)}
        claims = [_claim(row) for row in _load(path)]
        splits = {str(key): str(name) for key, name in _load(folder / SPLIT_IDS).items()}
        rare = _rare_stems(claims)
        claims = [claim for claim in claims if splits[claim.id] == split]
        return [row for claim in claims for row in _rows(claim, claims, rare, pool, path)]
    except (AttributeError, KeyError, TypeError) as error:
        raise InputError(
            f"not of the released form ({type(error).__name__}: {error})", source=str(path)
        ) from error


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise missing(path, "perspectrum") from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"broken JSON ({error.msg})", source=str(path), line=error.lineno
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", source=str(path)) from error


def _claim(row: dict[str, Any]) -> _Claim:
    stances = {}
    for cluster in row["perspectives"]:
        # The README writes these labels in lower case, the file in upper case.
        label = cluster["stance_label_3"].upper()
        if label != _NO_PERSPECTIVE:
            stances.update({str(key): _ALLOWED[label] for key in cluster["pids"]})
    return _Claim(
        id=str(row["cId"]),
        text=row["text"].strip(),
        topics=frozenset(row["topics"]),
        stances=stances,
        stems=frozenset(w[:_STEM_LENGTH] for w in re.findall(r"\w{3,}", row["text"].lower())),
    )


def _rare_stems(claims: list[_Claim]) -> frozenset[str]:
    counts = Counter(stem for claim in claims for stem in claim.stems)
    limit = max(2, int(_RARE_SHARE * len(claims)))
    return frozenset(stem for stem, n_claims in counts.items() if n_claims <= limit)


def _rows(
    claim: _Claim,
    claims: list[_Claim],
    rare: frozenset[str],
    pool: Mapping[str, str],
    path: Path,
) -> list[PairExample]:
    own = [(f"{claim.id}-{key}", key, allowed) for key, allowed in claim.stances.items()]
    others = [(f"{claim.id}-none-{key}", key, UNRELATED) for key in _unrelated(claim, claims, rare)]
    return [
        pair_at(
            path,
            None,
            proposition=claim.text,
            passage=pool[key],
            allowed=allowed,
            group=claim.id,
            corpus="perspectrum",
            id=row_id,
        )
        for row_id, key, allowed in own + others
    ]


def _unrelated(claim: _Claim, claims: list[_Claim], rare: frozenset[str]) -> list[str]:
    """Returns ids of perspectives that do not bear on the claim."""
    apart = [other for other in claims if _apart(claim, other, rare)]
    if not apart:
        return []
    rng = random.Random(f"{_SEED}:{claim.id}")  # a string seeds the same on every system
    n_wanted = max(1, round(_UNRELATED_SHARE * len(claim.stances)))
    alike = max(apart, key=lambda other: (_overlap(claim, other), other.id))
    hard = _sample(rng, set(alike.stances), (n_wanted + 1) // 2)
    rest = {key for other in apart for key in other.stances} - set(hard)
    return hard + _sample(rng, rest, n_wanted - len(hard))


def _apart(claim: _Claim, other: _Claim, rare: frozenset[str]) -> bool:
    return bool(
        claim.topics
        and other.topics
        and other.stances
        and claim.topics.isdisjoint(other.topics)
        and claim.stances.keys().isdisjoint(other.stances)
        and rare.isdisjoint(claim.stems & other.stems)
    )


def _overlap(claim: _Claim, other: _Claim) -> float:
    return len(claim.stems & other.stems) / max(1, len(claim.stems | other.stems))


def _sample(rng: random.Random, keys: set[str], n_keys: int) -> list[str]:
    return rng.sample(sorted(keys), min(n_keys, len(keys)))
