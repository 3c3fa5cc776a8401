"""What an event is counted by beside its cells: State, medication, device, contributing factor.

A member is of a closed vocabulary, so that no word of anybody's is counted. The warehouse counts members when somebody asks
(docs/decisions/0015): whatever combination is asked for, nothing is folded for it.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from schemas.records import ClassifiedEvent
from schemas.taxonomy import Category, IncorrectAction, MedicationStage
from stream_processors.domain.classification.effective import effective_categories
from stream_processors.domain.deidentification.contributing_factors import known_factors
from stream_processors.domain.deidentification.states import state
from stream_processors.domain.device_kinds import OTHER, UNKNOWN, device_kind

VERSION = 1
"""Of these rules and their vocabularies. Between two contributions in the same cells the newer rules decide, so that a replay
puts them in force.
"""

_WITH_DEVICES = frozenset({Category.DEVICE, Category.HEALTH_IT})


def members(record: ClassifiedEvent) -> tuple[str, ...]:
    """`dimension/member`, each once, in the order of their texts: one State, and of the others any number."""
    categories = effective_categories(record)
    found = {f"state/{_state(record)}"}
    if Category.MEDICATION in categories:
        found.update(f"medication/{stage}/{action}" for stage, action in _medications(record))
    found.update(f"device/{kind}" for kind in _device_kinds(record, categories))
    found.update(f"factor/{factor}" for factor in _factors(record))
    return tuple(sorted(found))


def _state(record: ClassifiedEvent) -> str:
    """Where care was given, not where the patient lives."""
    facility = record.event.facility
    return state(facility.state if facility else None) or UNKNOWN


def _medications(record: ClassifiedEvent) -> Iterator[tuple[str, str]]:
    """Stage and incorrect action: as the reporter coded them, else as our advice says."""
    advice = record.classification.medication
    advised_stage = advice.stage if advice else None
    advised_actions = advice.incorrect_actions if advice else ()
    told = [(each.stage, each.incorrect_actions) for each in record.event.medications if each.stage or each.incorrect_actions]
    for stage, actions in told or [(None, ())]:
        yield from _pairs(stage or advised_stage, actions or advised_actions)


def _pairs(stage: MedicationStage | None, actions: Iterable[IncorrectAction]) -> Iterator[tuple[str, str]]:
    for action in tuple(actions) or (UNKNOWN,):
        yield stage or MedicationStage.UNKNOWN, action


def _device_kinds(record: ClassifiedEvent, categories: Iterable[Category]) -> Iterable[str]:
    """The kinds of the event's devices; an event about devices that names none has a device of unknown kind."""
    if record.event.devices:
        return [device_kind(device.kind) for device in record.event.devices]
    return () if _WITH_DEVICES.isdisjoint(categories) else (UNKNOWN,)


def _factors(record: ClassifiedEvent) -> Iterator[str]:
    """The factors that are told; nothing where none is."""
    return (_factor(label) for label in record.event.contributing_factors if label.strip())


@lru_cache(maxsize=4096)  # the same labels come again and again
def _factor(label: str) -> str:
    """The listed factor, `other` where the label is not on the list."""
    return next(iter(known_factors((label,))), OTHER)
