"""Renders a person as texts do: titles and credentials stay, the name is marked."""

import random
from collections.abc import Callable

from deploy.models.pools import Pools, given_name, surname

Piece = tuple[str, str]
"""A stretch of text and its label: "" = not to be removed."""

TITLES = ("Mr. ", "Mrs. ", "Ms. ", "Mr ", "Mrs ", "Ms ", "Miss ", "MR. ", "Mrs.")
DOCTORS = ("Dr. ", "Dr. ", "Dr ", "Dr.", "DR ", "dr. ", "Doctor ", "Prof. ", "Drs. ")


def name(text: str) -> list[Piece]:
    """A name alone."""
    return [(text, "N")]


def initials(pool: Pools, rng: random.Random) -> str:
    """Two or three initials as signatures have them."""
    one, two, three = given_name(pool, rng)[0], surname(pool, rng)[0].upper(), given_name(pool, rng)[0]
    form = rng.choice(("{0}.{1}.", "{0}.{1}.", "{0}{1}", "{0}. {1}.", "{0}{2}{1}", "{0}.{2}.{1}.", "{0}{1}"))
    return form.format(one, two, three)


def full(pool: Pools, rng: random.Random) -> str:
    """First name and surname in one of the usual forms."""
    first, last = given_name(pool, rng), surname(pool, rng)
    chance = rng.random()
    if chance < 0.72:
        return f"{first} {last}"
    form = rng.choice(pool.phrases["full_names"])
    other = given_name(pool, rng)
    return form.format(
        first=first, last=last, other=other, f=first[0], l=last[0].upper(), o=other[0], FIRST=first.upper(), LAST=last.upper()
    )


def last_first(pool: Pools, rng: random.Random) -> str:
    """A name as lists and labels have it."""
    first, last = given_name(pool, rng), surname(pool, rng)
    form = rng.choice(
        ("{1}, {0}", "{1}, {0}", "{1},{0}", "{1}, {0} {2}", "{1}, {0} {2}.", "{1} {0}", "{3}, {4}", "{3},{4}", "{1}, {5}.")
    )
    return form.format(first, last, given_name(pool, rng)[0], last.upper(), first.upper(), first[0])


def any_form(pool: Pools, rng: random.Random) -> str:
    """A name in any form."""
    return rng.choice((full, full, last_first, surname, given_name))(pool, rng)


def doctor(pool: Pools, rng: random.Random) -> list[Piece]:
    """A physician with title or credential, or plainly by surname."""
    chance = rng.random()
    if chance < 0.7:
        return [(rng.choice(DOCTORS), ""), (surname(pool, rng), "N")]
    if chance < 0.82:
        return [(rng.choice(DOCTORS), ""), (full(pool, rng), "N")]
    if chance < 0.9:
        return [(full(pool, rng), "N"), (", " + rng.choice(("MD", "DO", "M.D.")), "")]
    return name(rng.choice((surname, full, surname))(pool, rng))


def nurse(pool: Pools, rng: random.Random) -> list[Piece]:
    """A member of staff with role, credential, or plainly by name."""
    chance = rng.random()
    who = rng.choice((surname, given_name, full, given_name, full))(pool, rng)
    if chance < 0.4:
        return [(rng.choice(pool.phrases["staff"]), ""), (who, "N")]
    if chance < 0.6:
        return [
            (full(pool, rng), "N"),
            (rng.choice((", ", " ", ", the ", " (")).replace("the ", "") + rng.choice(pool.phrases["after_names"]), ""),
        ]
    if chance < 0.68:
        return [
            (who, "N"),
            (
                rng.choice((", the nurse,", " the nurse", ", the aide,", ", charge nurse,", " from transport", " (day shift)")),
                "",
            ),
        ]
    return name(who)


def mister(pool: Pools, rng: random.Random) -> list[Piece]:
    """A patient or relative with a courtesy title."""
    return [(rng.choice(TITLES), ""), (surname(pool, rng) if rng.random() < 0.85 else full(pool, rng), "N")]


def patient(pool: Pools, rng: random.Random) -> list[Piece]:
    """A patient however a reporter may call one; sometimes without a name."""
    chance = rng.random()
    if chance < 0.3:
        return mister(pool, rng)
    if chance < 0.42:
        return [(rng.choice(("the patient", "pt", "the resident", "Patient", "the client", "she", "he")), "")]
    if chance < 0.55:
        lead = rng.choice(
            ("patient ", "Patient ", "pt ", "Pt. ", "the patient, ", "resident ", "client ", "my patient ", "Pt: ")
        )
        return [(lead, ""), (any_form(pool, rng), "N")]
    return name(rng.choice((full, full, surname, given_name, last_first))(pool, rng))


def kin(pool: Pools, rng: random.Random) -> list[Piece]:
    """A relative."""
    return [(rng.choice(("Mr. ", "Mrs. ", "Ms. ", "", "", "")), ""), (rng.choice((surname, full, given_name))(pool, rng), "N")]


def user_name(pool: Pools, rng: random.Random) -> str:
    """A log-in made of a name."""
    first, last = given_name(pool, rng).lower(), surname(pool, rng).lower()
    return rng.choice(
        (
            f"{first[0]}{last}",
            f"{last}{first[0]}",
            f"{first}.{last}",
            f"{last}_{first[0]}",
            f"{first[0]}{last}{rng.randint(1, 99)}",
        )
    )


def file_name(pool: Pools, rng: random.Random) -> list[Piece]:
    """A file whose name holds a name."""
    first, last = given_name(pool, rng), surname(pool, rng).replace(" ", "_")
    kind = rng.choice(
        ("consent", "scan", "wound", "MAR", "photo", "ct_head", "statement", "incident", "strip", "label", "EKG", "form")
    )
    end = rng.choice((".pdf", ".jpg", ".png", ".docx", ".tif", ".heic", ".xlsx"))
    joint = rng.choice("_-_.")
    style = rng.choice((str, str.lower, str, str.upper))
    who = style(rng.choice((f"{last}{joint}{first}", f"{first}{joint}{last}", last, f"{last}{first}", f"{first[0]}{last}")))
    if rng.random() < 0.6:
        return [(who, "N"), (joint + kind + end, "")]
    return [(kind + joint, ""), (who, "N"), (rng.choice(("", "_2", "_final", "_20230411", "-1")) + end, "")]


NAMED: dict[str, Callable[[Pools, random.Random], list[Piece]]] = {
    "full": lambda p, r: name(full(p, r)),
    "first": lambda p, r: name(given_name(p, r)),
    "last": lambda p, r: name(surname(p, r)),
    "name": lambda p, r: name(any_form(p, r)),
    "lf": lambda p, r: name(last_first(p, r)),
    "init": lambda p, r: name(initials(p, r)),
    "dr": doctor, "nurse": nurse, "mr": mister, "ptn": patient, "kin": kin,
    "user": lambda p, r: name(user_name(p, r)),
    "file": file_name,
}  # fmt: skip
