"""The records that leave identified use: anonymized (P1) and nonidentifiable (P2). What is not named here stays."""

from typing import Annotated

from schemas.protection import free_text, plain, quasi
from schemas.records.manifest import Manifest
from schemas.records.parts import Medication
from schemas.records.values import Age, Count, Date, Id, Record, Revision, Short, Text
from schemas.taxonomy import (
    Action,
    Category,
    Harm,
    HarmAssessed,
    NarrativeKind,
    ProviderType,
    ReportType,
    Setting,
    Sex,
)


class ReleasedDevice(Record, frozen=True):
    """A device without lot, serial number and UDI (45 CFR 164.514(b)(2)(i)(M))."""

    kind: Annotated[Short | None, plain("Generic kind of device.")] = None
    manufacturer: Annotated[Short | None, quasi("Manufacturer.")] = None
    model: Annotated[Short | None, quasi("Model.")] = None
    software_version: Annotated[Short | None, plain("Software version.")] = None


class ReleasedNarrative(Record, frozen=True):
    """A narrative after the narrative engine."""

    kind: Annotated[NarrativeKind, plain("Which question it answers.")]
    text: Annotated[Text, free_text("The words that were left.")]


class AnonymizedPatient(Record, frozen=True):
    """What a limited data set keeps of a patient (45 CFR 164.514(e)(2))."""

    birth_date: Annotated[Date | None, quasi("Date of birth: dates stay in a limited data set.")] = None
    age_years: Annotated[Age | None, quasi("Age in whole years.")] = None
    sex: Annotated[Sex | None, quasi("Gender.")] = None
    city: Annotated[Short | None, quasi("Town or city.")] = None
    state: Annotated[Short | None, quasi("State or territory.")] = None
    zip_code: Annotated[Short | None, quasi("ZIP code.")] = None
    race: Annotated[Short | None, quasi("Race.")] = None
    ethnicity: Annotated[Short | None, quasi("Ethnicity.")] = None


class AnonymizedEvent(Record, frozen=True):
    """An event without the 13 provider identifiers and the limited-data-set identifiers: 42 CFR 3.206(b)(4)(iv)."""

    event: Annotated[Id, plain("Random surrogate of the event in this grade.")]
    revision: Annotated[Revision, plain("Revision of the event.")]
    action: Annotated[Action, plain("Report, correct or withdraw; a withdrawal carries the manifest and nothing else.")]
    contributor: Annotated[Id, plain("Random surrogate of the provider in this grade.")]
    policy_version: Annotated[Count, plain("Version of the arrangement.")]
    provider_type: Annotated[ProviderType | None, plain("Kind of provider.")] = None
    report_type: Annotated[ReportType | None, plain("Report type.")] = None
    categories: Annotated[tuple[Category, ...], plain("Event categories.")] = ()
    harm: Annotated[Harm | None, plain("Residual harm.")] = None
    harm_assessed: Annotated[HarmAssessed | None, plain("When harm was assessed.")] = None
    event_date: Annotated[Date | None, quasi("When it happened: dates stay in P1.")] = None
    discovery_date: Annotated[Date | None, quasi("When it was discovered.")] = None
    report_date: Annotated[Date | None, quasi("When it was reported.")] = None
    setting: Annotated[Setting, plain("Where care was given.")] = Setting.UNKNOWN
    city: Annotated[Short | None, quasi("Town or city of the facility.")] = None
    state: Annotated[Short | None, quasi("State of the facility.")] = None
    zip_code: Annotated[Short | None, quasi("ZIP code of the facility.")] = None
    patient: AnonymizedPatient | None = None
    devices: Annotated[tuple[ReleasedDevice, ...], plain("Devices that took part.")] = ()
    medications: Annotated[tuple[Medication, ...], plain("Medications that took part.")] = ()
    contributing_factors: Annotated[tuple[Short, ...], plain("Contributing factors of the known list.")] = ()
    narratives: Annotated[tuple[ReleasedNarrative, ...], plain("Redacted narratives, where the arrangement allows.")] = ()
    manifest: Manifest | None = None
    test: Annotated[bool, plain("Invented, of a test arrangement: belongs in no count and no analysis.")] = False


class NonidentifiedEvent(Record, frozen=True):
    """An event that identifies no provider, reporter or patient: 42 CFR 3.212(a)(2) and 45 CFR 164.514(b)(2)."""

    event: Annotated[Id, plain("Random surrogate of the event in this grade.")]
    revision: Annotated[Revision, plain("Revision of the event.")]
    action: Annotated[Action, plain("Report, correct or withdraw; a withdrawal carries the manifest and nothing else.")]
    contributor: Annotated[Id, plain("Random surrogate of the provider in this grade.")]
    policy_version: Annotated[Count, plain("Version of the arrangement.")]
    provider_type: Annotated[ProviderType | None, plain("Kind of provider.")] = None
    report_type: Annotated[ReportType | None, plain("Report type.")] = None
    categories: Annotated[tuple[Category, ...], plain("Event categories.")] = ()
    harm: Annotated[Harm | None, plain("Residual harm.")] = None
    event_year: Annotated[Count | None, quasi("Year of the event: all other date elements are removed.")] = None
    discovery_day: Annotated[int | None, quasi("Days from the event to its discovery, where the arrangement says so.")] = None
    report_day: Annotated[int | None, quasi("Days from the event to its report, likewise.")] = None
    setting: Annotated[Setting, plain("Where care was given.")] = Setting.UNKNOWN
    state: Annotated[Short | None, quasi("State of the facility.")] = None
    zip3: Annotated[Short | None, quasi("First three digits of its ZIP code, `000` for 20,000 people or fewer.")] = None
    age: Annotated[Short | None, quasi("Age in whole years to 89, or `90+`.")] = None
    sex: Annotated[Sex | None, quasi("Gender.")] = None
    devices: Annotated[tuple[ReleasedDevice, ...], plain("Devices that took part.")] = ()
    medications: Annotated[tuple[Medication, ...], plain("Medications that took part.")] = ()
    contributing_factors: Annotated[tuple[Short, ...], plain("Contributing factors of the known list.")] = ()
    narratives: Annotated[tuple[ReleasedNarrative, ...], plain("Redacted narratives, where the arrangement allows.")] = ()
    manifest: Manifest | None = None
    test: Annotated[bool, plain("Invented, of a test arrangement: belongs in no count and no analysis.")] = False
