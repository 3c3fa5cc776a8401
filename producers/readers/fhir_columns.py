"""An AdverseEvent as columns of text, R4 and R5 alike: what a mapping then makes of them is data.

An unsafe condition has no patient, but FHIR demands a subject: what only might have happened to something that is no
Patient is `potential without patient`. FHIR counts versions of a resource in meta.versionId, which is the revision.
"""

from typing import TypeVar

from producers.readers.fhir_references import Neighbours
from producers.readers.fhir_resources import AdverseEvent, Person, Reference

Columns = dict[str, list[str]]
_Kind = TypeVar("_Kind")


def columns_of(event: AdverseEvent, neighbours: Neighbours) -> Columns:
    """Every column that the event fills. Raises msgspec.MsgspecError where a neighbour is not what FHIR has there."""
    happened = event.date or event.occurrence_date_time or event.occurrence_period.start
    columns: Columns = {
        "identifier": _identifiers(event),
        "revision": [event.meta.version_id] if event.meta.version_id.isdecimal() else [],
        "action": [_action(event)],
        "actuality": [_actuality(event, neighbours)],
        "category": [category.code for category in event.category],
        "code": [event.event.words or event.code.words],
        "date": [happened[:10]],
        "time": [happened[11:16]],
        "detected": [event.detected[:10]],
        "recordedDate": [event.recorded_date[:10]],
        "location": [event.location.display],
        "seriousness": [event.seriousness.code],
        "severity": [event.severity.code],
        "outcome": [outcome.code for outcome in _several(event.outcome)],
        "contributingFactor": [factor.words for factor in event.contributing_factor],
        "action taken": [action.words for action in (*event.mitigating_action, *event.preventive_action)],
        "note": [note.text for note in event.note],
        "participant.function": [one.function.words for one in event.participant],
        **_suspects(event, neighbours),
        **_person("subject", event.subject, neighbours),
        **_person("recorder", event.recorder, neighbours),
    }
    return {name: found for name, values in columns.items() if (found := [value for value in values if value.strip()])}


def _action(event: AdverseEvent) -> str:
    if event.status == "entered-in-error":
        return "withdraw"
    later = event.meta.version_id.isdecimal() and int(event.meta.version_id) > 1
    return "correct" if later else "report"


def _actuality(event: AdverseEvent, neighbours: Neighbours) -> str:
    if event.actuality != "potential":
        return event.actuality
    with_patient = neighbours.type_behind(event.subject) == "Patient"
    return "potential with patient" if with_patient else "potential without patient"


def _identifiers(event: AdverseEvent) -> list[str]:
    """The first identifier that has a value names the event, otherwise its id."""
    return [*(one.value for one in _several(event.identifier) if one.value), event.id][:1]


def _several(given: _Kind | tuple[_Kind, ...]) -> tuple[_Kind, ...]:
    """R4 has one where R5 has a list."""
    return given if isinstance(given, tuple) else (given,)


def _suspects(event: AdverseEvent, neighbours: Neighbours) -> Columns:
    medications: list[str] = []
    devices: list[str] = []
    for suspect in event.suspect_entity:
        reference = suspect.instance if suspect.instance != Reference() else suspect.instance_reference
        name = suspect.instance_codeable_concept.words or neighbours.name_of(reference)
        (devices if neighbours.type_behind(reference) == "Device" else medications).append(name)
    return {"suspect medication": medications, "suspect device": devices}


def _person(prefix: str, reference: Reference, neighbours: Neighbours) -> Columns:
    """The parts of a patient's or recorder's identity; only a name in words where the reference leads nowhere."""
    person = neighbours.person(reference)
    if person is None:
        return {f"{prefix}.family": [reference.display]}
    name = next(iter(person.name), None)
    address = next(iter(person.address), None)
    columns = {
        "family": (name.family or name.text) if name else reference.display,
        "given": " ".join(name.given) if name else "",
        "birthDate": person.birth_date,
        "gender": person.gender,
        "record number": _record_number(person),
        "phone": next((one.value for one in person.telecom if one.system == "phone"), ""),
        "email": next((one.value for one in person.telecom if one.system == "email"), ""),
        "street": ", ".join(address.line) if address else "",
        "city": address.city if address else "",
        "state": address.state if address else "",
        "zip code": address.postal_code if address else "",
    }
    return {f"{prefix}.{part}": [value] for part, value in columns.items()}


def _record_number(person: Person) -> str:
    """The identifier of type MR (HL7 table 0203), otherwise the first."""
    ranked = sorted(person.identifier, key=lambda one: one.type.code != "MR")
    return next((one.value for one in ranked if one.value), "")
