"""One text on its own, with what is known about its event: the form in which files of narratives are de-identified."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from schemas.grades import Grade
from schemas.records import SafetyEvent
from schemas.records.manifest import RemovedSpans
from schemas.records.people import Facility, InvolvedProvider, Patient, Reporter
from schemas.taxonomy import Action, ReportType
from stream_processors.domain.deidentification.counting import removed
from stream_processors.domain.deidentification.engine import LONGEST, NarrativeEngine, Verdict
from stream_processors.domain.deidentification.known import Known, known_identifiers
from stream_processors.domain.deidentification.offsets import normalised_with_offsets
from stream_processors.domain.deidentification.spans import Span

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

    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=0)]
    type: Annotated[str, Meta(pattern=r"^[A-Z][A-Z_]{0,31}\Z")]
    """A word of ours, so that a file that was read back cannot bring a text with it."""


class RedactedText(Struct, frozen=True, omit_defaults=True):
    """What became of one text. `text` is empty where it was withheld."""

    id: str | int
    spans: tuple[FoundSpan, ...]
    text: str
    verdict: Verdict
    quarantined: bool = False


class Answer(NamedTuple):
    """What became of one text, and the parts of it that were removed; none where it was withheld."""

    text: RedactedText
    parts: Sequence[Span]
    grade: Grade

    def removed(self) -> tuple[RemovedSpans, ...]:
        """How many parts were removed."""
        return removed(self.parts, by_layer=self.grade is Grade.P1)


def redacted(line: LooseText, grade: Grade, engine: NarrativeEngine, *, use_known: bool = True) -> RedactedText:
    """The text without its identifiers, with the spans in the original's characters."""
    return answer(line, grade, engine, use_known=use_known).text


def answer(line: LooseText, grade: Grade, engine: NarrativeEngine, *, use_known: bool = True) -> Answer:
    """The same, and how much was removed."""
    record = line.known if use_known and line.known else KnownRecord()
    return _answer(line, known_of(record, grade), grade, {}, engine)


def answers(
    stored: SafetyEvent, place: str, grade: Grade, engine: NarrativeEngine, *, use_known: bool = True
) -> Sequence[Answer]:
    """The same for every narrative of an event, with all that its record knows. `place` says where the event is stored."""
    known = known_identifiers(stored, grade) if use_known else known_of(KnownRecord(), grade)
    numbers: dict[str, int] = {}
    lines = [LooseText(f"{place}/{index}", narrative.text) for index, narrative in enumerate(stored.narratives)]
    return [_answer(line, known, grade, numbers, engine) for line in lines]


def _answer(line: LooseText, known: Known, grade: Grade, numbers: dict[str, int], engine: NarrativeEngine) -> Answer:
    normal = normalised_with_offsets(line.text) if len(line.text) <= LONGEST else None
    if normal is None:
        return Answer(RedactedText(line.id, (), "", Verdict.QUARANTINE, quarantined=True), (), grade)
    redaction = engine.redact(normal.text, known, grade, numbers)
    starts, ends = normal.starts, normal.ends
    spans = tuple([FoundSpan(starts[s.start], ends[s.end - 1], s.kind) for s in redaction.spans])
    if redaction.verdict is not Verdict.RELEASE:
        return Answer(RedactedText(line.id, spans, "", redaction.verdict, quarantined=True), (), grade)
    return Answer(RedactedText(line.id, spans, redaction.text, redaction.verdict), redaction.spans, grade)


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
