"""The counts in PostgreSQL are exact under duplicates, late revisions, withdrawals and revivals, and equal the live fold."""

import random
from collections.abc import Iterator, Sequence

import pytest

from deploy.dev.stack import Stack
from schemas.headers import Position
from schemas.records import Cell, Contribution
from schemas.taxonomy import Category, Harm, ProviderType, ReportType, Setting
from stream_processors.domain.aggregation import Counts, fold
from stream_processors.shapes import Arrival
from stream_processors.sinks.contributions import CONTRIBUTIONS
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.positions import Advance
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows

TOPIC = "contributions"
CELLS = tuple(
    Cell(category, harm, ReportType.INCIDENT, month, ProviderType.HOSPITAL, Setting.UNKNOWN)
    for category in (Category.FALL, Category.DEVICE, Category.BLOOD)
    for harm in (Harm.NONE, Harm.DEATH)
    for month in ("2026-01", "unknown")
)
MEMBERS = ("state/CA", "state/OR", "device/infusion_pump", "factor/fatigue", "medication/storing/dose")
COUNTS = """
select cell, contributor, sum(count)::bigint from protected.cell_counts group by 1, 2 having sum(count) <> 0
"""


@pytest.fixture
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


def contribution(event: str, revision: int, cells: Sequence[Cell], **changes: object) -> Contribution:
    given = {"provider": "prv-a", "policy_version": 1, "withdrawn": False} | changes
    return Contribution(event_id=event, revision=revision, cells=tuple(cells), **given)  # type: ignore[arg-type]


def load(url: str, records: Sequence[Contribution], batch: int, partition: int = 0) -> int:
    """All of them in batches; how many changed something."""
    loader = Loader(CONTRIBUTIONS, url)
    position, written = loader.positions([(TOPIC, partition)])[TOPIC, partition], 0
    for first in range(0, len(records), batch):
        piece = records[first : first + batch]
        at = position + first
        made = [
            (*CONTRIBUTIONS.row(r, Arrival(Position(TOPIC, partition, at + n), [], b"")), TOPIC, partition, at + n)
            for n, r in enumerate(piece)
        ]
        moves = [Advance(TOPIC, partition, at, at + len(piece))]
        written += loader.load(made, moves, lambda refused: None).written
    loader.close()
    return written


A, B, C = CELLS[0], CELLS[1], CELLS[2]


@pytest.mark.parametrize(
    ("records", "counted"),
    [
        ([contribution("e", 1, [A])], {A.key: 1}),  # once
        ([contribution("e", 1, [A])] * 3, {A.key: 1}),  # duplicates
        ([contribution("e", 1, [A]), contribution("e", 2, [B])], {B.key: 1}),  # a correction moves it
        ([contribution("e", 2, [B]), contribution("e", 1, [A])], {B.key: 1}),  # a late revision changes nothing
        ([contribution("e", 1, [A, B]), contribution("e", 2, [B, C])], {B.key: 1, C.key: 1}),  # what stays, stays
        ([contribution("e", 1, [A]), contribution("e", 2, [], withdrawn=True)], {}),  # withdrawn
        ([contribution("e", 2, [], withdrawn=True), contribution("e", 1, [A])], {}),  # withdrawn before it came
        (
            [contribution("e", 1, [A]), contribution("e", 2, [], withdrawn=True), contribution("e", 3, [C])],
            {C.key: 1},  # revived
        ),
        ([contribution("e", 1, [B], policy_version=1), contribution("e", 1, [A], policy_version=2)], {A.key: 1}),
        ([contribution("e", 1, [A]), contribution("e", 1, [A], withdrawn=True)], {}),  # equal: withdrawn wins
        ([contribution("e", 1, [B]), contribution("e", 1, [A])], {max(A.key, B.key): 1}),  # equal: highest cells win
        ([contribution("e", 1, [A, A])], {A.key: 1}),  # a cell named twice counts once
    ],
)
@pytest.mark.parametrize("batch", [1, 100], ids=["one by one", "at once"])
def test_an_event_counts_where_its_latest_revision_says(
    warehouse: str, records: list[Contribution], counted: dict[str, int], batch: int
) -> None:
    load(warehouse, records, batch)
    assert {cell: count for cell, _, count in rows(warehouse, COUNTS)} == counted


def test_a_history_in_any_order_cut_anyhow_counts_as_the_live_fold_does(warehouse: str) -> None:
    dice = random.Random(20260105)
    history = [
        contribution(
            f"e{dice.randrange(60)}",
            dice.randint(1, 4),
            dice.sample(CELLS, dice.randint(0, 3)),
            provider=f"prv-{dice.choice('abc')}",
            policy_version=dice.randint(1, 2),
            withdrawn=dice.random() < 0.15,
            members_version=dice.randint(0, 1),
            members=tuple(dice.sample(MEMBERS, dice.randint(0, 3))),
        )
        for _ in range(1500)
    ]
    live = Counts()
    fold(live, history)
    expected = {(tally.key, tally.contributor): tally.count for tally in live.tallies() if tally.count}
    with login(warehouse, "pso_sink") as url:
        for size in (1500, 7, 211):
            dice.shuffle(history)
            load(url, history, size)
            assert {(cell, who): count for cell, who, count in rows(warehouse, COUNTS)} == expected


def test_cells_say_how_many_events_from_how_many_contributors(warehouse: str) -> None:
    records = [contribution(f"e{n}", 1, [A], provider=f"prv-{n % 3}") for n in range(10)]
    load(warehouse, records, 4)
    load(warehouse, [contribution("other", 1, [A])], 1, partition=1)
    found = rows(
        warehouse, "select category, harm, report_type, month, provider_type, setting, count, contributors from protected.cells"
    )
    assert found == [("fall", "none", "incident", "2026-01", "hospital", "unknown", 11, 4)]


def test_the_version_of_a_count_is_the_offset_of_the_last_contribution_folded(warehouse: str) -> None:
    load(warehouse, [contribution("e", 1, [A]), contribution("f", 1, [B]), contribution("f", 1, [B])], 100)
    assert rows(warehouse, "select distinct version from protected.cell_counts") == [(2,)]


def test_a_replay_writes_nothing(warehouse: str) -> None:
    records = [contribution(f"e{n}", 1, [A]) for n in range(50)]
    assert load(warehouse, records, 20) == 50
    assert load(warehouse, records, 20) == 0
