"""The fields of an event that hold text, read off the record types and the table of rules: a new field is planted unasked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from msgspec import Meta, inspect

from schemas.grades import Grade
from schemas.protection import Protection
from schemas.records import Record, SafetyEvent
from stream_processors.domain.deidentification.rules import output_of, rules_of
from stream_processors.domain.deidentification.rules_applied import members
from stream_processors.domain.deidentification.rules_identifiers import SAFE_HARBOR
from stream_processors.domain.deidentification.rules_treatments import Treatment

GRADES = (Grade.P1, Grade.P2)
IDENTIFYING = {Protection.PROVIDER, Protection.PATIENT, Protection.REPORTER}
_MAY_STAY = {Treatment.KEEP, Treatment.KEEP_IF_CLEAN, Treatment.NARRATIVE_ENGINE}
_RULES = {grade: rules_of(output_of(grade)) for grade in GRADES}
_PLACES = frozenset(path for identifier in SAFE_HARBOR if identifier.place == "B" for path in identifier.carriers)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record type."""

    name: str
    path: str
    """As in the table of rules."""
    kind: inspect.Type
    """Of the value, or of one value of a list, without None and bounds of a list."""
    is_list: bool
    is_required: bool
    record: type[Record] | None
    forbidden: frozenset[Grade]
    """The grades in which nothing of the value may be found."""
    is_label: bool
    """A text that stays somewhere, if it is clean."""
    names_somebody: bool
    """An identifier of this record, which must not be found in other fields either."""

    @property
    def is_text(self) -> bool:
        """Any text, with no pattern to obey but that of an id."""
        return isinstance(self.kind, inspect.StrType) and (self.kind.pattern is None or self.kind.max_length == 128)


def fields_of(record: type[Record], path: str = "event") -> tuple[Field, ...]:
    """The fields of a record type at a path of a classified event."""
    hints = get_type_hints(record, include_extras=True)
    return tuple(_field(member, hints[member.name]) for member in members(record, path))


def _field(member: Any, hint: Any) -> Field:
    kind, is_required = _bare(inspect.type_info(hint))
    rules = {grade: _RULES[grade][member.path].treatment for grade in GRADES if member.path in _RULES[grade]}
    return Field(
        name=member.name,
        path=member.path,
        kind=kind,
        is_list=member.is_list,
        is_required=is_required,
        record=member.holds,
        forbidden=frozenset(grade for grade, treatment in rules.items() if treatment not in _MAY_STAY),
        is_label=Treatment.KEEP_IF_CLEAN in rules.values(),
        names_somebody=_protection(hint) in IDENTIFYING or member.path in _PLACES,
    )


def _bare(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    is_required = True
    while isinstance(kind, inspect.Metadata | inspect.UnionType | inspect.VarTupleType):
        if isinstance(kind, inspect.UnionType):
            is_required, kind = False, next(arm for arm in kind.types if not isinstance(arm, inspect.NoneType))
        elif isinstance(kind, inspect.VarTupleType):
            is_required, kind = False, kind.item_type
        else:
            kind = kind.type
    return kind, is_required


def _protection(hint: Any) -> Protection | None:
    metas = [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, Meta) and meta.extra]
    return Protection((metas[0].extra or {})["protection"]) if metas else None


def _tree(record: type[Record], path: str) -> Mapping[type[Record], tuple[Field, ...]]:
    found = {record: fields_of(record, path)}
    for field in found[record]:
        if field.record is not None:
            found |= _tree(field.record, field.path)
    return found


EVENT_FIELDS = _tree(SafetyEvent, "event")
"""Every record type of an event with its fields. Each type stands at one path."""
