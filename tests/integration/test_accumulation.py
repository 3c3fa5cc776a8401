"""The fenced fold on a real broker: what it says after take-overs, zombies and replays is what a recomputation says."""

import itertools
from collections.abc import Iterator

import pytest

from deploy.dev.stack import Stack
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.records import Cell, CellCount, Contribution
from schemas.taxonomy import Category, Harm, ProviderType, ReportType, Setting
from schemas.topics import CONTRIBUTIONS, COUNTS_CHANGED
from stream_processors.processors.aggregate import AGGREGATE
from stream_processors.runtime.accumulation import Accumulation
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.fenced_delivery import Fenced
from stream_processors.runtime.messages import Incoming, Outgoing
from stream_processors.runtime.wire import Wire
from tests.chaos.compaction import compact_hard
from tests.support.deadline import eventually
from tests.support.kafka import create_topics, read_all

CODEC = Codec(bundled())
TOPICS = [CONTRIBUTIONS, CONTRIBUTIONS.dead_letters, COUNTS_CHANGED]
PARTITIONS = 2


class Aggregate:
    """A log of contributions in partition 0, and workers that fold it."""

    def __init__(self, bootstrap: str, namespace: str) -> None:
        self.wire = Wire(namespace, TOPICS)
        self.connection = KafkaConnection(bootstrap)
        create_topics(bootstrap, self.wire, TOPICS, PARTITIONS)
        self.delivery = Delivery(self.connection, "test")

    def contribute(self, *records: Contribution) -> None:
        name = self.wire.name(CONTRIBUTIONS)
        self.delivery.deliver([Outgoing(name, 0, CONTRIBUTIONS.key(r).encode(), CODEC.encode(r), []) for r in records])

    def worker(self) -> Accumulation:
        return Accumulation(AGGREGATE, CODEC, self.wire, self.connection, PARTITIONS)

    def log(self, begin: int = 0) -> list[Incoming]:
        records = read_all(self.connection.bootstrap_servers, self.wire.name(CONTRIBUTIONS))
        return [record for record in records if record.offset >= begin]

    def said(self) -> dict[str, int]:
        """What a late reader learns: the highest version of each key, zeros left out."""
        best: dict[bytes | None, CellCount] = {}
        for message in read_all(self.connection.bootstrap_servers, self.wire.name(COUNTS_CHANGED)):
            count = CODEC.decode(message.value, CellCount)
            if message.key not in best or best[message.key].version <= count.version:
                best[message.key] = count
        return {count.cell.category: count.count for count in best.values() if count.count}


def cell(category: Category) -> Cell:
    return Cell(category, Harm.NONE, ReportType.INCIDENT, "2026-01", ProviderType.HOSPITAL, Setting.UNKNOWN)


def contribution(event: str, revision: int, *categories: Category, withdrawn: bool = False) -> Contribution:
    return Contribution("prv-1", event, revision, 1, withdrawn, tuple(cell(c) for c in categories))


@pytest.fixture
def aggregate(stack: Stack, namespace: str) -> Iterator[Aggregate]:
    made = Aggregate(stack.bootstrap, namespace)
    yield made
    made.delivery.close()


def test_corrections_withdrawals_duplicates_and_late_revisions_are_folded_exactly(aggregate: Aggregate) -> None:
    aggregate.contribute(
        contribution("a", 1, Category.FALL),
        contribution("a", 1, Category.FALL),  # a duplicate
        contribution("a", 3, Category.MEDICATION),  # a correction
        contribution("a", 2, Category.FALL),  # a late revision
        contribution("b", 1, Category.FALL),
        contribution("b", 2, withdrawn=True),
        contribution("c", 1, Category.FALL, Category.MEDICATION),
    )
    worker = aggregate.worker()
    worker.take_over([0], lambda: True)
    worker.fold(aggregate.log(), 1)
    assert aggregate.said() == {"fall": 1, "medication": 2}


def test_a_successor_begins_with_the_fold_of_the_whole_log_below_the_committed_offset(aggregate: Aggregate) -> None:
    aggregate.contribute(contribution("a", 1, Category.FALL), contribution("b", 1, Category.FALL))
    first = aggregate.worker()
    first.take_over([0], lambda: True)
    first.fold(aggregate.log(), 1)
    aggregate.contribute(contribution("a", 2, Category.MEDICATION))
    second = aggregate.worker()
    second.take_over([0], lambda: True)
    second.fold(aggregate.log(2), 2)  # the chunk begins at 2: what lies below is read back
    assert aggregate.said() == {"fall": 1, "medication": 1}


def test_a_zombie_is_fenced_and_says_nothing(aggregate: Aggregate, capfd: pytest.CaptureFixture[str]) -> None:
    aggregate.contribute(contribution("a", 1, Category.FALL))
    zombie, successor = aggregate.worker(), aggregate.worker()
    zombie.take_over([0], lambda: True)
    chunk = aggregate.log()  # fetched, then the worker is paused
    successor.take_over([0], lambda: True)
    successor.fold(chunk, 2)
    aggregate.contribute(contribution("a", 2, Category.MEDICATION))
    successor.fold(aggregate.log(1), 2)
    with pytest.raises(Fenced):
        zombie.fold(chunk, 1)
    assert aggregate.said() == {"medication": 1}
    assert capfd.readouterr().err == "", "what the client itself says is no line of our log"


def test_a_take_over_that_was_overtaken_shuts_nobody_out(aggregate: Aggregate) -> None:
    aggregate.contribute(contribution("a", 1, Category.FALL))
    owner, late = aggregate.worker(), aggregate.worker()
    owner.take_over([0], lambda: True)
    late.take_over([0], lambda: False)  # the group has given the partition to the owner meanwhile
    owner.fold(aggregate.log(), 2)
    assert aggregate.said() == {"fall": 1}
    with pytest.raises(Fenced):
        late.fold(aggregate.log(), 1)


def last_written(counts: list[Incoming]) -> dict[str, int]:
    """What a reader holds that believes whatever comes last, zeros left out."""
    told = {message.key: CODEC.decode(message.value, CellCount) for message in counts}
    return {count.cell.category: count.count for count in told.values() if count.count}


def test_after_hard_compaction_a_reader_and_a_successor_know_what_the_owner_said(aggregate: Aggregate) -> None:
    """Compaction keeps of the counts what was written last, and of the log below an offset what no duplicate followed."""
    bootstrap, names = aggregate.connection.bootstrap_servers, [aggregate.wire.name(t) for t in (CONTRIBUTIONS, COUNTS_CHANGED)]
    compact_hard(bootstrap, names)
    aggregate.contribute(contribution("a", 1, Category.FALL))
    zombie, owner = aggregate.worker(), aggregate.worker()
    zombie.take_over([0], lambda: True)
    chunk = aggregate.log()  # fetched, then the worker is paused
    owner.take_over([0], lambda: True)
    said = owner.fold(chunk, 2).outputs
    aggregate.contribute(contribution("a", 2, Category.MEDICATION), contribution("a", 1, Category.FALL))
    said += owner.fold(aggregate.log(1), 2).outputs
    with pytest.raises(Fenced):
        zombie.fold(chunk, 1)
    ends = itertools.count(3)

    def compacted() -> int | None:
        """More records roll the segments, and the cleaner takes what is superseded; the offset behind the last one."""
        end = next(ends)
        aggregate.contribute(contribution("b", end, Category.HAI))
        said.extend(owner.fold(aggregate.log(end), 2).outputs)
        both = len(aggregate.log()) <= end and len(read_all(bootstrap, names[1])) < len(said)
        return end + 1 if both else None

    end = eventually(compacted, every=0.5)
    assert aggregate.said() == last_written(read_all(bootstrap, names[1])) == {"medication": 1, "hai": 1}
    successor = aggregate.worker()
    successor.take_over([0], lambda: True)
    aggregate.contribute(contribution("a", 3, Category.FALL))
    successor.fold(aggregate.log(end or 0), 3)
    assert aggregate.said() == last_written(read_all(bootstrap, names[1])) == {"fall": 1, "hai": 1}


def test_a_replayed_chunk_changes_nothing(aggregate: Aggregate) -> None:
    aggregate.contribute(contribution("a", 1, Category.FALL), contribution("a", 2, Category.HAI))
    worker = aggregate.worker()
    worker.take_over([0], lambda: True)
    worker.fold(aggregate.log(), 1)
    assert worker.fold(aggregate.log(), 1).outputs == []
    assert aggregate.said() == {"hai": 1}


def test_bytes_that_are_no_contribution_become_a_dead_letter_in_the_same_transaction(aggregate: Aggregate) -> None:
    aggregate.delivery.deliver([Outgoing(aggregate.wire.name(CONTRIBUTIONS), 0, b"k", b"junk!", [])])
    aggregate.contribute(contribution("a", 1, Category.FALL))
    worker = aggregate.worker()
    worker.take_over([0], lambda: True)
    assert worker.fold(aggregate.log(), 1).reasons == ["not_framed"]
    (letter,) = read_all(aggregate.connection.bootstrap_servers, aggregate.wire.name(CONTRIBUTIONS.dead_letters))
    assert letter.value == b"junk!"
    assert aggregate.said() == {"fall": 1}
