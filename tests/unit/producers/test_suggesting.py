"""Suggested mappings: an unknown export is accepted at the first run, and what matters is mapped right."""

import io
from collections.abc import Sequence

import pytest

from producers.mapping_file import parse_mapping
from producers.readers.csv_rows import CsvRows
from producers.readers.outcome import Origin, Read
from producers.suggesting.layout import layout_of
from producers.suggesting.proposal import suggestion
from producers.suggesting.rendering import rendered
from producers.tables import sample_of
from schemas.records import SafetyEvent
from tests.support.exports import layouts
from tests.support.exports.layouts import Layout
from tests.support.exports.truth import FAMILIES, GIVEN, Truth, truths

ORIGIN = Origin("prv-8f3k2m", "unknown-system")
EVENTS = truths(seed=20_240_516, count=400)


def suggested(data: bytes) -> str:
    sample = sample_of(io.BytesIO(data))
    return rendered(suggestion(layout_of(sample)), sample, "unknown")


def first_run(data: bytes) -> tuple[float, list[SafetyEvent]]:
    """The share of events that the proposed mapping accepts, as it was written, and those events."""
    outcomes = list(CsvRows(io.BytesIO(data), parse_mapping(suggested(data), "unknown.toml"), ORIGIN))
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
        "medication": (event.medications[0].generic_name if event.medications else "") == layout.drug_of(truth),
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


@pytest.mark.parametrize("layout", layouts.LAYOUTS, ids=[layout.name for layout in layouts.LAYOUTS])
def test_no_proposal_holds_what_could_name_somebody(layout: Layout) -> None:
    text = suggested(layout.write(EVENTS))
    assert not [name for name in (*FAMILIES, *GIVEN) if f'"{name}"' in text]
    assert not [one.number for one in EVENTS if one.number in text]
    assert not [one.story for one in EVENTS if one.story in text]


def test_the_same_file_gives_the_same_proposal() -> None:
    data = layouts.LAYOUTS[0].write(EVENTS)
    assert suggested(data) == suggested(data)
