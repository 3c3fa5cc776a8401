"""What the Common Formats ask of an event, how much it weighs, and whether an event answers it.

AHRQ Common Formats V1.2: HERF, PIF, SIR and the modules, by data element (DE) or LOINC item. What they require (R) weighs twice
what they ask. Event id and report type are left out: no record is without. `unknown` is an answer on paper and none here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from schemas.records import SafetyEvent
from schemas.records.parts import Device, Medication
from schemas.records.people import Patient
from schemas.taxonomy import Category, Harm, HarmAssessed, MedicationStage, NarrativeKind, ReportType, Setting, Sex

REQUIRED, ASKED = 2, 1

Part = TypeVar("Part")
Question = Callable[[SafetyEvent], bool]


@dataclass(frozen=True, slots=True)
class Item:
    """One question: the field that answers it, where the Formats ask it, of which events, and what an answer is."""

    path: str
    source: str
    weight: int
    asked: Question
    answered: Question


def _always(_event: SafetyEvent) -> bool:
    return True


def _incident(event: SafetyEvent) -> bool:
    return event.report_type is ReportType.INCIDENT


def _named_reporter(event: SafetyEvent) -> bool:
    return event.reporter is None or not event.reporter.anonymous


def _of(category: Category) -> Question:
    return lambda event: category in event.categories


def _words(event: SafetyEvent, kind: NarrativeKind) -> bool:
    return any(narrative.kind is kind and narrative.text.strip() for narrative in event.narratives)


def _location(event: SafetyEvent) -> bool:
    return event.setting is not Setting.UNKNOWN or bool(event.unit) or _words(event, NarrativeKind.LOCATION)


def _patient(question: Callable[[Patient], object]) -> Question:
    return lambda event: event.patient is not None and bool(question(event.patient))


def _any_medication(question: Callable[[Medication], object]) -> Question:
    return lambda event: _any(event.medications, question)


def _any_device(question: Callable[[Device], object]) -> Question:
    return lambda event: _any(event.devices, question)


def _any(parts: Iterable[Part], question: Callable[[Part], object]) -> bool:
    return any(bool(question(part)) for part in parts)


_MEDICATION, _DEVICE = _of(Category.MEDICATION), _of(Category.DEVICE)

ITEMS = (
    Item("categories", "DE21, R", REQUIRED, _always, lambda event: bool(event.categories)),
    Item("category_other", "DE21 A66, please specify", REQUIRED, _of(Category.OTHER), lambda e: bool(e.category_other)),
    Item("harm", "LOINC 74560-4, R", REQUIRED, _incident, lambda event: event.harm not in (None, Harm.UNKNOWN)),
    Item(
        "patient.age_years",
        "LOINC 74500-0, R",
        REQUIRED,
        _incident,
        _patient(lambda p: p.age_years is not None or p.birth_date),
    ),
    Item("narratives", "DE15", ASKED, _always, lambda event: _words(event, NarrativeKind.DESCRIPTION)),
    Item("setting", "DE18", ASKED, _always, _location),
    Item("event_date", "MIM-PS 2016, time", ASKED, _incident, lambda event: event.event_date is not None),
    Item("discovery_date", "DE9", ASKED, _incident, lambda event: event.discovery_date is not None),
    Item("report_date", "DE30", ASKED, _always, lambda event: event.report_date is not None),
    Item("reporter.role", "DE36", ASKED, _named_reporter, lambda e: e.reporter is not None and bool(e.reporter.role)),
    Item("patient.sex", "DE42", ASKED, _incident, _patient(lambda p: p.sex not in (None, Sex.UNKNOWN))),
    Item("patient.race", "LOINC 74693-3", ASKED, _incident, _patient(lambda p: p.race)),
    Item("patient.ethnicity", "LOINC 74694-1", ASKED, _incident, _patient(lambda p: p.ethnicity)),
    Item(
        "harm_assessed",
        "LOINC 74558-8",
        ASKED,
        _incident,
        lambda event: event.harm_assessed not in (None, HarmAssessed.UNKNOWN),
    ),
    Item("contributing_factors", "SIR", ASKED, _always, lambda event: bool(event.contributing_factors)),
    Item(
        "medications.generic_name",
        "DE318, DE321, DE322",
        ASKED,
        _MEDICATION,
        _any_medication(lambda m: m.generic_name or m.brand_name or m.rxcui),
    ),
    Item(
        "medications.stage",
        "DE315",
        ASKED,
        _MEDICATION,
        _any_medication(lambda m: m.stage not in (None, MedicationStage.UNKNOWN)),
    ),
    Item("medications.incorrect_actions", "DE291", ASKED, _MEDICATION, _any_medication(lambda m: m.incorrect_actions)),
    Item("medications.route_actual", "DE351", ASKED, _MEDICATION, _any_medication(lambda m: m.route_actual)),
    Item("devices.kind", "Device module, LOINC 74725-3", ASKED, _DEVICE, _any_device(lambda d: d.kind)),
    Item("devices.manufacturer", "Device module, LOINC 74725-3", ASKED, _DEVICE, _any_device(lambda d: d.manufacturer)),
)
