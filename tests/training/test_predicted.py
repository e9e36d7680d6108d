"""What the tagger finds in an annotated article, labelled by what is annotated there."""

from __future__ import annotations

import pytest

from stance.classification.passages import PassageForm
from stance.corpus.schema import AnnotatedArticle, AnnotatedSpeaker, AnnotatedStatement, GoldSpan
from stance.ingest import with_paragraphs
from stance.schema import Attribution, Mention, Span, Speaker, SpeakerKind, Statement
from stance.training import predicted
from stance.training.predicted import predicted_passages

TEXT = (
    "Tove Olsvik said Norway would send a battalion. She added that the fish was good.\n\n"
    "Aldo Berti said no soldier would go."
)
SEND, FISH, NEVER = "Norway would send a battalion", "the fish was good", "no soldier would go"


def span(words):
    start = TEXT.index(words)
    return GoldSpan(start, start + len(words))


def person(key, name, stance, rule):
    return AnnotatedSpeaker(key=key, name=name, kind="person", stance=stance, rule=rule)


def annotated():
    rows = [("OLSVIK", SEND, "support"), ("OLSVIK", FISH, "none"), ("BERTI", NEVER, "deny")]
    return AnnotatedArticle(
        id="a", title="", text=TEXT, date="2025-01-01", outlet="o", outlet_kind="wire",
        register="wire", event="e", brief="b",
        speakers=(
            person("OLSVIK", "Tove Olsvik", "support", 4),
            person("BERTI", "Aldo Berti", "deny", 6),
        ),
        statements=tuple(
            AnnotatedStatement(
                number=i, speakers=(key,), stance=stance, form="indirect", field="text",
                content=(span(words),),
            )
            for i, (key, words, stance) in enumerate(rows, 1)
        ),
    )  # fmt: skip


@pytest.fixture
def found(monkeypatch):
    """Lets a tagger find the given speakers with the given words."""

    def passages(speakers, single=False):
        def attribution(article, tagger):
            return Attribution(
                article=with_paragraphs(article),
                speakers=tuple(
                    Speaker(
                        name=name, id=name, kind=SpeakerKind.PERSON,
                        mentions=(Mention(text=name, start=0, end=len(name)),),
                        statements=tuple(
                            Statement(spans=(Span(*span(w)),), text=w) for w in words
                        ),
                    )
                    for name, words in speakers.items()
                ),
                unattributed=(),
            )  # fmt: skip

        monkeypatch.setattr(predicted, "attribute_article", attribution)
        rows = predicted_passages(
            [annotated()],
            None,
            form=PassageForm(context_sentences=0, mark_statements=False, headline=False),
            single_statements=single,
        )
        return [row.label for row in rows]

    return passages


def test_a_found_speaker_takes_the_label_of_whose_words_it_has(found):
    assert found({"Tove Olsvik": [SEND, FISH], "Somebody Else": [NEVER]}) == ["support", "deny"]


def test_talk_of_other_things_is_none(found):
    assert found({"Tove Olsvik": [FISH]}) == ["none"]


def test_single_statements_have_labels_of_their_own(found):
    assert found({"Tove Olsvik": [SEND, FISH]}, single=True) == ["support", "support", "none"]


def test_a_mixture_of_two_speakers_is_left_out(found):
    assert found({"Tove Olsvik": [SEND, NEVER]}) == []


def test_a_scrap_of_a_statement_is_left_out(found):
    assert found({"Tove Olsvik": ["Tove Olsvik said Norway"]}) == []
