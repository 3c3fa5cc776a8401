"""The shapes of identifiers: numbers, addresses, dates, ages, names behind a title. Every repetition is bounded.

Bounded repetitions keep the work linear in the text: a hostile narrative costs no more than a long one.
"""

import re
from dataclasses import dataclass

from schemas.grades import Grade

_I = re.IGNORECASE
_NAME = r"[^\W\d_a-z][\w'’-]{1,40}"  # a capitalised word
_MIXED = r"[^\W\d_a-z](?=[\w'’-]{0,40}[a-z])[\w'’-]{1,40}"  # one that is not all capitals: the whole text may be
_UNITS = r"(?!\s?(?:units?|iu|mcg|mg|ml|mm|cm|kg|g|l|u|meq|mmol|mmhg|tab(?:let)?s?|caps?(?:ules?)?|strength|ns|doses?|cups?)\b)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of identifier. `group` is what is removed: 0 the whole match, 1 what follows a label or title."""

    kind: str
    pattern: re.Pattern[str]
    group: int = 0


_DIRECT = (
    Shape("ZIP", re.compile(r"(?<![\w.,/-])\d{5}(?:-\d{4})?(?![\w/-])" + _UNITS)),
    Shape("EMAIL", re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")),
    Shape("URL", re.compile(r"\b(?:https?|ftp)://\S{1,2000}|\bwww\.\S{1,2000}", _I)),
    Shape("URL", re.compile(r"\b[a-z0-9-]{1,63}\.(?:com|org|net|edu|gov|mil|io|us|info)\b(?:/\S{0,2000})?", _I)),
    Shape("IP", re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")),
    Shape("IP", re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", _I)),
    Shape("IP", re.compile(r"(?<!\w)[0-9a-f:]{0,30}::[0-9a-f]{1,4}", _I)),
    Shape("SSN", re.compile(r"(?<!\d)\d{3}[- .]\d{2}[- .]\d{4}(?!\d)")),
    Shape("PHONE", re.compile(r"(?<!\d)(?:\+?1[-. ]{0,2})?\(?\d{3}\)?[-. /]{1,3}\d{3}[-. ]{1,2}\d{4}(?!\d)")),
    Shape("PHONE", re.compile(r"(?<![\d-])\d{3}[-.]\d{4}(?![\d-])")),
    Shape(
        "PHONE",
        re.compile(r"\b(?:ext|extension|pager|beeper|fax|phone|tel)\b\W{0,4}(?:number\W{1,3}|no\W{1,3})?(\d[\d-]{2,14})", _I),
        1,
    ),
    Shape(
        "ID",
        re.compile(
            r"\b(?:mrns?|medical record|acct|accounts?|encounter|csn|har|fin|visit|npi|dea|license|licence|badge|employee"
            r"|policy|member|plan|serial|lot|udi|case|incident|event|ssn)\b\W{0,4}(?:(?:number|num|no|nr|id|is|was|#)\W{1,4}){0,3}"
            r"([a-z]{0,6}-?\d[\w-]{1,40})",
            _I,
        ),
        1,
    ),
    Shape("ID", re.compile(r"(?<![\w.])\d{6,40}(?!\w)" + _UNITS)),
    Shape("ID", re.compile(r"(?<![\w.-])\d(?:-?\d){8,40}(?!\w)" + _UNITS)),  # longer than a date, which stays in P1
    Shape("ID", re.compile(r"\b[a-z]{1,6}-?\d{4,40}[a-z0-9]{0,10}\b", _I)),
    Shape(
        "ADDRESS",
        re.compile(
            rf"\b\d{{1,6}}\s{{1,3}}(?:{_NAME}\s{{1,3}}){{1,4}}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Court|Ct"
            r"|Way|Highway|Hwy|Place|Terrace)\b"
        ),
    ),
    Shape(
        "NAME",
        re.compile(rf"\b(?i:dr|doctor|mr|mrs|ms|miss|prof|professor)\b\.?\s{{1,3}}({_NAME}(?:\s{{1,2}}{_NAME}){{0,2}})"),
        1,
    ),
    # in any case; but MS is a disease
    Shape("NAME", re.compile(r"\b(?:(?i:dr|mr|mrs|prof)|[Mm]s)\b\.?\s{1,3}([^\W\d_][\w'’-]{1,40})"), 1),
    Shape(
        "NAME",
        re.compile(
            r"\b(?i:nurse|rn|sister|pharmacist|physician|surgeon|resident|attending|technician|tech|therapist|aide|midwife)\b"
            rf"\.?\s{{1,3}}({_NAME}(?:\s{{1,2}}{_NAME}){{0,2}})"
        ),
        1,
    ),
    Shape(
        "NAME",
        re.compile(
            r"\b(?i:patient|pt|mother|father|wife|husband|son|daughter)\b"
            rf"\.?\s{{1,3}}({_MIXED}(?:\s{{1,2}}{_MIXED}){{0,2}})"
        ),
        1,
    ),
    Shape(
        "NAME",
        re.compile(
            rf"\b({_NAME}(?:\s{{1,2}}{_NAME}){{0,2}}),?\s{{1,3}}(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|L\.?P\.?N\.?|C\.?N\.?A\.?|N\.?P\.?|P\.?A\.?-C"
            r"|Pharm\.?D\.?|C\.?R\.?N\.?A\.?)(?!\w)"
        ),
        1,
    ),
    Shape(
        "FACILITY",
        re.compile(
            rf"\b(?:{_NAME}\.?\s{{1,3}}){{1,4}}(?:Hospital|Medical Center|Clinic|Health System|Healthcare|Nursing Home|Pharmacy"
            r"|Hospice|Infirmary|Surgery Center)\b"
        ),
    ),
)

_DATES_AND_AGES = (
    Shape("DATE", re.compile(r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)")),
    Shape("DATE", re.compile(r"(?<!\d)(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])(?:[-/.]\d{1,2})?(?!\d)")),
    Shape("DATE", re.compile(r"(?<!\d)(?:19|20)\d\d(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])(?!\d)")),
    Shape("DATE", re.compile(r"(?<![\d/.-])\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?!\d)")),
    Shape("DATE", re.compile(r"(?<![\d/.])(?:1[0-2]|0?[1-9])/(?:(?:19|20)\d\d|3[01]|[12]\d|0?[1-9])(?![\d/])" + _UNITS)),
    Shape("DATE", re.compile(rf"\b{_DAY}\W{{0,3}}(?:of\s)?{_MONTH}(?![a-z])\.?(?:\W{{1,3}}(?:\d{{4}}|\d{{2}})\b)?", _I)),
    Shape("DATE", re.compile(rf"\b{_MONTH}\b\.?\W{{0,3}}\d(?:\d|st|nd|rd|th){{0,3}}\b(?:\W{{1,3}}\d{{4}}\b)?", _I)),
    # May, March and the short forms are words as well: alone they are months behind a preposition only
    Shape("DATE", re.compile(rf"\b(?:in|on|since|until|by|of|last|this|next|early|late|mid)[\s-]{{1,3}}({_MONTH})\b", _I), 1),
    Shape(
        "DATE",
        re.compile(r"\b(?:january|february|april|june|july|august|september|october|november|december)\b", _I),
    ),
    Shape("DATE", re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b", _I)),
    Shape(
        "DATE",
        re.compile(
            r"\b(?:christmas|xmas|thanksgiving|easter|new year(?:['’]?s)?|labor day|memorial day|independence day|veterans day"
            r"|halloween|valentine['’]?s|fourth of july|juneteenth|mother['’]s day|father['’]s day)\b",
            _I,
        ),
    ),
    Shape("DATE", re.compile(r"\bon the (\d{1,2}(?:st|nd|rd|th))\b", _I), 1),
    Shape(
        "DATE",
        re.compile(
            r"\b(?:born|dob|birth(?:day|date)?|d\.o\.b\.?)\W{1,4}(?:(?:in|on|is|was|year)\W{1,3}){0,2}(\d[\d/.-]{1,12})", _I
        ),
        1,
    ),
    Shape("TIME", re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])(?:\s?[ap]\.?m\b\.?)?", _I)),
    Shape("TIME", re.compile(r"\b\d{1,2}\s?(?:a\.?m|p\.?m)\b\.?|\b\d{4}\s?(?:hrs|hours|h)\b", _I)),
    Shape("AGE", re.compile(r"(?<![\d.])(?:9\d|1[0-3]\d)[\s-]{0,3}(?:years?|yrs?|y\.?\s?/?o\b|y/?o\b|yo\b|y\b)", _I)),
    Shape("AGE", re.compile(r"\baged?\W{1,3}(?:of\W{1,3}|is\W{1,3})?(9\d|1[0-3]\d)(?!\d)", _I), 1),
    Shape("AGE", re.compile(r"\bninet(?:y|ies)(?:[\s-]{1,2}(?:one|two|three|four|five|six|seven|eight|nine))?\b", _I)),
    Shape("AGE", re.compile(r"\b(?:in (?:his|her|their) (?:mid|late|early)?[\s-]?)(90s|100s|hundreds)\b", _I), 1),
    Shape("AGE", re.compile(r"\b(?:super)?centenarians?\b|\bnonagenarians?\b", _I)),
    Shape("AGE", re.compile(r"\bone hundred(?:[\s-]\w{2,10}){0,2}[\s-]years?\b", _I)),
    Shape("LOCATION", re.compile(r"\b(?:room|rm|bed|bay|suite|floor)\b\W{0,3}(\d{1,4}[a-z]?)\b", _I), 1),
)

SHAPES = {Grade.P1: _DIRECT, Grade.P2: _DATES_AND_AGES + _DIRECT}
"""What has to go, by the grade that the text goes to: dates and ages over 89 stay in P1, 42 CFR 3.206(b)(4)(iv)."""

KINDS = tuple(sorted({shape.kind for shape in SHAPES[Grade.P2]} | {"UNIT", "PLACE"}))
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})(?:-\d{{1,6}})?\]")
"""What stands where something was removed."""
