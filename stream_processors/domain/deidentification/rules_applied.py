"""An event as the rules of a grade let a disclosure see it: made anew from the fields whose rule says so, and no others.

So the disclosures cannot copy what the table does not allow. Whether they do to the rest what the table says is for
tests/properties/test_grade_rules.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from msgspec import structs

from schemas.grades import Grade
from schemas.records import ClassifiedEvent, Record
from stream_processors.domain.contract.withholding import restricted
from stream_processors.domain.deidentification.rules import output_of, rules_of


class Member(NamedTuple):
    """One field of a record type: its path, and the record type that it holds, if it does."""

    name: str
    path: str
    holds: type[Record] | None
    is_list: bool


def members(kind: type[Record], path: str = "") -> Iterator[Member]:
    """The fields of a record type in their order."""
    for name, hint in get_type_hints(kind).items():
        is_list = get_origin(hint) is tuple
        here = f"{path}.{name}" if path else name
        holds = next((arm for arm in (hint, *get_args(hint)) if isinstance(arm, type) and issubclass(arm, Record)), None)
        yield Member(name, f"{here}[]" if is_list else here, holds, is_list)


def leaf_paths(kind: type[Record], path: str = "") -> Iterator[str]:
    """The paths of all fields that hold values, lists as `devices[].model`."""
    for member in members(kind, path):
        if member.holds is None:
            yield member.path
        else:
            yield from leaf_paths(member.holds, member.path)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one record type is made anew."""

    kind: type[Record]
    values: tuple[str, ...]
    """Fields that are copied."""
    records: tuple[tuple[str, "_Plan"], ...]
    lists: tuple[tuple[str, "_Plan"], ...]
    stand_ins: Mapping[str, str]
    """What a record cannot do without, empty."""


def _plan(kind: type[Record], seen: frozenset[str], path: str = "") -> _Plan:
    """A record of which nothing may be seen has no part in the plan of what holds it."""
    inside = [m for m in members(kind, path) if any(one == m.path or one.startswith(f"{m.path}.") for one in seen)]
    held = {m: _plan(m.holds, seen, m.path) for m in inside if m.holds}
    needed = {field.name for field in structs.fields(kind) if field.required} - {m.name for m in inside}
    return _Plan(
        kind=kind,
        values=tuple(m.name for m in inside if m.holds is None),
        records=tuple((m.name, plan) for m, plan in held.items() if not m.is_list),
        lists=tuple((m.name, plan) for m, plan in held.items() if m.is_list),
        stand_ins=MappingProxyType(dict.fromkeys(needed, "")),
    )


def _plan_of(grade: Grade) -> _Plan:
    seen = frozenset(path for path, rule in rules_of(output_of(grade)).items() if rule.treatment.is_seen)
    return _plan(ClassifiedEvent, seen)


_PLANS = MappingProxyType({grade: _plan_of(grade) for grade in (Grade.P1, Grade.P2)})


def permitted(record: ClassifiedEvent, grade: Grade) -> ClassifiedEvent:
    """The event with what the rules of the grade and its contract let be seen, the rest absent or, where it must not be, empty.

    Raises KeyError for a grade into which no event leaves.
    """
    seen: ClassifiedEvent = _made(record, _PLANS[grade])
    return restricted(seen, grade)


def _made(record: Any, plan: _Plan) -> Any:
    given: dict[str, Any] = {name: getattr(record, name) for name in plan.values}
    for name, inner in plan.records:
        held = getattr(record, name)
        given[name] = None if held is None else _made(held, inner)
    for name, inner in plan.lists:
        given[name] = tuple([_made(held, inner) for held in getattr(record, name)])
    return plan.kind(**given, **plan.stand_ins)
