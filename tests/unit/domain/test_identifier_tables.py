"""The 13, the 16 and the 18 identifiers: which fields carry each, what becomes of them in P1 and P2, and that it does.

The tables are written out once more here, so that a slip in the code's own tables meets one that does not share it.
"""

from collections.abc import Callable, Iterator, Mapping
from random import Random

import pytest
from msgspec import msgpack

from schemas.grades import Grade
from schemas.records import ClassifiedEvent, Record
from schemas.records.parts import Device, Narrative
from schemas.taxonomy import NarrativeKind, NarrativeRelease
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.deidentification.rules import Output, rules_of
from stream_processors.domain.deidentification.rules_applied import leaf_paths
from stream_processors.domain.deidentification.rules_identifiers import (
    LIMITED_DATA_SET,
    PROVIDER_IDENTIFIERS,
    SAFE_HARBOR,
    Identifier,
)
from stream_processors.domain.deidentification.rules_treatments import Treatment
from stream_processors.domain.rejection import Rejected
from tests.support.builders import classified, safety_event
from tests.support.leaves import with_leaf
from tests.support.marked_events import marked

DISCLOSE: Mapping[Grade, Callable[[ClassifiedEvent, str, str], Record]] = {Grade.P1: anonymize, Grade.P2: nonidentify}
LETTERS = {
    "D": Treatment.DROP,
    "S": Treatment.SURROGATE,
    "K": Treatment.KEEP,
    "G": Treatment.GENERALISE,
    "C": Treatment.KEEP_IF_CLEAN,
}
Row = tuple[str, str, str, str]
"""Place in the list; carriers under `event.`, each with its treatment in P1 and in P2; an example; a remark."""

THE_13: list[Row] = [
    (
        "1",
        """reporter.given DD, reporter.family DD, providers[].given DD, providers[].family DD, facility.name DD,
        facility.abbreviation DD, unit DD, provider SS, pses_policy DD, source.system DD""",
        "Qwertzmann",
        "people of the workforce, the house, its parts, and what is called after it",
    ),
    ("2", "facility.street DD", "12 Qwertz Lane", "town, State and ZIP code are excepted"),
    ("3", "facility.phone DD, reporter.phone DD, providers[].phone DD", "503-555-0143", ""),
    ("4", "facility.phone DD, reporter.phone DD, providers[].phone DD", "fax 503-555-0144", "no field of its own"),
    ("5", "reporter.email DD, providers[].email DD", "ann@site.example", ""),
    ("6", "", "SSN 078-05-1120", "no field of a provider holds one"),
    ("7", "providers[].dea_number DD", "BR1234563", ""),
    ("8", "providers[].national_provider_id DD", "1992739991", ""),
    ("9", "providers[].license_number DD", "MD88123", ""),
    ("10", "", "https://mercy.example/staff", "no field holds one"),
    ("11", "", "10.20.30.40", "no field holds one"),
    ("12", "", "fingerprint FP-99213", "no field can hold one; its number can stand in words"),
    ("13", "", "qwertzmann_face.jpg", "no field can hold one; the name of its file can stand in words"),
]
THE_16: list[Row] = [
    ("i", "patient.given DD, patient.middle DD, patient.family DD", "Qwertzmann", ""),
    ("ii", "patient.street DD", "12 Qwertz Lane", "town, State and ZIP code are excepted"),
    ("iii", "patient.phone DD", "503-555-0143", ""),
    ("iv", "patient.phone DD", "fax 503-555-0144", "no field of its own"),
    ("v", "patient.email DD", "ann@site.example", ""),
    ("vi", "patient.social_security_number DD", "078-05-1120", ""),
    ("vii", "patient.medical_record_number DD", "MR-4471902", ""),
    ("viii", "patient.health_plan_number DD", "1EG4TE5MK73", ""),
    ("ix", "patient.account_number DD", "AC8830217", ""),
    ("x", "", "driver's license D1234567", "no field of a patient holds one"),
    ("xi", "", "plate 7ABC123", "no field holds one"),
    (
        "xii",
        "devices[].lot_number DD, devices[].serial_number DD, devices[].unique_device_identifier DD",
        "SN0099881",
        "maker and model are no identifiers of a device",
    ),
    ("xiii", "", "https://mercy.example/ann", "no field holds one"),
    ("xiv", "", "10.20.30.40", "no field holds one"),
    ("xv", "", "fingerprint FP-99213", "no field can hold one; its number can stand in words"),
    ("xvi", "", "qwertzmann_face.jpg", "no field can hold one; the name of its file can stand in words"),
]
THE_18: list[Row] = [
    ("A", "patient.given DD, patient.middle DD, patient.family DD", "Qwertzmann", ""),
    (
        "B",
        "patient.street DD, patient.city CD, patient.zip_code CD, facility.street DD, facility.city CD, facility.zip_code CG",
        "",
        "P1 may keep town and ZIP code; P2 keeps three digits of the facility's",
    ),
    (
        "C",
        """patient.birth_date KD, patient.age_years KG, event_date KG, event_time DD, discovery_date KG, report_date KG,
        pses_entered_at DD""",
        "",
        "P1 may keep dates; P2 keeps the year of the event, days from it, and ages to 89",
    ),
    ("D", "patient.phone DD", "503-555-0143", ""),
    ("E", "patient.phone DD", "fax 503-555-0144", "no field of its own"),
    ("F", "patient.email DD", "ann@site.example", ""),
    ("G", "patient.social_security_number DD", "078-05-1120", ""),
    ("H", "patient.medical_record_number DD", "MR-4471902", ""),
    ("I", "patient.health_plan_number DD", "1EG4TE5MK73", ""),
    ("J", "patient.account_number DD", "AC8830217", ""),
    ("K", "", "driver's license D1234567", "no field of a patient holds one"),
    ("L", "", "plate 7ABC123", "no field holds one"),
    (
        "M",
        "devices[].lot_number DD, devices[].serial_number DD, devices[].unique_device_identifier DD",
        "SN0099881",
        "maker and model are no identifiers of a device",
    ),
    ("N", "", "https://mercy.example/ann", "no field holds one"),
    ("O", "", "10.20.30.40", "no field holds one"),
    ("P", "", "fingerprint FP-99213", "no field can hold one; its number can stand in words"),
    ("Q", "", "qwertzmann_face.jpg", "no field can hold one; the name of its file can stand in words"),
    ("R", "event_id SS, external_ids[].value DD, acceptance.arrangement DD", "RW-550021", "numbers of the event itself"),
]
LISTS = [(PROVIDER_IDENTIFIERS, THE_13), (LIMITED_DATA_SET, THE_16), (SAFE_HARBOR, THE_18)]
PAIRS = [pair for declared, written in LISTS for pair in zip(declared, written, strict=True)]
each = pytest.mark.parametrize(
    ("declared", "row"), PAIRS, ids=[f"{row[0]}: {row[3] or declared.what}" for declared, row in PAIRS]
)


def carriers(row: Row) -> Mapping[str, str]:
    """Path -> the two letters."""
    pairs = (part.split() for part in row[1].split(",") if part)
    return {path if path.startswith("acceptance") else f"event.{path}": letters for path, letters in pairs}


def test_there_are_13_and_16_and_18() -> None:
    assert [len(declared) for declared, _ in LISTS] == [13, 16, 18]


@each
def test_each_is_carried_by_these_fields_and_treated_so(declared: Identifier, row: Row) -> None:
    assert declared.place == row[0]
    assert declared.is_words is ("no field can hold one" not in row[3])
    assert set(declared.carriers) == set(carriers(row))
    for path, letters in carriers(row).items():
        treatments = [rules_of(output)[path].treatment for output in (Output.P1, Output.P2)]
        assert treatments == [LETTERS[letter] for letter in letters], f"{path}: {row[3]}"


def planted(row: Row) -> Iterator[tuple[str, ClassifiedEvent]]:
    """An event with the example in each field that carries it, then one with it in a label and in a narrative too."""
    event = classified(safety_event(), narrative_release=NarrativeRelease.NONIDENTIFIED)
    example = row[2].replace(" ", "-") if row[0] == "R" else row[2]
    for path in carriers(row):
        event = with_leaf(event, path, example, lambda kind: marked(kind, Random(3)))
        yield path, event
    said = (Narrative(NarrativeKind.DESCRIPTION, f"Somebody wrote it down: {example}."),)
    for path, value in (("event.narratives", said), ("event.devices", (Device(model=example), Device(kind=f"pump {example}")))):
        yield path, with_leaf(event, path, value, lambda kind: marked(kind, Random(3)))


@pytest.mark.parametrize("grade", DISCLOSE)
@each
def test_an_example_of_each_leaves_by_no_field_label_or_narrative(declared: Identifier, row: Row, grade: Grade) -> None:
    if not row[2]:
        # Nothing to plant: either the carriers have rules of their own in test_grade_rules, or nothing can carry it.
        assert bool(carriers(row)) is (row[0] in "BC")
        return
    secret = row[2].split()[-1] if row[2][0].islower() or row[2].startswith("SSN") else row[2]
    for path, event in planted(row):
        try:
            record = DISCLOSE[grade](event, "sur-event", "sur-contributor")
        except Rejected:
            continue  # withheld whole: nothing left
        assert secret.lower().encode() not in msgpack.encode(record).lower(), path


def test_no_field_can_hold_an_image_or_a_print() -> None:
    marked_once = msgpack.decode(msgpack.encode(marked(ClassifiedEvent, Random(7))))
    assert {type(value) for value in values(marked_once)} <= {str, int, bool, type(None)}
    assert len(list(leaf_paths(ClassifiedEvent))) > 90


def values(found: object) -> Iterator[object]:
    """Everything in a tree that is no branch."""
    if isinstance(found, dict | list):
        for inner in found.values() if isinstance(found, dict) else found:
            yield from values(inner)
    else:
        yield found
