"""SafetyEvent: the canonical patient safety event of every type of provider, shaped by the AHRQ Common Formats."""

from typing import Annotated

from schemas.protection import free_text, plain, provider, quasi
from schemas.records.parts import Device, ExternalId, Medication, Narrative, Source
from schemas.records.people import Facility, InvolvedProvider, Patient, Reporter
from schemas.records.values import UP_TO_HUNDRED, UP_TO_TEN, Date, Id, Instant, Record, Revision, Short, TimeOfDay
from schemas.taxonomy import Action, Category, Harm, HarmAssessed, HarmScale, ReportType, Setting


class SafetyEvent(Record, frozen=True):
    """One revision of one event, as its provider says it (grade P0). The topic, not this record, says who sent it."""

    event_id: Annotated[Id, provider("The provider's own id of the event (DE2); repeated by every revision.")]
    revision: Annotated[Revision, plain("Revision of the event, from 1. The highest wins.")]
    action: Annotated[Action, plain("Report, correct or withdraw.")]
    provider: Annotated[Id, provider("PSO-assigned id of the provider; must be the one of the entry topic.")]
    report_type: Annotated[ReportType, plain("What is reported (DE3: A3, A6, A9).")]
    categories: Annotated[tuple[Category, ...], UP_TO_TEN, plain("Event categories (DE21), 0 to 10.")] = ()
    category_other: Annotated[Short | None, free_text("Words for the category `other` (A66).")] = None
    harm: Annotated[Harm | None, plain("Residual harm after rescue, AHRQ Harm Scale V1.2.")] = None
    harm_scale: Annotated[HarmScale | None, plain("The scale of the original harm value.")] = None
    harm_original: Annotated[Short | None, plain("The harm value as the source wrote it.")] = None
    harm_assessed: Annotated[HarmAssessed | None, plain("When harm was assessed (LOINC 74558-8).")] = None
    event_date: Annotated[Date | None, quasi("When it happened.")] = None
    event_time: Annotated[TimeOfDay | None, quasi("Time of day at which it happened.")] = None
    discovery_date: Annotated[Date | None, quasi("When it was discovered (DE9).")] = None
    report_date: Annotated[Date | None, quasi("When it was first reported (DE30).")] = None
    setting: Annotated[Setting, plain("Where care was given.")] = Setting.UNKNOWN
    unit: Annotated[Short | None, provider("Unit, ward or department as the provider names it.")] = None
    facility: Facility | None = None
    patient: Patient | None = None
    reporter: Reporter | None = None
    providers: Annotated[tuple[InvolvedProvider, ...], UP_TO_HUNDRED, plain("Providers who took part.")] = ()
    devices: Annotated[tuple[Device, ...], UP_TO_HUNDRED, plain("Devices that took part.")] = ()
    medications: Annotated[tuple[Medication, ...], UP_TO_HUNDRED, plain("Medications that took part.")] = ()
    contributing_factors: Annotated[tuple[Short, ...], UP_TO_HUNDRED, plain("Contributing factors, as codes or labels.")] = ()
    narratives: Annotated[tuple[Narrative, ...], UP_TO_HUNDRED, plain("What happened, in words (DE15, DE18).")] = ()
    external_ids: Annotated[tuple[ExternalId, ...], UP_TO_HUNDRED, plain("Names of the event in other systems.")] = ()
    source: Source | None = None
    pses_entered_at: Annotated[Instant | None, quasi("When the information entered the PSES (42 CFR 3.20).")] = None
    pses_policy: Annotated[Short | None, provider("Version of the provider's PSES policy at entry.")] = None
