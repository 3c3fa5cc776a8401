"""The forms in which people write names, dates and numbers into incident reports, each with the type that it counts as."""

import re
from collections.abc import Callable
from functools import cache
from random import Random

import msgspec

from stream_processors.domain.deidentification.lexicon.flags import COMMON_SHIFT, Word
from stream_processors.domain.deidentification.lexicon.loader import lines_of, packed_words

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
CITIES = (
    "Fort Lupton",
    "Waco",
    "Sheboygan",
    "Ypsilanti",
    "Moab",
    "Elko",
    "St. Cloud",
    "Reading",
    "Orange",
    "Kalispell",
    "Truro",
)
FACILITIES = (
    *("Saint Brendan Hospital", "Lakemont Regional Medical Center", "The Ashgrove Clinic", "Pine Hollow Nursing and Rehab"),
    *(
        "Tri-River Surgery Center",
        "Mount Carmel East",
        "Veterans Home of Dunmore",
        "Garrity Family Practice",
        "Bayview Dialysis",
    ),
)
DRUGS = ("heparin", "Dilaudid", "vancomycin", "metoprolol", "insulin glargine", "Zosyn", "KCl", "warfarin", "fentanyl", "Lasix")
DOSES = (
    "5 mg",
    "0.25 mg IV",
    "10 units",
    "1 g q12h",
    "25 mcg/hr",
    "40 mEq",
    "10/325 mg",
    "2.5 mL",
    "5,000 units SQ",
    "18 units/kg/hr",
)
EPONYMS = (
    "Foley",
    "Braden",
    "Jackson-Pratt drain",
    "Hickman",
    "Salem sump",
    "Yankauer",
    "Swan-Ganz",
    "Hoyer lift",
    "Bair Hugger",
)
DEVICES = (
    "Alaris pump",
    "BiPAP",
    "GE monitor",
    "wound vac",
    "Pyxis",
    "PCA pump",
    "Zoll defibrillator",
    "bed scale",
    "Hill-Rom bed",
)
UNITS = ("ICU", "PACU", "the ED", "4 West", "med/surg", "L&D", "radiology", "the cath lab", "MICU", "dialysis")
MEASURES = ("8/10", "Braden 14", "GCS 13", "7 out of 10", "Morse 55", "RASS -2", "NIHSS 4", "CIWA 12", "pain 9/10", "Apgar 7/9")
VITALS = ("88/42", "84% on 2 L", "HR 132", "118/76, pulse 90", "temp 38.9", "RR 6", "SpO2 91 %", "MAP 58")
LABS = ("K 6.1", "INR 7.2", "glucose 38", "lactate 4.4", "Hgb 6.9", "troponin 0.42", "creatinine 3.1", "Na 119")
TIMES = ("0315", "14:20", "7:05 pm", "22:40", "0800", "3 AM", "1545 hours", "noon")
WHEN = ("yesterday", "two days later", "the next morning", "20 min later", "this shift", "last night", "within the hour")
HOLIDAYS = ("Christmas Eve", "Thanksgiving", "the 4th of July", "Labor Day", "New Year's Day", "Memorial Day", "Easter Sunday")
ROOMS = ("room 412", "rm 7B", "bed 3", "Room 1120", "OR 6", "bay 12")

_FORMS = {
    "phone": ("(###) ###-####", "###-###-####", "###.###.####", "### ### ####", "##########", "###-####", "+1 ### ### ####"),
    "ext": ("####", "#####"),
    "mrn": ("########", "#######", "MRN-######", "E#######", "##-##-##"),
    "acct": ("##########", "V########", "ACC-#######", "H###########"),
    "ssn": ("###-##-####", "### ## ####", "#########"),
    "plan": ("#@G#-TE#-MK##", "@@@#########", "W### ### ###", "#@#@@#@@##"),
    "event": ("EV-####-#####", "PSE-######", "RL#####", "2024-#####", "INC######"),
    "serial": ("SN#######", "@@#######", "######@", "#####-##@", "@@@-####-##", "########"),
    "plate": ("@@@-####", "#@@@###", "@@@ ####", "@## @@@"),
    "vin": ("#@@@@##@####@####",),
    "zip": ("#####", "#####-####"),
    "ip": ("10.##.##.#", "172.16.#.###"),
    "licence": ("RN#######", "MD-######", "@#######"),
}
_TYPES = {
    "phone": "PHONE",
    "ext": "PHONE",
    "mrn": "MRN",
    "acct": "ACCOUNT",
    "ssn": "SSN",
    "plan": "PLAN",
    "event": "EVENT",
    "serial": "DEVICE",
    "plate": "VEHICLE",
    "vin": "VEHICLE",
    "zip": "ZIP",
    "ip": "IP",
    "licence": "LICENSE",
}
_KEPT: dict[str, tuple[str, tuple[str, ...]]] = {
    "drug": ("drug", DRUGS),
    "dose": ("dose", DOSES),
    "eponym": ("eponym", EPONYMS),
    "dev": ("device", DEVICES),
    "measure": ("measure", MEASURES),
    "vitals": ("measure", VITALS),
    "lab": ("measure", LABS),
    "unit": ("unit", UNITS),
    "time": ("time", TIMES),
    "when": ("relative", WHEN),
    "room": ("room", ROOMS),
}


class Person(msgspec.Struct, frozen=True):
    """Somebody who is nobody."""

    given: str
    family: str


@cache
def _names() -> tuple[list[str], list[str], list[str]]:
    """Given names, surnames, and surnames that are words, as the shipped lexicon flags them."""
    pairs = [line.split(" ") for line in lines_of(packed_words()).decode("ascii").splitlines()]
    words = [(word, int(bits, 16)) for word, bits in pairs if word.isalpha() and len(word) > 2]
    given = [word for word, bits in words if bits & Word.GIVEN]
    family = [word for word, bits in words if bits & Word.FAMILY]
    both = [word for word, bits in words if bits & Word.FAMILY and (bits & Word.COMMON) >> COMMON_SHIFT >= 3]
    return given, [word for word in family if len(word) > 3], both


def person(random: Random) -> Person:
    """One in five has a surname that is an English word, one in ten one that no list holds."""
    given, family, both = _names()
    chance = random.random()
    surname = random.choice(both) if chance < 0.2 else _unlisted(random) if chance < 0.3 else random.choice(family)
    return Person(random.choice(given).capitalize(), surname.capitalize())


def _unlisted(random: Random) -> str:
    syllables = ("vra", "zhe", "nko", "qui", "tla", "mbe", "dzi", "ork", "ael", "uwe", "shti", "gno", "yur", "fel")
    return "".join(random.choices(syllables, k=random.randint(2, 3)))


def named(who: Person, random: Random) -> str:
    """A person in one of the forms of a hurried report."""
    given, family = who.given, who.family
    forms: dict[str, int] = {
        f"{given} {family}": 34, family: 22, given: 8, f"{family}, {given}": 7, f"{given[0]}. {family}": 6,
        f"{given} {random.choice('ABCDEJLMRST')}. {family}": 4, f"{given[0]}.{family[0]}.": 3, f"{given} {family}".lower(): 6,
        f"{given} {family}".upper(): 4, family.lower(): 2, _misspelt(f"{given} {family}", random): 3, f"{given}\n{family}": 1,
        f"{family.upper()}, {given.upper()}": 2,
    }  # fmt: skip
    return random.choices(list(forms), list(forms.values()))[0]


def _misspelt(text: str, random: Random) -> str:
    place = random.randrange(1, len(text) - 1)
    return text[:place] + text[place + 1 :]


def _date(random: Random) -> str:
    month, day, year = random.randint(1, 12), random.randint(1, 28), random.randint(1938, 2025)
    name = MONTHS[month - 1]
    return random.choice(
        (f"{month}/{day}/{year}", f"{month:02}/{day:02}/{year % 100:02}", f"{name} {day}, {year}", f"{name[:3]} {day}",
         f"{month}/{day}", f"{day} {name[:3]} {year}", f"{year}-{month:02}-{day:02}", f"{day}-{name[:3].upper()}-{year}",
         f"{month}-{day}-{year % 100:02}", f"the {day}th of {name}", f"{name} {day}th", f"{month}.{day}.{year}")
    )  # fmt: skip


def _old(random: Random) -> str:
    return random.choice((str(random.randint(90, 104)), str(random.randint(90, 104)), "ninety-four"))


def _mail(random: Random) -> str:
    who = person(random)
    return f"{who.given}.{who.family}@{random.choice(('example.org', 'mail.example.com', 'stbrendan.example'))}".lower()


def _street(random: Random) -> str:
    way = random.choice((person(random).family, "Elm", "Old Mill", "County", "N 14th", "Harbor View"))
    return f"{random.randint(2, 9800)} {way} {random.choice(('St', 'Street', 'Ave', 'Rd', 'Lane', 'Blvd', 'Ct', 'Drive'))}"


def _file(random: Random) -> str:
    who = person(random)
    return f"{who.family}_{who.given}_{random.choice(('wound', 'consent', 'ekg'))}.{random.choice(('jpg', 'pdf', 'png'))}"


def _wing(random: Random) -> str:
    return f"{person(random).family} {random.choice(('Pavilion', 'Tower', 'Wing', 'Building', '3'))}"


_MADE: dict[str, tuple[str, Callable[[Random], str]]] = {
    "date": ("DATE", _date),
    "month": ("DATE", lambda random: random.choice(MONTHS)),
    "holiday": ("DATE", lambda random: random.choice(HOLIDAYS)),
    "old": ("AGE", _old),
    "email": ("EMAIL", _mail),
    "street": ("STREET", _street),
    "city": ("CITY", lambda random: random.choice(CITIES)),
    "fac": ("FACILITY", lambda random: random.choice(FACILITIES)),
    "abbr": ("FACILITY", lambda random: random.choice(("SBH", "LRMC", "PHNR", "TRSC", "MCE"))),
    "wing": ("FACILITY", _wing),
    "url": ("URL", lambda random: f"https://portal.example.org/t/{random.randint(1000, 99999)}"),
    "file": ("FILE", _file),
}


def value(slot: str, random: Random) -> tuple[str, str, str]:
    """(text, type of identifier or "", category of what has to stay or ""). KeyError for a slot that nobody wrote."""
    if slot in _KEPT:
        category, texts = _KEPT[slot]
        return random.choice(texts), "", category
    if slot == "age":
        return f"{random.randint(1, 89)}{random.choice((' y/o', ' yo', '-year-old', ' years'))}", "", "age"
    if slot in _MADE:
        kind, make = _MADE[slot]
        return make(random), kind, ""
    return _numbered(random.choice(_FORMS[slot]), random), _TYPES[slot], ""


def _numbered(form: str, random: Random) -> str:
    signs = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVWXYZ"}
    return re.sub("[#@]", lambda match: random.choice(signs[match[0]]), form)
