"""Invented events, each argument a change to an event that every rule accepts. All people and places are made up."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from schemas.records import Acceptance, AcceptedEvent, Classification, ClassifiedEvent, SafetyEvent
from schemas.records.parts import Device, ExternalId, Medication, Narrative, Source
from schemas.records.people import Facility, InvolvedProvider, Patient, Reporter
from schemas.taxonomy import (
    Action,
    Category,
    Harm,
    NarrativeKind,
    NarrativeRelease,
    ProviderType,
    ReportType,
    Setting,
    Sex,
)
from stream_processors.domain.arrangements import Arrangements, parse_arrangements

ARRANGEMENTS_FILE = Path(__file__).with_name("arrangements.toml")
PROVIDER = "prv-8f3k2m"
OTHER_PROVIDER = "prv-q0z7hh"

_EVENT = SafetyEvent(
    event_id="evt-20240517-0031",
    revision=1,
    action=Action.REPORT,
    provider=PROVIDER,
    report_type=ReportType.INCIDENT,
    categories=(Category.MEDICATION,),
    harm=Harm.MILD,
    event_date="2024-05-16",
    event_time="21:40",
    discovery_date="2024-05-17",
    report_date="2024-05-17",
    setting=Setting.INPATIENT_UNIT,
    pses_entered_at="2024-05-17T14:03:00Z",
)


_CROWDED = replace(
    _EVENT,
    category_other="Quillon protocol",
    unit="Hartwig Pavilion 6 North",
    facility=Facility(
        name="Mercy Falls Regional Hospital",
        abbreviation="MFRH",
        street="1180 Tamarack Boulevard",
        city="Ostrander",
        state="OR",
        zip_code="97998",
        phone="541-555-0143",
    ),
    patient=Patient(
        given="Philomena",
        middle="Greta",
        family="Vandersloot",
        birth_date="1931-02-27",
        medical_record_number="MR-4471902",
        account_number="AC8830217",
        health_plan_number="1EG4TE5MK73",
        social_security_number="078-05-1120",
        phone="(503) 555-0199",
        email="pvander@example.org",
        street="77 Juniper Hollow Lane",
        city="Wexcombe",
        state="WA",
        zip_code="98997",
        age_years=93,
        sex=Sex.FEMALE,
        race="White",
        ethnicity="Not Hispanic or Latino",
    ),
    reporter=Reporter(given="Tobias", family="Okonjo", phone="503-555-0111", email="tokonjo@example.org"),
    providers=(
        InvolvedProvider(
            given="Ingeborg",
            family="Raskolnik",
            role="physician",
            national_provider_id="1992739991",
            license_number="MD88123",
            dea_number="BR1234563",
            phone="503-555-0122",
            email="iraskolnik@example.org",
        ),
    ),
    devices=(
        Device(
            kind="infusion pump",
            manufacturer="Infusatron",
            model="IP 200",
            software_version="4.1",
            lot_number="LOT7755",
            serial_number="SN0099881",
            unique_device_identifier="(01)00844588003288(21)SN0099881",
        ),
    ),
    medications=(Medication(generic_name="heparin", brand_name="Hepalon", rxcui="5224", dose="5000 units"),),
    contributing_factors=("fatigue", "Staffing on 6 North"),
    narratives=(
        Narrative(
            kind=NarrativeKind.DESCRIPTION,
            text="Ms. Vandersloot (MRN 4471902) received heparin from Dr. Raskolnik at Mercy Falls on 5/16/2024.",
        ),
    ),
    external_ids=(ExternalId(system="Riskwatcher", value="RW-550021"),),
    source=Source(system="Riskwatcher", format="csv"),
    pses_policy="MFRH-PSES-7",
)


def arrangements() -> Arrangements:
    """The three invented arrangements of arrangements.toml."""
    return parse_arrangements(ARRANGEMENTS_FILE.read_text())


def safety_event(**changes: Any) -> SafetyEvent:
    """A medication incident with mild harm, in time and complete, without people or words."""
    return replace(_EVENT, **changes)


def crowded_event(**changes: Any) -> SafetyEvent:
    """An event in which every identifying field is filled."""
    return replace(_CROWDED, **changes)


def accepted(event: SafetyEvent | None = None, **changes: Any) -> AcceptedEvent:
    """The event under an arrangement that lets no narrative leave; `changes` change the acceptance."""
    acceptance = Acceptance(
        arrangement="arr-7k2q",
        policy_version=3,
        provider_type=ProviderType.HOSPITAL,
        narrative_release=NarrativeRelease.NONE,
    )
    return AcceptedEvent(event=event or safety_event(), acceptance=replace(acceptance, **changes))


def classified(
    event: SafetyEvent | None = None, classification: Classification | None = None, **changes: Any
) -> ClassifiedEvent:
    """The event with a classifier that abstained, unless another classification is given."""
    before = accepted(event, **changes)
    return ClassifiedEvent(
        event=before.event,
        acceptance=before.acceptance,
        classification=classification or Classification(classifier="rules 1"),
    )
