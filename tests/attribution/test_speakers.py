"""From tagged spans to speakers, on spans that are given here."""

from __future__ import annotations

import re

import pytest

from stance.attribution.entries import speaker_id
from stance.attribution.linking import link
from stance.attribution.speakers import resolve_speakers
from stance.ingest import from_text, sentence_spans, with_paragraphs
from stance.schema import Article, Span

_TAG = re.compile(r"\{([sqci]) ([^{}]*)\}")
_ROLES = {"s": "source", "q": "cue", "c": "content", "i": "inner"}


def attribute(marked, title="", inside=()):
    """Reads `{s Source} {q cue} {c content}` and returns speakers by name.

    `inside` has roles and words of spans that lie in others.
    """
    spans = {role: [] for role in _ROLES.values()}
    text = ""
    position = 0
    for match in _TAG.finditer(marked):
        text += marked[position : match.start()]
        spans[_ROLES[match[1]]].append(Span(len(text), len(text) + len(match[2])))
        text += match[2]
        position = match.end()
    for role, words in inside:
        at = text.index(words)
        spans[role] = sorted([*spans[role], Span(at, at + len(words))])
    article = from_text(text + marked[position:], title=title)
    paragraphs = [Span(p.start, p.end) for p in article.paragraphs]
    sentences = [s for p in paragraphs for s in sentence_spans(article.text, *p)]
    linked = link(article.text, spans, paragraphs, sentences)
    speakers, unattributed = resolve_speakers(article, linked)
    return {s.name: [x.text for x in s.statements] for s in speakers}, speakers, unattributed


def test_split_quotation_is_one_statement_and_goes_on():
    found, _, _ = attribute(
        '{c "Nobody goes,"} {s Tove Olsvik} {q said}. {c "Not one of us."}\n\n{c "That is final."}'
    )
    assert list(found) == ["Tove Olsvik"]
    assert "Nobody goes" in found["Tove Olsvik"][0]
    assert any("final" in text for text in found["Tove Olsvik"])


def test_surname_title_and_pronoun_are_one_speaker():
    found, speakers, _ = attribute(
        "{s Norwegian Defence Minister Tove Olsvik} {q said} {c nobody would go}. "
        "{s She} {q added} {c that it was late}.\n\n"
        "{s The minister} {q warned} {c of a trap}. {s Olsvik} {q repeated} {c her no}."
    )
    assert {k: len(v) for k, v in found.items()} == {"Tove Olsvik": 4}
    assert speakers[0].country == "NO"
    assert speakers[0].role == "Norwegian Defence Minister"
    assert speakers[0].kind.value == "person"


def test_pronoun_follows_gender():
    found, _, _ = attribute(
        "{s Mr Bakkeby} {q said} {c yes}. {s Spokeswoman Ane Solvik} {q said} {c no}. "
        "{s He} {q insisted} {c on it}."
    )
    assert found["Bakkeby"] == ["yes", "on it"]


def test_full_name_elsewhere_in_the_article_wins():
    found, speakers, _ = attribute(
        "Prime Minister Jonas Brekkeland met the press. {s Brekkeland} {q said} {c it was early}."
    )
    assert list(found) == ["Jonas Brekkeland"]
    assert speakers[0].role == "Prime Minister"


def test_two_people_of_one_surname_stay_apart():
    found, _, _ = attribute(
        "{s Arvid Holmgard} {q said} {c yes}. {s Petra Holmgard} {q said} {c no}."
    )
    assert found == {"Arvid Holmgard": ["yes"], "Petra Holmgard": ["no"]}


def test_title_first_and_name_later():
    found, _, _ = attribute(
        "{s The Czech defence minister} {q said} {c trainers could go}.\n\n"
        "{s Defence Minister Radka Novosadova} {q added} {c that fifty had volunteered}."
    )
    assert found == {"Radka Novosadova": ["trainers could go", "that fifty had volunteered"]}


def test_capital_seat_and_country_are_one_government():
    _found, speakers, _ = attribute(
        "{s Moscow} {q warned} {c of war}. {s The Kremlin} {q called} {c it mad}."
    )
    assert len(speakers) == 1
    assert speakers[0].kind.value == "institution"
    assert speakers[0].country == "RU"


def test_joint_sources_each_speak():
    found, _, _ = attribute("{s Berlin and Rome} {q ruled out} {c sending troops}.")
    assert found == {"Berlin": ["sending troops"], "Rome": ["sending troops"]}


@pytest.mark.parametrize("group", ["Several capitals", "Lawmakers", "analysts in Oslo", "Most"])
def test_unnamed_groups_are_no_speakers(group):
    found, _, unattributed = attribute(f"{{s {group}}} {{q said}} {{c it was early}}.")
    assert found == {}
    assert len(unattributed) == 1


def test_anonymous_source_is_a_speaker_under_its_words():
    found, speakers, _ = attribute("{s A senior NATO official} {q said} {c it was early}.")
    assert list(found) == ["A senior NATO official"]
    assert speakers[0].kind.value == "person"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Hanno Pevkla", "hanno-pevkla"), ("the Kremlin", "kremlin"), ("Łódź", "lodz")],
)
def test_an_id_is_the_folded_name(name, expected):
    assert speaker_id(name) == expected


@pytest.mark.parametrize("stray", ["'s", "–", "’s"])
def test_stray_marks_are_no_speakers(stray):
    found, _, unattributed = attribute(f"The port {{s {stray}}} {{q said}} {{c that it was late}}.")
    assert found == {}
    assert len(unattributed) == 1


def test_title_and_quotation_belong_to_whom_the_sentence_before_is_about():
    found, speakers, _ = attribute(
        "Dietmar Hessenkamp looked tired. Visiting a factory, {s the German chancellor} {q said} "
        '{c that it was settled}.\n\nAna Weiss shook her head. {c "Never."}'
    )
    assert found == {
        "Dietmar Hessenkamp": ["that it was settled"],
        "Ana Weiss": ['"Never."'],
    }
    assert speakers[0].country == "DE"


def test_pronoun_reaches_the_subject_of_the_paragraph_above():
    found, _, _ = attribute(
        "{s Mr Vascotti} {q said} {c no}.\n\nAdmiral Sandro Pellizzari came home on Friday.\n\n"
        '{c "I distrust fog,"} {s he} {q began}.'
    )
    assert found == {"Vascotti": ["no"], "Sandro Pellizzari": ['"I distrust fog,"']}


def test_end_of_a_relative_clause_is_no_source():
    found, _, _ = attribute(
        "Pencho Doykinov, whose party has blocked {s grain}, {q called} {c it a farce}."
    )
    assert found == {"Pencho Doykinov": ["it a farce"]}


def test_spokesman_and_body_without_a_name_belong_to_the_government_named_before():
    found, _, _ = attribute(
        "The Kremlin kept its distance. {c It was early}, {s a spokesman} {q said}.\n\n"
        "Kazakhstan refused. {c It had no intention to go}, {s its foreign ministry} {q said}."
    )
    assert found == {
        "the Kremlin": ["It was early"],
        "Kazakhstan": ["It had no intention to go"],
    }


@pytest.mark.parametrize(
    ("source", "speakers"),
    [
        (
            "The British defence ministry and Latvian state secretary Jurgis Zvaigznis",
            ["The British defence ministry", "Jurgis Zvaigznis"],
        ),
        (
            "Ana Weiss, mayor of Zarasai, and the teachers' union",
            ["Ana Weiss", "the teachers' union"],
        ),
        ("Ana Weiss, Tove Olsvik and the Green party", ["Ana Weiss", "the Green party"]),
        ("Minister of Foreign and European Affairs Ana Weiss", ["Ana Weiss"]),
        ("the Committee on Trade and Industry", ["the Committee on Trade and Industry"]),
        ("The Ministry of Health and Welfare", ["The Ministry of Health and Welfare"]),
    ],
)
def test_several_sources_with_titles_and_bodies(source, speakers):
    found, _, _ = attribute(f"{{s {source}}} {{q said}} {{c no}}.")
    assert set(found) >= set(speakers)
    if len(speakers) == 1:
        assert len(found) == 1


def test_parts_of_names_are_completed_and_common_words_are_no_sources():
    found, _, _ = attribute(
        "The Council of Congregations of {s Kharkiv} {q asked} {c for peacekeepers}.\n\n"
        "{s The Mayors' Union, the smallest of five}, {q said} {c no}.\n\n"
        "In {s peace} {s Tove Olsvik} {q said} {c yes}."
    )
    assert found == {
        "The Council of Congregations of Kharkiv": ["for peacekeepers"],
        "The Mayors' Union": ["no"],
        "Tove Olsvik": ["yes"],
    }


def test_governments_listed_beside_a_source_speak_too():
    found, _, _ = attribute(
        "On Tuesday Madrid, Athens and {s Lisbon} {q ruled out} {c any participation}. "
        "In Paris, {s Rome} {q said} {c no}.\n\n"
        "{s Vienna}, Sofia and Oslo {q offered} {c to lead}. "
        "{s Kyiv}, Moscow said, {q hoped} {c so}."
    )
    assert found == {
        "Madrid": ["any participation"],
        "Athens": ["any participation"],
        "Lisbon": ["any participation"],
        "Rome": ["no"],
        "Vienna": ["to lead"],
        "Sofia": ["to lead"],
        "Oslo": ["to lead"],
        "Kyiv": ["so"],
    }


@pytest.mark.parametrize(
    "marked",
    [
        "Aldo Berti, once envoy to {s NATO}, {q warned} {c of a trap}.",
        "Aldo Berti, whose {s party} is the smallest, {q called} {c it a trap}.",
        "{s Aldo Berti}, {s who teaches in Trieste}, {q counted} {c the traps}.",
        "Here is {s Aldo Berti}. {s The backbencher} {q reckons} {c it is a trap}.",
        "{s The base commander}, Aldo Berti, {q sent} {c a warning}.",
        "{s Aldo Berti} {q told} {c a tale}. {q According to} {s his letter} {c it is a trap}.",
    ],
)
def test_what_only_describes_a_person_is_that_person(marked):
    found, _, _ = attribute(marked)
    assert list(found) == ["Aldo Berti"]


def test_speakers_of_a_list_describe_nobody():
    found, _, _ = attribute("{s Ana Weiss}, {s Oslo} and {s Rome} {q warned} {c of a trap}.")
    assert list(found) == ["Ana Weiss", "Oslo", "Rome"]


@pytest.mark.parametrize(
    ("source", "speaker"),
    [
        ("a spokesman for the Ruritanian embassy", "the Ruritanian embassy"),
        ("a letter from the defence ministry", "the defence ministry"),
        ("the ministry's short statement", "the ministry"),
    ],
)
def test_a_paper_is_whose_paper_it_is(source, speaker):
    found, _, _ = attribute(f"{{c Nobody goes}}, {{s {source}}} {{q said}}.")
    assert list(found) == [speaker]


@pytest.mark.parametrize("source", ["44 percent", "somebody", "the survey", "the minutes"])
def test_shares_of_voters_and_papers_without_owner_are_no_speakers(source):
    found, _, unattributed = attribute(f"{{s {source}}} {{q said}} {{c nobody should go}}.")
    assert not found
    assert len(unattributed) == 1


def test_a_place_is_not_he():
    found, _, _ = attribute(
        "Aldo Berti keeps bees at Black Horse. {c Never}, {s he} {q said}. Rain fell at Black Horse"
    )
    assert list(found) == ["Aldo Berti"]


def test_its_congress_is_the_party_named_before():
    found, _, _ = attribute(
        "The Union of Shepherds met in Bern. {s Its congress} {q demanded} {c that nobody goes}."
    )
    assert list(found) == ["the Union of Shepherds"]


def test_words_of_the_headline_alone_make_no_speaker():
    text = "Ana Weiss said nobody would go."
    article = with_paragraphs(Article(text=text, id="a", title="Pentagon: budget rises"))
    title = article.title
    linked = [
        *link(
            title,
            {"source": [Span(0, 8)], "cue": [Span(8, 9)], "content": [Span(10, 22)], "inner": []},
            [Span(0, len(title))],
            [Span(0, len(title))],
            "title",
        ),
        *link(
            text,
            {"source": [Span(0, 9)], "cue": [Span(10, 14)], "content": [Span(15, 30)], "inner": []},
            [Span(0, len(text))],
            [Span(0, len(text))],
        ),
    ]
    speakers, unattributed = resolve_speakers(article, linked)
    assert [s.name for s in speakers] == ["Ana Weiss"]
    assert [s.field for s in unattributed] == ["title"]


def test_headings_of_agency_copy_name_nobody():
    found, _, _ = attribute(
        "{s Ana Weiss} {q said} {c nobody would go}.\n\n{s Quote}{q :} {c “Not a single one.”}"
    )
    assert found == {"Ana Weiss": ["nobody would go", "“Not a single one.”"]}


def test_the_only_person_is_the_prime_minister():
    found, _, _ = attribute(
        "{s Ana Weiss} {q said} {c nobody would go}.\n\nAt noon it rained. "
        "{s Norway's prime minister} {q insisted} {c on it}."
    )
    assert list(found) == ["Ana Weiss"]


def test_a_month_is_no_given_name_and_a_surname_may_be_two_words():
    found, _, _ = attribute(
        "In May {s Tove Saldan Rego} {q said} {c no}. {s Saldan Rego} {q added} {c never}."
    )
    assert found == {"Tove Saldan Rego": ["no", "never"]}


def test_a_head_of_something_is_its_director_and_a_newspaper_keeps_its_name():
    found, _, _ = attribute(
        "{s Foreign Intelligence Service Director Tove Olsvik} {q said} {c no}.\n\n"
        "{s The intelligence chief} {q added} {c never}.\n\n"
        "{s The newspaper Les Deux Quais} {q wrote} {c yes}. {s Les Deux Quais} {q saw} {c war}."
    )
    assert found == {
        "Tove Olsvik": ["no", "never"],
        "The newspaper Les Deux Quais": ["yes", "war"],
    }


def test_a_headline_that_names_a_body_goes_to_who_says_so_below():
    title, text = "Oslo ministry: no battalion for Ukraine", "Tove Olsvik said no battalion goes."
    article = from_text(text, title=title)
    spans = {"source": [Span(0, 13)], "cue": [], "content": [Span(15, len(title))], "inner": []}
    linked = link(title, spans, [Span(0, len(title))], [Span(0, len(title))], "title")
    spans = {"source": [Span(0, 11)], "cue": [Span(12, 16)], "content": [Span(17, 34)], "inner": []}
    linked += link(text, spans, [Span(0, len(text))], [Span(0, len(text))])
    speakers, unattributed = resolve_speakers(article, linked)
    assert [(s.name, len(s.statements)) for s in speakers] == [("Tove Olsvik", 2)]
    assert not unattributed


def test_across_articles_spellings_fall_together_and_namesakes_do_not():
    spellings = ("Denys Zarenskyy", "Denys Zarenskyi", "Denys Zarenskiy", "Denys Zarensky")
    assert {speaker_id(name, "UA") for name in spellings} == {"denys-zarensky-ua"}
    assert speaker_id("Sergei Ozol") == speaker_id("Sergey Ozol")
    assert speaker_id("Oleksii Bar") == speaker_id("Oleksiy Bar") == speaker_id("Oleksij Bar")
    assert speaker_id("Ana Weiss", "AT") != speaker_id("Ana Weiss", "CH")
    assert speaker_id("Jan Kowalski") == "jan-kowalski"
    found = [
        attribute(f"{{s {name}}} {{q said}} {{c no}}.")[1][0].id for name in ("Oslo", "Norway")
    ]
    assert found == ["government-no", "government-no"]


@pytest.mark.parametrize(
    ("source", "name", "role"),
    [
        ("NATO Secretary-General Ole Brandvik", "Ole Brandvik", "NATO Secretary-General"),
        ("lieutenant-colonel Ada Reyes", "Ada Reyes", "lieutenant-colonel"),
        ("Council President Rui Costa", "Rui Costa", "Council President"),
        ("Salvador Prats", "Salvador Prats", None),
        ("UK Prime Minister Sir Neil Harker", "Neil Harker", "UK Prime Minister"),
    ],
)
def test_titles_of_two_words_and_surnames_like_countries(source, name, role):
    _, (speaker,), _ = attribute(f"{{s {source}}} {{q said}} {{c nobody would go}}.")
    assert (speaker.name, speaker.role) == (name, role)


def test_a_newsroom_that_passes_on_what_others_do_is_no_speaker():
    found, _, unattributed = attribute(
        "{c Two capitals have refused}, {q according to} {s the Harbour Times}. "
        "{s The newspaper} {q reported} {c that talks had failed}. "
        "{c Nobody had gone}, {s Reuters} {q reported}. {s Minister Sun} {q reported} {c losses}. "
        "In its leader {s the Harbour Times} {q called for} {c a brigade}."
    )
    assert found == {"Sun": ["losses"], "the Harbour Times": ["a brigade"]}
    assert len(unattributed) == 3


def test_words_behind_a_country_that_describe_it_are_that_country():
    found, _, _ = attribute("However, Norway, a {s close neighbour} of all, {q refused} {c to go}.")
    assert found == {"Norway": ["to go"]}


def test_a_pronoun_is_the_subject_and_not_who_is_named_beside_it():
    found, _, _ = attribute(
        "{s Tom Barr} {q said} {c he would go}, unlike his friend Jan Moen. {s He} {q left} {c it "
        "there}."
    )
    assert found == {"Tom Barr": ["he would go", "it there"]}


def test_a_body_in_the_headline_is_its_spokesman_in_the_text():
    found, _, _ = attribute(
        "{s NATO} {q denies} {c plans for troops}\n\n"
        "Visiting Oslo, {s NATO chief Ole Brandvik} {q said} {c there were no plans for troops}. "
        "{s Jan Moen} {q denied} {c plans for troops} as well.",
        title="NATO denies plans for troops",
    )
    assert len(found["Ole Brandvik"]) == 2


def test_a_source_that_begins_a_line_keeps_to_it():
    found, _, _ = attribute(
        "Nothing new from Oslo\n{s Prime Minister Ana Weiss} {q told} Tom Barr {c that she would}."
    )
    assert found == {"Ana Weiss": ["that she would"]}


def test_a_sentence_with_a_source_of_its_own_has_no_cue_of_another():
    found, _, _ = attribute(
        "{c Never}, {s Tom Barr} {q said}. {s The White House} for its part repeated {c there were "
        "no plans}."
    )
    assert found == {"Tom Barr": ["Never"], "The White House": ["there were no plans"]}


def test_initials_are_one_source():
    _, (speaker,), _ = attribute("{s The U}.{s K}. {q backed} {c the force}.")
    assert speaker.country == "GB"


def test_a_pronoun_is_the_subject_of_the_sentence_before_it():
    found, _, _ = attribute(
        "Tom Barr did not retreat after the talks called by President Jan Moen. {s He} {q told} "
        "reporters {c that he was ready}."
    )
    assert found == {"Tom Barr": ["that he was ready"]}


def test_the_last_word_of_a_body_is_the_whole_body():
    _, (speaker,), _ = attribute("Late. The U.S. State {s Department} {q declined} {c to comment}.")
    assert (speaker.name, speaker.country) == ("The U.S. State Department", "US")


def test_a_bare_name_after_the_lede_is_whom_the_lede_has_by_title():
    lede = "{s Norway's defence minister} {q said} {c that two battalions would go}."
    found, speakers, _ = attribute(
        f"{lede}\n\nTove Olsvik was speaking in Bodø. {{c It was time,}} {{s Olsvik}} {{q said}}."
    )
    assert {k: len(v) for k, v in found.items()} == {"Tove Olsvik": 2}
    assert speakers[0].role == "Norway's defence minister"
    titled = f"{lede}\n\n{{s General Tove Olsvik}} {{q called}} {{c it a mistake}}."
    assert len(attribute(titled)[0]) == 2
    official = lede.replace("Norway's defence minister", "The official")
    assert (
        len(attribute(f"{official}\n\n{{s Tove Olsvik}} {{q called}} {{c it a mistake}}.")[0]) == 2
    )


def test_a_description_that_no_title_fits_is_who_spoke_last():
    for words in ("The 47-year-old former auditor", "The former auditor", "The Bodø conservative"):
        found, _, _ = attribute(
            "{s Prime Minister Tove Olsvik} {q said} {c that troops would go}.\n\n"
            f"{{s {words}}} {{q called}} {{c it no easy decision}}."
        )
        assert {k: len(v) for k, v in found.items()} == {"Tove Olsvik": 2}, words


def test_what_a_newsroom_passes_on_is_said_by_whoever_says_it_there():
    found, _, _ = attribute(
        "{c Norway would send a company, Tove Olsvik said on Sunday}, {s the broadcaster NBK} "
        "{q reported}.",
        inside=[("source", "Tove Olsvik"), ("cue", "said")],
    )
    assert list(found) == ["Tove Olsvik"]


def test_people_close_to_somebody_are_nobody():
    assert not attribute("{s People familiar with his thinking} {q said} {c it would go}.")[0]


def test_a_word_out_of_a_sentence_is_no_statement():
    found, _, left = attribute("Both want to do more for {c Kyiv} on Tuesday.")
    assert not found
    assert not left
    assert attribute("{s Tove Olsvik} {q ruled out} {c troops}.")[0]
    assert attribute("{c “Never.”} {s Tove Olsvik} shook her head.")[0]


def test_a_country_of_two_words_is_completed():
    found, _, _ = attribute("After the United {s States} {q announced} {c talks}, nobody came.")
    assert list(found) == ["the United States"]
