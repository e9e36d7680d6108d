"""Short ways to make records. All people are invented."""

from __future__ import annotations

from typing import Protocol

import pytest

from stance.evaluation import FieldSpan, SpeakerRecord
from stance.schema import SpeakerKind, Stance


class MakeSpeaker(Protocol):
    """Signature of the fixture `speaker`."""

    def __call__(
        self,
        name: str,
        stance: str | None = None,
        *aliases: str,
        kind: str = "person",
        article: str = "a1",
        spans: tuple[tuple[int, int], ...] = (),
    ) -> SpeakerRecord:
        """Makes a record whose statements are its evidence."""


@pytest.fixture(scope="session")
def speaker() -> MakeSpeaker:
    """Makes a record in a few words."""

    def make(
        name: str,
        stance: str | None = None,
        *aliases: str,
        kind: str = "person",
        article: str = "a1",
        spans: tuple[tuple[int, int], ...] = (),
    ) -> SpeakerRecord:
        in_text = tuple(FieldSpan("text", a, b) for a, b in spans)
        return SpeakerRecord(
            article_id=article,
            name=name,
            kind=SpeakerKind(kind),
            stance=None if stance is None else Stance(stance),
            aliases=aliases,
            statements=in_text,
            evidence=in_text,
        )

    return make
