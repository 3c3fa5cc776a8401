"""A canary: an invented event and the labels of its narrative, a function of its number and a secret seed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from schemas.records import SafetyEvent
from schemas.records.parts import Narrative, Source
from schemas.records.people import Facility, InvolvedProvider, Patient, Reporter
from schemas.taxonomy import Action, Harm, NarrativeKind, ReportType
from schemas.taxonomy import Setting as CareSetting
from stream_processors.domain.canaries import material
from stream_processors.domain.canaries.draws import Draws
from stream_processors.domain.canaries.figures import Setting
from stream_processors.domain.canaries.identity import event_id
from stream_processors.domain.canaries.labels import Labels
from stream_processors.domain.canaries.narrative import written
from stream_processors.domain.canaries.people import ROLES, Person, person

FIRST_DAY = date(2023, 1, 1)
DAYS = 700
FIELD_GIVEN = 60
"""Percent in which a field of the record is filled: engines that know names only from the record must not look perfect."""
REPORTED_FROM = FIRST_DAY.isoformat()
"""No canary is reported earlier: a test arrangement must be in force by then."""


class Canary(NamedTuple):
    """The event as its provider says it, and what is planted in its narrative."""

    event: SafetyEvent
    labels: Labels


def canary(number: int, seed: bytes, provider: str) -> Canary:
    """The canary of this number. Numbers that follow each other go through all frames and all tails."""
    draws = Draws(seed, number)
    frames, tails = material.frames(), material.tails()
    frame, tail = frames[number % len(frames)], tails[number % len(tails)]
    people = {role: person(draws) for role in ROLES}
    patient, nurse, doctor = people["patient"], people["nurse"], people["doctor"]
    day = FIRST_DAY + timedelta(days=draws.below(DAYS))
    whose = draws.pick((patient, people["other"]))
    labels, said = written(f"{frame.text} {tail}", people, Setting(day, whose), draws)
    reported = day + timedelta(days=draws.below(4))
    known = {slot: text for slot, text in said.items() if draws.happens(FIELD_GIVEN)}
    knows_patient, knows_nurse, knows_doctor = (draws.happens(FIELD_GIVEN) for _ in range(3))
    event = SafetyEvent(
        event_id=event_id(number, seed),
        revision=1,
        action=Action.REPORT,
        provider=provider,
        report_type=ReportType.INCIDENT,
        categories=(frame.category,),
        harm=draws.pick((Harm.NONE, Harm.MILD, Harm.MODERATE)),
        event_date=day.isoformat(),
        report_date=reported.isoformat(),
        setting=draws.pick((CareSetting.INPATIENT_UNIT, CareSetting.OUTPATIENT_CLINIC, CareSetting.LONG_TERM_CARE)),
        facility=Facility(name=known.get("facility"), abbreviation=known.get("facility_short")),
        patient=_patient(patient if knows_patient else None, known),
        reporter=Reporter(given=nurse.given, family=nurse.family) if knows_nurse else Reporter(anonymous=True),
        providers=(InvolvedProvider(given=doctor.given, family=doctor.family),) if knows_doctor else (),
        narratives=(Narrative(kind=NarrativeKind.DESCRIPTION, text=labels.text),),
        source=Source(system="canaries", format="jsonl"),
        pses_entered_at=f"{reported.isoformat()}T12:00:00Z",  # a provider's outbox would write it
        pses_policy="canaries-1",
    )
    return Canary(event, labels)


def _patient(name: Person | None, known: Mapping[str, str]) -> Patient:
    return Patient(
        given=name.given if name else None,
        family=name.family if name else None,
        medical_record_number=known.get("mrn"),
        account_number=known.get("account"),
        social_security_number=known.get("ssn"),
        health_plan_number=known.get("plan"),
        phone=known.get("phone"),
        zip_code=known.get("zip"),
    )
