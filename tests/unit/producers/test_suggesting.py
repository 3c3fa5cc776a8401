"""Suggested mappings: an unknown export is accepted at the first run, and what matters is mapped right."""

import io
from collections.abc import Sequence

import pytest

from producers.mapping_file import load_mapping, parse_mapping
from producers.readers.csv_rows import CsvRows
from producers.readers.encodings import Encoding, recognised
from producers.readers.outcome import Origin, Read
from producers.suggesting.layout import layout_of
from producers.suggesting.proposal import suggestion
from producers.suggesting.rendering import rendered
from producers.tables import csv_table, sample_of
from schemas.records import SafetyEvent
from tests.support.exports import layouts, unseen
from tests.support.exports.layouts import Layout
from tests.support.exports.truth import FAMILIES, GIVEN, Truth, truths

ORIGIN = Origin("prv-8f3k2m", "unknown-system")
EVENTS = truths(seed=20_240_516, count=400)


def encoding_of(data: bytes) -> Encoding:
    return recognised(io.BytesIO(data)).encoding


def suggested(data: bytes) -> str:
    sample = sample_of(csv_table(io.BytesIO(data), encoding_of(data)))
    return rendered(suggestion(layout_of(sample)), sample, "unknown")


def first_run(data: bytes) -> tuple[float, list[SafetyEvent]]:
    """The share of events that the proposed mapping accepts, as it was written, and those events."""
    outcomes = list(CsvRows(io.BytesIO(data), parse_mapping(suggested(data), "unknown.toml"), ORIGIN, encoding_of(data)))
    events = [outcome.event for outcome in outcomes if isinstance(outcome, Read)]
    return len(events) / max(1, len(outcomes)), events


def right(layout: Layout, event: SafetyEvent, truth: Truth) -> dict[str, bool]:
    """Which of the important fields say what happened."""
    return {
        "event_date": event.event_date == f"{truth.when:%Y-%m-%d}",
        "harm": event.harm == layout.harm_of(truth) and (event.harm_original or "") != "",
        "category": truth.category in event.categories,
        "report_type": event.report_type == truth.report_type,
        "narrative": any(narrative.kind == "description" and truth.story in narrative.text for narrative in event.narratives),
        "external_id": bool(event.external_ids) and truth.number[-5:] in event.external_ids[0].value,
        "medication": (event.medications[0].generic_name or "").casefold() == layout.drug_of(truth)
        if event.medications
        else not layout.drug_of(truth),
    }


def shares(layout: Layout, events: Sequence[SafetyEvent]) -> dict[str, float]:
    """Of each important field that the export holds, the share of events in which it is right."""
    if len(events) != len(EVENTS):
        return dict.fromkeys(layout.fields, 0.0)
    rows = [right(layout, event, truth) for event, truth in zip(events, EVENTS, strict=True)]
    return {name: sum(row[name] for row in rows) / len(rows) for name in sorted(layout.fields)}


@pytest.mark.parametrize("layout", layouts.LAYOUTS, ids=[layout.name for layout in layouts.LAYOUTS])
def test_a_layout_that_the_rules_were_made_on_is_mapped_whole(layout: Layout) -> None:
    accepted, events = first_run(layout.write(EVENTS))
    assert accepted == 1.0
    assert shares(layout, events) == dict.fromkeys(sorted(layout.fields), 1.0)


@pytest.mark.parametrize("layout", unseen.LAYOUTS, ids=[layout.name for layout in unseen.LAYOUTS])
def test_an_unknown_layout_is_accepted_at_the_first_run(layout: Layout) -> None:
    accepted, events = first_run(layout.write(EVENTS))
    assert accepted >= 0.95
    asked = {"event_date"} if layout.name == "words_only" else set()  # a `Timestamp` may be that of the report
    wanted = {name: float(name not in asked) for name in sorted(layout.fields)}
    assert shares(layout, events) == wanted


EVERY = (*layouts.LAYOUTS, *unseen.LAYOUTS)
SHIPPED = {
    "german": "example-german", "american": "example-coded-labels", "national": "example-nrls", "pharmacy": "example-ncc-merp",
    "answers": "example-answers", "lfpse": "example-lfpse", "risk_system": "example-drug-rows",
}  # fmt: skip


@pytest.mark.parametrize("layout", [one for one in EVERY if one.name in SHIPPED], ids=lambda layout: layout.name)
def test_a_shipped_example_takes_its_layout_whole(layout: Layout) -> None:
    outcomes = list(CsvRows(io.BytesIO(layout.write(EVENTS)), load_mapping(SHIPPED[layout.name]), ORIGIN))
    events = [outcome.event for outcome in outcomes if isinstance(outcome, Read)]
    assert shares(layout, events) == dict.fromkeys(sorted(layout.fields), 1.0)


@pytest.mark.parametrize("layout", EVERY, ids=[layout.name for layout in EVERY])
def test_no_proposal_holds_what_could_name_somebody(layout: Layout) -> None:
    text = suggested(layout.write(EVENTS))
    assert not [name for name in (*FAMILIES, *GIVEN) if f'"{name}"' in text]
    assert not [one.number for one in EVENTS if one.number in text]
    assert not [one.story for one in EVENTS if one.story in text]


def test_the_same_file_gives_the_same_proposal() -> None:
    data = layouts.LAYOUTS[0].write(EVENTS)
    assert suggested(data) == suggested(data)


def proposed(header: str, rows: Sequence[str]) -> str:
    return suggested("\n".join([header, *rows]).encode())


def test_an_order_of_day_and_month_that_no_cell_proves_is_asked_and_not_guessed() -> None:
    text = proposed("Event date,What happened", [f"0{n}/05/2024,The patient fell beside the bed again" for n in range(1, 9)])
    assert '#? date = "%d/%m/%Y"' in text
    assert "is it %d/%m/%Y or %m/%d/%Y?" in text


def test_two_orders_in_one_column_are_asked_about() -> None:
    text = proposed("Event date,Description", ["13/05/2024,a b c d e f", "05/13/2024,a b c d e f"])
    assert "two orders in one column" in text


def test_years_of_two_digits_are_read_but_for_those_of_a_birth() -> None:
    text = proposed("Event date,DOB,Description", ["13/05/24,14/07/31,The patient fell beside the bed"])
    assert "# years of two digits are read as 1969 to 2068" in text
    assert text.count("#? years of two digits") == 1
    assert {rule.to for rule in parse_mapping(text, "x").rules} == {"event_date", "narratives[0].text"}


def test_one_text_in_every_row_is_no_key_of_an_event() -> None:
    text = proposed("report_id,What happened", [f"{row},Wrong dose given again" for row in range(1, 60)])
    assert "group_by" not in text
    assert 'external_id = "report_id"' in text


SCALES = [
    # name, cells, what the proposal says, remark
    ("Severity", "12345", "#? [[field]]", "five numbers and no name: which end is worst is not guessed"),
    ("SAC score", "1234", "#? [[field]]", "two States' codes run against each other"),
    ("Physical harm", "12345", "#? [[field]]", "a hospital's own numbers may run the other way"),
    ("LFPSE psychological harm", "1234", 'crosswalk = "harm/lfpse_psychological"', "the other scale of the same service"),
    ("LFPSE physical harm", "12345", 'crosswalk = "harm/lfpse_physical"', "a name that names the scale"),
    ("Severity", "ABCDEF", "#? could be", "letters of two scales, of which one begins with death"),
    ("Severity", "ABCDEFGHI", 'crosswalk = "harm/ncc_merp"', "letters that only one scale has"),
]


@pytest.mark.parametrize(("name", "cells", "told"), [row[:3] for row in SCALES], ids=[row[3] for row in SCALES])
def test_a_harm_scale_is_named_only_beyond_doubt(name: str, cells: str, told: str) -> None:
    text = proposed(f"{name},Description", [f"{cell},The patient fell beside the bed" for cell in cells * 3])
    harm = text[text.index(f'column = "{name}"') - 400 : text.index(f'column = "{name}"') + 200]
    assert told in harm
    parse_mapping(text, "x")


def test_a_name_typed_into_a_pick_list_is_counted_and_not_shown() -> None:
    rows = [
        f"{cell},The patient fell beside the bed"
        for cell in ["Fall"] * 30 + ["Medication"] * 30 + ["Fall of Zebulon Quartermain"]
    ]
    text = proposed("Category,Description", rows)
    assert '"Fall" = "fall"' in text
    assert "Quartermain" not in text
    assert "1 more values in 1 rows" in text


def test_values_of_a_column_of_people_are_never_shown() -> None:
    rows = [f"{cell},The patient fell beside the bed" for cell in ["Quartermain", "Ostrander"] * 30]
    for header in ("Reporter,Description", "Who,Description", "Harm,Description", "Category,Description"):
        assert "Quartermain" not in proposed(header, rows)


def test_names_of_columns_cannot_write_into_the_mapping() -> None:
    text = suggested(b'"Date\n[constants]\nharm = ""death""","Description\x7f\\"\n2024-05-16,a b c d e f g\n')
    assert parse_mapping(text, "x").constants == ()
