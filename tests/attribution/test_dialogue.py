"""Transcripts, lists of voices and interviews, where the page says whose turn it is."""

from __future__ import annotations

from stance.attribution.dialogue import with_dialogue
from stance.attribution.linking import LinkedStatement
from stance.ingest import from_text
from stance.schema import Mention, Span, Statement


def voices(text, linked=(), **fields):
    article = from_text(text, **fields)
    return [
        (item.sources[0].text if item.sources else None, item.statement.text)
        for item in with_dialogue(article, linked)
    ]


def reported(text, words, source):
    at, by = text.index(words), text.index(source)
    mention = Mention(text=source, start=by, end=by + len(source))
    statement = Statement(spans=(Span(at, at + len(words)),), text=words, source=mention)
    return LinkedStatement(statement=statement, sources=(mention,))


def test_turns_of_a_transcript_are_statements_and_the_host_only_asks():
    text = (
        "HOST: Good morning. Will Portugal go?\n\nQUENTAL: It depends on the mandate.\n\n"
        "HOST: General?\n\nGEN. LOBO (retired): We can.\n\nQUENTAL: We shall see."
    )
    assert voices(text, title="Debate") == [
        ("QUENTAL", "It depends on the mandate."),
        ("GEN. LOBO (retired)", "We can."),
        ("QUENTAL", "We shall see."),
    ]


def test_the_paper_that_interviews_says_nothing():
    text = (
        "**Evening Courier:** Do you want them here?\n\n**Drahoman:** Sit down first.\n\n"
        "**Evening Courier:** And the Germans?\n\n**Drahoman:** They sent a table.\n\n"
        "**Evening Courier:** When will it be signed?\n\n**Drahoman:** On a Friday."
    )
    assert [name for name, _ in voices(text)] == ["Drahoman"] * 3
    with_outlet = voices(text, outlet="Drahoman")
    assert "Drahoman" not in {name for name, _ in with_outlet}


def test_bare_questions_and_answers_belong_to_the_person_interviewed():
    text = (
        "Admiral Sandro Pellini came home on Friday. He spoke to the Gazzetta del Porto.\n\n"
        "**Would you send troops?**\n\nNobody has asked me to.\n\n"
        "**And if they did?**\n\nThen I would go.\n\nI would take a company.\n\n"
        "**Is that not dangerous?**\n\n– The sea is dangerous too.\n\nThe ferry left at six."
    )
    assert voices(text) == [
        ("Sandro Pellini", "Nobody has asked me to."),
        ("Sandro Pellini", "Then I would go."),
        ("Sandro Pellini", "I would take a company."),
        ("Sandro Pellini", "The sea is dangerous too."),
    ]


def test_voices_with_quotation_marks_need_no_transcript_around_them():
    text = 'What people say.\n\nAna Weiss: "We should go."\n\nThe fair opens on Sunday.'
    assert voices(text) == [("Ana Weiss", '"We should go."')]


def test_topics_and_countries_before_a_colon_are_no_speakers():
    text = (
        "Energy: prices rose on Monday.\n\nGermany: Berlin speaks of a contribution.\n\n"
        "Sport: the cup goes to Turin.\n\nWhat remains open: the date."
    )
    assert voices(text) == []


def test_what_a_turn_reports_of_others_is_kept_and_the_rest_of_it_replaced():
    text = (
        "WEISS: The minister said that it was early. I think so too.\n\n"
        "MORETTI: Never.\n\nWEISS: We shall see."
    )
    linked = [
        reported(text, "that it was early", "The minister"),
        reported(text, "so too", "I"),
    ]
    assert voices(text, linked) == [
        ("WEISS", "The minister said that it was early. I think so too."),
        ("The minister", "that it was early"),
        ("MORETTI", "Never."),
        ("WEISS", "We shall see."),
    ]


def test_plain_news_stays_as_it_was():
    text = "The minister said no.\n\nHe left: the train would not wait."
    linked = [reported(text, "no", "The minister")]
    article = from_text(text)
    assert with_dialogue(article, linked) == linked


def test_an_explainer_with_questions_is_no_interview():
    text = (
        "**Who has said yes?**\n\nNorway has. Minister Tove Olsvik named two companies.\n\n"
        "**And who has not?**\n\nSweden, according to Olsvik. “We wait,” its minister told her.\n\n"
        "**What comes next?**\n\nA meeting in March, to which Olsvik has invited all."
    )
    assert voices(text) == []
