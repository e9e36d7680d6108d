"""Subjects of cues that the tagger has left unmarked."""

from __future__ import annotations

import pytest

from tests.attribution.test_speakers import attribute


@pytest.mark.parametrize(
    ("marked", "speakers"),
    [
        ("Norway, which {q has refused} {c the offer}, was not asked.", ["Norway"]),
        ("Norway, which has since {q refused} {c the offer}, was not asked.", ["Norway"]),
        ("Minsk {q urged} {c that troops be sent}.", ["Minsk"]),
        (
            "{s Tove Olsvik} {q refused} {c to go}, so has Ana Weiss, who {q offered} {c help}.",
            ["Tove Olsvik", "Ana Weiss"],
        ),
        ("In Oslo {q demanded} {c that troops be sent}.", []),
        ("Norway's parliament {q wants} {c that troops be sent}.", []),
        ("{s Ana Weiss} was asked about Minsk and {q said} {c that nobody goes}.", ["Ana Weiss"]),
    ],
)
def test_the_subject_right_before_a_cue_speaks(marked: str, speakers: list[str]) -> None:
    assert list(attribute(marked)[0]) == speakers
