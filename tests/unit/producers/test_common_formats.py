"""Common Formats XML and DSV: the same answers give the same event, and no document reaches beyond itself."""

import io
from typing import Any

import pytest

from producers.mapping_file import load_mapping
from producers.readers.common_formats_dsv import CommonFormatsDsv
from producers.readers.common_formats_xml import read_common_formats_xml
from producers.readers.encodings import Encoding
from producers.readers.lines import MAX_LINE_BYTES
from producers.readers.outcome import Fault, Origin, Outcome, Read, Reason
from schemas.common_formats import DE291_INCORRECT_ACTION, DE315_STAGE, DE348_ROUTE
from schemas.crosswalks.loader import category_crosswalks, harm_crosswalks
from schemas.records import SafetyEvent

ORIGIN = Origin("prv-8f3k2m", "rl6-main")
MAPPING = load_mapping("cfer-h-1-2")
Answers = list[tuple[str, str, str]]
FALL: Answers = [
    ("DE3", "A3", ""), ("DE2", "E 1", ""), ("DE21", "A48", ""), ("DE21", "A66", "wheelchair"), ("DE15", "Found\non floor", ""),
    ("DE47", "UNK", ""), ("DE42", "F", ""), ("DE33", "A15", ""), ("74560-4", "LA21150-0", ""), ("DE30", "2024-05-16", ""),
]  # fmt: skip


def xml(*events: Answers, head: str = "") -> bytes:
    """Answers as XML; those that begin like a code are codes."""
    inner = "".join(f"<Event>{''.join(map(_element, event))}</Event>" for event in events)
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<CommonFormats>{inner}</CommonFormats>'.encode()


def _element(answer: tuple[str, str, str]) -> str:
    name, value, words = answer
    more = f"<AdditionalInfo>{words}</AdditionalInfo>" if words else ""
    if value[:1] in "AUL" and " " not in value:
        return f'<DataElement ID="{name}"><Answer Code="{value}">{more}</Answer></DataElement>'
    return f'<DataElement ID="{name}"><Answer>{value}{more}</Answer></DataElement>'


def dsv(*events: Answers) -> bytes:
    rows = ["PSOID|P0042", "ProviderID|prv-8f3k2m", "Event|DataElement|Answer|AdditionalInfo"]
    rows += [f'{n}|{name}|"{value}"|{words}' for n, event in enumerate(events) for name, value, words in event]
    return "\n".join(rows).encode()


def read_xml(data: bytes) -> list[Outcome]:
    return list(read_common_formats_xml(io.BytesIO(data), MAPPING, ORIGIN))


def read_dsv(data: bytes, encoding: Encoding = Encoding.UTF_8) -> list[Outcome]:
    return list(CommonFormatsDsv(io.BytesIO(data), MAPPING, ORIGIN, encoding))


def event_of(outcomes: list[Outcome]) -> SafetyEvent:
    (outcome,) = outcomes
    assert isinstance(outcome, Read)
    return outcome.event


@pytest.mark.parametrize("outcomes", [read_xml(xml(FALL)), read_dsv(dsv(FALL))], ids=["XML", "DSV"])
def test_answers_become_the_event_with_several_answers_other_and_unknown(outcomes: list[Outcome]) -> None:
    event = event_of(outcomes)
    assert (event.report_type, event.categories, event.category_other) == ("incident", ("fall", "other"), "wheelchair")
    assert (event.harm, event.harm_original, event.harm_scale) == ("mild", "LA21150-0", "ahrq_1_2")
    assert event.external_ids[0].value == "E 1"
    assert event.patient is not None
    assert (event.patient.sex, event.patient.birth_date) == ("female", None)
    assert event.reporter is not None
    assert event.reporter.anonymous
    assert (event.narratives[0].text, event.report_date) == ("Found\non floor", "2024-05-16")
    assert event.source is not None
    assert {"A48", "A66"} <= {original.value for original in event.source.original}


def test_both_encodings_give_one_id() -> None:
    assert event_of(read_xml(xml(FALL))).event_id == event_of(read_dsv(dsv(FALL))).event_id


def test_a_fault_names_event_or_row_and_element_and_the_next_event_is_read() -> None:
    wrong: Answers = [("DE2", "E 2", ""), ("DE3", "A4711", "")]
    fault, good = read_xml(xml(wrong, FALL))
    assert isinstance(fault, Fault)
    assert (fault.row, fault.column, fault.reason) == (1, "DE3", Reason.UNMAPPED)
    assert isinstance(good, Read)
    assert good.row == 2
    fault, good = read_dsv(dsv(wrong, FALL))
    assert isinstance(fault, Fault)
    assert (fault.row, fault.column, fault.reason) == (5, "DE3", Reason.UNMAPPED)
    assert isinstance(good, Read)


def test_an_event_without_answers_lacks_its_report_type() -> None:
    fault, _ = read_xml(xml([], FALL))
    assert isinstance(fault, Fault)
    assert (fault.row, fault.column, fault.reason) == (1, "DE3", Reason.MISSING)


def test_categories_and_harm_say_what_the_crosswalks_say() -> None:
    rules = {rule.column: rule for rule in MAPPING.rules if rule.to in ("categories[]", "harm")}
    for row in category_crosswalks()["ahrq_1_2"].rows:
        assert rules["DE21"].convert(row.value) == (next(iter(row.codes)) if len(row.codes) == 1 else "other")
    for harm in harm_crosswalks()["ahrq_1_2"].rows:
        for spelling in (harm.value, *(also for also in harm.also if also.startswith("LA"))):
            assert rules["74560-4"].convert(spelling) == next(iter(harm.codes))


def test_codes_of_the_medication_module_are_those_of_the_taxonomy() -> None:
    tables: dict[str, dict[Any, str]] = {
        "stage": DE315_STAGE,
        "incorrect_actions[]": DE291_INCORRECT_ACTION,
        "route_actual": DE348_ROUTE,
    }
    for name, table in tables.items():
        (rule,) = (rule for rule in MAPPING.rules if rule.to == f"medications[0].{name}")
        assert {rule.convert(code) for code in table.values()} == {str(member) for member in table}


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = [
    (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>', "billion laughs"),
    ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "an external entity"),
    ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">', "an external DTD"),
    ('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>', "a parameter entity"),
    (f"<!--{'x' * 200_000}--><!DOCTYPE a>", "behind a long comment"),
]


@pytest.mark.parametrize("head", [row[0] for row in BOMBS], ids=[row[1] for row in BOMBS])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_unread(head: str, encoding: str) -> None:
    data = xml([("DE15", "&x;&l9;", "")], head=head).replace(b"UTF-8", encoding.encode()).decode().encode(encoding)
    (fault,) = read_xml(data)
    assert isinstance(fault, Fault)
    assert fault.reason is Reason.DOCTYPE


HEAD, TAIL = b"<CommonFormats>", b"</CommonFormats>"
BROKEN = [
    (HEAD + b"<a>" * 100_000, Reason.TOO_DEEP, "without bottom"),
    (xml(FALL)[:-20], Reason.NOT_XML, "torn off"),
    (b"", Reason.NOT_XML, "nothing at all"),
    (xml(FALL).replace(b"wheelchair", b"&who;"), Reason.NOT_XML, "an entity that nobody declared"),
    (xml(FALL).replace(b"wheelchair", b"a\0b"), Reason.NOT_XML, "a NUL"),
    (xml(FALL).replace(b"wheelchair", b"a\xffb"), Reason.NOT_XML, "no UTF-8"),
    (HEAD + b"<Header><ProviderID>prv-other</ProviderID></Header>" + TAIL, Reason.PROVIDER_MISMATCH, "of another provider"),
    (HEAD + b"<Event>" + b"<DataElement/>" * 200_000 + b"</Event>" + TAIL, Reason.TOO_LONG, "elements without number"),
    (HEAD + b"<Event " + b'a="b" ' * 3_000_000, Reason.TOO_LONG, "a tag without end"),
]


@pytest.mark.parametrize(("data", "reason"), [row[:2] for row in BROKEN], ids=[row[2] for row in BROKEN])
def test_what_is_no_sound_document_is_a_fault(data: bytes, reason: Reason) -> None:
    faults = [outcome for outcome in read_xml(data) if isinstance(outcome, Fault)]
    assert [fault.reason for fault in faults] == [reason]


def test_a_large_event_is_a_fault_and_the_next_is_read() -> None:
    large: Answers = [("DE15", "w" * 9_000, "")] * (MAX_LINE_BYTES // 4_000)
    fault, good = read_xml(xml(large, FALL))
    assert isinstance(fault, Fault)
    assert (fault.row, fault.reason) == (1, Reason.TOO_LONG)
    assert isinstance(good, Read)


DSV_FAULTS = [
    (b"PSOID|P1\n1|DE3|A3|\n", (1, "", Reason.NO_HEADER), "no row of column names"),
    (dsv(FALL).replace(b"prv-8f3k2m", b"prv-other"), (2, "ProviderID", Reason.PROVIDER_MISMATCH), "another provider"),
    (dsv(FALL).replace(b'"A48"|', b'"A48"'), (6, "", Reason.WRONG_NUMBER_OF_COLUMNS), "a cell too few"),
    (dsv(FALL).replace(b'"A48"|', b'"A48|'), (6, "", Reason.OPEN_QUOTE), "a quote left open"),
]


@pytest.mark.parametrize(("data", "expected"), [row[:2] for row in DSV_FAULTS], ids=[row[2] for row in DSV_FAULTS])
def test_a_faulty_row_of_dsv_is_told(data: bytes, expected: tuple[int, str, Reason]) -> None:
    fault = read_dsv(data)[0]
    assert isinstance(fault, Fault)
    assert (fault.row, fault.column, fault.reason) == expected
