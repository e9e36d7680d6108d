"""What a source mention says: a name, a title, a country, a pronoun, a body.

"[French] President [Emmanuel] Macron's" → name "Emmanuel Macron", role "French President",
country FR, person. Only names, titles and countries are looked up; nothing here knows of stances.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from stance.attribution.lexicon import country_adjectives, country_names, words
from stance.schema import SpeakerKind

_TOKEN = re.compile(r"[^\W_](?:[\w.'’\-]*\w)?\.?|\w")
_PRONOUNS: dict[str, tuple[Literal["m", "f"] | None, bool]] = {
    "he": ("m", False),
    "him": ("m", False),
    "his": ("m", False),
    "himself": ("m", False),
    "she": ("f", False),
    "her": ("f", False),
    "hers": ("f", False),
    "herself": ("f", False),
    "they": (None, True),
    "their": (None, True),
    "them": (None, True),
    "it": (None, True),
    "its": (None, True),
    "we": (None, True),
    "our": (None, True),
    "i": (None, False),
    "my": (None, False),
    "who": (None, False),
    "which": (None, True),
    "the latter": (None, False),
}
_DATE = re.compile(
    r"\s+(?:(?:on|late|early|last|this)\s+)*(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b.*$"
)
_PERSON_NOUN = re.compile(
    r"(?:er|or|ist|man|woman|men|women|ian|ess|eer|ant|aire|year-old|ed|est|th|nd|rd)$",
    re.IGNORECASE,
)
_CAPITALISED = r"[^\W\d_a-zà-öø-ÿ][\w'’\-]*"
_BODY = re.compile(
    rf"(?:[Tt]he )?{_CAPITALISED}(?: {_CAPITALISED})*"
    rf"(?: (?:of|for) (?:the )?{_CAPITALISED}(?: {_CAPITALISED})*)*"
)
_PLACED = re.compile(r"\b(?:in|at|on|near|outside|across|into|to|from)(?: the)? \Z", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])(?=\W|$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class NameParts:
    """A source mention taken apart.

    Attributes:
        name: Personal or institutional name, "" where there is none.
        role: Title and office as worded, "" where there is none.
        country: ISO code that the words name, or None.
        kind: Person or institution; None for a pronoun, which may be either.
        gender: "m", "f" or None.
        pronoun: Whether it is a pronoun, in lower case, or "".
        plural: Whether the pronoun may stand for a body.
        heads: Lower-cased title nouns ("minister"), for matching "the minister" later.
        government: ISO code where the mention names a country, capital or seat as such, or None.
    """

    name: str = ""
    role: str = ""
    country: str | None = None
    kind: SpeakerKind | None = None
    gender: str | None = None
    pronoun: str = ""
    plural: bool = False
    heads: frozenset[str] = frozenset()
    government: str | None = None


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Folds case and diacritics: "Łukasz Müller" → "lukasz muller"."""
    plain = text.casefold().translate(str.maketrans("łøđæœıß", "lodaois"))
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def display_mention(text: str) -> str:
    """Returns a mention as a name to show: no brackets, quotation marks, final possessive, date."""
    text = " ".join(re.sub(r"[\[\]\"“”„«»*#]", "", text).split())
    text = re.sub(r"^(?:and|but|or) ", "", text)
    text = _DATE.sub("", text)
    text = re.sub(r" (?:in|at|of|on|for|from|by|with|and)$", "", text.strip(" ,;:.-–—"))
    return re.sub(r"(?:['’]s|(?<=s)['’])$", "", text)


def clean_mention(text: str) -> str:
    """Returns a mention for matching: as shown, without any possessive ending."""
    return _POSSESSIVE.sub("", display_mention(text))


@lru_cache(maxsize=4096)  # an article's names come again and again
def parse_mention(text: str) -> NameParts:
    """Takes a source mention apart.

    Args:
        text: The mention as it stands in the article.

    Returns:
        Its parts; a mention of neither name nor known title comes back as a nameless person's role.
    """
    cleaned = clean_mention(text)
    lower = cleaned.lower()
    if lower in _PRONOUNS:
        gender, plural = _PRONOUNS[lower]
        return NameParts(pronoun=lower, gender=gender, plural=plural)
    core = re.sub(r"^(?:the|a|an) ", "", cleaned, flags=re.IGNORECASE)
    country = _named_country(core)
    if country is not None:
        return NameParts(
            name=display_mention(text),
            country=country,
            kind=SpeakerKind.INSTITUTION,
            government=country,
        )
    if core.lower() in country_adjectives():
        return _inhabitant(text, core)
    parts = _parse_phrase(cleaned)
    if parts.kind is SpeakerKind.INSTITUTION:
        return dataclasses.replace(parts, name=short_mention(text))
    return parts


def short_mention(text: str) -> str:
    """Returns a mention as a name to show, without what is said of it ("…, the least of five")."""
    shown = display_mention(text)
    return re.split(r",\s|\s[–—-]\s|\s(?:which|that|who)\s", shown)[0] or shown


def may_be_source(text: str) -> bool:
    """Whether words may name a speaker: a single common word ("peace") does not."""
    cleaned = clean_mention(text)
    tokens = [t for t in _TOKEN.findall(cleaned) if t.lower() not in words("function_words")]
    if cleaned.lower() in _PRONOUNS:
        return True
    if not tokens:
        return cleaned.lower() in {"one", "both", "another", "others"}
    if len(tokens) > 1 or any(t[0].isupper() for t in tokens):
        return True
    known = _singular(tokens[0]) in words("person_roles") or _is_body_word(tokens[0])
    return known or len(cleaned.split()) > 1


def _named_country(core: str) -> str | None:
    """Returns the code of "Berlin", "the Kremlin", "the German government", else None."""
    lower = core.lower()
    names, adjectives = country_names(), country_adjectives()
    if lower in names:
        return names[lower]
    for suffix in (" government", " authorities", " side", " leadership", " administration"):
        if lower.endswith(suffix):
            stem = clean_mention(lower.removesuffix(suffix)).removeprefix("the ")
            return adjectives.get(stem) or names.get(stem)
    return None


def bodies_named(text: str) -> list[tuple[int, str]]:
    """Returns places and words of the governments and institutions that a text names, in order.

    Those behind "in", "at" and the like are left out: "met in Berlin" speaks of the city.
    """
    out: list[tuple[int, str]] = []
    for match in _BODY.finditer(text):
        if _PLACED.search(text, max(0, match.start() - 12), match.start()):
            continue
        whole = re.sub("^The ", "the ", match.group())
        for start, words_used in ((match.start(), whole), *_words_of(match)):
            if parse_mention(words_used).government:
                out.append((start, words_used))
                break
        else:
            if parse_mention(whole).kind is SpeakerKind.INSTITUTION:
                out.append((match.start(), whole))
    return out


def _words_of(match: re.Match[str]) -> list[tuple[int, str]]:
    """Returns pieces of one or two capitalised words, the last first ("On Monday Paris")."""
    tokens = [t for t in _TOKEN.finditer(match.group()) if t.group()[:1].isupper()]
    found = []
    for i in range(len(tokens) - 1, -1, -1):
        for j in range(min(i + 1, len(tokens) - 1), i - 1, -1):
            start, end = tokens[i].start(), tokens[j].end()
            found.append((match.start() + start, match.group()[start:end]))
    return found


def _inhabitant(text: str, core: str) -> NameParts:
    """Takes "the Norwegian" for a person and "the British", as of many, for their government."""
    code = country_adjectives()[core.lower()]
    if core.lower().endswith(("sh", "ch", "ese", "ss")):
        return NameParts(
            name=display_mention(text), country=code, kind=SpeakerKind.INSTITUTION, government=code
        )
    return NameParts(role=clean_mention(text), country=code, kind=SpeakerKind.PERSON)


def _parse_phrase(cleaned: str) -> NameParts:
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(cleaned)]
    kinds = [_kind_of(token) for token, _, _ in tokens]
    for i in range(len(tokens) - 1):
        # "Jordan Pickford", but "Jordan's king"
        next_to = cleaned[tokens[i][2] : tokens[i + 1][1]] == " "
        if tokens[i][0].lower() in words("given_places") and kinds[i + 1] == "name" and next_to:
            kinds[i] = "name"
    trade = kinds[:3] == ["name", "word", "name"] and tokens[1][0].islower()
    if trade and tokens[1][0] not in words("function_words") and cleaned.count(" ") >= 3:
        kinds[0] = "word"  # "Bulb exporter Ana Weiss" begins a sentence
    heads = _heads(tokens)
    country = _country_in(cleaned)
    gender = _gender(tokens)
    run = _name_run(tokens, kinds, cleaned)
    if run:
        a, b = run
        name = cleaned[tokens[a][1] : tokens[b - 1][2]]
        before = cleaned[: tokens[a][1]].strip(" ,")
        after = re.split(r",? (?:who|which|whose|that) |\s[–—-]\s", cleaned[tokens[b - 1][2] :])[0]
        role = ", ".join(
            x for x in (_article_less(before), _article_less(after.strip(" ,()"))) if x
        )
        return NameParts(
            name=name,
            role=role,
            country=country,
            kind=SpeakerKind.PERSON,
            gender=gender,
            heads=heads,
        )
    # What stands behind a comma describes; the head noun stands before it.
    comma = cleaned.find(", ")
    heading = [t for t in tokens if comma <= 0 or t[1] < comma] or tokens
    known = _heads(heading)
    is_person = _head_is_person(heading) if known else not _looks_institutional(heading)
    kind = SpeakerKind.PERSON if is_person else SpeakerKind.INSTITUTION
    is_body = kind is SpeakerKind.INSTITUTION
    return NameParts(
        name=cleaned if is_body else "",
        role="" if is_body else cleaned,
        country=country,
        kind=kind,
        gender=gender,
        heads=frozenset() if is_body else heads,
    )


def _heads(tokens: list[tuple[str, int, int]]) -> frozenset[str]:
    """Returns the title nouns; a prime minister's is "premier", a spokesman's "spokesperson"."""
    heads = {_singular(t) for t, _, _ in tokens if _singular(t) in words("person_roles")}
    if "pm" in heads or ("minister" in heads and any(t.lower() == "prime" for t, _, _ in tokens)):
        heads = heads - {"pm", "minister"} | {"premier"}
    if heads & {"spokesman", "spokeswoman"}:
        heads = heads - {"spokesman", "spokeswoman"} | {"spokesperson"}
    return frozenset(heads)


def _kind_of(token: str) -> str:
    """Sorts a token: "name", "word" (title, country, common word) or "particle"."""
    lower = token.lower().rstrip(".")
    if lower in words("particles") and token[0].islower():
        return "particle"
    if not token[0].isupper() or lower in words("function_words"):
        return "word"
    if "." in token[:-1] and token.replace(".", "").isupper():
        return "word"
    single = _singular(token)
    if single in words("person_roles") or lower in words("title_words"):
        return "word"
    if lower in words("institution_words") or token in words("acronyms"):
        return "word"
    adjectives = country_adjectives()
    if lower in adjectives or lower.removesuffix("s") in adjectives or lower in country_names():
        return "word"
    if lower in _country_parts():
        return "word"
    if token.isupper() and len(token) > 1 and len(token.rstrip(".")) <= 5 and "." not in token[:2]:
        return "upper"
    return "name"


@cache
def _country_parts() -> frozenset[str]:
    return frozenset(
        part
        for name in (*country_names(), *country_adjectives())
        if " " in name
        for part in name.split()
    )


def _in_body(tokens: list[tuple[str, int, int]], at: int, text: str) -> bool:
    """Whether a token belongs to a body's name ("the Institute for Security Economics")."""
    for k in range(at - 1, -1, -1):
        word = tokens[k][0].lower()
        apart = re.search(r"[,;:()]", text[tokens[k][2] : tokens[k + 1][1]])
        if apart or _singular(word) in words("person_roles"):
            return False
        if word in words("institution_words") and tokens[k + 1][0] in ("of", "for", "on"):
            return True
    return False


def _name_run(
    tokens: list[tuple[str, int, int]], kinds: list[str], text: str
) -> tuple[int, int] | None:
    """Returns the range of tokens that make a person's name, or None.

    The first run of capitalised tokens that are no title, country or body; particles inside count.
    A run that a word of a body follows ("Harlow Institute") or that follows "of" is no person, nor
    is one that a title follows ("Budget Commissioner Ana Weiss", "the National Rally's leader").
    """
    i, n = 0, len(tokens)
    while i < n:
        starts = kinds[i] == "name" or (kinds[i] == "upper" and _upper_name(tokens, kinds))
        if not starts:
            i += 1
            continue
        j = i + 1
        while j < n and not re.search(r"[,;:()]", text[tokens[j - 1][2] : tokens[j][1]]):
            if (
                kinds[j] in ("name", "upper")
                or (kinds[j] == "particle" and "name" in kinds[j + 1 : j + 3])
                or (_is_surname(tokens[j][0]) and "name" not in kinds[j + 1 :])
            ):
                j += 1
            else:
                break
        follower = tokens[j][0].lower() if j < n else ""
        gap = text[tokens[j - 1][2] : tokens[j][1]] if j < n else ""
        body = follower in words("institution_words") and not re.search(r"[,;(]", gap)
        previous = tokens[i - 1][0].lower() if i else ""
        of_place = previous in {"of", "in", "at", "from", "for", "the"} and i > 0
        # "the Committee on Trade and Industry", but "the Committee and Ana Weiss"
        of_body = previous in {"on", "and"} and j == i + 1 and _only_body(tokens[:i])
        of_body = of_body or _in_body(tokens, i, text)
        # "the newspaper Les Deux Rives"
        of_body = of_body or (previous in words("naming_bodies") and not _heads(tokens[:i]))
        if not (body or of_place or of_body) and not _title_follows(tokens, kinds, text, j):
            return i, j
        i = j + 1
    return None


def _only_body(tokens: list[tuple[str, int, int]]) -> bool:
    names = [t for t, _, _ in tokens]
    roles = any(_singular(t) in words("person_roles") for t in names)
    return any(_is_body_word(t) for t in names) and not roles


def _is_surname(token: str) -> bool:
    """Whether a title is a surname as well and written like one ("Tom Baker")."""
    return token[0].isupper() and token.lower() in words("surnames")


def _title_follows(
    tokens: list[tuple[str, int, int]], kinds: list[str], text: str, start: int
) -> bool:
    """Whether a title follows from token `start` on, without a comma or a function word between."""
    for k in range(start, len(tokens)):
        token, begin, _ = tokens[k]
        apart = re.search(r"[,;:()]", text[tokens[k - 1][2] : begin])
        if apart or kinds[k] != "word" or token.lower() in words("function_words"):
            return False
        if _singular(token) in words("person_roles"):
            return not token.isupper()  # "Ana Weiss MP"
    return False


def _upper_name(tokens: list[tuple[str, int, int]], kinds: list[str]) -> bool:
    """Whether capitals are a way of writing names here ("WALLACE:") and not an acronym."""
    return all(k in ("upper", "word") for k in kinds) and max(len(t) for t, _, _ in tokens) > 4


def _singular(token: str) -> str:
    lower = token.lower().rstrip(".")
    roles = words("person_roles")
    if lower in roles:
        return lower
    # "Secretary-General", "lieutenant-colonel", but not "Ana Lloyd-King"
    for part in (lower.split("-")[0], lower.split("-")[-1]) if "-" in lower else ():
        if part in roles and part not in words("surnames"):
            return part
    return lower[:-1] if lower.endswith("s") and lower[:-1] in roles else lower


def _head_is_person(tokens: list[tuple[str, int, int]]) -> bool:
    """Whether the head noun is a person's: the last noun before "of", "for", "in", a comma."""
    head = ""
    for token, _, _ in tokens:
        lower = token.lower()
        if (
            lower in {"of", "for", "in", "at", "from", "with", "on", "who", "close", "familiar"}
            and head
        ):
            break
        head = token
    return _singular(head) in words("person_roles") or not _is_body_word(head)


def _is_body_word(token: str) -> bool:
    return token.lower() in words("institution_words") or token in words("acronyms")


def _looks_institutional(tokens: list[tuple[str, int, int]]) -> bool:
    if any(_is_body_word(t) for t, _, _ in tokens):
        return True
    plain = [t for t, _, _ in tokens if t.lower() not in words("function_words")]
    if not plain:
        return False
    # "the Missouri Republican", but "the Republicans", who are a party
    if plain[-1].lower() in words("party_members"):
        return False
    if any(t.isupper() and 2 <= len(t) <= 6 for t in plain) or all(t[0].isupper() for t in plain):
        return True
    # "the blogger", "the 54-year-old", "the accused", but "the wine estate".
    return not _PERSON_NOUN.search(plain[-1])


def _gender(tokens: list[tuple[str, int, int]]) -> str | None:
    lowers = {t.lower().rstrip(".") for t, _, _ in tokens}
    if lowers & words("female"):
        return "f"
    return "m" if lowers & words("male") else None


def _country_in(text: str) -> str | None:
    """Returns the first country that the words name, by adjective, name or capital."""
    tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(text)]
    for size in (1, 2, 3):
        for i in range(len(tokens) - size + 1):
            phrase = " ".join(clean_mention(t) for t, _ in tokens[i : i + size])
            if not phrase or not phrase[0].isupper():
                continue
            lower = phrase.lower()
            if size == 1 and i + 1 < len(tokens):
                longer = f"{lower} {clean_mention(tokens[i + 1][0]).lower()}"
                if longer in country_adjectives() or longer in country_names():
                    continue
            code = country_adjectives().get(lower) or country_names().get(lower)
            if code:
                return code
    return None


def _article_less(text: str) -> str:
    return re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.IGNORECASE).strip()
