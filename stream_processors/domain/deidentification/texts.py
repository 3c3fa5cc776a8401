"""One text on its own, with what is known about its event: the form in which files of narratives are de-identified."""

from typing import Annotated

from msgspec import Meta, Struct

from schemas.grades import Grade
from schemas.records import SafetyEvent
from schemas.records.people import Facility, InvolvedProvider, Patient, Reporter
from schemas.taxonomy import Action, ReportType
from stream_processors.domain.deidentification.engine import LONGEST, NarrativeEngine, Verdict
from stream_processors.domain.deidentification.known import Known, known_identifiers
from stream_processors.domain.deidentification.offsets import normalised_with_offsets

Word = Annotated[str, Meta(max_length=1_000)] | None


class KnownPatient(Struct, frozen=True):
    """What the event's record says of its patient. Names are those of the file format."""

    given: Word = None
    middle: Word = None
    family: Word = None
    dob: Word = None
    mrn: Word = None
    account: Word = None
    plan: Word = None
    ssn: Word = None
    phone: Word = None
    email: Word = None
    street: Word = None
    city: Word = None
    state: Word = None
    zip: Word = None


class KnownPerson(Struct, frozen=True):
    """A reporter or a clinician."""

    given: Word = None
    family: Word = None


class KnownFacility(Struct, frozen=True):
    """The place of care."""

    name: Word = None
    abbrev: Word = None


class KnownRecord(Struct, frozen=True):
    """The structured record of the event from which the text comes."""

    patient: KnownPatient | None = None
    facility: KnownFacility | None = None
    event_date: Word = None
    reporter: KnownPerson | None = None
    providers: tuple[KnownPerson, ...] = ()


class LooseText(Struct, frozen=True):
    """One line of a file."""

    id: str | int
    text: str
    known: KnownRecord | None = None


class FoundSpan(Struct, frozen=True, gc=False):
    """A part of the original text that went: [start, end) in characters."""

    start: int
    end: int
    type: str


class RedactedText(Struct, frozen=True, omit_defaults=True):
    """What became of one text. `text` is empty where it was withheld."""

    id: str | int
    spans: tuple[FoundSpan, ...]
    text: str
    verdict: Verdict
    quarantined: bool = False


def redacted(line: LooseText, grade: Grade, engine: NarrativeEngine, *, use_known: bool = True) -> RedactedText:
    """The text without its identifiers, with the spans in the original's characters."""
    normal = normalised_with_offsets(line.text) if len(line.text) <= LONGEST else None
    if normal is None:
        return _withheld(line)
    record = line.known if use_known and line.known else KnownRecord()
    redaction = engine.redact(normal.text, known_of(record, grade), grade, {})
    starts, ends = normal.starts, normal.ends
    spans = tuple([FoundSpan(starts[s.start], ends[s.end - 1], s.kind) for s in redaction.spans])
    if redaction.verdict is not Verdict.RELEASE:
        return RedactedText(line.id, spans, "", redaction.verdict, quarantined=True)
    return RedactedText(line.id, spans, redaction.text, redaction.verdict)


def _withheld(line: LooseText) -> RedactedText:
    return RedactedText(line.id, (), "", Verdict.QUARANTINE, quarantined=True)


def known_of(record: KnownRecord, grade: Grade) -> Known:
    """What a record says that must not be found in what leaves."""
    return known_identifiers(_event(record), grade)


def _event(record: KnownRecord) -> SafetyEvent:
    """The record as the event whose identifiers the engine knows how to read."""
    p, f = record.patient or KnownPatient(), record.facility or KnownFacility()
    return SafetyEvent(
        event_id="-",
        revision=1,
        action=Action.REPORT,
        provider="-",
        report_type=ReportType.INCIDENT,
        event_date=record.event_date,
        facility=Facility(name=f.name, abbreviation=f.abbrev),
        patient=_patient(p),
        reporter=Reporter(given=record.reporter.given, family=record.reporter.family) if record.reporter else None,
        providers=tuple(InvolvedProvider(given=one.given, family=one.family) for one in record.providers),
    )


def _patient(p: KnownPatient) -> Patient:
    return Patient(
        given=p.given,
        middle=p.middle,
        family=p.family,
        birth_date=p.dob,
        medical_record_number=p.mrn,
        account_number=p.account,
        health_plan_number=p.plan,
        social_security_number=p.ssn,
        phone=p.phone,
        email=p.email,
        street=p.street,
        city=p.city,
        state=p.state,
        zip_code=p.zip,
    )
