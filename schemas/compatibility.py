"""May this schema follow that one? Both directions, for every released version (FULL_TRANSITIVE), and no renames."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.protection import Protection
from schemas.resolution import Kind, misfits, named_types

Schema = Mapping[str, Any]


class Direction(StrEnum):
    """Who can no longer read what."""

    BACKWARD = "backward"  # readers of the new schema, records of the old one
    FORWARD = "forward"  # readers of the old schema, records of the new one


class Rule(StrEnum):
    """Faults that leave every record readable and are refused all the same."""

    SUSPECTED_RENAME = "suspected_rename"
    REMOVED = "removed"
    PROTECTION_LOST = "protection_lost"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a schema may not follow. `fails` is empty where reading works and a rule of ours is broken."""

    path: str
    kind: Kind | Rule
    fails: tuple[Direction, ...]
    remedy: str

    def __str__(self) -> str:
        directions = " and ".join(self.fails) or "no"
        return f"{self.path or '(record)'}: {self.kind}, {directions} reading fails; {self.remedy}"


_REMEDIES: dict[Kind | Rule, str] = {
    Kind.NO_DEFAULT: "give the field a default, and keep it in every later version",
    Kind.SYMBOL: "keep every symbol, and add one only to an enum that had a default before",
    Kind.TYPE: "keep the type and add a new field beside it",
    Kind.NAME: "keep the name of the type",
    Kind.SIZE: "keep the size and add a new field beside it",
    Kind.UNION: "keep the arms of the union; add a new field for the new type",
    Rule.SUSPECTED_RENAME: "keep the old field too: nothing carries its values to the new name",
    Rule.REMOVED: "keep it and say in its doc that it is no longer written: records that hold it stay for ever",
    Rule.PROTECTION_LOST: "keep the protection class or make it stricter; a weaker one needs a new version",
    Rule.EDITED: "leave the released file as it was and add a new version",
}
# From the class that identifies least. Provider, patient and reporter each guard somebody else: none replaces another.
_STRICTNESS = {Protection.PLAIN: 0, Protection.QUASI: 1, Protection.FREE_TEXT: 2}


def follows(new: Schema, released: Iterable[Schema]) -> list[Fault]:
    """The faults of a new version beside every version of the record that was ever released."""
    return list(dict.fromkeys(fault for old in released for fault in _between(old, new)))


def amends(current: Schema, released: Schema) -> list[Fault]:
    """The faults of a file that was edited after its release: documentation may change, protection may grow stricter."""
    edited = [] if _shape(current) == _shape(released) else [_fault("", Rule.EDITED)]
    return [*_between(released, current), *edited, *_lost_protection(released, current)]


def _between(old: Schema, new: Schema) -> list[Fault]:
    broken: dict[tuple[str, Kind], list[Direction]] = {}
    for direction, writer, reader in ((Direction.BACKWARD, old, new), (Direction.FORWARD, new, old)):
        for misfit in misfits(writer, reader):
            broken.setdefault((misfit.path, misfit.kind), []).append(direction)
    found = [_fault(path, kind, *fails) for (path, kind), fails in broken.items()]
    return [*found, *_missing(_members(old), _members(new))]


def _fault(path: str, kind: Kind | Rule, *fails: Direction) -> Fault:
    return Fault(path, kind, fails, _REMEDIES[kind])


def _missing(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    for name in before.keys() & after.keys():
        gone = {m: s for m, s in before[name].items() if m not in after[name]}
        come = [_shape(s.get("type")) for m, s in after[name].items() if m not in before[name]]
        for member, schema in gone.items():
            rule = Rule.SUSPECTED_RENAME if _shape(schema.get("type")) in come else Rule.REMOVED
            yield _fault(f"{name.rpartition('.')[2]}.{member}", rule)


def _lost_protection(released: Schema, current: Schema) -> list[Fault]:
    before, after = _members(released), _members(current)
    return [
        _fault(f"{name.rpartition('.')[2]}.{field}", Rule.PROTECTION_LOST)
        for name, fields in before.items()
        for field, schema in fields.items()
        if field in after.get(name, {}) and _is_weaker(after[name][field].get("protection"), schema.get("protection"))
    ]


def _is_weaker(now: str | None, then: str | None) -> bool:
    if then is None or now == then:
        return False
    return now is None or _STRICTNESS.get(Protection(now), 3) <= _STRICTNESS.get(Protection(then), 3)


def _members(schema: Schema) -> dict[str, dict[str, Any]]:
    """The fields of every record and the symbols of every enum in a schema, by the full name of the type."""
    return {
        name: {symbol: {} for symbol in named.get("symbols", ())} | {f["name"]: f for f in named.get("fields", ())}
        for name, named in named_types(schema).items()
    }


def _shape(schema: Any) -> Any:
    """A schema without its words: what decides about bytes and defaults."""
    if isinstance(schema, list):
        return [_shape(arm) for arm in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {key: _shape(value) for key, value in schema.items() if key not in ("doc", "protection")}
