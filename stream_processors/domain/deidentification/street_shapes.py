"""The shapes of street addresses, and of towns where an address says them.

42 CFR 3.206(b)(4)(iv)(A)(2), 45 CFR 164.514(b)(2)(i)(B). In P1 the street goes while town, State and ZIP
code stay; in P2 the town goes too.
"""

import re
from functools import partial

from stream_processors.domain.deidentification.shape import Follows, Shape, Start, one_of
from stream_processors.domain.deidentification.states import STATES

_I = re.IGNORECASE
_WORD = r"[^\W\d_][\w'’.-]{0,30}"
_CAPITALISED = r"[^\W\d_a-z][\w'’.-]{0,40}"
_SIDE = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?\s{1,2})?"
_ORDINAL = r"\d{1,3}(?:st|nd|rd|th)"
_WAYS = (
    *("Street", "St", "Avenue", "Ave", "Road", "Rd", "Boulevard", "Blvd", "Lane", "Ln", "Drive", "Dr", "Court", "Ct", "Way"),
    *("Highway", "Hwy", "Place", "Pl", "Terrace", "Ter", "Crescent", "Cres", "Close", "Square", "Sq", "Circle", "Cir"),
    *("Trail", "Trl", "Parkway", "Pkwy", "Loop", "Turnpike", "Pike", "Alley", "Row", "Plaza", "Hollow", "Ridge", "Mews"),
)
_WAYS_SAID = "|".join((*_WAYS, *map(str.upper, _WAYS)))
_LOWER_WAYS = (
    "street",
    "avenue",
    "ave",
    "road",
    "rd",
    "boulevard",
    "blvd",
    "lane",
    "ln",
    "drive",
    "court",
    "parkway",
    "pkwy",
    "terrace",
)
"""Those that may end a street in lower case: `st`, `dr`, `ct`, `way` and others are words of every ward."""
_NO_STREET = (
    *(
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "by",
        "for",
        "from",
        "and",
        "or",
        "off",
        "per",
        "with",
        "down",
        "up",
        "into",
    ),
    *(
        "was",
        "is",
        "were",
        "had",
        "ran",
        "car",
        "same",
        "this",
        "that",
        "his",
        "her",
        "their",
        "minutes?",
        "mins?",
        "hours?",
        "hrs?",
    ),
    *(
        "miles?",
        "km",
        "lanes?",
        "blocks?",
        "days?",
        "weeks?",
        "feet",
        "ft",
        "meters?",
        "yards?",
        "people",
        "patients?",
        "pts?",
        "wheel",
        "way",
        "units?",
        "hard",
        "disk",
        "flash",
    ),
)
"""No word of a street behind its number: a drive of 20 minutes, two patients down the road."""
_LOWER_STREET = rf"(?:(?!(?:{'|'.join(_NO_STREET)})\b)[a-z][a-z'’.-]{{0,30}}\s{{1,3}}){{1,3}}"
_DOOR = r"(?:,?\s{1,2}(?:[Aa]pt|[Aa]partment|[Uu]nit|[Ss]uite|[Ss]te)\.?\s{0,2}#?(?:\d{1,4}-?[A-Za-z]?|[A-Za-z])(?!\w))?"
_LIVES_AT = ("lives at", "living at", "resides at", "residing at", "address", "home is", "moved to")
_FOREIGN_WAYS = "Calle|Rue|Avenida|Avenue|Via|Camino|Paseo|Plaza|Rua|Viale|Piazza|Boulevard"
_TOWN_STATE_ZIP = rf"{_CAPITALISED}(?:\s{{1,2}}{_CAPITALISED}){{0,3}},?\s{{1,2}}[A-Z]{{2}}\s{{1,2}}\d{{5}}(?!\d)"
_STATE_ZIP = re.compile(r"[A-Z]{2}\s{1,2}\d{5}")
_BOXES = ("po box", "p.o. box", "p.o.box", "p o box", "post office box")
_CODES = tuple(sorted(STATES))

_numbered = partial(Shape, "ADDRESS", start=Start.DIGIT, first_run=(1, 6), after_run=" ")
"""A street behind the number of its house."""

_ORDINAL_MARKS = ("0st ", "0nd ", "0rd ", "0th ")

STREETS = (
    _numbered(
        re.compile(
            rf"\b\d{{1,6}}\s{{1,3}}{_SIDE}(?:{_CAPITALISED}\s{{1,3}}){{0,3}}{_CAPITALISED}\s{{1,3}}(?:{_WAYS_SAID})\b\.?{_DOOR}"
        ),
        marks=("0 ",),
        marks_end_run=True,
        words=frozenset(way.lower() for way in _WAYS),
        follows=Follows.CAPITAL,
    ),
    _numbered(re.compile(rf"\b\d{{1,6}}\s{{1,3}}{_SIDE}{_ORDINAL}\s{{1,3}}(?:{_WAYS_SAID})\b\.?{_DOOR}"), marks=_ORDINAL_MARKS),
    # 81 n 14th rd: an ordinal before a way is a street in any case
    _numbered(re.compile(rf"\b\d{{1,6}}\s{{1,3}}{_SIDE}{_ORDINAL}\s{{1,3}}(?:{_WAYS_SAID})\b", _I), marks=_ORDINAL_MARKS),
    _numbered(
        re.compile(rf"\b\d{{1,6}}\s{{1,3}}{_LOWER_STREET}(?:{'|'.join(_LOWER_WAYS)})\b(?!\s?test)\.?{_DOOR}"),
        marks=("0 ",),
        marks_end_run=True,
        words=frozenset(_LOWER_WAYS),
    ),
    _numbered(
        re.compile(rf"\b\d{{1,6}}\s{{1,3}}(?:{_FOREIGN_WAYS})\s{{1,2}}(?:{_WORD}\s{{1,2}}){{0,3}}{_CAPITALISED}(?!\w)"),
        marks=("0 ",),
        marks_end_run=True,
        words=frozenset(_FOREIGN_WAYS.lower().split("|")),
        follows=Follows.CAPITAL,
    ),
    _numbered(
        re.compile(rf"\b\d{{1,6}}\s{{1,3}}{_CAPITALISED}(?:straße|strasse|gasse|weg|allee|platz)(?!\w)"),
        marks=("stra", "gasse", "weg", "allee", "platz"),
        follows=Follows.CAPITAL,
    ),
    _numbered(  # whatever the street is called, where town, State and ZIP code follow
        re.compile(rf"\b(\d{{1,6}}\s{{1,3}}(?:{_WORD}\s{{1,2}}){{0,5}}[\w'’.#-]{{1,30}}),\s{{1,2}}{_TOWN_STATE_ZIP}"),
        group=1,
        marks=("00000",),
        hint=_STATE_ZIP,
    ),
    Shape(  # lives at 22 north shore dr
        "ADDRESS",
        re.compile(
            rf"{one_of(_LIVES_AT)}\W{{1,3}}(?:(?:is|of|was)\s)?"
            rf"(\d{{1,6}}\s{{1,3}}(?:[^\W\d_][\w'’.-]{{0,30}}\s{{1,3}}){{1,3}}(?:{_WAYS_SAID})\b\.?{_DOOR})",
            _I,
        ),
        1,
        Start.LEAD,
        _LIVES_AT,
        Follows.DIGIT,
    ),
    Shape(
        "ADDRESS",
        re.compile(rf"\b(?:{'|'.join(map(re.escape, _BOXES))})\s{{1,2}}#?\d{{1,6}}\b", _I),
        start=Start.LEAD,
        leads=_BOXES,
        follows=Follows.DIGIT,
    ),
)

TOWNS = (
    Shape(
        "PLACE",
        re.compile(
            rf"(?<![\w'’-])({_CAPITALISED}(?:\s{{1,2}}{_CAPITALISED}){{0,3}}),?\s{{1,2}}(?:{'|'.join(_CODES)})\s\d{{5}}(?!\d)"
        ),
        1,
        start=Start.CAPITAL,
        marks=tuple(f"{state.lower()} 00000" for state in _CODES),
        closes=_CODES,
    ),
)
