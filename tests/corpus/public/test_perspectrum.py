from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stance.corpus.public.perspectrum import CLAIMS, POOL, SPLIT_IDS, read
from stance.errors import InputError

from .conftest import WriteJson

# Claims 1 and 2 are worded alike and apart; 3 shares a topic with 1, 4 the rare word "kites",
# 5 a perspective; 6 has no topic; 7 is apart but worded otherwise; 8 is of another split.
CLAIMS_BY_ID: dict[int, tuple[str, list[str], dict[str, list[int]]]] = {
    1: ("Red kites should be banned", ["wind"], {"SUPPORT": [10, 11], "UNDERMINE": [12, 13]}),
    2: ("Long lunches should be banned", ["work"], {"SUPPORT": [20, 21], "UNDERMINE": [22]}),
    3: ("Loud horns should be banned", ["wind", "road"], {"SUPPORT": [30, 31]}),
    4: ("Old kites should be banned", ["toys"], {"SUPPORT": [40, 41]}),
    5: ("Tall hats should be banned", ["dress"], {"UNDERMINE": [13, 50]}),
    6: ("Wet maps should be banned", [], {"SUPPORT": [60, 61]}),
    7: ("Teach every pupil chess", ["games"], {"SUPPORT": [70, 71], "NOT-A-PERSPECTIVE": [72]}),
    8: ("Deep snow should be banned", ["cold"], {"SUPPORT": [80, 81]}),
}
TEST_CLAIM = 8


@pytest.fixture
def corpus(tmp_path: Path, write_json: WriteJson) -> Path:
    claims: list[dict[str, Any]] = [
        {
            "cId": key,
            "text": text,
            "source": "made-up",
            "topics": topics,
            "perspectives": [
                {"pids": pids, "stance_label_3": label, "voter_counts": [3, 0, 0, 0, 0]}
                for label, pids in stances.items()
            ],
        }
        for key, (text, topics, stances) in CLAIMS_BY_ID.items()
    ]
    pids = sorted({p for _, _, s in CLAIMS_BY_ID.values() for keys in s.values() for p in keys})
    write_json(f"perspectrum/{CLAIMS}", claims)
    write_json(
        f"perspectrum/{POOL}",
        [{"pId": pid, "text": f"Reason number {pid} ", "source": "made-up"} for pid in pids],
    )
    write_json(
        f"perspectrum/{SPLIT_IDS}",
        {str(key): "test" if key == TEST_CLAIM else "train" for key in CLAIMS_BY_ID},
    )
    return tmp_path


def of_claim(root: Path, key: int) -> dict[str, set[str]]:
    return {r.id: set(r.allowed) for r in read(root, "train") if r.group == str(key)}


def test_own_perspectives_support_or_deny(corpus: Path) -> None:
    own = {key: allowed for key, allowed in of_claim(corpus, 1).items() if "none" not in key}
    assert own == {"1-10": {"support"}, "1-11": {"support"}, "1-12": {"deny"}, "1-13": {"deny"}}
    first = read(corpus, "train")[0]
    assert (first.proposition, first.passage) == ("Red kites should be banned", "Reason number 10")


def test_unrelated_pairs_are_half_as_many_and_half_of_them_hard(corpus: Path) -> None:
    others = {key: allowed for key, allowed in of_claim(corpus, 1).items() if "none" in key}
    assert len(others) == 2
    assert all(allowed == {"none"} for allowed in others.values())
    pids = [int(key.rsplit("-", 1)[1]) for key in others]
    assert sum(20 <= pid < 30 for pid in pids) >= 1, "the claim that is worded alike"
    assert set(pids) <= {20, 21, 22, 70, 71}, "only claims that do not bear on the first"


def test_a_claim_without_topics_gets_no_unrelated_pair(corpus: Path) -> None:
    assert of_claim(corpus, 6) == {"6-60": {"support"}, "6-61": {"support"}}


def test_what_is_no_perspective_is_left_out(corpus: Path) -> None:
    assert "7-72" not in of_claim(corpus, 7)


def test_splits_stay_apart_and_reading_repeats(corpus: Path) -> None:
    assert [r.id for r in read(corpus, "test")] == ["8-80", "8-81"], "no other claim in this split"
    assert not [r for r in read(corpus, "train") if r.group == "8" or r.id.endswith(("80", "81"))]
    assert read(corpus, "train") == read(corpus, "train")
    assert read(corpus, "dev") == []


def test_faults_are_named(corpus: Path, write_json: WriteJson) -> None:
    with pytest.raises(InputError, match="perspectrum has no split 'valid'"):
        read(corpus, "valid")
    folder = corpus / "perspectrum"
    (folder / SPLIT_IDS).write_text("{\n  broken", encoding="utf-8")
    with pytest.raises(InputError, match=rf"{SPLIT_IDS}:2: broken JSON"):
        read(corpus, "train")
    (folder / SPLIT_IDS).write_bytes(b"\xff")
    with pytest.raises(InputError, match="cannot be read"):
        read(corpus, "train")
    write_json(f"perspectrum/{SPLIT_IDS}", {"1": "train"})
    with pytest.raises(InputError, match=r"not of the released form \(KeyError: '2'"):
        read(corpus, "train")
    write_json(f"perspectrum/{SPLIT_IDS}", ["train"])
    with pytest.raises(InputError, match="not of the released form"):
        read(corpus, "train")
    (folder / POOL).unlink()
    with pytest.raises(InputError, match=r"fetch_public\.py perspectrum"):
        read(corpus, "train")
