from __future__ import annotations

from pathlib import Path

import pytest

from stance.corpus.public import PAIR_READERS, read_pairs
from stance.errors import InputError


def test_an_unknown_name_is_answered_with_the_known(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'snil'; use one of mnli, snli, sick, perspectrum, vast"):
        read_pairs("snil", tmp_path, "train")


@pytest.mark.parametrize("name", PAIR_READERS)
def test_every_reader_tells_of_absent_files_and_unknown_splits(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"fetch_public\.py"):
        read_pairs(name, str(tmp_path), "train")
    with pytest.raises(InputError, match=f"{name} has no split 'all'"):
        read_pairs(name, tmp_path, "all")
