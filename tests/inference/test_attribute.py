"""Who said what, by itself, with the shipped tagger."""

from __future__ import annotations

import pytest

import stance
from stance.errors import InputError, ModelError
from stance.schema import STATEMENT_COLUMNS

TEXT = (
    "Defence Minister Ilva Brentsone said on Monday that the harbour would be closed. "
    '"The ice is too thick," she told reporters.\n\n'
    "Berlin and Rome said they would send icebreakers.\n"
)


def test_statements_and_speakers_as_a_table():
    found = stance.attribute(TEXT)
    table = found.to_frame()
    assert tuple(table.columns) == STATEMENT_COLUMNS
    assert set(table.speaker) >= {"Ilva Brentsone", "Berlin", "Rome"}
    own = table[table.speaker == "Ilva Brentsone"]
    assert len(own) == 2
    assert own.role.iloc[0] == "Defence Minister"
    for row in table.itertuples():
        assert row.text == " … ".join(TEXT[a:b] for a, b in row.spans)


def test_notebook_shows_each_voice_and_escapes_what_it_shows():
    page = stance.attribute(TEXT.replace("harbour", "<b>harbour</b>"))._repr_html_()
    assert "Ilva Brentsone" in page
    assert "voice voice0" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_nothing_said_is_an_empty_table():
    found = stance.attribute("Rain fell on the harbour all day. The ferry was late.")
    assert found.speakers == ()
    assert list(found.to_frame().columns) == list(STATEMENT_COLUMNS)
    assert "Nobody is reported" in found._repr_html_()


def test_bad_input_is_refused(tmp_path):
    with pytest.raises(InputError, match="empty"):
        stance.attribute("  ")
    with pytest.raises(ModelError):
        stance.attribute(TEXT, model=tmp_path)
