"""Figures of quality stay shares whatever an event holds, and better events never make a batch worse."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.answers.items import ITEMS
from schemas.records import SafetyEvent
from schemas.records.parts import Device, Medication, Narrative
from schemas.records.people import Patient, Reporter
from schemas.taxonomy import (
    Harm,
    HarmAssessed,
    IncorrectAction,
    MedicationStage,
    NarrativeKind,
    ReportType,
    Route,
    Setting,
    Sex,
)
from stream_processors.domain.quality.delays import Stored
from stream_processors.domain.quality.measures import Share
from stream_processors.domain.quality.providers import Quality, measured
from tests.properties.strategies import records
from tests.support.builders import PROVIDER

NOW = datetime(2026, 1, 1, tzinfo=UTC)
events = records(SafetyEvent).map(lambda event: replace(event, provider=PROVIDER))
reasons = st.dictionaries(st.sampled_from(["incomplete", "contradictory"]), st.integers(1, 5))


def stored(some: list[SafetyEvent]) -> list[Stored]:
    return [Stored(event, NOW - timedelta(seconds=1), NOW) for event in some]


def whole(some: list[SafetyEvent]) -> Quality:
    return measured(PROVIDER, stored(some), {})[0]


def completed(event: SafetyEvent) -> SafetyEvent:
    """The event with an answer to everything that it is asked."""
    incident = event.report_type is ReportType.INCIDENT
    return replace(
        event,
        categories=event.categories or ("fall",),
        category_other="a protocol",
        harm=Harm.MILD if incident else Harm.NOT_APPLICABLE,
        harm_assessed=HarmAssessed.WITHIN_24_HOURS,
        event_date="2024-05-16",
        discovery_date="2024-05-16",
        report_date="2024-05-17",
        setting=Setting.HOME,
        patient=Patient(age_years=70, sex=Sex.FEMALE, race="White", ethnicity="Not Hispanic or Latino"),
        reporter=Reporter(role="nurse"),
        contributing_factors=("fatigue",),
        narratives=(Narrative(NarrativeKind.DESCRIPTION, "It happened."),),
        medications=(
            Medication(
                generic_name="heparin",
                stage=MedicationStage.STORING,
                incorrect_actions=(IncorrectAction.DOSE,),
                route_actual=Route.ORAL,
            ),
        ),
        devices=(Device(kind="pump", manufacturer="Infusatron"),),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(events, max_size=6), reasons)
def test_every_share_lies_between_nothing_and_all(some: list[SafetyEvent], refused: dict[str, int]) -> None:
    for quality in measured(PROVIDER, stored(some), refused):
        for one in quality.measures:
            assert one.whole > 0
            assert one.part >= 0
            assert not isinstance(one.name, Share) or one.value <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(events, min_size=1, max_size=6), events)
def test_a_complete_event_more_never_lowers_completeness(some: list[SafetyEvent], another: SafetyEvent) -> None:
    before, after = (whole(part).measure(Share.COMPLETE) for part in (some, [*some, completed(another)]))
    assert before is not None
    assert after is not None
    assert all(not item.asked(completed(another)) or item.answered(completed(another)) for item in ITEMS)
    assert after.part * before.whole >= before.part * after.whole


@settings(max_examples=40, deadline=None)
@given(st.lists(events, max_size=6), st.randoms())
def test_the_order_of_the_events_changes_no_figure_of_the_whole(some: list[SafetyEvent], random: Random) -> None:
    shuffled = random.sample(some, len(some))
    assert whole(some) == whole(shuffled)
