"""In which cells of the cubes an event counts: closed vocabularies alone, so that no word of anybody's becomes a cell."""

from collections.abc import Iterable, Iterator

from schemas import cubes
from schemas.records import ClassifiedEvent
from schemas.taxonomy import Category, IncorrectAction, MedicationStage
from stream_processors.domain.classification.effective import (
    effective_categories,
    effective_harm,
    effective_report_type,
)
from stream_processors.domain.deidentification.contributing_factors import known_factors
from stream_processors.domain.deidentification.states import state
from stream_processors.domain.device_kinds import OTHER, UNKNOWN, device_kind
from stream_processors.domain.event_month import month

_WITH_DEVICES = frozenset({Category.DEVICE, Category.HEALTH_IT})


def cube_cells(record: ClassifiedEvent) -> tuple[str, ...]:
    """The cells of an event that counts, each once, in the order of their texts."""
    harm, when = effective_harm(record), month(record.event)
    where, categories = _state(record), effective_categories(record)
    kinds, factors = _device_kinds(record), _factors(record)
    found = {cubes.EVENT.cell(harm, effective_report_type(record), where, when)}
    found.update(cubes.STATE.cell(category, harm, where, when) for category in categories)
    found.update(cubes.MEDICATION.cell(stage, action, harm, when) for stage, action in _medications(record))
    for category in categories:
        found.update(cubes.DEVICE.cell(kind, category, harm, when) for kind in kinds)
        found.update(cubes.FACTOR.cell(factor, category, harm, when) for factor in factors)
    return tuple(sorted(found))


def _state(record: ClassifiedEvent) -> str:
    """Where care was given, not where the patient lives."""
    facility = record.event.facility
    return state(facility.state if facility else None) or UNKNOWN


def _medications(record: ClassifiedEvent) -> Iterator[tuple[str, str]]:
    """Stage and incorrect action of a medication event: as the reporter coded them, else as our advice says."""
    if Category.MEDICATION not in effective_categories(record):
        return
    advice = record.classification.medication
    advised_stage = advice.stage if advice else None
    advised_actions = advice.incorrect_actions if advice else ()
    told = [(each.stage, each.incorrect_actions) for each in record.event.medications if each.stage or each.incorrect_actions]
    for stage, actions in told or [(None, ())]:
        yield from _pairs(stage or advised_stage, actions or advised_actions)


def _pairs(stage: MedicationStage | None, actions: Iterable[IncorrectAction]) -> Iterator[tuple[str, str]]:
    for action in tuple(actions) or (UNKNOWN,):
        yield stage or MedicationStage.UNKNOWN, action


def _device_kinds(record: ClassifiedEvent) -> tuple[str, ...]:
    """The kinds of the event's devices; an event about devices that names none has a device of unknown kind."""
    kinds = tuple(dict.fromkeys(device_kind(device.kind) for device in record.event.devices))
    if kinds or _WITH_DEVICES.isdisjoint(effective_categories(record)):
        return kinds
    return (UNKNOWN,)


def _factors(record: ClassifiedEvent) -> tuple[str, ...]:
    """The listed factors, and `other` where a label is not on the list; nothing where none is told."""
    labels = [label for label in record.event.contributing_factors if label.strip()]
    found = known_factors(labels)
    more = (OTHER,) if any(not known_factors((label,)) for label in labels) else ()
    return *found, *more
