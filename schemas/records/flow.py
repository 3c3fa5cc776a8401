"""The records of an event on its way inside the PSO: accepted, classified."""

from typing import Annotated

from schemas.protection import plain, provider
from schemas.records.safety_event import SafetyEvent
from schemas.records.values import Count, Id, Record, Short
from schemas.taxonomy import Category, Harm, NarrativeDates, NarrativeNames, NarrativeRelease, ProviderType, ReportType


class Acceptance(Record, frozen=True):
    """Under which arrangement an event was accepted. Later steps need no other knowledge of the contract."""

    arrangement: Annotated[Id, provider("The arrangement in force.")]
    policy_version: Annotated[Count, plain("Version of that arrangement; copied to every derived row.")]
    provider_type: Annotated[ProviderType, plain("Kind of provider (42 CFR 3.20).")]
    narrative_release: Annotated[NarrativeRelease, plain("Where redacted narratives may go (42 CFR 3.206(e)).")]
    narrative_dates: Annotated[NarrativeDates, plain("What stands for a date in P2.")] = NarrativeDates.SAFE_HARBOR
    narrative_names: Annotated[NarrativeNames, plain("What stands for a name in P1.")] = NarrativeNames.TAGS
    test: Annotated[bool, plain("An invented event of a test arrangement: it takes the whole way and counts nowhere.")] = False


class AcceptedEvent(Record, frozen=True):
    """An event that is complete and inside the scope of its provider's arrangement (grade P0)."""

    event: SafetyEvent
    acceptance: Acceptance


class Classification(Record, frozen=True):
    """Our advice beside the reporter's own codes. `None` or empty where it abstained."""

    classifier: Annotated[Short, plain("Name and version of the classifier.")]
    report_type: Annotated[ReportType | None, plain("Suggested report type.")] = None
    categories: Annotated[tuple[Category, ...], plain("Suggested categories.")] = ()
    harm: Annotated[Harm | None, plain("Suggested harm.")] = None
    needs_review: Annotated[bool, plain("The advice contradicts the reporter's code.")] = False


class ClassifiedEvent(Record, frozen=True):
    """An accepted event with advice on its codes (grade P0)."""

    event: SafetyEvent
    acceptance: Acceptance
    classification: Classification
