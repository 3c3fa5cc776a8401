"""The records of an event on its way inside the PSO: accepted, classified."""

from typing import Annotated

from msgspec import Meta

from schemas.grades import Grade
from schemas.protection import plain, provider
from schemas.records.safety_event import SafetyEvent
from schemas.records.values import Count, Id, Record, Short
from schemas.restrictions import DatePrecision, Passing
from schemas.taxonomy import (
    Category,
    ClassifierOutput,
    DoseError,
    Harm,
    IncorrectAction,
    MedicationStage,
    NarrativeDates,
    NarrativeNames,
    NarrativeRelease,
    ProviderType,
    ReportType,
    Route,
)


class Restriction(Record, frozen=True):
    """What a contract takes from that which the law lets leave in one grade."""

    grade: Annotated[Grade, plain("The grade that is restricted.")]
    passes: Annotated[Passing, plain("The event, its withdrawal alone, or nothing.")]
    dates: Annotated[DatePrecision, plain("The finest element of a date that leaves.")]
    withheld: Annotated[tuple[Short, ...], plain("Paths of fields that do not leave.")] = ()


class Acceptance(Record, frozen=True):
    """Under which arrangement an event was accepted. Later steps need no other knowledge of the contract."""

    arrangement: Annotated[Id, provider("The arrangement in force.")]
    policy_version: Annotated[Count, plain("Version of that arrangement; copied to every derived row.")]
    provider_type: Annotated[ProviderType, plain("Kind of provider (42 CFR 3.20).")]
    narrative_release: Annotated[NarrativeRelease, plain("Where redacted narratives may go (42 CFR 3.206(e)).")]
    narrative_dates: Annotated[NarrativeDates, plain("What stands for a date in P2.")] = NarrativeDates.SAFE_HARBOR
    narrative_names: Annotated[NarrativeNames, plain("What stands for a name in P1.")] = NarrativeNames.TAGS
    test: Annotated[bool, plain("An invented event of a test arrangement: it takes the whole way and counts nowhere.")] = False
    restrictions: Annotated[
        tuple[Restriction, ...], plain("Grades in which less leaves than the law allows; one that is not here is free.")
    ] = ()


class AcceptedEvent(Record, frozen=True):
    """An event that is complete and inside the scope of its provider's arrangement (grade P0)."""

    event: SafetyEvent
    acceptance: Acceptance


Percent = Annotated[int, Meta(ge=0, le=100)]
"""A probability in whole hundredths: the same on every machine."""


class Confidence(Record, frozen=True):
    """How likely the likeliest code is, whether or not it was said."""

    report_type: Annotated[Percent, plain("Of the report type.")]
    category: Annotated[Percent, plain("Of the least likely category that was said, else of the likeliest.")]
    harm: Annotated[Percent, plain("Of the harm.")]


class Evidence(Record, frozen=True):
    """A word that spoke for what was said: where it stands, never what it is."""

    output: Annotated[ClassifierOutput, plain("The answer that it spoke for.")]
    narrative: Annotated[Count, plain("Which of the event's narratives, from 0.")]
    start: Annotated[Count, plain("First character.")]
    end: Annotated[Count, plain("Behind its last character.")]


class MedicationDetails(Record, frozen=True):
    """What explicit words say of a medication event; empty where they say nothing."""

    stage: Annotated[MedicationStage | None, plain("Stage in which it began (DE315), where the words name one alone.")] = None
    incorrect_actions: Annotated[tuple[IncorrectAction, ...], plain("What was done wrongly (DE291).")] = ()
    doses: Annotated[tuple[DoseError, ...], plain("How the dose was wrong (DE294).")] = ()
    routes: Annotated[tuple[Route, ...], plain("Routes that are named; the words do not say which was meant.")] = ()


class Classification(Record, frozen=True):
    """Our advice beside the reporter's own codes. `None` or empty where it abstained."""

    classifier: Annotated[Short, plain("Name and version of the classifier.")]
    report_type: Annotated[ReportType | None, plain("Suggested report type.")] = None
    categories: Annotated[tuple[Category, ...], plain("Suggested categories.")] = ()
    harm: Annotated[Harm | None, plain("Suggested harm.")] = None
    needs_review: Annotated[bool, plain("The advice contradicts the reporter's code.")] = False
    confidence: Confidence | None = None
    medication: MedicationDetails | None = None
    never_events: Annotated[tuple[Short, ...], plain("Serious reportable events (NQF 2011) to ask a reviewer about.")] = ()
    evidence: Annotated[tuple[Evidence, ...], plain("The strongest words for what was said.")] = ()


class ClassifiedEvent(Record, frozen=True):
    """An accepted event with advice on its codes (grade P0)."""

    event: SafetyEvent
    acceptance: Acceptance
    classification: Classification
