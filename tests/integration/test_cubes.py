"""Every cube equals a recomputation from the events, at every moment of a history and for every moment afterwards."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

import pytest

from deploy.dev.stack import Stack
from schemas.records import ClassifiedEvent
from schemas.records.parts import Device, Medication
from schemas.records.people import Facility
from schemas.taxonomy import Action, Category, Harm, IncorrectAction, MedicationStage, ReportType
from stream_processors.domain.aggregation import contribution
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.integration.test_known_when import now
from tests.integration.test_warehouse_fold import contribution as counted_in
from tests.integration.test_warehouse_fold import load
from tests.support.builders import classified, safety_event

CUBES: Mapping[str, tuple[str, ...]] = {
    "event": ("harm", "report_type", "state", "month"),
    "state": ("category", "harm", "state", "month"),
    "medication": ("stage", "incorrect_action", "harm", "month"),
    "device": ("device_kind", "category", "harm", "month"),
    "factor": ("contributing_factor", "category", "harm", "month"),
}
KINDS = {"IV pump": "infusion_pump", "Walker": "mobility_aid", "gadget": "other"}
FACTORS = {"Fatigue": "fatigue", "handover": "handover", "ward 6": "other"}
Counted = set[tuple[object, ...]]


@pytest.fixture
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


def some_revision(dice: random.Random, provider: str, event: str, revision: int) -> ClassifiedEvent:
    """Above a withdrawal a higher revision revives the event; a month may move by 400 days."""
    medication = Medication(
        stage=dice.choice([MedicationStage.PRESCRIBING, MedicationStage.STORING]),
        incorrect_actions=tuple(dice.sample([IncorrectAction.DOSE, IncorrectAction.DRUG], dice.randint(1, 2))),
    )
    return classified(
        safety_event(
            provider=provider,
            event_id=event,
            revision=revision,
            action=dice.choice([Action.REPORT, Action.CORRECT, Action.CORRECT, Action.WITHDRAW]),
            report_type=dice.choice([ReportType.INCIDENT, ReportType.NEAR_MISS]),
            categories=tuple(dice.sample([Category.MEDICATION, Category.DEVICE, Category.FALL], dice.randint(1, 2))),
            harm=dice.choice([Harm.DEATH, Harm.MILD]),
            event_date=dice.choice(["2024-05-16", "2023-04-12"]),
            facility=dice.choice([None, Facility(state="CA"), Facility(state="OR")]),
            devices=tuple(Device(kind=kind) for kind in dice.choices(list(KINDS), k=dice.randint(0, 2))),
            contributing_factors=tuple(dice.choices(list(FACTORS), k=dice.randint(0, 2))),
            medications=(medication,),
        )
    )


def members(record: ClassifiedEvent) -> Mapping[str, Iterable[object]]:
    """What an event is in each dimension, asked of the event itself."""
    event = record.event
    with_device = Category.DEVICE in event.categories
    pairs = product([each.stage for each in event.medications], event.medications[0].incorrect_actions)
    return {
        "category": event.categories,
        "harm": [event.harm if event.report_type is ReportType.INCIDENT else Harm.NOT_APPLICABLE],
        "report_type": [event.report_type],
        "month": [(event.event_date or "")[:7]],
        "state": [event.facility.state if event.facility else "unknown"],
        "stage, incorrect_action": pairs if Category.MEDICATION in event.categories else (),
        "device_kind": {KINDS[device.kind or ""] for device in event.devices} or (["unknown"] if with_device else []),
        "contributing_factor": {FACTORS[label] for label in event.contributing_factors},
    }


def counted_again(records: Sequence[ClassifiedEvent], dimensions: Sequence[str]) -> Counted:
    """The latest revision of each event, and the product of its members."""
    latest = {(record.event.provider, record.event.event_id): record for record in sorted(records, key=revision)}
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for record in latest.values():
        if record.event.action is Action.WITHDRAW:
            continue
        of = members(record)
        others = [of[name] for name in dimensions if name not in {"stage", "incorrect_action"}]
        for pair in of["stage, incorrect_action"] if "stage" in dimensions else ((),):
            for cell in product(*others):
                found[tuple(map(str, (*pair, *cell)))].append(record.event.provider)  # type: ignore[misc]
    return {(*cell, len(providers), len(set(providers))) for cell, providers in found.items()}


def revision(record: ClassifiedEvent) -> int:
    return record.event.revision


def asked(url: str, cube: str, relation: str) -> Counted:
    columns = ", ".join((*CUBES[cube], "count", "contributors"))
    found = rows(url, f"select {columns} from protected.{relation}")
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize("seed", range(3))
def test_corrections_withdrawals_revivals_duplicates_and_late_arrivals_leave_every_cube_exact(
    warehouse: str, seed: int
) -> None:
    dice = random.Random(seed)
    history = [
        some_revision(dice, provider, event, revision)
        for provider, event, revision in product(["p1", "p2", "p3"], [f"e{n}" for n in range(12)], range(1, 5))
    ]
    arriving = history * 2
    dice.shuffle(arriving)
    moments: list[tuple[str, dict[str, Counted]]] = []
    with login(warehouse, "pso_sink") as sink, login(warehouse, "pso_analyst_protected") as analyst:
        for first in range(0, len(arriving), 24):
            load(sink, [contribution(record) for record in arriving[first : first + 24]], 7)
            expected = {cube: counted_again(arriving[: first + 24], CUBES[cube]) for cube in CUBES}
            assert {cube: asked(analyst, cube, f"cube_{cube}") for cube in CUBES} == expected
            moments.append((now(warehouse), expected))
        for at, expected in moments:
            assert {cube: asked(analyst, cube, f"cube_{cube}_known('{at}')") for cube in CUBES} == expected


def test_the_first_cube_and_the_events_behind_it_hold_every_event_once(warehouse: str) -> None:
    records = [some_revision(random.Random(n), "p1", f"e{n}", 1) for n in range(40)]
    load(warehouse, [contribution(record) for record in records], 40)
    counting = sum(record.event.action is not Action.WITHDRAW for record in records)
    assert rows(warehouse, "select sum(count)::int from protected.cube_event") == [(counting,)]
    assert rows(warehouse, "select count(distinct event_id)::int, count(*)::int from protected.events_counted") == [
        (counting, counting)
    ]


def test_any_other_combination_is_asked_of_the_events_that_count(warehouse: str) -> None:
    event = safety_event(categories=(Category.DEVICE, Category.FALL), devices=(Device(kind="IV pump"),))
    load(warehouse, [contribution(classified(event))], 1)
    question = "select provider_type, setting, state, members, categories from protected.events_counted"
    assert rows(warehouse, question) == [
        ("hospital", "inpatient_unit", "unknown", ["device/infusion_pump", "state/unknown"], ["device", "fall"])
    ]


def test_an_event_from_before_there_were_members_counts_in_an_unknown_state_until_it_is_replayed(warehouse: str) -> None:
    record = classified(safety_event(facility=Facility(state="OR")))
    told = contribution(record)
    load(warehouse, [counted_in(told.event_id, told.revision, told.cells, provider=told.provider, policy_version=3)], 1)
    state = "select state, count::int from protected.cube_event"
    assert rows(warehouse, state) == [("unknown", 1)]
    load(warehouse, [told], 1)
    assert rows(warehouse, state) == [("OR", 1)]
