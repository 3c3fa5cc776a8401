"""Renders dates, ages, record numbers, doses and measurements."""

import random

from deploy.models.pools import Pools, given_name, surname

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
FORMS = {
    "phone": ("(###) ###-####", "###-###-####", "###.###.####", "### ### ####", "##########", "x####", "ext. ####", "555-####"),
    "mrn": ("#######", "########", "MRN-######", "@######", "######", "##-##-##", "@@######", "0######"),
    "acct": ("##########", "@########", "ACC-#######", "V##########", "HAR-#######"),
    "evt": ("EV-####-#####", "PSE-######", "INC######", "RL-#####", "2024-#####", "PSN######", "@@-####-###", "S##-#####"),
    "serial": (
        "SN#######", "@@#######", "######@", "@##@####", "#####-##@", "PUMP-####", "SN ########", "@@@-####-##", "########",
    ),
    "ssn": ("###-##-####", "#########", "### ## ####"),
    "plan": ("@@@#########", "#@##-@@#-@@##", "#@##@@#@@##", "#########@", "XYZ##########", "W### ### ###"),
    "plate": ("@@@-####", "#@@@###", "@@@ ####", "### @@@", "@@## @@@"),
    "zip": ("#####", "#####-####"),
    "ip": ("10.##.##.#", "192.168.#.##"),
    "room": ("#1#", "4##", "##2", "5##A", "3##-1", "6##B", "##0#"),
    "n": ("#", "1#", "2", "##", "3", "4", "1##"),
    "year": ("20##", "19##", "201#"),
    "time": (
        "1#:3#", "0#:45", "0#15", "1#00", "2:15 PM", "11:40 am", "7:05pm", "0#:2#", "noon", "midnight", "3 AM", "1#3# hours",
    ),
}  # fmt: skip
LABELS = {
    "mrn": "I", "acct": "I", "evt": "I", "serial": "I", "plan": "I", "plate": "I",
    "phone": "D", "ssn": "D", "zip": "D", "ip": "D",
}  # fmt: skip


def number(pattern: str, rng: random.Random) -> str:
    """The pattern with digits for # and capitals for @."""
    made = {"#": lambda: str(rng.randint(0, 9)), "@": lambda: rng.choice(LETTERS)}
    return "".join(made[sign]() if sign in made else sign for sign in pattern)


def listed(name: str, pool: Pools, rng: random.Random) -> str:
    """A line of a phrase list, its # made digits."""
    return number(rng.choice(pool.phrases[name]), rng)


def dose(pool: Pools, rng: random.Random) -> str:
    """A dose, often with its way and rhythm."""
    way = rng.choice(("", "", *pool.phrases["ways"]))
    return rng.choice(pool.phrases["doses"]) + way


def date(pool: Pools, rng: random.Random) -> str:
    """A date in one of many forms."""
    month, day, year = rng.randint(1, 12), rng.randint(1, 28), rng.randint(1935, 2026)
    name = MONTHS[month - 1]
    return rng.choice(pool.phrases["dates"]).format(
        m=month, d=day, y=year, mm=f"{month:02}", dd=f"{day:02}", s=f"{year % 100:02}",
        month=name, mon=name[:3], MON=name[:3].upper(), day=rng.choice(DAYS),
    )  # fmt: skip


def age(low: int, high: int, pool: Pools, rng: random.Random) -> str:
    """An age in years."""
    return rng.choice(pool.phrases["ages"]).format(n=rng.randint(low, high))


def mail(pool: Pools, rng: random.Random) -> str:
    """An e-mail address of a person."""
    first, last = given_name(pool, rng).lower(), surname(pool, rng).lower().replace(" ", "")
    host = rng.choice(("example.org", "mercyhealth.example", "mail.example.com", "example.net"))
    return f"{first}{rng.choice(('.', '_', ''))}{last}@{host}"


def drug(pool: Pools, rng: random.Random) -> str:
    """A drug, well known or rare, in any case."""
    if rng.random() < 0.65:
        return rng.choice(pool.phrases["drug"])
    word = rng.choice(pool.drugs)
    return word.capitalize() if rng.random() < 0.4 else word


def disease(pool: Pools, rng: random.Random) -> str:
    """A title of ICD-10-CM, as it stands or in small letters."""
    title = rng.choice(pool.diseases)
    return title if rng.random() < 0.5 else title[0].lower() + title[1:]
