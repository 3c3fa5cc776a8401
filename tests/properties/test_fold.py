"""The fold of contributions: the same as counting everything again, in any order, with any repetition, in any pieces."""

from collections.abc import Sequence
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas import keys
from schemas.records import Cell, CellCount, Contribution
from schemas.taxonomy import Category, Harm, ProviderType, ReportType, Setting
from stream_processors.domain.aggregation import Counts, fold, outputs
from stream_processors.domain.signals import pooled_rare_event

Held = dict[tuple[Cell, str], int]
MEMBERS: dict[str, Any] = {
    "report_type": ReportType.INCIDENT,
    "provider_type": ProviderType.HOSPITAL,
    "setting": Setting.UNKNOWN,
}
CELLS = [
    Cell(category=category, harm=harm, month=month, **MEMBERS)
    for category in (Category.FALL, Category.BLOOD)
    for harm in (Harm.DEATH, Harm.MILD)
    for month in ("2024-05", "unknown")
]

contributions = st.builds(
    Contribution,
    provider=st.sampled_from(["p1", "p2", "p3"]),
    event_id=st.sampled_from(["e1", "e2", "e3"]),
    revision=st.integers(1, 4),
    policy_version=st.integers(1, 2),
    withdrawn=st.booleans(),
    cells=st.lists(st.sampled_from(CELLS), max_size=3).map(tuple),
)
# Drawn again and again from a few, so that most records come twice.
logs = st.lists(contributions, min_size=1, max_size=6).flatmap(lambda few: st.lists(st.sampled_from(few), max_size=24))


def counted_again(records: Sequence[Contribution]) -> Held:
    """The truth, by another way: sort, take the last of each event, add up."""
    latest: dict[tuple[str, str], Contribution] = {}
    for record in sorted(records, key=rank):
        latest[record.provider, record.event_id] = record
    held: Held = {}
    for record in latest.values():
        for cell in set(record.cells) if not record.withdrawn else ():
            held[cell, record.provider] = held.get((cell, record.provider), 0) + 1
    return held


def rank(record: Contribution) -> tuple[int, int, bool, list[str]]:
    return record.revision, record.policy_version, record.withdrawn, sorted({cell.key for cell in record.cells})


def held(counts: Counts) -> Held:
    return {(tally.cell, tally.contributor): tally.count for tally in counts.tallies() if tally.count}


def followed(said: Sequence[CellCount]) -> Held:
    """What a reader holds that keeps the last it heard."""
    heard = {(record.cell, record.contributor): record.count for record in said}
    return {place: count for place, count in heard.items() if count}


def fold_in_pieces(counts: Counts, log: Sequence[Contribution], size: int, first: int = 0) -> list[CellCount]:
    said: list[CellCount] = []
    for start in range(0, len(log), size):
        piece = log[start : start + size]
        said += outputs(counts, fold(counts, piece), 0, first + start + len(piece) - 1)
    return said


@settings(max_examples=300)
@given(logs, st.randoms(use_true_random=False), st.integers(1, 5), st.integers(1, 3))
def test_the_fold_is_the_batch_whatever_the_order_the_repetition_and_the_pieces(
    log: list[Contribution], random: object, size: int, times: int
) -> None:
    shuffled = log * times
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    counts = Counts()
    said = fold_in_pieces(counts, shuffled, size)
    assert held(counts) == counted_again(log)
    assert followed(said) == counted_again(log)
    assert all(record.count >= 0 for record in said)


@given(logs)
def test_what_was_added_and_withdrawn_leaves_nothing(log: list[Contribution]) -> None:
    counts = Counts()
    fold(counts, log)
    fold(counts, [replace(record, revision=record.revision + 10, withdrawn=True, cells=()) for record in log])
    assert all(tally.count == 0 for tally in counts.tallies())


def said_by_two_owners(log: Sequence[Contribution], cut: int, size: int, cleaned: bool) -> tuple[Held, Held]:
    """What the second owner holds, and a reader of both.

    The second rebuilds the log below `cut` from what the cleaner left: of each key the last, wherever in the log it is.
    """
    heard = fold_in_pieces(Counts(), log[:cut], size)
    later = [keys.of_contribution(record) for record in log]
    left = [record for place, record in enumerate(log[:cut]) if not cleaned or later[place] not in later[place + 1 :]]
    successor = Counts()
    fold(successor, left)
    heard += fold_in_pieces(successor, log[cut:], size, cut)
    return held(successor), followed(heard)


@settings(max_examples=300)
@given(logs, st.integers(0, 24), st.integers(1, 5), st.booleans())
def test_a_successor_of_a_compacted_log_says_what_the_former_owner_would_have_said(
    log: list[Contribution], cut: int, size: int, cleaned: bool
) -> None:
    truth = counted_again(log)
    assert said_by_two_owners(log, min(cut, len(log)), size, cleaned) == (truth, truth)


def test_so_it_does_for_every_short_history_of_one_event() -> None:
    """The touch rule, exhaustively: a record is stale only in few histories, and chance seldom writes one."""
    first = Contribution("p1", "e1", 1, 1, False, (CELLS[0],))
    versions = (first, replace(first, revision=2, cells=(CELLS[1],)), replace(first, revision=3, withdrawn=True, cells=()))
    for length in range(1, 6):
        for log in product(versions, repeat=length):
            truth = counted_again(log)
            for cut in range(length + 1):
                assert said_by_two_owners(log, cut, 1, cleaned=True) == (truth, truth), (cut, [r.revision for r in log])


@given(logs, st.integers(1, 5))
def test_a_replay_of_the_whole_log_changes_nothing(log: list[Contribution], size: int) -> None:
    counts = Counts()
    fold_in_pieces(counts, log, size)
    once = held(counts)
    fold_in_pieces(counts, log, size)
    assert held(counts) == once


@given(logs)
def test_the_same_piece_says_the_same_in_the_same_order(log: list[Contribution]) -> None:
    first, second = Counts(), Counts()
    assert list(outputs(first, fold(first, log), 2, 9)) == list(outputs(second, fold(second, log), 2, 9))


WATCHED = [replace(CELLS[0], setting=setting) for setting in (Setting.HOME, Setting.HOME, Setting.UNKNOWN)] + CELLS[1:3]

counts_said = st.lists(
    st.builds(
        CellCount,
        cell=st.sampled_from(WATCHED),
        contributor=st.sampled_from(["p1", "p2", "p3", "p4"]),
        partition=st.sampled_from([0, 0, 0, 1]),
        count=st.sampled_from([0, 1, 1, 1, 2]),
        version=st.integers(0, 1000),
    ),
    unique_by=lambda record: record.version,
    max_size=24,
)


@settings(max_examples=300)
@given(counts_said, st.randoms(use_true_random=False), st.integers(1, 5))
def test_signals_follow_the_newest_counts_whatever_their_order(log: list[CellCount], random: object, size: int) -> None:
    shuffled = log * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pool = pooled_rare_event.Pool()
    last = {}
    for start in range(0, len(shuffled), size):
        touched = pooled_rare_event.fold(pool, shuffled[start : start + size])
        for signal in pooled_rare_event.outputs(pool, touched, 0, start):
            last[signal.category, signal.harm, signal.month] = signal.raised
    assert {pattern for pattern, raised in last.items() if raised} == patterns_counted_again(log)


def patterns_counted_again(log: Sequence[CellCount]) -> set[tuple[Category, Harm, str]]:
    newest = {(record.cell, record.contributor, record.partition): record.count for record in sorted(log, key=version)}
    events: dict[tuple[Category, Harm, str], dict[str, int]] = {}
    for (cell, contributor, _), count in newest.items():
        by_contributor = events.setdefault((cell.category, cell.harm, cell.month), {})
        by_contributor[contributor] = by_contributor.get(contributor, 0) + count
    return {
        pattern
        for pattern, by_contributor in events.items()
        if pattern[1] in (Harm.DEATH, Harm.SEVERE)
        and pattern[2] != "unknown"
        and sum(count == 1 for count in by_contributor.values()) >= 3
        and max(by_contributor.values()) == 1
    }


def version(record: CellCount) -> int:
    return record.version
