"""Every cube equals a recomputation by its declaration, whatever happens to the events, early, late or twice."""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.cubes import CUBES
from schemas.records import ClassifiedEvent
from schemas.records.parts import Device, Medication
from schemas.records.people import Facility
from schemas.taxonomy import Action, Category, Harm, IncorrectAction, MedicationStage, ReportType
from stream_processors.domain.aggregation import Counts, contribution, fold, outputs
from tests.support.builders import classified, safety_event

KINDS = {"IV pump": "infusion_pump", "Walker": "mobility_aid", "gadget": "other"}
FACTORS = {"Fatigue": "fatigue", "handover": "handover", "ward 6": "other"}

events = st.builds(
    safety_event,
    provider=st.sampled_from(["p1", "p2"]),
    event_id=st.sampled_from(["e1", "e2", "e3"]),
    revision=st.integers(1, 5),
    # Above a withdrawal a higher report revives the event.
    action=st.sampled_from([Action.REPORT, Action.CORRECT, Action.CORRECT, Action.WITHDRAW]),
    report_type=st.sampled_from([ReportType.INCIDENT, ReportType.NEAR_MISS]),
    categories=st.lists(st.sampled_from([Category.MEDICATION, Category.DEVICE, Category.FALL]), min_size=1, max_size=2).map(
        tuple
    ),
    harm=st.sampled_from([Harm.DEATH, Harm.MILD]),
    # One event of today and one that is reported 400 days late, or moved by a correction.
    event_date=st.sampled_from(["2024-05-16", "2023-04-12"]),
    facility=st.sampled_from([None, Facility(state="CA"), Facility(state="OR")]),
    devices=st.lists(st.sampled_from(list(KINDS)).map(lambda kind: Device(kind=kind)), max_size=2).map(tuple),
    contributing_factors=st.lists(st.sampled_from(list(FACTORS)), max_size=2).map(tuple),
    medications=st.builds(
        lambda stage, actions: (Medication(stage=stage, incorrect_actions=tuple(actions)),),
        st.sampled_from([MedicationStage.PRESCRIBING, MedicationStage.STORING]),
        st.lists(st.sampled_from([IncorrectAction.DOSE, IncorrectAction.DRUG]), min_size=1, max_size=2),
    ),
)
histories = st.lists(events, min_size=1, max_size=12, unique_by=lambda event: (event.provider, event.event_id, event.revision))


def members(record: ClassifiedEvent, dimension: str) -> set[str]:
    """What an event is in one dimension, asked of the event itself."""
    event = record.event
    reached = event.report_type is ReportType.INCIDENT
    answers: dict[str, Any] = {
        "category": event.categories,
        "harm": [event.harm if reached else Harm.NOT_APPLICABLE],
        "report_type": [event.report_type],
        "month": [(event.event_date or "")[:7]],
        "state": [event.facility.state if event.facility else "unknown"],
        "stage": [each.stage for each in event.medications if Category.MEDICATION in event.categories],
        "incorrect_action": [action for each in event.medications for action in each.incorrect_actions],
        "device_kind": [KINDS[device.kind or ""] for device in event.devices]
        or (["unknown"] if Category.DEVICE in event.categories else []),
        "contributing_factor": [FACTORS[label] for label in event.contributing_factors],
    }
    return {str(member) for member in answers[dimension]}


def counted_again(records: Sequence[ClassifiedEvent]) -> Counter[tuple[str, str]]:
    """The latest revision of each event, and the product of its members in every cube."""
    latest: dict[tuple[str, str], ClassifiedEvent] = {}
    for record in sorted(records, key=lambda record: record.event.revision):
        latest[record.event.provider, record.event.event_id] = record
    found: Counter[tuple[str, str]] = Counter()
    for record in latest.values():
        for cube in CUBES if record.event.action is not Action.WITHDRAW else ():
            for cell in product(*(members(record, dimension) for dimension in cube.dimensions)):
                found["/".join((cube.name, *cell)), record.event.provider] += 1
    return found


@settings(max_examples=300)
@given(histories, st.randoms(use_true_random=False), st.integers(1, 5), st.integers(1, 3))
def test_every_cube_is_the_recomputation_at_every_moment(history: list[Any], random: Any, size: int, times: int) -> None:
    records = [classified(event) for event in history]
    arriving = records * times
    random.shuffle(arriving)
    counts, heard = Counts(), {}
    for start in range(0, len(arriving), size):
        piece = arriving[start : start + size]
        for said in outputs(counts, fold(counts, map(contribution, piece)), 0, start):
            heard[said.cell, said.contributor] = said.count
        told = {(cell, who): count for (cell, who), count in heard.items() if isinstance(cell, str) and count}
        assert told == counted_again(arriving[: start + size])


@given(histories)
def test_the_first_cube_holds_every_event_once(history: list[Any]) -> None:
    records = [classified(event) for event in history]
    counts = Counts()
    fold(counts, map(contribution, records))
    once = sum(tally.count for tally in counts.tallies() if str(tally.cell).startswith("event/"))
    latest = {(event.provider, event.event_id): event for event in sorted(history, key=lambda event: event.revision)}
    assert once == sum(event.action is not Action.WITHDRAW for event in latest.values())


@given(histories)
def test_contributions_of_before_the_cubes_are_replaced_by_a_replay(history: list[Any]) -> None:
    records = [classified(event) for event in history]
    replayed = [contribution(record) for record in records]
    counts = Counts()
    fold(counts, [*(replace(record, cubes_version=0, cube_cells=()) for record in replayed), *replayed])
    held = {(tally.cell, tally.contributor): tally.count for tally in counts.tallies() if isinstance(tally.cell, str)}
    assert {place: count for place, count in held.items() if count} == counted_again(records)
