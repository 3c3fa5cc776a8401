"""P1, an event for another PSO or another reporting provider: 42 CFR 3.206(b)(4)(iv). Copied by allow-list.

The 13 provider identifiers and, for the patient, those of 45 CFR 164.514(e)(2) stay behind; town, State, ZIP code and dates
go along, as that paragraph lets them. What becomes of each field stands in `rules.py`, through which the event is seen.
"""

from functools import partial

from msgspec.structs import replace

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
from stream_processors.domain.deidentification.counting import counted
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY, NarrativeEngine
from stream_processors.domain.deidentification.narrative import Manner, released_narratives
from stream_processors.domain.deidentification.release import Release, release_of
from stream_processors.domain.deidentification.rules_applied import permitted
from stream_processors.domain.deidentification.states import state
from stream_processors.domain.deidentification.zip3 import ZIP_CODE


def anonymize(
    record: ClassifiedEvent,
    event_surrogate: str,
    contributor_surrogate: str,
    engine: NarrativeEngine = PATTERNS_ONLY,
    names_seed: str | None = None,
) -> AnonymizedEvent:
    """The anonymized event under its surrogates. With a seed, invented names stand for names in its narratives.

    Raises Rejected (quarantined) where a narrative could not be vouched for.
    """
    seen = permitted(record, Grade.P1)
    event = seen.event
    disclosed = partial(
        AnonymizedEvent,
        event=event_surrogate,
        revision=event.revision,
        action=event.action,
        contributor=contributor_surrogate,
        policy_version=seen.acceptance.policy_version,
        test=seen.acceptance.test,
    )
    if event.action is Action.WITHDRAW:
        return disclosed(manifest=engine.manifest)
    release = release_of(record.event, Grade.P1, engine.layers)
    told = released_narratives(seen, release.known, Grade.P1, engine, Manner(names_seed=names_seed))
    manifest = replace(engine.manifest, realistic_names=names_seed is not None)
    facility = event.facility
    return disclosed(
        provider_type=seen.acceptance.provider_type,
        report_type=effective_report_type(seen),
        categories=effective_categories(seen),
        harm=effective_harm(seen),
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
        narratives=told.narratives,
        manifest=counted(manifest, told.spans, Grade.P1),
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
    return release.code(text) if text and ZIP_CODE.fullmatch(text) else None
