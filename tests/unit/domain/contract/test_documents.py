"""Arrangement documents: what is no document, what widens the law, and the policy that law and contract leave."""

from typing import Any

import pytest

from schemas.grades import Grade
from schemas.restrictions import DatePrecision, Passing
from schemas.taxonomy import NarrativeRelease, ProviderType
from stream_processors.domain.arrangements import parse_arrangements
from stream_processors.domain.contract.compiling import WidensTheLaw, compiled, imported, recipients, suppression
from stream_processors.domain.contract.document import Recipient
from stream_processors.domain.contract.event_fields import IDENTIFYING_PATHS, WITHHOLDABLE
from stream_processors.domain.contract.reading import InvalidDocument, parse_document
from tests.support.builders import ARRANGEMENTS_FILE
from tests.support.documents import NARROW, WIDE, built, narrow, wide


def test_a_document_that_takes_nothing_from_the_law_is_the_table_of_the_file() -> None:
    table = parse_arrangements(ARRANGEMENTS_FILE.read_text()).by_topic["pso-events-submitted-arr-m9d0"]
    policy = compiled(wide())
    assert policy.restrictions == ()
    assert (policy.narrative_release, policy.provider_type) == (NarrativeRelease.NONIDENTIFIED, ProviderType.HOSPITAL)
    assert compiled(imported(table, "P0042")) == table


@pytest.mark.parametrize("table", parse_arrangements(ARRANGEMENTS_FILE.read_text()).by_topic.values(), ids=lambda t: t.id)
def test_every_table_of_the_arrangements_file_is_imported_as_a_document_that_means_the_same(table: Any) -> None:
    assert compiled(imported(table, "P0042")) == table


def test_a_contract_that_says_nothing_of_disclosure_discloses_nothing() -> None:
    policy = compiled(built(wide(), disclosures=[]))
    assert {one.grade: one.passes for one in policy.restrictions} == {Grade.P1: Passing.NOTHING, Grade.P2: Passing.NOTHING}


def test_what_is_left_is_the_strictest_of_law_state_and_contract() -> None:
    policy = compiled(narrow())
    (p1, p2) = policy.restrictions
    assert (p1.grade, p1.passes, p1.dates) == (Grade.P1, Passing.EVENT, DatePrecision.YEAR)
    assert p1.withheld == ("devices", "facility.city", "medications.dose")
    assert (p2.grade, p2.passes) == (Grade.P2, Passing.NOTHING)
    assert policy.withheld == ("patient.race",)
    assert policy.functional
    assert suppression(narrow()) == (20, 5)
    assert suppression(wide()) == (10, 3)


def test_an_event_enters_a_grade_only_where_the_contract_permits_all_whom_its_topic_serves() -> None:
    some = [{"grade": "P1", "recipients": ["another_pso"]}, {"grade": "P2", "recipients": ["npsd"]}]
    closed = compiled(built(wide(), disclosures=some)).restrictions
    assert [one.passes for one in closed] == [Passing.NOTHING, Passing.NOTHING]


@pytest.mark.parametrize(
    ("changes", "place", "words", "remark"),
    [
        (
            {"disclosures": [{"grade": "P2", "recipients": ["public"], "dates": "day"}]},
            "disclosures[0].dates",
            ("3.212(a)(2)", "164.514(b)(2)(i)(C)"),
            "a day is an element of a date",
        ),
        (
            {"disclosures": [{"grade": "P2", "recipients": ["public"], "dates": "month"}]},
            "disclosures[0].dates",
            ("164.514(b)(2)(i)(C)",),
            "and so is a month",
        ),
        (
            {"disclosures": [{"grade": "P1", "recipients": ["another_pso", "public"]}]},
            "disclosures[0].recipients",
            ("3.206(b)(4)(iv)", "public"),
            "anonymized is no word for public",
        ),
        (
            {"disclosures": [{"grade": "P1", "recipients": ["accreditor"]}]},
            "disclosures[0].recipients",
            ("3.206(b)(8)",),
            "a provider's own act",
        ),
        (
            {"disclosures": [{"grade": "P1", "recipients": ["pso_parent"]}]},
            "disclosures[0].recipients",
            ("3.102(c)",),
            "the wall of a component PSO",
        ),
        (
            {"disclosures": [{"grade": "P0", "recipients": ["state_agency"]}]},
            "disclosures[0].recipients",
            ("3.204(a)",),
            "privileged even from its order",
        ),
        (
            {"disclosures": [{"grade": "P3", "recipients": ["researcher"]}]},
            "disclosures[0].grade",
            ("3.212(a)(1)",),
            "a statistician decides, no contract",
        ),
        ({"narratives": {"redacted": False}}, "narratives.redacted", ("3.212(a)(2)", "(b)"), "words with names in them"),
        ({"suppression": {"threshold": 9}}, "suppression.threshold", ("3.212", "10"), "below the house's"),
        ({"suppression": {"contributors": 2}}, "suppression.contributors", ("3.212", "3"), "below the house's"),
        (
            {"scope": {"withheld": ["patient"]}},
            "scope.withheld[0]",
            ("3.206(b)(4)(iv)", "3.212(b)"),
            "the engine would not know whose name to take out",
        ),
        (
            {"state_law": [{"state": "FL", "cite": "X", "disclosures": [{"grade": "P1", "recipients": ["public"]}]}]},
            "state_law[0].disclosures[0].recipients",
            ("299b-22(g)", "3.206(b)(4)(iv)"),
            "a State that opens what the Act closes",
        ),
        (
            {"state_law": [{"state": "FL", "cite": "X", "suppression": {"threshold": 1}}]},
            "state_law[0].suppression.threshold",
            ("299b-22(g)",),
            "a State that lowers the floor",
        ),
        (
            {"state_law": [{"state": "FL", "cite": "X", "narratives": {"redacted": False}}]},
            "state_law[0].narratives.redacted",
            ("299b-22(g)",),
            "a State that wants the words as they are",
        ),
    ],
)
def test_what_widens_the_law_is_refused_with_its_paragraph(
    changes: dict[str, Any], place: str, words: tuple[str, ...], remark: str
) -> None:
    with pytest.raises(WidensTheLaw) as refused:
        compiled(built(wide(), **changes))
    assert [fault.place for fault in refused.value.faults] == [place], remark
    assert all(word in refused.value.faults[0].reason for word in words), refused.value.faults[0].reason


@pytest.mark.parametrize(
    ("old", "new", "place", "remark"),
    [
        ("version = 3", "version = 0", "version", "versions begin with 1"),
        ("version = 3", "versoin = 3\nversion = 3", "versoin", "a field that nobody reads"),
        ('pso = "P0042"', "", "parties", "a contract with nobody"),
        ('"hospital"', '"spital"', "parties.provider_type", "no provider of 42 CFR 3.20"),
        ("2020-01-01", "2020-01-01\nuntil = 2019-12-31", "term.until", "ends before it begins"),
        ("2020-01-01", '"2020-02-30"', "term.from", "no day of the calendar"),
        ('"arr-7k2q"', '"arr-dead"', "id", "the dead letters of another"),
        ("[narratives]", '[reporting]\nby = "functional"\n[narratives]', "reporting.clause", "functional by no clause"),
        ("[narratives]", '[exit]\ndisposition = "destroy"\n[narratives]', "exit.why_not_returned", "3.108(b)(3)(iii)"),
        ("[narratives]", '[exit]\ndisposition = "transfer"\n[narratives]', "exit.transfer_to", "to nobody"),
        ("[narratives]", '[scope]\nwithheld = ["event_id"]\n[narratives]', "scope.withheld[0]", "no event without its id"),
        ("[narratives]", '[[state_law]]\nstate = "ZZ"\ncite = "X"\n[narratives]', "state_law[0].state", "no State"),
        ('grade = "A"', 'grade = "A"\ndates = "year"', "disclosures[2]", "counts have no dates"),
        ('grade = "A"', 'grade = "P1"', "disclosures[2].grade", "one grade said twice"),
        ("version = 3", "version 3", "file", "no TOML"),
    ],
)
def test_what_is_no_document_is_refused_with_its_place(old: str, new: str, place: str, remark: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        parse_document(WIDE.replace(old, new, 1))
    assert [fault.place for fault in refused.value.faults] == [place], remark


def test_faults_of_several_tables_are_said_at_once() -> None:
    with pytest.raises(InvalidDocument) as refused:
        parse_document(NARROW.replace("version = 4", "version = 0").replace('"functional"', '"maybe"').replace("20", "x"))
    assert len(refused.value.faults) == 1, "no TOML is one fault"
    with pytest.raises(InvalidDocument) as refused:
        parse_document(NARROW.replace("version = 4", "version = 0").replace('"functional"', '"maybe"'))
    assert [fault.place for fault in refused.value.faults] == ["version", "reporting.by"]


def test_recipients_are_those_whom_everybody_permits() -> None:
    assert recipients(wide(), Grade.P1) == {Recipient.ANOTHER_PSO, Recipient.REPORTING_PROVIDER}
    law = {"state": "PA", "cite": "X", "disclosures": [{"grade": "P1", "recipients": ["another_pso"]}]}
    assert recipients(built(wide(), state_law=[law]), Grade.P1) == {Recipient.ANOTHER_PSO}
    assert recipients(built(wide(), state_law=[law], disclosures=[]), Grade.P1) == frozenset(), "a State opens nothing"


def test_fields_that_can_be_withheld_are_those_an_event_stands_without() -> None:
    assert {"patient", "patient.race", "devices.model", "narratives", "unit"} <= WITHHOLDABLE
    assert not {"event_id", "revision", "provider", "narratives.text"} & WITHHOLDABLE
    assert {"patient", "patient.family", "facility.name", "unit", "reporter"} <= IDENTIFYING_PATHS
    assert not {"patient.race", "setting", "medications"} & IDENTIFYING_PATHS
