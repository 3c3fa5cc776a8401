"""Classified events drawn from their own types: every text that may identify is a word that stands nowhere else.

Labels and narratives are plain words that no rule takes for an identifier, numbers have digits that no year has: so what
changes in an output changed because of its field, and not because two fields met by chance.
"""

import re
from random import Random
from typing import Any, get_type_hints

from msgspec import inspect

from schemas.records import ClassifiedEvent, Record
from schemas.taxonomy import Action, NarrativeRelease
from stream_processors.domain.deidentification.rules_applied import members
from tests.support.leaves import with_leaf

LABELS = ("infusion pump", "bed rail", "glucose meter", "patient lift", "suction unit", "feeding tube")
SENTENCES = (
    "The pump alarm was silenced.",
    "The wrong dose was given.",
    "The tube came loose during the turn.",
    "The rail was down and the bed was high.",
)
ZIP_CODES = {
    "33647": "336",
    "78733": "787",
    "94366": "943",
    "60657": "606",
    "36933": "000",
    "55633": "000",
    "89344": "000",
    "34066": "000",
}
"""With what leaves of them in P2: four common units, three of 20,000 people or fewer, one that the census does not know."""

_CHOSEN: dict[str, tuple[str, ...]] = {
    "zip_code": tuple(ZIP_CODES),
    "state": ("OR", "WA", "IL", "DC", "PR"),
    "contributing_factors": ("fatigue", "handover", "staffing", "equipment"),
    "rxcui": ("5344", "363638", "4567899"),
    "text": SENTENCES,
    **dict.fromkeys(("kind", "manufacturer", "model", "software_version", "generic_name", "brand_name", "dose"), LABELS),
    **dict.fromkeys(("race", "ethnicity"), ("White", "Asian", "Other")),
}


def marked_event(random: Random) -> ClassifiedEvent:
    """A reported event whose narratives may leave under an unrestricted contract, the optional fields absent now and then."""
    event: Any = marked(ClassifiedEvent, random)
    fixed = (
        ("event.action", Action.REPORT),
        ("acceptance.narrative_release", NarrativeRelease.NONIDENTIFIED),
        ("acceptance.restrictions", ()),  # contracts have tests of their own
    )
    for path, value in fixed:
        event = with_leaf(event, path, value, lambda kind: marked(kind, random))
    assert isinstance(event, ClassifiedEvent)
    return event


def marked(kind: type[Record], random: Random) -> Any:
    """A record of a type."""
    hints = get_type_hints(kind, include_extras=True)
    values: dict[str, Any] = {}
    for member in members(kind):
        drawn = inspect.type_info(hints[member.name])
        if not _is_required(drawn) and random.random() < 0.2:
            values[member.name] = () if member.is_list else None
        elif member.holds is None:
            values[member.name] = leaf_value(member.name, drawn, random)
        elif member.is_list:
            values[member.name] = tuple(marked(member.holds, random) for _ in range(random.randint(1, 2)))
        else:
            values[member.name] = marked(member.holds, random)
    return kind(**values)


def value_for(path: str, random: Random) -> Any:
    """A value that fits the field at a path of a classified event."""
    kind: type[Record] = ClassifiedEvent
    *way, name = (part.removesuffix("[]") for part in path.split("."))
    for part in way:
        kind = next(member.holds or kind for member in members(kind) if member.name == part)
    return leaf_value(name, _item(inspect.type_info(get_type_hints(kind, include_extras=True)[name])), random)


def leaf_value(name: str, kind: inspect.Type, random: Random) -> Any:
    """A value of a type, for a field of this name."""
    kind = _bare(kind)
    match kind:
        case inspect.VarTupleType():
            return tuple(leaf_value(name, kind.item_type, random) for _ in range(random.randint(1, 2)))
        case inspect.EnumType():
            return random.choice(list(kind.cls))
        case inspect.BoolType():
            return random.random() < 0.5
        case inspect.IntType():
            return random.randint(kind.ge or 0, kind.le or 10**6)
        case inspect.StrType():
            return random.choice(_CHOSEN[name]) if name in _CHOSEN else _text(kind.pattern, random)
    raise TypeError(f"no value for {kind}")


def _text(pattern: str | None, random: Random) -> str:
    day = f"{random.randint(1930, 2025)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    time = f"{random.randint(0, 23):02}:{random.randint(0, 59):02}"
    word = "".join(random.choices("bcdfghjklmnpqrtvwxz", k=random.randint(10, 14)))
    texts = (word, day, time, f"{day}T{time}:{random.randint(0, 59):02}Z")
    return next(text for text in texts if pattern is None or re.search(pattern, text))


def _bare(kind: inspect.Type) -> inspect.Type:
    """Without bounds of a list and without None."""
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        kind = kind.type if isinstance(kind, inspect.Metadata) else kind.types[0]
    return kind


def _item(kind: inspect.Type) -> inspect.Type:
    bare = _bare(kind)
    return bare.item_type if isinstance(bare, inspect.VarTupleType) else bare


def _is_required(kind: inspect.Type) -> bool:
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    is_optional = isinstance(kind, inspect.UnionType) and kind.includes_none
    return not (is_optional or isinstance(kind, inspect.VarTupleType))
