"""B-cubed and CEAF-e, on the example of Bagga and Baldwin (1998) and on hand-counted cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stance.evaluation import SpeakerRecord
from stance.evaluation.clustering import score_clustering

if TYPE_CHECKING:
    from .conftest import MakeSpeaker

NAMES = ("Anna Bergdal", "Jaak Lumaste", "Ines Tavor")
TRUTH = (range(5), range(5, 7), range(7, 12))


def _speakers(speaker: MakeSpeaker, *clusters: range | list[int]) -> tuple[SpeakerRecord, ...]:
    return tuple(
        speaker(name, spans=tuple((10 * i, 10 * i + 9) for i in own))
        for name, own in zip(NAMES, clusters, strict=False)
    )


def _values(
    gold: tuple[SpeakerRecord, ...], predicted: tuple[SpeakerRecord, ...]
) -> dict[str, float | None]:
    found = score_clustering({"a1": gold}, {"a1": predicted}, n_resamples=0, seed=0)
    return {name.removeprefix("clustering/"): f.value for name, f in found.items()}


def test_the_published_example(speaker: MakeSpeaker) -> None:
    gold = _speakers(speaker, *TRUTH)
    joined = _values(gold, _speakers(speaker, range(5), range(5, 12)))
    assert joined["b3/precision"] == pytest.approx(0.7619, abs=1e-4)
    assert joined["b3/recall"] == 1
    # Dice: 1 for the first, 2 * 5 / 12 for the last with the joined one.
    assert joined["ceaf_e/precision"] == pytest.approx((1 + 10 / 12) / 2)
    assert joined["ceaf_e/recall"] == pytest.approx((1 + 10 / 12) / 3)
    big = _values(gold, _speakers(speaker, [*range(5), *range(7, 12)], range(5, 7)))
    assert big["b3/precision"] == pytest.approx(0.5833, abs=1e-4)


def test_one_speaker_cut_in_two(speaker: MakeSpeaker) -> None:
    values = _values(_speakers(speaker, range(4)), _speakers(speaker, range(2), range(2, 4)))
    assert (values["b3/precision"], values["b3/recall"]) == (1, 0.5)
    assert values["ceaf_e/f1"] == pytest.approx(2 * (2 / 3 / 2) * (2 / 3) / (2 / 3 / 2 + 2 / 3))


def test_what_one_side_lacks_is_left_out(speaker: MakeSpeaker) -> None:
    gold = _speakers(speaker, range(3), range(3, 5))
    assert set(_values(gold, _speakers(speaker, range(3))).values()) == {1.0}
    assert set(_values(gold, ()).values()) == {None}
    assert set(score_clustering({}, {}, n_resamples=5, seed=0)) == {
        f"clustering/{m}/{x}" for m in ("b3", "ceaf_e") for x in ("precision", "recall", "f1")
    }


def test_joint_statements_belong_to_both(speaker: MakeSpeaker) -> None:
    both = _speakers(speaker, [0, 1], [1, 2])
    assert set(_values(both, both).values()) == {1.0}
    # The order in which they are listed plays no part.
    assert set(_values(both, both[::-1]).values()) == {1.0}


def test_spans_in_other_fields_or_without_overlap_do_not_pair(speaker: MakeSpeaker) -> None:
    gold = (speaker("Ines Tavor", spans=((0, 9),)),)
    assert set(_values(gold, (speaker("Ines Tavor", spans=((9, 12),)),)).values()) == {None}
