"""P1, an event for another PSO or another reporting provider: 42 CFR 3.206(b)(4)(iv). Copied by allow-list.

The 13 provider identifiers and, for the patient, those of 45 CFR 164.514(e)(2) stay behind; town, State, ZIP code and dates
go along, as that paragraph lets them.
"""

import re

from schemas.grades import Grade
from schemas.records import AnonymizedEvent, ClassifiedEvent
from schemas.records.disclosed import AnonymizedPatient
from schemas.records.people import Patient
from schemas.taxonomy import Action
from stream_processors.domain.classification.effective import (
    effective_categories,
    effective_harm,
    effective_report_type,
)
from stream_processors.domain.deidentification.contributing_factors import known_factors
from stream_processors.domain.deidentification.narrative import released_narratives
from stream_processors.domain.deidentification.release import Release, release_of
from stream_processors.domain.deidentification.states import state

_ZIP_CODE = re.compile(r"\d{5}(?:-\d{4})?", re.ASCII)


def anonymize(record: ClassifiedEvent, event_surrogate: str, contributor_surrogate: str) -> AnonymizedEvent:
    """The anonymized event under its surrogates. Raises Rejected (quarantined) where a narrative could not be vouched for."""
    event = record.event
    if event.action is Action.WITHDRAW:
        return AnonymizedEvent(
            event=event_surrogate,
            revision=event.revision,
            action=event.action,
            contributor=contributor_surrogate,
            policy_version=record.acceptance.policy_version,
        )
    release = release_of(event, Grade.P1)
    facility = event.facility
    return AnonymizedEvent(
        event=event_surrogate,
        revision=event.revision,
        action=event.action,
        contributor=contributor_surrogate,
        policy_version=record.acceptance.policy_version,
        provider_type=record.acceptance.provider_type,
        report_type=effective_report_type(record),
        categories=effective_categories(record),
        harm=effective_harm(record),
        harm_assessed=event.harm_assessed,
        event_date=event.event_date,
        discovery_date=event.discovery_date,
        report_date=event.report_date,
        setting=event.setting,
        city=release.text(facility.city) if facility else None,
        state=state(facility.state) if facility else None,
        zip_code=_zip_code(facility.zip_code, release) if facility else None,
        patient=_patient(event.patient, release) if event.patient else None,
        devices=tuple(map(release.device, event.devices)),
        medications=tuple(map(release.medication, event.medications)),
        contributing_factors=known_factors(event.contributing_factors),
        narratives=released_narratives(record, release.known, Grade.P1),
    )


def _patient(patient: Patient, release: Release) -> AnonymizedPatient:
    return AnonymizedPatient(
        birth_date=patient.birth_date,
        age_years=patient.age_years,
        sex=patient.sex,
        city=release.text(patient.city),
        state=state(patient.state),
        zip_code=_zip_code(patient.zip_code, release),
        race=release.text(patient.race),
        ethnicity=release.text(patient.ethnicity),
    )


def _zip_code(text: str | None, release: Release) -> str | None:
    return release.code(text) if text and _ZIP_CODE.fullmatch(text) else None
