"""Renders facilities, parts of buildings, shops, streets and cities."""

import random

from deploy.models.people import Piece
from deploy.models.pools import Pools, given_name, invented, surname

FROM_A_LIST = 0.3
"""Share of facility names that CMS lists; the rest is made up by the patterns in phrases/facilities.txt."""
SMALL = frozenset({"Of", "The", "And", "At", "For", "In"})


def titled(name: str) -> str:
    """A facility's name out of a list in capitals."""
    words = [word.capitalize() if word.isupper() else word for word in name.split()]
    return " ".join(word.lower() if word in SMALL and place else word for place, word in enumerate(words))


def filled(pattern: str, pool: Pools, rng: random.Random) -> str:
    """A pattern of phrases/ with people, cities and stock words put in."""
    one = {
        name: rng.choice(pool.phrases[name]) for name in ("facility_heads", "virtues", "state_names", "chains", "looks", "land")
    }
    who = surname(pool, rng)
    return pattern.format(
        who=who,
        other=surname(pool, rng),
        given=given_name(pool, rng),
        new=invented(rng),
        city=rng.choice(pool.cities),
        saint=rng.choice(("St. ", "St ", "Saint ", "St. ")) + rng.choice((*pool.phrases["saints"], given_name(pool, rng))),
        head=one["facility_heads"],
        virtue=one["virtues"],
        state=one["state_names"],
        chain=one["chains"],
        land=f"{rng.choice((one['looks'], who, invented(rng)))} {one['land']}",
    )


def facility(pool: Pools, rng: random.Random) -> str:
    """A full name of an institution."""
    if rng.random() < FROM_A_LIST:
        return titled(rng.choice(pool.facilities))
    return filled(rng.choice(pool.phrases["facilities"]), pool, rng)


def short_facility(pool: Pools, rng: random.Random) -> str:
    """An institution as staff call it: initials, a saint, a city with one word."""
    if rng.random() < 0.35:
        letters = "".join(word[0] for word in facility(pool, rng).replace("&", "").split() if word[0].isalpha()).upper()
        return letters if 2 <= len(letters) <= 5 else rng.choice(("MGH", "SMH", "UMC", "GHS", "LGH", "NWMC", "BWH", "CMC"))
    if rng.random() < 0.08:
        return facility(pool, rng)
    return filled(rng.choice(pool.phrases["short_facilities"]), pool, rng)


def wing(pool: Pools, rng: random.Random) -> str:
    """A part of a building that is named after somebody."""
    who = surname(pool, rng) if rng.random() < 0.8 else f"{given_name(pool, rng)} {surname(pool, rng)}"
    if rng.random() < 0.12:
        return f"{who} {rng.randint(1, 9)}"
    return f"{who} {rng.choice(pool.phrases['wings'])}"


def shop(pool: Pools, rng: random.Random) -> str:
    """A shop, school, employer or parish."""
    return filled(rng.choice(pool.phrases["places"]), pool, rng)


def city(pool: Pools, rng: random.Random) -> str:
    """A city, one in ten in no list."""
    if rng.random() < 0.9:
        return rng.choice(pool.cities)
    return invented(rng) + rng.choice(("", "ville", " Springs", "ton", " Falls", "burg", "field"))


def street(pool: Pools, rng: random.Random) -> str:
    """A street with its number."""
    looks, land = rng.choice(pool.phrases["looks"]), rng.choice(pool.phrases["land"])
    stock = (looks, f"{looks} {land}", "Main", "Park", "Oak", "Washington", f"{rng.randint(1, 90)}th", "Church", "Mill")
    way = rng.choice((surname(pool, rng), given_name(pool, rng), rng.choice(pool.cities), rng.choice(stock), rng.choice(stock)))
    side = rng.choice(("", "", "", "N ", "S. ", "West ", "NE "))
    flats = (
        f" Apt {rng.randint(1, 40)}",
        f", Apt {rng.randint(1, 9)}B",
        f" #{rng.randint(1, 400)}",
        f", Unit {rng.randint(1, 30)}",
    )
    flat = rng.choice(("", "", "", "", *flats))
    return f"{rng.randint(1, 19999)} {side}{way} {rng.choice(pool.phrases['roads'])}{flat}"


def city_state(pool: Pools, rng: random.Random) -> list[Piece]:
    """A city with its State, which stays."""
    state = rng.choice(pool.phrases["states"]) if rng.random() < 0.8 else rng.choice(pool.phrases["state_names"])
    return [(rng.choice(pool.cities), "L"), (rng.choice((", ", ", ", " ")) + state, "")]


def address(pool: Pools, rng: random.Random) -> str:
    """Street, city, State and ZIP, removed as a whole: a State stays only where it stands with a city alone."""
    text = street(pool, rng) + rng.choice((", ", " ", "\n")) + rng.choice(pool.cities)
    if rng.random() < 0.8:
        text += f"{rng.choice((', ', ' '))}{rng.choice(pool.phrases['states'])} {str(rng.randint(501, 99950)).zfill(5)}"
    return text
