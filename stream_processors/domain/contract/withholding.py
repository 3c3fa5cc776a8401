"""What a contract takes out of a record: whole fields by their paths, and the finer elements of dates."""

from collections.abc import Collection
from typing import TypeVar

import msgspec

from schemas.grades import Grade
from schemas.records import ClassifiedEvent, Record, SafetyEvent
from schemas.records.flow import Acceptance, Restriction
from schemas.restrictions import DatePrecision, Passing

R = TypeVar("R", bound=Record)

_LENGTH = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}


def restriction(acceptance: Acceptance, grade: Grade) -> Restriction | None:
    """What the contract takes from an event in this grade, or None where it takes nothing."""
    return next((one for one in acceptance.restrictions if one.grade == grade), None)


def passing(acceptance: Acceptance, grade: Grade) -> Passing:
    """What of the event may enter this grade."""
    found = restriction(acceptance, grade)
    return Passing.EVENT if found is None else found.passes


def restricted(record: ClassifiedEvent, grade: Grade) -> ClassifiedEvent:
    """The event without what its contract withholds from this grade."""
    found = restriction(record.acceptance, grade)
    if found is None:
        return record
    event = _coarser(without(record.event, found.withheld), found.dates)
    return msgspec.structs.replace(record, event=event)


def without(record: R, paths: Collection[str]) -> R:
    """The record with these fields at their defaults; `patient.race` is a field of a record, or of each in a list.

    Raises TypeError for a field without a default: `withholdable` says which paths there are.
    """
    for path in paths:
        record = _without(record, path)
    return record


def _without(record: R, path: str) -> R:
    name, _, rest = path.partition(".")
    if not rest:
        field = next(field for field in msgspec.structs.fields(record) if field.name == name)
        return msgspec.structs.replace(record, **{name: field.default})
    held = getattr(record, name)
    if held is None:
        return record
    inner = tuple(_without(one, rest) for one in held) if isinstance(held, tuple) else _without(held, rest)
    return msgspec.structs.replace(record, **{name: inner})


def _coarser(event: SafetyEvent, finest: DatePrecision) -> SafetyEvent:
    length = _LENGTH.get(finest, 0)

    def cut(date: str | None) -> str | None:
        return date[:length] or None if date else None

    patient = event.patient
    return msgspec.structs.replace(
        event,
        event_date=cut(event.event_date),
        discovery_date=cut(event.discovery_date),
        report_date=cut(event.report_date),
        patient=patient and msgspec.structs.replace(patient, birth_date=cut(patient.birth_date)),
    )
