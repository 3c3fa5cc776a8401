"""The coded answers of an event that its provider could have given more exactly: `other` and `unknown`.

A rising share of `other` is a list that no longer fits or a pick-list that nobody mapped; in the Formats `other` (A66) says
"please specify". A value that a mapping could not place is kept as written in `source.original`: it is unmapped where its
canonical field ended as `other`, `unknown` or empty.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from schemas.records import SafetyEvent

_INDEX = re.compile(r"\[[^\]]*\]")
CODED = (
    "categories",
    "harm",
    "harm_assessed",
    "setting",
    "patient.sex",
    "medications.stage",
    "medications.incorrect_actions",
    "medications.route_intended",
    "medications.route_actual",
)
VAGUE = frozenset({"other", "unknown"})


def coded(event: SafetyEvent) -> Iterator[tuple[str, bool]]:
    """Every coded answer by its field, and whether it is vague. A setting that was not given is `unknown`."""
    return ((path, str(value) in VAGUE) for path in CODED for value in values_at(event, path))


def values_at(event: SafetyEvent, path: str) -> list[object]:
    """What stands at a path, in every item of a list; positions are left out. Nothing where there is no such field."""
    found: list[object] = [event]
    for name in _INDEX.sub("", path).split("."):
        found = list(chain.from_iterable(_each(getattr(one, name, None)) for one in found))
    return found


def _each(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None or value == "" else (value,)


def unmapped(event: SafetyEvent) -> Iterator[tuple[str, int, int]]:
    """By field: values that were kept as written, and how many of them have no canonical value. Counts, never a value.

    Which of several values of one field is the unmapped one cannot be known: as many are as there are vague codes.
    """
    kept = Counter(_INDEX.sub("", original.field) for original in event.source.original) if event.source else Counter()
    for path, written in sorted(kept.items()):
        values = values_at(event, path)
        vague = sum(str(value) in VAGUE for value in values)
        yield path, written, min(vague, written) if values else written
