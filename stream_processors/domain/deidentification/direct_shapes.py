"""The shapes of direct identifiers: numbers, addresses, names behind a title. Every repetition is bounded.

Bounded repetitions keep the work linear in the text: a hostile narrative costs no more than a long one.
"""

import re
from string import ascii_lowercase

from stream_processors.domain.deidentification.shape import UNITS as _UNITS
from stream_processors.domain.deidentification.shape import Follows, Shape, Start, between, one_of, sieve_of

_I = re.IGNORECASE
_NAME = r"[^\W\d_a-z][\w'’-]{1,40}"  # a capitalised word
_MIXED = r"[^\W\d_a-z](?=[\w'’-]{0,40}[a-z])[\w'’-]{1,40}"  # one that is not all capitals: the whole text may be

_DIALLED = ("ext", "extension", "pager", "beeper", "fax", "phone", "tel")
_NUMBERED = (
    *("mrn", "mrns", "medical record", "acct", "account", "accounts", "encounter", "csn", "har", "fin", "visit", "npi", "dea"),
    *("license", "licence", "badge", "employee", "policy", "member", "plan", "serial", "lot", "udi", "case", "incident"),
    *("event", "ssn"),
)
_TITLES = ("dr", "doctor", "mr", "mrs", "ms", "miss", "prof", "professor")
_ROLES = (
    *("nurse", "rn", "sister", "pharmacist", "physician", "surgeon", "resident", "attending", "technician", "tech"),
    *("therapist", "aide", "midwife"),
)
_NO_NAME = "and|to|was|is|in|on|at|for|who|with|then|from|by|the|said|did|has|had|came|of|as|not"
"""In lower case behind a title without its name: `called dr and waited`, `5 north shore dr and`."""
_RELATIONS = ("patient", "pt", "mother", "father", "wife", "husband", "son", "daughter")
_CENTERS = (
    *("Medical", "Surgery", "Surgical", "Infusion", "Dialysis", "Health", "Healthcare", "Cancer", "Imaging", "Rehabilitation"),
    *("Rehab", "Wellness", "Birth", "Eye", "Heart"),
)
_HOUSES = (
    *("Hospital", "Clinic", "Polyclinic", "Health System", "Healthcare", "Nursing Home", "Nursing and Rehab", "Pharmacy"),
    *("Hospice", "Infirmary", "Sanatorium", "Medical Group", "Family Practice", "Family Medicine", "Urgent Care"),
)
_FACILITIES = rf"(?:{'|'.join(_CENTERS)})\s(?:Center|Centre)|{'|'.join(_HOUSES)}"
_WINGS = ("Pavilion", "Tower", "Building", "Wing", "Annex")
_NO_WHO = "North|South|East|West|New|Old|Main|Upper|Lower|Front|Back|The|This|That|Each|Office|Entire|Whole|Other|Left|Right"
"""What stands before a wing and names nobody."""
_CREDENTIALS_BEGIN = (
    *("MD", "M.D", "DO", "D.O", "RN", "R.N", "LPN", "LP.N", "L.P", "CNA", "CN.A", "C.N", "CRN", "CR.N", "C.R", "NP", "N.P"),
    *("PA-", "PA.", "P.A", "Pharm"),
)
_CREDENTIALS = r"\s(?:M\.?D|D\.?O|R\.?N|L\.?P|C\.?[NR]|N\.?P|P\.?A|Pharm)"
_CODE = re.compile("0000(?:(?<=[a-z]0000)|(?<=[a-z]-0000))")


_GAPS = ("-", ".", " ", *between(("-", ".", " "), ("-", ".", " ")))
_TELEPHONE = between(("000",), _GAPS, ("0000",))
_DOMAINS = (".com", ".org", ".net", ".edu", ".gov", ".mil", ".io", ".us", ".info")

DIRECT = (
    Shape(
        "ZIP",
        re.compile(r"(?<![\w.,/-])\d{5}(?:-\d{4})?(?![\w/-])" + _UNITS),
        start=Start.DIGIT,
        first_run=(5, 5),
        marks=("00000",),
    ),
    Shape("EMAIL", re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}"), start=Start.NEAR, marks=("@",), reach=64),
    Shape(
        "URL",
        re.compile(r"\b(?:https?|ftp)://\S{1,2000}|\bwww\.\S{1,2000}", _I),
        start=Start.NEAR,
        marks=("://", "www."),
        reach=5,
        before="htpsf",
    ),
    Shape(
        "URL",
        re.compile(r"\b[a-z0-9-]{1,63}\.(?:com|org|net|edu|gov|mil|io|us|info)\b(?:/\S{0,2000})?", _I),
        start=Start.NEAR,
        marks=_DOMAINS,
        sieve=sieve_of(_DOMAINS),
        reach=63,
        before=f"{ascii_lowercase}0-",
    ),
    Shape(
        "IP",
        re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)"),
        start=Start.DIGIT,
        first_run=(1, 3),
        after_run=".",
        marks=("0.0.0", "0.00.0", "0.000.0"),
        marks_end_run=True,
    ),
    Shape(
        "IP",
        re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", _I),
        start=Start.NEAR,
        marks=(":",),
        least=3,
        hint=re.compile(r":[0-9a-f]{1,4}:[0-9a-f]{1,4}:", _I),  # three times of day have as many colons
        reach=4,
        before="0abcdef",
    ),
    Shape(
        "IP",
        re.compile(r"(?<!\w)[0-9a-f:]{0,30}::[0-9a-f]{1,4}", _I),
        start=Start.NEAR,
        marks=("::",),
        reach=30,
        before="0abcdef:",
    ),
    Shape(
        "SSN",
        re.compile(r"(?<!\d)\d{3}[- .]\d{2}[- .]\d{4}(?!\d)"),
        start=Start.DIGIT,
        first_run=(3, 3),
        after_run="- .",
        marks=("00-0000", "00.0000", "00 0000"),
    ),
    Shape(
        "PHONE",
        re.compile(r"(?<!\d)(?:\+?1[-. ]{0,2})?(?:\(\d{3}\)[-. /]{0,3}|\(?\d{3}\)?[-. /]{1,3})\d{3}[-. ]{1,2}\d{4}(?!\d)"),
        start=Start.DIALLED,
        first_run=(3, 4),
        after_run=")-. /",
        or_run=(1, 1, "-. ("),
        marks=_TELEPHONE,
        sieve=sieve_of(_TELEPHONE),
    ),
    Shape(
        "PHONE",
        re.compile(r"(?<![\d-])\d{3}[-.]\d{4}(?![\d-])"),
        start=Start.DIGIT,
        first_run=(3, 3),
        after_run="-.",
        marks=("000-0000", "000.0000"),
        marks_end_run=True,
    ),
    Shape(
        "PHONE",
        re.compile(one_of(_DIALLED) + r"\W{0,4}(?:number\W{1,3}|no\W{1,3})?(\d[\d-]{2,14})", _I),
        1,
        Start.LEAD,
        _DIALLED,
        Follows.DIGIT,
    ),
    Shape(
        "ID",
        re.compile(
            one_of(_NUMBERED) + r"\W{0,4}(?:(?:number|num|no|nr|id|is|was|#)\W{1,4}){0,3}([a-z]{0,6}-?\d[\w-]{1,40})",
            _I,
        ),
        1,
        Start.LEAD,
        _NUMBERED,
        Follows.DIGIT,
    ),
    Shape("ID", re.compile(r"(?<![\w.])\d{6,}(?!\w)" + _UNITS), start=Start.DIGIT, first_run=(6, 1_000_000), marks=("000000",)),
    Shape(  # longer than a date, which stays in P1
        "ID",
        re.compile(r"(?<![\w.-])\d(?:-?\d){8,40}(?!\w)" + _UNITS),
        start=Start.DIGIT,
        first_run=(9, 1_000_000),
        or_run=(1, 8, "-"),
        marks=("000000000", "0-0"),
        sieve=re.compile("0(?:-?0){8}"),
    ),
    Shape(
        "ID",
        re.compile(r"\b[a-z]{1,6}-?\d{4,40}[a-z0-9]{0,10}\b", _I),
        start=Start.CODE,
        first_run=(4, 40),
        marks=between(ascii_lowercase, ("0000", "-0000")),
        sieve=_CODE,
    ),
    Shape(
        "NAME",
        re.compile(rf"(?i:{one_of(_TITLES)})\.?\s{{1,3}}({_NAME}(?:\s{{1,2}}{_NAME}){{0,2}})"),
        1,
        Start.LEAD,
        _TITLES,
        Follows.CAPITAL,
    ),
    # in any case; but MS is a disease
    Shape(
        "NAME",
        re.compile(rf"\b(?:(?i:dr|mr|mrs|prof)|[Mm]s)\b\.?\s{{1,3}}(?!(?:{_NO_NAME})\b)([^\W\d_][\w'’-]{{1,40}})"),
        1,
        Start.LEAD,
        ("dr", "mr", "mrs", "prof", "ms"),
        Follows.WORD,
    ),
    Shape(
        "NAME",
        re.compile(rf"(?i:{one_of(_ROLES)})\.?\s{{1,3}}({_NAME}(?:\s{{1,2}}{_NAME}){{0,2}})"),
        1,
        Start.LEAD,
        _ROLES,
        Follows.CAPITAL,
    ),
    Shape(
        "NAME",
        re.compile(rf"(?i:{one_of(_RELATIONS)})\.?\s{{1,3}}({_MIXED}(?:\s{{1,2}}{_MIXED}){{0,2}})"),
        1,
        Start.LEAD,
        _RELATIONS,
        Follows.CAPITAL,
    ),
    Shape(
        "NAME",
        re.compile(
            rf"\b({_NAME}(?:\s{{1,2}}{_NAME}){{0,2}}),?\s{{1,3}}(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|L\.?P\.?N\.?|C\.?N\.?A\.?|N\.?P\.?|P\.?A\.?-C"
            r"|Pharm\.?D\.?|C\.?R\.?N\.?A\.?)(?!\w)"
        ),
        1,
        Start.CAPITAL,
        hint=re.compile(_CREDENTIALS),
        closes=_CREDENTIALS_BEGIN,
    ),
    Shape(
        "FACILITY",
        re.compile(rf"\b(?:{_NAME}\.?\s{{1,3}}){{1,4}}(?:{_FACILITIES})\b"),
        start=Start.CAPITAL,
        hint=re.compile(_FACILITIES),
        closes=tuple(sorted({*_CENTERS, *(house.split()[0] for house in _HOUSES)})),
    ),
    Shape(
        "FACILITY",
        re.compile(rf"\b(?!(?:{_NO_WHO})\s){_NAME}\s{{1,2}}(?:{'|'.join(_WINGS)})\b"),
        start=Start.CAPITAL,
        hint=re.compile("|".join(_WINGS)),
        closes=_WINGS,
    ),
)
