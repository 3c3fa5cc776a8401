"""Invented people, and the forms in which narratives name them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from stream_processors.domain.canaries import material
from stream_processors.domain.canaries.draws import Draws
from stream_processors.domain.canaries.labels import Piece, Planted

ROLES = ("patient", "nurse", "doctor", "relative", "other")


class Person(NamedTuple):
    """Somebody who does not exist."""

    given: str
    family: str

    @property
    def full(self) -> str:
        """Given name and family name."""
        return f"{self.given} {self.family}"


def person(draws: Draws) -> Person:
    """A person with a family name that is common, also an ordinary word or an eponym, or in no list at all."""
    names = material.names()
    chance = draws.below(100)
    if chance < 45:
        family = draws.pick(names["common"])
    elif chance < 75:
        family = draws.pick(names["ambiguous"])
    else:
        family = draws.pick(names["onsets"]) + draws.pick(names["middles"]) + draws.pick(names["endings"])
    return Person(draws.pick(names["given"]), family)


def named(who: Person, form: str, draws: Draws) -> Piece:
    """The person in the form that a frame asks for, or in any. Raises KeyError for a form that nobody wrote."""
    type_, write = FORMS[form or draws.pick(_ANY)]
    return Piece(write(who, draws), type_)


def _initials(who: Person, draws: Draws) -> str:
    return draws.pick(("{0}.{1}.", "{0}. {1}.", "{0}{1}")).format(who.given[0], who.family[0])


def _inverted(who: Person, draws: Draws) -> str:
    return draws.pick(("{1}, {0}", "{1},{0}", "{1}, {2}.")).format(who.given, who.family, who.given[0])


def _misspelt(who: Person, draws: Draws) -> str:
    """One letter of the family name left out, doubled, or changed with its neighbour."""
    family, at = who.family, 1 + draws.below(len(who.family) - 2)
    wrong = draws.pick((
        family[:at] + family[at + 1 :],
        family[:at] + family[at] + family[at:],
        family[:at] + family[at + 1] + family[at] + family[at + 2 :],
    ))  # fmt: skip
    return f"{who.given} {wrong}"


FORMS: Mapping[str, tuple[Planted, Callable[[Person, Draws], str]]] = {
    "full": (Planted.NAME, lambda who, _: who.full),
    "first": (Planted.NAME, lambda who, _: who.given),
    "last": (Planted.NAME, lambda who, _: who.family),
    "lower": (Planted.NAME_LOWER_CASE, lambda who, _: who.full.lower()),
    "capitals": (Planted.NAME_CAPITALS, lambda who, _: who.full.upper()),
    "inverted": (Planted.NAME_INVERTED, _inverted),
    "misspelt": (Planted.NAME_MISSPELT, _misspelt),
    "initials": (Planted.INITIALS, _initials),
}
_ANY = ("full", "full", "full", "last", "last", "first", "lower", "capitals", "inverted", "misspelt")
