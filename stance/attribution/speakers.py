"""Source mentions → speakers: names, titles, pronouns and bodies that stand for one speaker.

A cascade of rules in reading order: a name joins the speaker of that name, a pronoun the nearest
fitting person before it, a title ("the minister") the speaker who holds it, a capital or seat the
government of its country. What joins nobody is a speaker of its own under the words that name it.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Iterator, Sequence

from stance.attribution.entries import (
    BodyIndex,
    Entry,
    plain_role,
    says_so_too,
    spoken_for,
    unnamed_between,
)
from stance.attribution.index import NameIndex
from stance.attribution.lexicon import country_adjectives, words
from stance.attribution.linking import LinkedStatement
from stance.attribution.mentions import (
    is_group,
    is_nobody,
    is_paper,
    is_rubric,
    is_several,
    relays,
    split_joint,
    voice,
)
from stance.attribution.names import (
    NameParts,
    bodies_named,
    clean_mention,
    parse_mention,
    short_mention,
)
from stance.attribution.opinion import author_of
from stance.attribution.people import BEGINS, SENTENCE_END, People, Person, same_person, subject_of
from stance.attribution.places import Places
from stance.schema import (
    Article,
    Mention,
    Speaker,
    SpeakerKind,
    Statement,
)

_INDEFINITE = re.compile(r"(?:an?|one|another|some)\b", re.IGNORECASE)
# A pronoun or bare title reaches back this many statements.
_REACH = 6
# Paragraphs, with its own, in which a title may stand before the name is told.
_LEDE = 3
# Code points behind a quotation in which the name of who says it may follow.
_BEHIND = 60
_DESCRIBED = re.compile(r"\bformer\b|-year-old\b")
_SPOKESPERSON = re.compile(r"(?:an? |the |its )?spokes(?:man|woman|person)", re.IGNORECASE)
# "his office", "its foreign ministry", "her letter": a body or paper of whoever spoke before.
_OF_PRONOUN = re.compile(r"(his|her|their|its)\s+(?:own\s+)?(.+)", re.IGNORECASE)


def resolve_speakers(
    article: Article, linked: Sequence[LinkedStatement]
) -> tuple[tuple[Speaker, ...], tuple[Statement, ...]]:
    """Groups statements by who makes them.

    Args:
        article: The article.
        linked: Its statements with their source mentions, in reading order, title first.

    Returns:
        Speakers in order of their first statement, and the statements without a source.
    """
    resolver = _Resolver(article, linked)
    unattributed: list[Statement] = []
    # The headline last: its "spy chief" is somebody whom the text names.
    for item in sorted(linked, key=lambda x: resolver.places.in_headline(x.statement)):
        headed = bool(item.sources) and all(is_rubric(m.text) for m in item.sources)
        if headed:
            # "Quote: …" goes on with whom the paragraphs above speak of.
            item = dataclasses.replace(item, sources=())
        around = resolver.around(item) if item.continued or not item.sources else None
        if around is None and headed:
            around = resolver.last()
        if around is not None:
            around.statements.append(dataclasses.replace(item.statement, source=None))
            continue
        if not item.sources:
            unattributed.append(item.statement)
        cue = item.statement.cue.text if item.statement.cue else ""
        for mention in (m for source in item.sources for m in split_joint(source)):
            entry = None if relays(mention.text, cue) else resolver.entry(mention)
            if entry is None:
                unattributed.append(item.statement)
                continue
            statement = dataclasses.replace(item.statement, source=mention)
            if not any(
                s.spans == statement.spans and s.field == statement.field for s in entry.statements
            ):
                entry.statements.append(statement)
    speakers, left_over = resolver.speakers()
    return speakers, (*unattributed, *left_over)


class _Resolver:
    def __init__(self, article: Article, linked: Sequence[LinkedStatement]) -> None:
        self._article = article
        self._author = author_of(article)
        self.places = Places(article, linked)
        self._entries: list[Entry] = []
        self._recent: list[Entry] = []
        self._names, self._bodies = NameIndex(), BodyIndex()
        self._people = People(article)

    def entry(self, mention: Mention) -> Entry | None:
        """Returns the speaker that a mention stands for; None for unnamed groups."""
        worded = voice(mention.text)
        parts = parse_mention(worded)
        if not (parts.pronoun or parts.government or parts.name or parts.role):
            # The tagger sometimes marks a stray "'s" or a dash.
            return None
        if is_nobody(worded):
            return None
        found, is_group = self._found(parts, mention, worded)
        if found is None:
            if is_group or parts.pronoun:
                return None
            found = self._new(parts, worded)
        found.add(mention, parts)
        found.last_spoke = len(self._recent)
        self._recent.append(found)
        self._note(found)
        return found

    def _note(self, entry: Entry) -> None:
        """Makes an entry known under the names that it has now."""
        if entry.kind is SpeakerKind.PERSON:
            if entry.named:
                self._names.add(entry.name, entry.number)
        elif not entry.parts.government:
            for name in (entry.name, *entry.aliases):
                self._bodies.add(name, entry.number)

    def last(self) -> Entry | None:
        """Returns who spoke last."""
        return self._recent[-1] if self._recent else None

    def around(self, item: LinkedStatement) -> Entry | None:
        """Returns the person whom the words around a quotation without a source speak of.

        That is who is named right behind it, else the subject of the sentence before it in its
        paragraph ("Ana Weiss shook her head. 'Never.'"), else who spoke last there.
        """
        said, text = item.statement, self._article.text
        if said.field == "title":
            return None
        here = Mention(text=said.text, start=said.start, end=said.end)
        if not said.direct:
            return self._named_before(here) or self._last_here(here)
        sentence = re.split(r"[.!?\n]", text[said.end : said.end + _BEHIND])[0]
        for at, name in self._people.named_in(sentence):
            if not self.places.is_said(said.end + at, "text"):
                return self._named(name)
        named = self._named_before(here)
        if named is not None or item.continued:
            return named
        return self._last_here(here)

    def _last_here(self, mention: Mention) -> Entry | None:
        """Returns who spoke last in the paragraph of a mention in the text."""
        last = self._recent[-1] if self._recent else None
        if last is None or last.mentions[-1].field != mention.field:
            return None
        return last if last.mentions[-1].start >= self.places.paragraph_start(mention) else None

    def _named(self, name: str) -> Entry:
        parts = parse_mention(name)
        return self._by_name(parts) or self._new(parts, name)

    def _found(self, parts: NameParts, mention: Mention, worded: str) -> tuple[Entry | None, bool]:
        """Returns the speaker known so far, and whether the words name a group, which is none."""
        cleaned = clean_mention(worded)
        if parts.pronoun:
            return self._by_pronoun(parts, mention), False
        if is_paper(cleaned):
            return self._writer(mention), True
        owner = self._by_owner(parts, mention, cleaned)
        if owner is not None:
            return owner, False
        if is_several(cleaned):
            return None, True
        if parts.government:
            return self._by_government(parts), False
        if parts.kind is SpeakerKind.PERSON and parts.name:
            return self._by_name(parts), False
        if is_group(worded):
            return None, True
        if parts.kind is SpeakerKind.PERSON:
            return self._by_title(parts, mention), False
        return self._by_body(parts), False

    def _by_owner(self, parts: NameParts, mention: Mention, cleaned: str) -> Entry | None:
        """Returns who is meant by "its army" or "a spokesman", of whom others' names say more."""
        owned = _OF_PRONOUN.fullmatch(cleaned)
        if owned and (parts.kind is SpeakerKind.INSTITUTION or is_paper(owned[2])):
            plural = owned[1].lower() in ("its", "their")
            owner = self._government_before(mention) if plural else None
            return owner or self._by_pronoun(parse_mention(owned[1]), mention)
        return self._government_before(mention) if _SPOKESPERSON.fullmatch(cleaned) else None

    def speakers(self) -> tuple[tuple[Speaker, ...], list[Statement]]:
        """Returns the speakers, and what only the headline has somebody say whom it does not name.

        "Pentagon: no plans" and "Pollster finds" stand for people whom the article names below,
        for whoever says there what the headline has.
        """
        spoken = [e for e in self._entries if e.statements]
        below = [e for e in spoken if not all(map(self.places.in_headline, e.statements))]
        kept = {e for e in spoken if not below or e.is_named_person}.union(below)
        left_over: list[Statement] = []
        for entry in (e for e in spoken if e not in kept):
            for said in entry.statements:
                meant = says_so_too(said, spoken_for(entry, below))
                (left_over if meant is None else meant.statements).append(said)
        return tuple(e.speaker() for e in spoken if e in kept), left_over

    def _by_pronoun(self, parts: NameParts, mention: Mention) -> Entry | None:
        institution = parts.pronoun in ("it", "its", "which")
        if parts.pronoun in ("i", "my", "we", "our"):
            return self._first_person(mention)
        if not institution and not parts.plural:
            for named in (self._named_before(mention), self._subject_above(mention)):
                if named is not None and named.gender in (None, parts.gender):
                    named.gender = parts.gender
                    return named
        if institution and not self._last_is_body_here(mention):
            body = self._government_before(mention)
            if body is not None:
                return body
        wanted = SpeakerKind.INSTITUTION if institution else SpeakerKind.PERSON
        for entry in reversed(self._recent[-_REACH:]):
            if parts.plural and not institution:
                return entry
            fits = parts.gender is None or entry.gender in (None, parts.gender)
            if entry.kind is wanted and fits:
                entry.gender = entry.gender or parts.gender
                return entry
        return None

    def _last_is_body_here(self, mention: Mention) -> bool:
        last = self._last_here(mention)
        return last is not None and last.kind is SpeakerKind.INSTITUTION

    def _first_person(self, mention: Mention) -> Entry | None:
        """Returns whoever says "I": the speaker of the words around it, else the author."""
        for entry in self._recent[::-1]:
            for said in entry.statements[-2:]:
                around = any(a <= mention.start and mention.end <= b for a, b in said.spans)
                if said.field == mention.field and around:
                    return entry
        if self._author is None:
            return self._recent[-1] if self._recent else None
        return self._named(self._author.text)

    def _named_before(self, mention: Mention) -> Entry | None:
        """Returns the person whom the paragraph names last before a pronoun, quoted or not.

        After a statement in the same paragraph no name counts that stands in its sentence and
        not in that of the pronoun, since that is somebody of whom the speaker talks.
        """
        start = self.places.paragraph_start(mention)
        last = self._recent[-1].mentions[-1] if self._recent else None
        here = last is not None and last.field == mention.field and last.start >= start
        fresh = last.end if last is not None and here else None
        before = self._article.field_text(mention.field)[start : mention.start]
        named = [
            (start + at, name)
            for at, name in reversed(self._people.named_in(before))
            if fresh is None or start + at >= fresh
        ]
        for place, name in named:
            # "Tom Barr said, like Jan Moen. He" speaks of the subject, not of Jan Moen.
            same = fresh is not None and not SENTENCE_END.search(
                before, fresh - start, place - start
            )
            beside = same and SENTENCE_END.search(before, place - start)
            if not beside and not self.places.is_said(place, mention.field):
                return self._named(subject_of(before, start, place, named) or name)
        if named and fresh is None:
            return self._named(named[0][1])
        if fresh is None:
            surnames = {before.rfind(e.name.split()[-1]): e for e in self._entries if e.named}
            at, entry = max(surnames.items(), key=lambda item: item[0], default=(-1, None))
            return entry if at >= 0 else None
        return None

    def _subject_above(self, mention: Mention) -> Entry | None:
        """Returns the person of whom the paragraph above speaks, where nobody says anything in it.

        "Admiral Ana Weiss came home on Friday." / "I distrust fog," she began.
        """
        i = bisect.bisect_right(self.places.starts, mention.start)
        if mention.field == "title" or i < 2:
            return None
        start = self.places.starts[i - 2]
        last = self._recent[-1].mentions[-1] if self._recent else None
        if last is not None and last.field == mention.field and last.start >= start:
            return None
        above = self._article.text[start : self.places.starts[i - 1]]
        for at, name in sorted(self._people.named_in(above), reverse=True):
            if BEGINS.search(above[:at]) and not self.places.is_said(start + at, mention.field):
                return self._named(name)
        return None

    def _government_before(self, mention: Mention) -> Entry | None:
        """Returns the government or body that the paragraph names last before "its army"."""
        start = self.places.paragraph_start(mention)
        before = self._article.field_text(mention.field)[start : mention.start]
        found = [
            words_used
            for at, words_used in bodies_named(before)
            if not self.places.is_said(start + at, mention.field)
        ]
        if not found:
            return None
        words_used = found[-1]
        parts = parse_mention(words_used)
        known = self._by_government(parts) if parts.government else self._by_body(parts)
        return known or self._new(parts, words_used)

    def _writer(self, mention: Mention) -> Entry | None:
        """Returns whose "letter" or "recording" is meant: who speaks last in the paragraph."""
        return self._last_here(mention) or self._named_before(mention)

    def _by_government(self, parts: NameParts) -> Entry | None:
        for entry in self._entries:
            if entry.parts.government == parts.government:
                return entry
        return None

    def _by_name(self, parts: NameParts) -> Entry | None:
        full = self._people.expand(parts.name, parts.gender)
        best: Entry | None = None
        for entry in (self._entries[i] for i in reversed(self._names.like(full))):
            if entry.may_have_gender(parts.gender) and same_person(full, entry.name):
                best = entry
                break
        if best is not None and len(full.split()) > len(best.name.split()):
            best.aliases.setdefault(best.name)
            best.name = full
            self._note(best)
        return best or self._by_body(parts) or self._title_before(full, parts)

    def _title_before(self, full: str, parts: NameParts) -> Entry | None:
        """Finds a nameless title that came first and whose holder is named now."""
        person = self._people.get(full)
        role = person.role if person else ""
        heads = parts.heads | (person.heads if person else set())
        country = parts.country or (person.country if person else None)
        for entry in reversed(self._recent[-_REACH:]):
            definite = not any(_INDEFINITE.match(a) for a in entry.aliases)
            compatriot = None in (entry.country, country) or entry.country == country
            is_nameless = not entry.named and entry.kind is SpeakerKind.PERSON
            if is_nameless and definite and compatriot and entry.heads & heads:
                return self._renamed(entry, full, parts, role)
        if heads or person is None or not self._people.is_first_untitled(person):
            return None
        # "Poland's foreign minister said … / Jan Moen, who was in Oslo, …": delayed identification.
        i = bisect.bisect_right(self.places.starts, person.start)
        lede = unnamed_between(self._entries, self.places.starts[max(0, i - _LEDE)], person.start)
        fits = len(lede) == 1 and lede[0].may_have_gender(parts.gender)
        return self._renamed(lede[0], full, parts, lede[0].name) if fits else None

    def _renamed(self, entry: Entry, name: str, parts: NameParts, role: str) -> Entry:
        entry.take_name(name, parts, role)
        self._note(entry)
        return entry

    def _by_title(self, parts: NameParts, mention: Mention) -> Entry | None:
        cleaned = clean_mention(mention.text).lower()
        for entry in reversed(self._entries):
            if (
                not entry.named
                and entry.kind is SpeakerKind.PERSON
                and cleaned in map(str.lower, entry.aliases)
            ):
                return entry
        definite = cleaned.startswith(("the ", "that ", "this ", "his ", "her "))
        definite = definite or cleaned in words("person_roles") or mention.field == "title"
        definite = definite or bool(re.match(r"[A-Z][\w ]*['’]s? ", mention.text))
        if not definite:
            return None
        candidates = [e for e in reversed(self._recent) if e.kind is SpeakerKind.PERSON]
        fitting = [e for e in candidates if e.may_hold(parts, cleaned)]
        country = country_adjectives().get(cleaned.removeprefix("the "))
        compatriots = [e for e in candidates if country and e.country == country]
        compatriots += [e for e in fitting if parts.country and e.country == parts.country]
        if compatriots:
            return compatriots[0]
        fresh = self._untitled_before(mention) or self._untitled_here(mention)
        if fresh is not None and parts.gender in (None, fresh.gender or parts.gender):
            return fresh
        if fitting:
            return fitting[0]
        place = mention.start if mention.field == "text" else -1
        person = self._people.holder(parts.heads, parts.country, place)
        if person is not None:
            return self._named(person.name)
        # "the 54-year-old", "the lawmaker": a person just named whose title is worded otherwise.
        worded = parts.heads <= words("general_roles") or _DESCRIBED.search(cleaned)
        if (
            candidates
            and not parts.country
            and worded
            and candidates[0].may_have_gender(parts.gender)
        ):
            return candidates[0]
        return self._just_named(mention, parts)

    def _just_named(self, mention: Mention, parts: NameParts) -> Entry | None:
        """Returns the person of whom the paragraph speaks last before a title that nobody holds.

        "One who likes it is Tom Barr, once a marine. The backbencher said": a newspaper says who
        somebody is in the words that stand for the name.
        """
        for person, _ in self._people_above(mention):
            country = person.country
            if parts.country and country and parts.country != country:
                continue
            found = self._named(person.name)
            return found if found.may_have_gender(parts.gender) else None
        # "Ana Weiss said … / … Norway's prime minister insisted": the only one there is so far.
        people = [e for e in self._entries if e.is_named_person]
        only = people[0] if len(people) == 1 and not people[0].heads else None
        return only if only is not None and only.may_have_gender(parts.gender) else None

    def _untitled_here(self, mention: Mention) -> Entry | None:
        """Returns the person who spoke last in the paragraph, if no title of his is known."""
        last = self._last_here(mention)
        known = last is None or not last.is_named_person or last.heads
        return None if known else last

    def _untitled_before(self, mention: Mention) -> Entry | None:
        """Returns the person named last in the paragraph, if nothing says what title that is.

        "Ana Weiss looked tired. …, the chancellor said": the title is how the name goes on.
        """
        for person, begins in self._people_above(mention):
            found = None if person.heads or not begins else self._named(person.name)
            return None if found is None or found.heads else found
        return None

    def _people_above(self, mention: Mention) -> Iterator[tuple[Person, bool]]:
        """Yields whom the paragraph names before a mention, quoted words left out, the last first.

        Beside each stands whether the name begins its sentence.
        """
        start = self.places.paragraph_start(mention)
        before = self._article.field_text(mention.field)[start : mention.start]
        for at, name in sorted(self._people.named_in(before), reverse=True):
            person = self._people.get(name)
            if person is not None and not self.places.is_said(start + at, mention.field):
                yield person, bool(BEGINS.search(before[:at]))

    def _by_body(self, parts: NameParts) -> Entry | None:
        found = [self._entries[i] for i in self._bodies.called(parts.name)]
        return max(found, key=lambda e: e.last_spoke, default=None)

    def _new(self, parts: NameParts, worded: str) -> Entry:
        is_person = parts.kind is not SpeakerKind.INSTITUTION
        named = bool(parts.name)
        name = parts.name
        if named and is_person:
            name = self._people.expand(parts.name, parts.gender)
        entry = Entry(
            number=len(self._entries),
            parts=parts,
            name=name or short_mention(worded),
            kind=parts.kind or SpeakerKind.PERSON,
            named=named,
            country=parts.country,
            gender=parts.gender,
        )
        if named and is_person:
            person = self._people.get(name)
            entry.role = plain_role(parts.role) or (person.role if person else "")
            if person is not None:
                entry.country = entry.country or person.country
                entry.gender = entry.gender or person.gender
                entry.heads |= person.heads
        self._entries.append(entry)
        self._note(entry)
        return entry
