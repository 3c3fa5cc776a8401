"""The pure rules of the chunk transport, and its gate with the network taken away."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka.structs import ConsumerRecord, TopicPartition
from faust.transport.drivers import aiokafka as driver

from stream_processors.runtime.chunks import Chunk, ChunkConsumer, ChunkLimits, acknowledged_prefix, cut
from stream_processors.runtime.faust_app import EngineSettings, build_app

PARTITION = TopicPartition("events", 0)
SETTINGS = EngineSettings("127.0.0.1:9", request_timeout=10.0)


def record(offset: int, value: bytes = b"v", key: bytes = b"k") -> ConsumerRecord[bytes, bytes]:
    return ConsumerRecord("events", 0, offset, 0, 0, key, value, None, len(key), len(value), ())


@pytest.mark.parametrize(
    ("delivered", "acknowledged", "commit", "left"),
    [
        ([], set(), None, []),  # nothing delivered
        ([9], set(), None, [9]),  # one chunk in flight
        ([9], {9}, 10, []),  # done: the next offset to read
        ([9, 19], {9}, 10, [19]),  # the second is in flight
        ([9, 19], {19}, None, [9, 19]),  # the first is in flight: never commit over it
        ([9, 19, 29], {9, 29}, 10, [19, 29]),  # a hole in the middle
        ([9, 19, 29], {9, 19, 29}, 30, []),  # all done at once
        ([0], {0}, 1, []),  # the very first record of a partition
        ([9, 25], {9, 25}, 26, []),  # offsets skipped by compaction or transaction markers are no hole
        ([19], {9}, None, [19]),  # an acknowledgement from before a seek
    ],
)
def test_only_the_acknowledged_prefix_is_committed(
    delivered: list[int], acknowledged: set[int], commit: int | None, left: list[int]
) -> None:
    chunks, done = deque(delivered), set(acknowledged)
    assert acknowledged_prefix(chunks, done) == commit
    assert list(chunks) == left
    assert acknowledged_prefix(chunks, done) is None  # what is committed is taken out


@pytest.mark.parametrize(
    ("sizes", "limits", "pieces"),
    [
        ([], ChunkLimits(3, 100), []),  # nothing
        ([1, 1, 1], ChunkLimits(3, 100), [3]),  # exactly full
        ([1, 1, 1, 1], ChunkLimits(3, 100), [3, 1]),  # by count
        ([40, 40, 40], ChunkLimits(9, 100), [2, 1]),  # by size
        ([50, 50, 1], ChunkLimits(9, 100), [2, 1]),  # the limit itself is allowed
        ([500, 1], ChunkLimits(9, 100), [1, 1]),  # larger than the limit: alone
        ([1, 500, 1], ChunkLimits(9, 100), [1, 1, 1]),  # and what came before it is not held up
    ],
)
def test_a_chunk_ends_at_its_limits(sizes: list[int], limits: ChunkLimits, pieces: list[int]) -> None:
    records = [record(offset, b"v" * (size - 1)) for offset, size in enumerate(sizes)]
    cuts = list(cut(records, limits))
    assert [len(piece) for piece in cuts] == pieces
    assert [each for piece in cuts for each in piece] == records


def test_a_record_without_key_and_value_has_no_size() -> None:
    empty = ConsumerRecord("events", 0, 0, 0, 0, None, None, None, -1, -1, ())
    assert [len(piece) for piece in cut([empty, empty], ChunkLimits(9, 0))] == [2]


def test_no_content_is_in_the_repr_of_a_chunk() -> None:
    chunk = Chunk("events", 3, 7, [record(5, b"canary-value", b"canary-key")])
    assert repr(chunk) == "Chunk(topic='events', partition=3, generation=7)"
    assert (chunk.first_offset, chunk.last_offset) == (5, 5)


class Network:
    """What Faust's own consumer would do over the network: one fetch that returns when told to, seeks that count."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answer = asyncio.Event()
        self.seeks = 0
        monkeypatch.setattr(driver.Consumer, "_getmany", self.fetch)
        monkeypatch.setattr(driver.Consumer, "perform_seek", self.seek)

    async def fetch(self, _partitions: object, _timeout: float) -> dict[TopicPartition, list[object]]:
        await self.answer.wait()
        return {PARTITION: [record(0)]}

    async def seek(self) -> None:
        self.seeks += 1


def with_consumer(scenario: Callable[[Any, Network], Awaitable[None]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the scenario with a consumer that has been sought and resumed: its gate is open."""

    async def run() -> None:
        network = Network(monkeypatch)
        consumer = build_app("group", SETTINGS).consumer
        assert isinstance(consumer, ChunkConsumer)
        await consumer.perform_seek()
        consumer.resume_flow()
        await scenario(consumer, network)
        consumer._thread.thread_loop.close()

    asyncio.run(run())


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_fetch_under_way_when_the_gate_closes_brings_nothing_and_the_seek_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario(consumer: Any, network: Network) -> None:
        fetch = asyncio.ensure_future(consumer._getmany({PARTITION}, 1.0))
        await settled()
        consumer.stop_flow()
        seek = asyncio.ensure_future(consumer.perform_seek())
        await settled()
        assert network.seeks == 1, "the seek must not come before the fetch has returned"
        network.answer.set()
        assert await fetch == {}
        await seek
        assert network.seeks == 2

    with_consumer(scenario, monkeypatch)


def test_without_the_gate_that_fetch_would_reach_a_queue_that_is_cleared_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test before it: measured without the gate, chunks were lost and committed over."""

    async def scenario(consumer: Any, network: Network) -> None:
        monkeypatch.setattr(consumer, "_close_gate", lambda: None)
        fetch = asyncio.ensure_future(consumer._getmany({PARTITION}, 1.0))
        await settled()
        consumer.stop_flow()
        network.answer.set()
        assert await fetch == {PARTITION: [record(0)]}

    with_consumer(scenario, monkeypatch)


def test_an_open_gate_lets_records_through(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(consumer: Any, network: Network) -> None:
        network.answer.set()
        assert await consumer._getmany({PARTITION}, 1.0) == {PARTITION: [record(0)]}

    with_consumer(scenario, monkeypatch)


@pytest.mark.parametrize("close", ["stop_flow", "_close_gate"], ids=["stop", "rebalance of a worker without partitions"])
def test_resuming_without_a_seek_keeps_the_gate_closed(close: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(consumer: Any, network: Network) -> None:
        network.answer.set()
        getattr(consumer, close)()
        consumer.resume_flow()
        assert await consumer._getmany({PARTITION}, 1.0) == {}
        assert consumer.flowing == frozenset()

    with_consumer(scenario, monkeypatch)


def test_a_seek_overtaken_by_a_rebalance_does_not_open_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(consumer: Any, network: Network) -> None:
        consumer.stop_flow()
        fetching = consumer._fetch_returned
        fetching.clear()
        seek = asyncio.ensure_future(consumer.perform_seek())
        await settled()
        consumer.stop_flow()
        fetching.set()
        await seek
        consumer.resume_flow()
        network.answer.set()
        assert await consumer._getmany({PARTITION}, 1.0) == {}

    with_consumer(scenario, monkeypatch)


def test_a_partition_without_a_committed_offset_is_rewound(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(consumer: Any, _network: Network) -> None:
        rewound: list[TopicPartition] = []

        async def committed(_consumer: object) -> dict[TopicPartition, int | None]:
            return {PARTITION: None, TopicPartition("events", 1): 7, TopicPartition("events", 2): 0}

        async def to_beginning(*partitions: TopicPartition) -> None:
            rewound.extend(partitions)

        monkeypatch.setattr(driver.Consumer, "seek_to_committed", committed)
        monkeypatch.setattr(consumer._thread, "seek_to_beginning", to_beginning)
        await consumer.seek_to_committed()
        assert rewound == [PARTITION, TopicPartition("events", 2)]

    with_consumer(scenario, monkeypatch)


def test_a_seek_that_kafka_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(consumer: Any, _network: Network) -> None:
        consumer._fetch_returned.clear()  # a fetch that never returns
        with pytest.raises(TimeoutError):
            await consumer.perform_seek()

    monkeypatch.setattr("stream_processors.runtime.chunks.SEEK_SHARE", 0.001)
    with_consumer(scenario, monkeypatch)


def test_an_acknowledgement_of_an_older_generation_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(consumer: Any, network: Network) -> None:
        network.answer.set()
        consumer.app.consumer_generation_id = 4
        message = consumer._message(PARTITION, [record(0), record(1)])
        consumer._unacked_messages.add(message)
        consumer.app.consumer_generation_id = 5
        assert consumer.ack(message) is False
        assert message not in consumer._unacked_messages, "the next rebalance must not wait for it"
        assert consumer._new_offset(PARTITION) is None

    with_consumer(scenario, monkeypatch)
