"""Dates, numbers, addresses and clinical terms of a narrative, each in one of its written forms."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from stream_processors.domain.canaries import material
from stream_processors.domain.canaries.draws import Draws
from stream_processors.domain.canaries.labels import Piece, Planted
from stream_processors.domain.canaries.people import Person

TERMS = frozenset(["drug", "dose", "eponym", "device", "abbr", "bp", "score", "vital"])
"""Slots whose text must stay."""
UNLABELLED = frozenset(["time"])
TYPES: Mapping[str, Planted] = {
    "date": Planted.DATE, "month": Planted.DATE, "holiday": Planted.HOLIDAY, "age": Planted.AGE, "phone": Planted.PHONE,
    "extension": Planted.EXTENSION, "email": Planted.EMAIL, "url": Planted.URL, "ip": Planted.IP, "mrn": Planted.MRN,
    "account": Planted.ACCOUNT, "ssn": Planted.SSN, "plan": Planted.PLAN, "serial": Planted.SERIAL, "event": Planted.EVENT,
    "vehicle": Planted.VEHICLE, "license": Planted.LICENSE, "npi": Planted.LICENSE, "dea": Planted.LICENSE,
    "facility": Planted.FACILITY, "facility_short": Planted.FACILITY_SHORT, "wing": Planted.WING, "street": Planted.STREET,
    "city": Planted.CITY, "zip": Planted.ZIP, "file": Planted.FILE_NAME, "user": Planted.USER_NAME,
}  # fmt: skip
"""Slots whose text must go, in the grades in which its type does."""

_SLOT = re.compile(r"\{(\w+)\}")
_MARKED = re.compile(r"<([^<>]+)>")
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_AGES = {
    90: "ninety",
    91: "ninety-one",
    92: "ninety-two",
    93: "ninety-three",
    94: "ninety-four",
    97: "ninety-seven",
    101: "101",
}
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SMALL: Mapping[str, Callable[[Draws], str]] = {
    **dict.fromkeys(("letter", "A", "B"), lambda draws: draws.pick(_LETTERS)),
    "num": lambda draws: str(2 + draws.below(8)),
    "byte": lambda draws: str(draws.below(255)),
    "area": lambda draws: draws.pick(("503", "217", "614", "312")),
    "line": lambda draws: f"01{draws.below(100):02}",  # 555-0100 to 555-0199 are kept for fiction
}


class Setting(NamedTuple):
    """What the figures of one narrative hang on."""

    day: date
    """When it happened."""
    whose: Person
    """Whom addresses on the net, log-ins and files are called after."""


def figure(slot: str, setting: Setting, draws: Draws) -> list[Piece]:
    """The text of a slot in pieces. Raises KeyError for a slot that nobody wrote."""
    if slot in TERMS:
        return [Piece(draws.pick(material.terms()[slot]), is_term=True)]
    if slot in UNLABELLED:
        return [Piece(draws.pick(material.terms()[slot]))]
    if slot == "city":
        return [Piece(draws.pick(material.terms()["town"]), Planted.CITY), *_state(draws)]
    return list(_marked(_filled(draws.pick(material.terms()[slot]), setting, draws), TYPES[slot]))


def _state(draws: Draws) -> list[Piece]:
    return [Piece(f", {draws.pick(material.terms()['state'])}")] if draws.happens(50) else []


def _marked(text: str, type_: Planted) -> Iterator[Piece]:
    """Only what stands between < and > identifies, where such marks are."""
    if "<" not in text:
        yield Piece(text, type_)
        return
    done = 0
    for match in _MARKED.finditer(text):
        yield Piece(text[done : match.start()])
        yield Piece(match[1], type_)
        done = match.end()
    yield Piece(text[done:])


def _filled(form: str, setting: Setting, draws: Draws) -> str:
    said = _said(setting, draws)
    while _SLOT.search(form):
        form = _SLOT.sub(lambda match: said.get(match[1]) or _drawn(match[1], draws), form)
    return form


def _said(setting: Setting, draws: Draws) -> dict[str, str]:
    """What hangs on the narrative: a date, an age, a person's name. By the name that it has in a form."""
    given, family = setting.whose
    age = draws.pick(tuple(_AGES))
    return {
        "first": given.lower(), "last": family.lower(), "f": given[0].lower(), "Last": family, "First": given,
        "LAST": family.upper(), "FIRST": given.upper(), "n": str(age), "words": _AGES[age],
        **_of_date(setting.day - timedelta(days=draws.below(20))),
    }  # fmt: skip


def _drawn(name: str, draws: Draws) -> str:
    """A part that hangs on nothing. Raises KeyError for one that nobody wrote."""
    if name in _COUNTS:
        return draws.digits(_COUNTS[name])
    if name in _SMALL:
        return _SMALL[name](draws)
    return draws.pick(material.names()["common"] if name == "surname" else material.terms()[name])


def _of_date(day: date) -> dict[str, str]:
    month = _MONTHS[day.month - 1]
    ending = "th" if 10 < day.day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return {
        "y": f"{day:%Y}", "yy": f"{day:%y}", "m": str(day.month), "mm": f"{day:%m}", "d": str(day.day), "dd": f"{day:%d}",
        "month": month, "mon": month[:3], "MON": month[:3].upper(), "th": ending,
    }  # fmt: skip
