"""What stands for each slot of a sentence frame, and with which label."""

import random
from collections.abc import Callable

from deploy.models import figures, institutions
from deploy.models.people import NAMED, Piece
from deploy.models.pools import Pools

Text = Callable[[Pools, random.Random], str]
IDENTIFYING: dict[str, tuple[str, Text]] = {
    "fac": ("F", institutions.facility),
    "facs": ("F", institutions.short_facility),
    "wing": ("F", institutions.wing),
    "place": ("F", institutions.shop),
    "city": ("L", institutions.city),
    "addr": ("L", institutions.address),
    "street": ("L", institutions.street),
    "date": ("D", figures.date),
    "month": ("D", lambda _, rng: rng.choice(figures.MONTHS)),
    "email": ("D", figures.mail),
    "old": ("D", lambda pool, rng: figures.age(90, 106, pool, rng)),
}
STAYING: dict[str, tuple[str, Text]] = {
    "drug": ("=drug", figures.drug),
    "dose": ("=dose", figures.dose),
    "icd": ("=common", figures.disease),
    "dx": ("=common", lambda p, r: r.choice(p.phrases["dx"]) if r.random() < 0.75 else figures.disease(p, r)),
    "epo": ("=eponym", lambda pool, rng: rng.choice(pool.phrases["eponym"])),
    "dev": ("=device", lambda pool, rng: rng.choice(pool.phrases["device"])),
    "abbr": ("=abbrev", lambda pool, rng: rng.choice(pool.phrases["abbreviations"])),
    "unit": ("=unit", lambda pool, rng: rng.choice(pool.phrases["units"])),
    "service": ("=common", lambda pool, rng: rng.choice(pool.phrases["services"])),
    "score": ("=measure", lambda pool, rng: figures.listed("scores", pool, rng)),
    "vital": ("=measure", lambda pool, rng: figures.listed("vitals", pool, rng)),
    "lab": ("=measure", lambda pool, rng: figures.listed("labs", pool, rng)),
    "age": ("", lambda pool, rng: figures.age(1, 89, pool, rng)),
    "dow": ("", lambda _, rng: rng.choice(figures.DAYS)),
    "relation": ("", lambda pool, rng: rng.choice(pool.phrases["relations"])),
    "role": ("", lambda pool, rng: rng.choice(pool.phrases["roles"])),
    "cred": ("", lambda pool, rng: rng.choice(pool.phrases["credentials"])),
    "pron": ("", lambda _, rng: rng.choice(("his", "her", "their"))),
}
"""A label with = names the category of clinical term that must stay."""
TEXTS = IDENTIFYING | STAYING


def rendered(slot: str, pool: Pools, rng: random.Random) -> list[Piece]:
    """The text of a slot, in pieces with labels. Raises KeyError for a slot that nobody wrote."""
    if slot in NAMED:
        return NAMED[slot](pool, rng)
    if slot == "cs":
        return institutions.city_state(pool, rng)
    if slot in TEXTS:
        label, make = TEXTS[slot]
        return [(make(pool, rng), label)]
    return [(figures.number(rng.choice(figures.FORMS[slot]), rng), figures.LABELS.get(slot, ""))]
