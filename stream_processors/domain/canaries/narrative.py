"""One narrative from a frame: its slots filled, everything planted in it labelled."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from stream_processors.domain.canaries.draws import Draws
from stream_processors.domain.canaries.figures import Setting, figure
from stream_processors.domain.canaries.labels import Labels, Piece, Planted, laid_out
from stream_processors.domain.canaries.people import ROLES, Person, named

_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_ONE_OF_EACH = frozenset(["facility", "facility_short", "mrn", "account", "ssn", "plan", "phone", "zip"])
"""Slots that say the same wherever they stand: the record of the event may know them."""
_NAMES = frozenset([Planted.NAME, Planted.NAME_INVERTED, Planted.NAME_MISSPELT])
ALL_LOWER, ALL_CAPITALS = 7, 5
"""Percent of the narratives that are typed without capitals, or in nothing else."""


class Written(NamedTuple):
    """A narrative and, by slot, what it said of the things of which it says one."""

    labels: Labels
    said: Mapping[str, str]


def written(text: str, people: Mapping[str, Person], setting: Setting, draws: Draws) -> Written:
    """The frame `text` with its slots filled."""
    pieces: list[Piece] = []
    known: dict[str, list[Piece]] = {}
    done = 0
    for match in _SLOT.finditer(text):
        pieces.append(Piece(text[done : match.start()]))
        slot, form = match[1], match[2] or ""
        if slot in ROLES:
            pieces.append(named(people[slot], form, draws))
        elif slot in _ONE_OF_EACH:
            if slot not in known:
                known[slot] = figure(slot, setting, draws)
            pieces += known[slot]
        else:
            pieces += figure(slot, setting, draws)
        done = match.end()
    pieces.append(Piece(text[done:]))
    said = {slot: "".join(piece.text for piece in found) for slot, found in known.items()}
    return Written(laid_out(_in_one_case(pieces, draws.below(100))), said)


def _in_one_case(pieces: list[Piece], chance: int) -> list[Piece]:
    if chance < ALL_LOWER:
        return [Piece(p.text.lower(), _as(p.type, Planted.NAME_LOWER_CASE), p.is_term) for p in pieces]
    if chance < ALL_LOWER + ALL_CAPITALS:
        return [Piece(p.text.upper(), _as(p.type, Planted.NAME_CAPITALS), p.is_term) for p in pieces]
    return pieces


def _as(type_: Planted | None, other: Planted) -> Planted | None:
    return other if type_ in _NAMES | {Planted.NAME_LOWER_CASE, Planted.NAME_CAPITALS} else type_
