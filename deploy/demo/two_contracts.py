"""One invented event under two contracts, through the steps of the flow: two lawful views of it."""

from collections.abc import Iterator

from msgspec.structs import replace

from schemas.grades import Grade
from schemas.records import Record, SafetyEvent
from schemas.records.parts import Device
from schemas.records.people import Facility, Patient
from schemas.taxonomy import Action, Category, Harm, ReportType, Setting, Sex
from schemas.topics import EVENTS_ACCEPTED, EVENTS_CLASSIFIED
from stream_processors.domain.arrangements import Arrangement, Arrangements
from stream_processors.domain.classification.classifier import shipped_classifier
from stream_processors.domain.contract.compiling import compiled
from stream_processors.domain.contract.reading import parse_document
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.domain.deidentification.rare import UNASKED
from stream_processors.processors.anonymize import anonymize
from stream_processors.processors.classify import classify
from stream_processors.processors.nonidentify import nonidentify
from stream_processors.processors.validate import validate
from stream_processors.shapes import Given, Processor

CONTRACT = """
id = "arr-{name}"
version = 1
[parties]
provider = "prv-{name}"
provider_type = "hospital"
pso = "P0042"

[term]
from = 2023-01-01

[[disclosures]]
grade = "P1"
recipients = ["another_pso", "reporting_provider"]
"""
OPEN = CONTRACT.format(name="open") + '[[disclosures]]\ngrade = "P2"\nrecipients = ["public"]\n'
CLOSE = CONTRACT.format(name="close") + 'dates = "year"\nwithheld = ["devices", "facility.city"]\n'

EVENT = SafetyEvent(
    event_id="D-1",
    revision=1,
    action=Action.REPORT,
    provider="",
    report_type=ReportType.INCIDENT,
    categories=(Category.DEVICE,),
    harm=Harm.MILD,
    event_date="2024-05-16",
    report_date="2024-05-17",
    setting=Setting.INPATIENT_UNIT,
    facility=Facility(city="Ostrander", state="OR", zip_code="97001"),
    patient=Patient(age_years=71, sex=Sex.FEMALE),
    devices=(Device(kind="infusion pump", model="IP 200"),),
)
_SHOWN = ("event_date", "event_year", "city", "state", "zip3", "devices")


def told() -> Iterator[str]:
    """A line for each contract and grade."""
    for name, text in (("permits all", OPEN), ("permits less", CLOSE)):
        policy = compiled(parse_document(text))
        for grade, record in views(policy):
            what = "nothing" if record is None else ", ".join(_shown(record))
            yield f"  the contract that {name:<12} {grade}: {what}"


def views(policy: Arrangement) -> Iterator[tuple[Grade, Record | None]]:
    """What of the event leaves in each grade under a policy."""
    entry = policy.entry
    steps = (validate(Arrangements({entry.name: policy})), classify(shipped_classifier()))
    (accepted,) = steps[0].function(replace(EVENT, provider=policy.provider), Given(entry))
    (classified,) = steps[1].function(accepted, Given(EVENTS_ACCEPTED))
    for grade, step in ((Grade.P1, anonymize(PATTERNS_ONLY)), (Grade.P2, nonidentify(PATTERNS_ONLY, UNASKED))):
        yield grade, next(_left(step, classified), None)


def _left(step: Processor, classified: Record) -> Iterator[Record]:
    surrogates = {subject: f"surrogate-{number}" for number, subject in enumerate(step.asks(classified))}
    yield from step.function(classified, Given(EVENTS_CLASSIFIED, surrogates))


def _shown(record: Record) -> Iterator[str]:
    for name in _SHOWN:
        value = getattr(record, name, None)
        if value:
            yield f"{len(value)} device" if name == "devices" else str(value)
