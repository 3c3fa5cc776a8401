"""(b) The rules alone, in one process: records per second of each function, without Kafka and without encoding."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from schemas.records import SafetyEvent
from schemas.records.parts import Narrative
from schemas.records.people import InvolvedProvider, Patient
from schemas.taxonomy import NarrativeKind, NarrativeRelease
from schemas.topics import submitted
from stream_processors.domain import aggregation
from stream_processors.domain.deidentification.tagging import full_engine
from stream_processors.processors.anonymize import anonymize
from stream_processors.processors.contribute import CONTRIBUTE
from stream_processors.processors.nonidentify import nonidentify
from stream_processors.processors.validate import validate
from stream_processors.shapes import Given, Processor, Subject
from tests.benchmarks.timing import per_second
from tests.support.builders import accepted, arrangements, classified, crowded_event
from tests.support.classifiers import CLASSIFY

ENGINE = full_engine()
ANONYMIZE, NONIDENTIFY = anonymize(ENGINE), nonidentify(ENGINE)

CHARACTERS = 508
"""Of the narrative, which names everybody once."""
CHUNK = 200
"""Contributions that one call of the fold gets, each of another event."""

_WORDS = (
    "Patient Philomena Vandersloot fell in room 612 at 21:40 on 5/16/2024. Nurse Okonjo (ext. 4432) found her on the floor;"
    " Dr. Raskolnik was called at 503-555-0122. MRN 4471902. She received heparin 5000 units at 12 mL per hour, blood pressure"
    " 120/80 and SpO2 94 %. No injury was seen, the family was informed the next morning, and the bed alarm was switched off."
    " Vital signs were taken every 15 minutes through the night. The pharmacy at Mercy Falls was asked to review the order,"
    " and staffing that shift was short by one nurse; the line was found disconnected."
)


def domain() -> dict[str, float]:
    """Records per second by function, medians of three runs: an event with people, a facility and a narrative full of them."""
    event = reported()
    given = Given(submitted("arr-7k2q"), dict.fromkeys(_asked(event), "sur-1"))
    record = classified(event, narrative_release=NarrativeRelease.NONIDENTIFIED)
    work: Mapping[str, tuple[Callable[[], object], int]] = {
        "validate": (_once(validate(arrangements()), event, given), 1),
        "classify": (_once(CLASSIFY, accepted(event), given), 1),
        "anonymize": (_once(ANONYMIZE, record, given), 1),
        "nonidentify": (_once(NONIDENTIFY, record, given), 1),
        "contribute": (_once(CONTRIBUTE, record, given), 1),
        "fold": (_fold(event), CHUNK),
    }
    return {name: per_second(call, records) for name, (call, records) in work.items()}


def reported() -> SafetyEvent:
    """An event with a patient, a reporter, one clinician, a facility and one narrative."""
    return crowded_event(
        patient=Patient(given="Philomena", family="Vandersloot", medical_record_number="MR-4471902", age_years=93),
        providers=(InvolvedProvider(given="Ingeborg", family="Raskolnik", role="physician"),),
        devices=(),
        medications=(),
        external_ids=(),
        narratives=(Narrative(NarrativeKind.DESCRIPTION, _WORDS[:CHARACTERS]),),
    )


def _asked(event: SafetyEvent) -> list[Subject]:
    """The surrogates that the disclosures look up."""
    record = classified(event)
    return [subject for step in (ANONYMIZE, NONIDENTIFY) for subject in step.asks(record)]


def _once(step: Processor, record: Any, given: Given) -> Callable[[], object]:
    return lambda: list(step.function(record, given))


def _fold(event: SafetyEvent) -> Callable[[], object]:
    one = aggregation.contribution(classified(event))
    many = [replace(one, event_id=f"evt-{number}") for number in range(CHUNK)]
    return lambda: aggregation.fold(aggregation.Counts(), many)
