"""What web pages and agencies put around an article, as a table of patterns.

A block that is furniture is never read for statements, so the rules rather miss some furniture than
take a sentence of the article for it. Every pattern must match a whole block. To extend the
table, add an alternative here and a line to `tests/ingest/test_furniture.py`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 700
"""Code points; longer blocks are body text (the longest furniture is a cookie notice)."""

LIST_HEADER = "list header"
"""Name of the rule for headers such as 'Most read', which open a list of links or tags."""

_REPORTING = re.compile(
    r"\b(?:said|says|told|tells|asked|asks|added|adds|warned|warns|wrote|writes|insisted|argued"
    r"|replied|answered|explained|admitted|stressed|noted|declared|announced)\b",
    re.IGNORECASE,
)
_DECORATION = " \t*_•▪▶►➡→↓«»<>|·✉☰🔴📷📸🎧📌👉⬇\ufe0f\u200b\ufeff"
_BULLET = re.compile(r"^(?:[-–]|#{1,6})\s+")
_SPLIT = re.compile(
    r"\s*[|·•¦\n]\s*"
    r"|\s+(?=(?:(?:First |Last |Originally )?(?:Published|Updated|Posted|Modified)|PUBLISHED|UPDATED)\b)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One kind of furniture.

    Attributes:
        name: What it is, for logs and tests.
        pattern: Matches a whole block with white space collapsed.
        needs: Must also be found in the block; keeps token lists from matching on weak words alone.
        guarded: Whether a reporting verb in the block shows that it is a sentence after all.
        limit: Longest block in code points.
    """

    name: str
    pattern: re.Pattern[str]
    needs: re.Pattern[str] | None = None
    guarded: bool = False
    limit: int = 300

    def matches(self, block: str) -> bool:
        """Whether `block` (white space collapsed, decoration stripped) is this furniture."""
        if len(block) > self.limit or not self.pattern.fullmatch(block):
            return False
        if self.needs is not None and not self.needs.search(block):
            return False
        return not (self.guarded and _REPORTING.search(block))


def furniture_rule(block: str) -> str | None:
    """Returns the name of the rule that makes `block` furniture, or None for text.

    Args:
        block: One paragraph as it stands in the article; white space and line breaks inside it
            do not matter.
    """
    if len(block) > LONGEST:
        return None
    if not any(c.isalnum() for c in block):
        return "separator"
    rule = _match(block)
    if rule is not None:
        return rule
    # 'By Jane Doe | 3 March 2025 | 2 min read': every part must be furniture of its own.
    parts = [part for part in _SPLIT.split(block.strip(_DECORATION + "\n")) if part.strip()]
    if len(parts) > 1 and all(_match(part) for part in parts):
        return "composite"
    return None


def is_furniture(block: str) -> bool:
    """Whether `block` is web furniture and no part of the article's text."""
    return furniture_rule(block) is not None


def _match(block: str) -> str | None:
    plain = _BULLET.sub("", _ascii(" ".join(block.split()).strip(_DECORATION)))
    return next((rule.name for rule in RULES if rule.matches(plain)), None)


def _ascii(block: str) -> str:
    """Replaces letters beyond ASCII by ASCII ones of the same case.

    `re` has no class for capitals of all scripts, and a byline may name Šárka Œuvre or Żak.
    """
    return block if block.isascii() else "".join(map(_ascii_letter, block))


def _ascii_letter(char: str) -> str:
    if char.isascii() or not char.isalpha():
        return char
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else "A" if char.isupper() else "a"


def _one_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(patterns)})[\s.!:…>→»]*", re.IGNORECASE)


def _tokens(*tokens: str, separators: str = r"[\s,;:|/·•>›»()\[\]+&–—-]*") -> re.Pattern[str]:
    # Atomic: a token list that fails at its end must not be tried in every other division.
    return re.compile(rf"(?>{separators}(?:{'|'.join(tokens)})(?!\w){separators})+", re.IGNORECASE)


# --- building blocks: names, places, times ------------------------------------------------

_NOT_NAMES = (
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    "|September|October|November|December|Christmas|Easter|Ramadan|Noon|Midday|Midnight|Dawn"
    "|Dusk|Nightfall|Spring|Summer|Autumn|Fall|Winter|Any|All|Every|Each|This|That|These|Those|Now"
    "|Then|Far|Law|Land|Sea|Air|Force|Order|Decree|Popular|Mid|Early|Late|Next|Last|End|Year"
    "|Contrast|Comparison|Default|Invitation|Doing|Being|Not|No|Its|His|Her|Their|My"
)
_WORD = rf"(?-i:(?!(?:{_NOT_NAMES})\b)[A-Z][\w’'.-]*)"
_PARTICLE = r"(?-i:de|da|do|dos|del|della|di|du|la|le|van|von|der|den|ter|zu|al|el|bin|ibn|y|e) "
_NAME = rf"{_WORD}(?: (?:{_PARTICLE}){{0,2}}{_WORD}){{1,3}}"
_NAMES = rf"{_NAME}(?:(?:, and |, | and | & ){_NAME}){{0,5}}"
_PLACE = rf"(?:the )?{_WORD}(?:[ -]{_WORD}){{0,2}}(?:, {_WORD}(?: {_WORD})?)?"
_ORG = rf"(?:the )?{_WORD}(?: (?:of |the |and |& |for )?{_WORD}){{0,4}}"
_JOB = (
    r"(?:[\w&’'-]+ ){0,5}(?:correspondent|reporter|editor|writer|columnist|bureau chief|journalist"
    rf"|contributor|producer|presenter|photographer|newsroom|desk)s?(?:,? (?:in|for|at|of) {_ORG})?"
)
_SIGNED = (
    rf"{_NAMES}(?: in {_PLACE}(?:(?:, and |, | and | & ){_NAME} in {_PLACE}){{0,3}})?"
    rf"(?:,? (?:for|of|with|and) {_ORG})?(?:(?:,| [|–—-])? {_JOB}|, {_ORG})?"
)
_AGENCY = (
    r"(?-i:AFP|AP|Reuters|REUTERS|Getty(?: Images)?|EPA(?:-EFE)?|EFE|dpa|DPA|PA(?: Media| Wire)?"
    r"|Anadolu(?: Agency)?|Ukrinform|UNIAN|Ukrainska Pravda|Shutterstock|Alamy|iStock|NurPhoto"
    r"|ZUMA(?: Press)?|SIPA|Bloomberg|TASS|Sputnik|Xinhua|Kyodo|ANSA|PAP|ČTK|CTK|BNS|LETA|ERR"
    r"|Scanpix|NTB|TT|Ritzau|Lehtikuva|ANP|Belga|MTI|Agerpres|BTA|POOL|Pool|The Associated Press)"
)
_WEEKDAY = r"(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_STAMP = (
    r"(?:first |last |originally )?(?:published|updated?|posted|modified|created)(?: online)?",
    r"(?:reading|read) time|date|estimated|on|at|by|today|yesterday",
    r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?",
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}",
    r"(?:\d+|an?) ?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|m|h|d)"
    r"[ -](?:ago|read)",
    r"\d+ ?(?:minutes?|mins?)|just now",
    r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?",
    r"(?:GMT|UTC)(?: ?[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}",
    r"(?:BST|CES?T|EES?T|E[SD]?T|P[SD]?T|C[SD]T|MSK|IST)|(?:kyiv|local) time",
    _WEEKDAY,
    _MONTH,
    r"(?:19|20)\d{2}|\d{1,2}(?:st|nd|rd|th)?",
)
_SOCIAL = (
    r"facebook|twitter|x \((?:formerly )?twitter\)|whatsapp|telegram|viber|linkedin|reddit"
    r"|messenger|flipboard|instagram|threads|bluesky|mastodon|pinterest|youtube|tiktok|google news"
)
_COUNTED = r"shares?|likes?|views?|comments?|replies|reply|reposts?|retweets?|reactions?"
_SECTION = (
    r"home(?:page)?|(?:world |top |latest |breaking |uk |us |local )?news|world|politics|business"
    r"|economy|sports?|football|opinions?|comment|analysis|culture|arts|lifestyle|entertainment"
    r"|showbiz|science|tech(?:nology)?|health|travel|weather|money|tv|video|videos|podcasts?|live"
    r"|in pictures|obituaries|puzzles|crosswords?|recipes|exclusive|breaking|just in|latest"
    r"|skip to (?:main )?(?:content|navigation)|skip (?:navigation|links)|menu|close|search|log ?in"
    r"|sign ?in|sign ?up|log ?out|register|subscribe|my account|e-?paper|newsletters?|back to top"
    r"|about(?: us)?|contact(?: us)?|privacy(?: policy| notice)?|cookie (?:policy|settings)"
    r"|terms(?: (?:of (?:use|service)|(?:and|&) conditions))?|advertise(?: with us)?|careers|jobs"
    r"|help|faqs?|rss|site ?map|accessibility|archive|all news|main page|print edition|donate"
)
# What follows 'Read also:'. A whole quotation is what somebody says in a transcript.
_TITLE = r"(?! ?[\"“][^\"”]*[\"”]\Z).+"
# The same after weaker words than 'Read also': nothing quoted, no final stop, nothing reported.
_LINK = rf"(?!.*(?:\.|[\"“”]|{_REPORTING.pattern}))[^.]+"
_LINKWORDS = r"stories|articles|topics|news|posts|content|coverage|links|reading|videos|items|tags"
_HEADER = (
    rf"(?:related|recommended|more|popular|trending|latest|other|similar|further) (?:{_LINKWORDS})",
    r"related|recommended(?: for you)?|(?:you (?:may|might)(?: also)?|you['’]ll) (?:like|enjoy)",
    r"you (?:may|might) (?:also )?be interested in|(?:most|also) (?:read|viewed|popular|watched)",
    r"(?:most )?(?:read|viewed|shared|commented)(?: today| now)?|trending(?: now| today)?",
    r"top (?:stories|reads|picks)|editors?['’]?s? (?:picks?|choice)|must[- ]reads?|don['’]?t miss",
    r"more (?:on|about) this(?: story| topic)?|what to read next|read next|up next|see also",
    r"read (?:also|more)|also read|popular now|topics?|tags?|(?:in|on) this (?:article|topic)",
    rf"more (?:from|in|on) (?:{_ORG}|this (?:author|section|series|show)|our partners)",
    r"categories|filed under|key ?words",
)


# --- the table -------------------------------------------------------------------------------

RULES: tuple[Rule, ...] = (
    Rule(name=LIST_HEADER, pattern=_one_of(*_HEADER), limit=60),
    Rule(
        name="teaser",
        pattern=_one_of(
            rf"(?:read|see|watch|listen)(?: more| also| next| now| live| too| here)? ?[:|–—>»] ?{_TITLE}",
            r"(?:also read|also see|also on|related(?: \w+)?|recommended|in case you missed it|icymi"
            rf"|don['’]?t miss|more on this(?: story)?|previous(?:ly)? on \w+|video) ?[:|>»] ?{_TITLE}",
            r"(?:most (?:read|clicked|viewed|popular|shared)[\w ]{0,12}|you (?:may|might) also [\w ]+"
            r"|also (?:on|in) [\w’' ]{2,30}|(?:bonus )?video|photo gallery|more(?: [\w]+){0,3}"
            rf"|next (?:week|month|issue|time)(?: [\w ]+)?)(?: \(\d+\))? ?: ?{_LINK}",
            rf"(?-i:MORE|LIVE UPDATES|EXPLAINER|RELATED|WATCH|READ) ?[:|–—>»] ?{_TITLE}",
        ),
    ),
    Rule(
        name="teaser",
        pattern=_one_of(
            r"(?:read|see|watch|view|show|load|find out|learn|discover|explore) more"
            r"(?: (?:about|on|from|at|in|here|stories|of) ?[^.!?]*(?: here)?)?",
            r"(?:read|see|watch|view) (?:the )?(?:full|original|complete|entire|whole) "
            r"(?:story|article|interview|text|report|statement|list|video|version|bio)[^.!?]*",
            r"(?:continue|keep) reading[^.!?]*|(?:click|tap|press) (?:here|on|below|to)\b[^.!?]*",
            r"(?:previous|next|older|newer) (?:article|story|post|page)s?|(?:previous|next|back)",
            r"(?:view|see|open|watch|show|hide) (?:the )?(?:image|gallery|photos?|video|pictures?"
            r"|caption|all|less|key events)[^.!?]*|expand|collapse|toggle caption|load(?:ing)?",
            r"to read this (?:article|story) in [^.!?]+|for more (?:stories|news) like this,?[^.!?]*",
            r"what do you think\? (?:let us know|have your say|tell us)[^.!?]*",
            r"go to (?:the )?(?:home ?page|main page|comments)|read (?:us|in) [^.!?]{2,60}",
        ),
        guarded=True,
        limit=160,
    ),
    Rule(
        name="advertisement",
        pattern=_one_of(
            r"(?:advertise?ments?|adverts?|ads?|advertorial|sponsored(?: (?:content|links?|by .+))?"
            r"|promoted(?: content)?|paid (?:content|post|partnership)|partner content"
            r"|advertisement feature|promo)(?:[\s|–—-]+(?:advertisements?|scroll to continue"
            r"(?: with content)?|continue reading below|ad feedback))*",
            r"(?:the )?(?:story|article|content|text) continues (?:below|after)[\w ]*",
            r"(?:scroll|swipe) (?:down )?(?:to continue|for more)[\w ]*|(?:skip|remove|report|hide)"
            r"(?: this)? (?:ads?|advertisements?)|skip past newsletter promotion"
            r"|after newsletter promotion|ad feedback|why (?:you['’]re|am i) seeing this ad\??",
        ),
        limit=120,
    ),
    Rule(
        name="share",
        pattern=_tokens(
            r"share|tweet|pin(?: it)?|e-?mail|print|save(?: for later)?|bookmark|copy link|copied",
            r"link copied|send|embed|join|like|follow",
            _SOCIAL,
            _COUNTED,
            r"x|more|via|on|to|by|with|friends?|social media|a|an|this|the|article|story|post|page|options|link",
            r"listen to the debate|listen|[\d.,]+ ?[km]?",
        ),
        needs=re.compile(
            rf"\b(?:share|tweet|e-?mail|print|save|bookmark|copy link|link copied|{_SOCIAL})\b"
            rf"|\d[\d.,]* ?[km]? ?(?:{_COUNTED})\b|\b(?:{_COUNTED}) ?\(?\d",
            re.IGNORECASE,
        ),
        limit=160,
    ),
    Rule(
        name="comments",
        pattern=_one_of(
            r"(?:no|\d[\d,.]*|view|show|read|see|all|leave|add|post|write|hide)(?: an?| all| the)?"
            r" comments?(?: ?\(?\d*\)?)(?: yet)?(?<!no comment)",
            r"comments|comments (?:are|have been) (?:closed|open|disabled|turned off)\b.{0,60}",
            r"(?:join|start) the (?:conversation|discussion|debate)|have your say[^.!?]*",
            r"(?:log|sign) in to (?:comment|reply|post)[\w ]*|report (?:a|an) (?:typo|error|mistake)",
            r"if you (?:notice|find|see|spot|have found) (?:an?|any) (?:\w+ )?(?:error|mistake|typo)"
            r"s?.*|did you (?:find|notice|spot) (?:an?|any) (?:error|mistake|typo)s?\b.*",
        ),
        limit=160,
    ),
    Rule(
        name="byline",
        pattern=_one_of(
            rf"(?:by|(?:words|written|story|text|posted|reported|produced|analysis) by:?"
            rf"|authors?:|written by:) {_SIGNED}",
            rf"by:? (?:our |the )?(?:{_AGENCY}|(?:foreign |web |news )?staff(?: writers?| reporters?)?"
            r"|agencies|news ?desk|web desk|newsroom|editorial (?:board|team)|a staff reporter"
            rf"|[\w ]{{2,30}} (?:correspondent|reporter|newsroom|news ?desk))(?: in {_PLACE})?"
            rf"(?: staff)?",
            rf"{_NAMES}(?:,| [|–—-]) {_JOB}|interview(?:er)?: {_NAMES}",
            r"(?:(?-i:[A-Z])[\w’'-]+ ){1,3}(?:correspondent|reporter|editor|columnist|bureau chief)",
            rf"{_AGENCY}(?:[ ,/]+(?:and )?{_AGENCY}){{0,4}}",
        ),
        limit=200,
    ),
    Rule(
        name="credits",
        pattern=_one_of(
            r"[—–-]* ?[(\[]?(?:(?:additional|with|further|extra) )?(?:reporting|writing|editing|graphics"
            r"|compiled|translation|translated|edited|adapted|writing and editing"
            r"|reporting and writing|production|fact-?checking)(?: and \w+)?(?: (?:by|from)|:)"
            r"(?-i: )[^.!?]+(?:[.;] ?[^!?]+)*[)\]]?",
            r"[—–-]* ?\(?with (?:assistance|reporting|contributions|files|material|input) (?:from|by) .+",
            r"(?:[\w’'.,& -]+) contributed(?: reporting)? to this (?:report|story|article)",
            r"our standards ?: .+|[(\[]?(?:ends?|/ends|more to (?:follow|come)|more soon)[)\]]?",
            r"(?:this is a )?(?:breaking|developing)(?: news)? story\b.{0,120}"
            r"|this (?:breaking |developing )?(?:news )?story (?:is being|has been|will be) updated.*"
            r"|(?:please )?(?:check back|refresh the page) (?:here )?for .{0,60}",
            r"(?:\(\w{2,4}\) )?[a-z]{2,4}(?:/ ?[a-z]{2,4})+/?(?: \([^)]*\))?",
        ),
        guarded=True,
    ),
    Rule(
        name="timestamp",
        pattern=_tokens(*_STAMP, separators=r"[\s,;:|·•/()–—]*(?:- ?)?"),
        needs=re.compile(
            r"\d{1,2}[:.h]\d{2}|\d{4}-\d\d-\d\d|\d[./]\d{1,2}[./]\d|\b(?:ago|read|published|updated?"
            rf"|posted)\b|\b{_MONTH} ?\d|\d(?:st|nd|rd|th)? {_MONTH}|\d ?[ap]\.?m\b",
            re.IGNORECASE,
        ),
        limit=160,
    ),
    Rule(
        name="caption",
        pattern=_one_of(
            r"(?:(?:file|stock|handout|illustrative|cover|main|archive) )?(?:photo(?:graph|s)?|image"
            r"|picture|pic|video|illustration|graphic|chart|map|screenshot|screengrab|foto|fot)"
            r"(?: (?:credit|source|caption|courtesy|illustration|by|of))?s? ?[.:,|] ?.+",
            r"(?:image|media|photo|picture|video) (?:credit|source|caption|copyright)s?\b.*",
            r"(?:photo(?:graph)?|picture|image|illustration|screenshot|video)s? (?:by|from|courtesy of|via) .+",
            r"(?:illustrative|stock|file|archive|handout) (?:photo|image|picture)s?",
            r"(?:credits?|pictured|photo credit|caption) ?: ?.+|(?-i:FILE(?: PHOTO)?) ?[:–—-] ?.+",
            rf"[\[(](?:{_NAME}|{_AGENCY}|[\w .’'-]+)/ ?[^\])]+[\])]|[\[(]?AP Photo/.+",
            rf"(?:© ?)?{_NAME} ?/ ?(?:{_AGENCY}|{_WORD}(?: {_WORD}){{0,2}})(?:/{_WORD}(?: {_WORD})?)?",
            rf"[\[(]?(?:© ?)?{_AGENCY}(?:[ ,]*(?:/|via|-) ?{_AGENCY})?[\])]?",
            # A caption that is a sentence shows by the credit at its end alone.
            r".+[\[(](?:AP Photo|(?:file |handout )?(?:photo|image|picture|credit|screenshot"
            rf"|courtesy)\b)[^\])]*[\])]|.+[\[(][^\])/]{{2,60}}/ ?{_AGENCY}[^\])]*[\])]",
            r".+[\w.!?\"”’)] (?-i:Photo(?:graph)?|Image|Picture|Credit|Fot\.|Foto)(?: by|:)? ?"
            r"(?<=[:y.] )(?-i:[A-Z])[^.!?]{1,60}(?:\. ?\w+)?",
            r".+[.!?\"”] ?© [^.!?]{2,60}",
        ),
    ),
    Rule(
        name="newsletter",
        pattern=_one_of(
            r"(?:please )?(?:sign up|subscribe|register|get|join|receive|download|install|try)\b.*\b"
            r"(?:newsletters?|inbox|e-?mails?|alerts|(?:our|the)(?: [\w’']+){0,4} app|notifications"
            r"|podcast|our [\w ]*channel|telegram|whatsapp|viber|youtube|free trial)\b.*",
            r"support\b.*\b(?:journalism|newsroom|patrons?|subscription|donation)\b.*",
            r"(?:sign up|subscribe)(?: [\w’']+){0,5} (?:here|now|today|for free|account|briefing).*",
            r"(?:sign up|subscribe|register|donate|support us|join us|log in|sign in)"
            r"(?: (?:now|today|here|free|for free|to continue(?: reading)?|to read more))?",
            r"(?:become|be) (?:an? |our )(?:member|supporter|patron|subscriber).*",
            r"(?:already |not )(?:an? )?(?:subscriber|subscribed|member|registered)\b.*",
            r"(?:enter )?your e-?mail(?: address)?.*|by (?:signing up|subscribing|clicking|entering)"
            r"\b.*\b(?:agree|accept|consent|policy|terms)\b.*|thank you for (?:signing|subscrib).*",
            r"this (?:article|story|content) is (?:for|only|available|exclusive)\b.*subscribers.*",
            r"(?:want|looking for) more\b.*\b(?:newsletter|sign up|subscribe|app)\b.*",
            r"(?:do you have|have|got) an? (?:news )?(?:story|tip)\b.*\b(?:e-?mail|contact|call|ring"
            r"|us|touch|newsroom)\b.*|(?:was this )?forwarded (?:to you|this \w+)\?.*|unsubscribe\b.*"
            r"|you(?: are|['’]re) receiving this .*|write to us ?(?:[:.]|at\b).*|get in touch with (?:us|our \w+ team)\b.*|contact us (?:at|on|by).*"
            r"|for more stories like this\b.*|read our (?:privacy|cookie).*|e-?mail us at.*"
            r"|(?:the )?[\w ]*newsletters?",
        ),
        guarded=True,
    ),
    Rule(
        name="cookies",
        pattern=_one_of(
            r".*\bcookies?\b.*\b(?:we use|this (?:web)?site|accept|consent|your browser|preferences"
            r"|settings|policy|partners|agree)\b.*",
            r".*\b(?:we|this (?:web)?site|our partners|you agree|accept)\b.*\bcookies?\b.*",
            r"(?:accept|reject|allow|manage|decline)(?: all)?(?: (?:cookies|preferences|settings))?"
            r"|(?:please )?(?:enable|turn on) javascript\b.*|your browser does not support\b.*"
            r"|this site is protected by .*|(?:manage|update) (?:your )?(?:privacy|consent)\b.*",
        ),
        guarded=True,
        limit=LONGEST,
    ),
    Rule(
        name="follow",
        pattern=_one_of(
            r"(?:follow(?: [\w@.&’'-]+){1,7}|(?:like|find|join|read|watch) us|subscribe to us"
            r"|add [\w.&’' -]{2,40} as an? [\w ]*source) (?:on|in|via|at)"
            rf" (?:(?:{_SOCIAL}|x|google|social media|our|the|page|channel|and|or|&)\b|[ ,&]|@\w+)+"
            r"(?:(?:for|to) [^.!?]{0,80})?",
            r"follow (?:us|@\w+)[^.!?]*|follow(?: our| the)? (?:live|latest)\b[^.!?]*"
            r"|follow(?: topic| author| this topic)?",
        ),
        guarded=True,
        limit=160,
    ),
    Rule(
        name="copyright",
        pattern=_one_of(
            r"(?:©|\(c\)|copyright (?:\d{4}|©|\(c\)|by\b|[\w &]{2,40} \d{4})).*",
            rf"copyright {_ORG}(?:\. [^.]{{0,60}})?",
            r"(?:.{0,120}[.,] ?)?all rights reserved.{0,200}",
            r"this (?:material|article|content) (?:may|must|cannot|can) (?:not )?be "
            r"(?:published|reproduced|republished|copied|broadcast|redistributed).*",
            r".{2,60} is not responsible for the content of external (?:web)?sites.*",
            r"(?:any )?(?:use|reproduction|reprint|republication) of (?:the )?materials?\b.*",
        ),
        guarded=True,
        limit=500,
    ),
    Rule(
        name="tags",
        pattern=_one_of(
            r"(?:tags?|topics?|filed under|tagged(?: (?:as|with|in))?|categor(?:y|ies)|key ?words"
            r"|related topics|more about|in this (?:article|story)) ?[:|] ?.+",
            r"#\w+(?:[\s,]+#\w+)*|https?://\S+|(?:www|pic)\.[\w.-]+/?\S*",
        ),
        guarded=True,
    ),
    Rule(
        name="listen",
        pattern=_one_of(
            r"listen(?: now)?(?: to (?:this|the) (?:article|story|audio|episode|podcast)[^.!?]*)?"
            r"(?: ?[(·|–-]? ?\d+[:\d]* ?(?:min(?:ute)?s?)?\)?)?|you can now listen to .+|newyou can .+",
            r"\d{1,2}:\d{2} ?/ ?\d{1,2}:\d{2}|(?:play|watch|pause|mute|unmute)(?: (?:video|audio|on"
            r" youtube|live|now|here))?|(?:audio|video|media) (?:player|unavailable)(?: is loading)?"
            r"|this (?:article|audio|story) (?:is|was) (?:auto-generated|narrated|read aloud).*"
            r"|now playing|video player is loading|text to speech|audio by \w+",
        ),
        limit=160,
    ),
    Rule(
        name="navigation",
        pattern=_tokens(_SECTION, r"and|war|us|uk|europe|ukraine"),
        needs=re.compile(rf"\b(?:{_SECTION})\b", re.IGNORECASE),
    ),
    Rule(
        name="navigation",
        pattern=re.compile(
            r"(?:home|news|main|world) ?[>›»/] ?[^.!?]+|\d{1,3} (?:of|/) \d{1,3}", re.IGNORECASE
        ),
        limit=160,
    ),
)
