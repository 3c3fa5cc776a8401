"""The shapes of dates and of ages over 89, which do not leave in P2: 42 CFR 3.212(a)(2)(i), 45 CFR 164.514(b)(2)(i)(C).

Clock times and days of the week are elements of a date where one stands beside them: tied.py.
"""

import re
from dataclasses import replace

from stream_processors.domain.deidentification.shape import UNITS as _UNITS
from stream_processors.domain.deidentification.shape import Follows, Shape, Start, between, sieve_of

_I = re.IGNORECASE
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_EVERY_MONTH = (
    "jan january feb february mar march apr april may jun june jul july aug august sep sept sepember september"
    " oct october nov november dec december"
)
_MONTHS = tuple(_EVERY_MONTH.split())
"""All that the pattern takes, one slip of the pen included."""
_HUNDREDS = ("hundred", "one hundred", "one-hundred", "a hundred", "a-hundred")
_BEYOND_HUNDRED = (
    r"(?:(?:[\s-]{1,2}and)?[\s-]{1,2}(?:(?:twenty[\s-])?(?:one|two|three|four|five|six|seven|eight|nine)|ten|eleven|twelve|twenty"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|thirty))?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"


def _numeric(pattern: str, *marks: str, first_run: tuple[int, int], kind: str = "DATE", sieve: str = "") -> Shape:
    """A shape that begins with a digit; in a date, case counts for the units that may follow."""
    flags = 0 if kind == "DATE" else _I
    return Shape(
        kind,
        re.compile(pattern, flags),
        start=Start.DIGIT,
        first_run=first_run,
        after_run=_after_run(marks),
        marks=marks,
        marks_end_run=True,
        sieve=re.compile(sieve) if sieve else sieve_of(marks),
    )


def _after_run(marks: tuple[str, ...]) -> str:
    """What comes behind the first digits of all marks, where that is one of the characters between the parts of a number."""
    after = {mark.lstrip("0")[:1] for mark in marks}
    return "".join(sorted(after)) if after <= set("-/.: y") else ""


def _led(
    pattern: str,
    *leads: str,
    follows: Follows = Follows.ANYTHING,
    kind: str = "DATE",
    group: int = 0,
) -> Shape:
    """A shape that begins with a word."""
    return Shape(kind, re.compile(pattern, _I), group, Start.LEAD, leads, follows)


DATES_AND_AGES = (
    _numeric(r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)", "0000-0", "0000/0", "0000.0", first_run=(4, 4)),
    _numeric(
        r"(?<!\d)(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])(?:[-/.]\d{1,2})?(?!\d)", "0000-0", "0000/0", "0000.0", first_run=(4, 4)
    ),
    _numeric(r"(?<!\d)(?:19|20)\d\d(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])(?!\d)", "00000000", first_run=(8, 8)),
    _numeric(
        r"(?<![\d/.-])\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?!\d)",
        *between("0", "-/.", ("0", "00"), "-/.", ("00",)),
        first_run=(1, 2),
    ),
    _numeric(
        r"(?<![\d/.])(?:1[0-2]|0?[1-9])/(?:(?:19|20)\d\d|3[01]|[12]\d|0?[1-9])(?![\d/])" + _UNITS,
        "0/0",
        first_run=(1, 2),
        sieve="0/0(?<!000/0)",
    ),
    Shape(
        "DATE",
        re.compile(rf"\b{_DAY}\W{{0,3}}(?:of\s)?{_MONTH}(?![a-z])\.?(?:\W{{1,3}}(?:\d{{4}}|\d{{2}})\b)?", _I),
        start=Start.DIGIT,
        first_run=(1, 2),
        marks=("0",),
        words=frozenset(f"{ending}{month}" for ending in ("", "st", "nd", "rd", "th") for month in _MONTHS),
    ),
    _led(rf"\b{_MONTH}\b\.?\W{{0,3}}\d(?:\d|st|nd|rd|th){{0,3}}\b(?:\W{{1,3}}\d{{4}}\b)?", *_MONTHS, follows=Follows.DIGIT),
    # May, March and the short forms are words as well: alone they are months behind a preposition only
    Shape(
        "DATE",
        re.compile(rf"\b(?:in|on|since|until|by|of|last|this|next|early|late|mid)[\s-]{{1,3}}({_MONTH})\b", _I),
        1,
        Start.LEAD,
        ("in", "on", "since", "until", "by", "of", "last", "this", "next", "early", "late", "mid"),
        words=frozenset(_MONTHS),
    ),
    _led(
        r"\b(?:january|february|april|june|july|august|september|october|november|december)\b",
        *("january", "february", "april", "june", "july", "august", "september", "october", "november", "december"),
    ),
    _led(
        r"\b(?:(?:christmas|xmas|new year(?:['’]?s)?)(?:\s(?:eve|day))?|easter(?:\s(?:sunday|monday))?"
        r"|thanksgiving(?:\sday)?|labor day|memorial day|independence day|veterans day"
        r"|halloween|valentine['’]?s|fourth of july|juneteenth|mother['’]s day|father['’]s day)\b",
        *("christmas", "xmas", "thanksgiving", "easter", "new year", "labor day", "memorial day", "independence day"),
        *("veterans day", "halloween", "valentine", "valentines", "fourth of july", "juneteenth", "mother", "father"),
    ),
    _led(r"\bon the (\d{1,2}(?:st|nd|rd|th))\b", "on the", follows=Follows.DIGIT, group=1),
    _led(
        r"\b(?:born|dob|birth(?:day|date)?|d\.o\.b\.?)\W{1,4}(?:(?:in|on|is|was|year)\W{1,3}){0,2}(\d[\d/.-]{1,12})",
        *("born", "dob", "birth", "birthday", "birthdate", "d.o.b"),
        follows=Follows.DIGIT,
        group=1,
    ),
    _numeric(
        r"(?<![\d.])(?:9\d|1[0-3]\d)[\s-]{0,3}(?:years?|yrs?|y\.?\s?/?o\b|y/?o\b|yo\b|y\b)",
        *(mark for length in range(4) for mark in between("0", *[" -"] * length, "y")),
        first_run=(2, 3),
        kind="AGE",
    ),
    _led(
        r"\baged?\W{1,3}(?:of\W{1,3}|is\W{1,3})?(9\d|1[0-3]\d)(?!\d)",
        *("age", "aged"),
        follows=Follows.DIGIT,
        kind="AGE",
        group=1,
    ),
    replace(
        _led(
            r"\b(?:s?he|patient|pt|resident|client)\s(?:is|was|turned)\s(9\d|1[0-2]\d)(?=\s(?:and|with|but|who)\b|[,;.](?!\d))",
            *("he", "she", "patient", "pt", "resident", "client"),
            follows=Follows.DIGIT,
            kind="AGE",
            group=1,
        ),
        hint=re.compile(r"\s(?:9\d|1[0-2]\d)[\s,;.]"),
    ),
    _led(
        r"\bninet(?:y|ies)(?:[\s-]{1,2}(?:one|two|three|four|five|six|seven|eight|nine))?\b",
        *("ninety", "nineties"),
        kind="AGE",
    ),
    replace(
        _led(
            r"\b(?:in (?:his|her|their) (?:mid|late|early)?[\s-]?)(90s|100s|hundreds)\b",
            *("in his", "in her", "in their"),
            kind="AGE",
            group=1,
        ),
        words=frozenset({"s", "hundreds"}),
    ),
    _led(
        r"\b(?:super)?centenarians?\b|\bnonagenarians?\b",
        *("supercentenarian", "supercentenarians", "centenarian", "centenarians", "nonagenarian", "nonagenarians"),
        kind="AGE",
    ),
    replace(_led(r"\bone hundred(?:[\s-]\w{2,10}){0,2}[\s-]years?\b", "one hundred", kind="AGE"), words=frozenset({"hundred"})),
    replace(
        _led(rf"\b(?:(?:one|a)[ -])?hundred{_BEYOND_HUNDRED}[\s-]{{1,2}}years?\b", *_HUNDREDS, kind="AGE"),
        words=frozenset({"hundred"}),
    ),
    replace(
        _led(
            rf"\baged?\W{{1,3}}(?:of\W{{1,3}}|is\W{{1,3}})?((?:(?:one|a)[ -])?hundred{_BEYOND_HUNDRED})\b",
            *("age", "aged"),
            kind="AGE",
            group=1,
        ),
        words=frozenset({"hundred"}),
    ),
)
