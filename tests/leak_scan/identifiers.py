"""Invented identifiers of each kind, every one a text that stands nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

DIGITS = 10
"""What a number must have to be looked for by its digits alone: shorter ones meet another by chance in a million events."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A text as a record holds it, and the parts of it that nobody else has."""

    text: str
    parts: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """What is looked for: the parts, without which the whole cannot be there, or else the whole; and its digits."""
        digits = "".join(filter(str.isdigit, self.text))
        return tuple({*(self.parts or (self.text,)), *([digits] if len(digits) >= DIGITS else ())})


Make = Callable[[Random], Identifier]


_SYLLABLES = tuple(start + end for start in "bdfghklmnprstvwz" for end in ("a", "e", "i", "o", "u", "ai", "ea", "ou"))


def _word(random: Random) -> str:
    """Six syllables that can be spoken and are no word. Of so many that in a million events no two meet in one chunk."""
    return "".join(random.choices(_SYLLABLES, k=6)).title()


def _digits(random: Random, count: int) -> str:
    return str(random.randrange(10 ** (count - 1), 10**count))


def _named(form: str) -> Make:
    """A form with `{}` for each word that nobody else has."""

    def make(random: Random) -> Identifier:
        words = tuple(_word(random) for _ in range(form.count("{}")))
        return Identifier(form.format(*words), words)

    return make


def _numbered(*forms: str) -> Make:
    """Forms in which # is a digit, @ a capital letter; one of them."""

    def make(random: Random) -> Identifier:
        swap = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVWXYZ"}
        form = random.choice(forms)
        return Identifier("".join(random.choice(swap.get(character, character)) for character in form))

    return make


def _street(random: Random) -> Identifier:
    name = _word(random)
    return Identifier(f"{random.randrange(1, 9999)} {name} {random.choice(('Lane', 'Boulevard', 'Street', 'Rd'))}", (name,))


def _internet_address(random: Random) -> Identifier:
    return Identifier(".".join(str(random.randrange(100, 255)) for _ in range(4)))


def _zip_code(random: Random) -> Identifier:
    return Identifier(f"{_digits(random, 5)}-{_digits(random, 4)}")


def _beneficiary(random: Random) -> Identifier:
    """Of Medicare, with its hyphens: CMS, "Understanding the MBI format"."""
    swap = {"#": "123456789", "@": "ACDEFGHJKMNPQRTUVWXY"}
    return Identifier("".join(random.choice(swap.get(character, character)) for character in "#@@#-@@#-@@##"))


KINDS: Mapping[str, Make] = {
    "name": _named("{}"),
    "double name": _named("{}-{}"),
    "apostrophe": _named("O'{}"),
    "mrn": _numbered("MR-########", "########", "M#######"),
    "ssn": _numbered("9##-##-####", "9########"),
    "phone": _numbered("(###) 555-01##", "###-555-01##", "###.555.01##", "+1 ### 555 01##"),
    "email": _named("{}@site.example"),
    "url": _named("https://www.{}.example/staff"),
    "ip": _internet_address,
    "street": _street,
    "serial": _numbered("SN#########", "@@########"),
    "lot": _numbered("LOT#######"),
    "udi": _numbered("(01)0##############(21)SN#######"),
    "plan": _numbered("#@@#@@#@@##"),
    "account": _numbered("AC########"),
    "license": _numbered("MD#######", "@#######"),
    "npi": _numbered("1#########"),
    "dea": _numbered("B@#######"),
    "plate": _numbered("#@@@###"),
    "vin": _numbered("#@@@@#####@######"),
    "file name": _named("{}_{}.jpg"),
    "facility": _named("{} Regional Hospital"),
    "short name": lambda random: Identifier("".join(random.choices("BCDFGHKLMNPQRTVWXZ", k=7))),
    "unit": _named("{} Pavilion 6"),
    "system": _named("{} Watch"),
    "code": _numbered("RW-########", "evt-2024-#########"),
    "town": _named("{}"),
    "zip code": _zip_code,
}

NATURAL: Mapping[str, str] = {
    **dict.fromkeys(("given", "middle", "family"), "name"),
    "medical_record_number": "mrn",
    "account_number": "account",
    "health_plan_number": "plan",
    "social_security_number": "ssn",
    "phone": "phone",
    "email": "email",
    "street": "street",
    "national_provider_id": "npi",
    "license_number": "license",
    "dea_number": "dea",
    "name": "facility",
    "abbreviation": "short name",
    "unit": "unit",
    "serial_number": "serial",
    "lot_number": "lot",
    "unique_device_identifier": "udi",
    "system": "system",
    "event_id": "code",
    "pses_policy": "code",
    "city": "town",
    "zip_code": "zip code",
}
"""What a field of this name usually holds. Any other field gets anything."""

SHAPED: Mapping[str, Make] = {
    "phone": _numbered("(###) 555-01##", "###-555-01##"),
    "ssn": _numbered("9##-##-####"),
    "email": KINDS["email"],
    "url": KINDS["url"],
    "ip": KINDS["ip"],
    "long number": _numbered("##########"),
    "code": _numbered("SN#########", "AC########"),
    "vin": KINDS["vin"],
    "plan": _beneficiary,
    "file name": KINDS["file name"],
    "street": _street,
}
"""What goes from a text by its shape, whoever it belongs to, with no word in front that says what it is."""

FULL_NAME = _named("{} {}")
"""Of somebody whom no field names."""
