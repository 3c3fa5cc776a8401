"""Every private or undocumented name of Faust, mode and aiokafka that the engine touches, pinned to exact versions.

A failure here means: read the new source, run the kill tests, then change the pin. Do not change this file alone.
"""

import hashlib
import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from faust import App, Event, Stream, streams
from faust._cython.streams import StreamIterator
from faust.agents.agent import Agent
from faust.app.base import BootStrategy
from faust.serializers.schemas import Schema
from faust.tables.recovery import Recovery
from faust.transport import consumer as transport
from faust.transport.base import Transport
from faust.transport.conductor import ConductorCompiler
from faust.transport.drivers import aiokafka as driver
from faust.transport.producer import ProducerBuffer
from mode import CrashingSupervisor, Service, Signal
from mode.threads import ServiceThread, WorkerThread
from mode.utils.queues import FlowControlEvent

from stream_processors.runtime.chunks import ChunkConsumer, ChunkSchema, ChunkTransport, _ConsumerThread
from stream_processors.runtime.faust_app import EngineSettings, build_app


@pytest.mark.parametrize(
    ("package", "pinned"),
    [("faust-streaming", "0.15.3"), ("mode-streaming", "0.7.1"), ("aiokafka", "0.14.0")],
)
def test_the_engine_runs_on_the_versions_whose_source_was_read(package: str, pinned: str) -> None:
    assert version(package) == pinned


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        # overridden by ChunkConsumer
        (transport.Consumer.stop_flow, "self"),
        (transport.Consumer.resume_flow, "self"),
        (transport.Consumer.perform_seek, "self"),
        (transport.ThreadDelegateConsumer.seek_to_committed, "self"),
        (transport.Consumer.on_partitions_revoked, "self, revoked"),
        (transport.Consumer.on_partitions_assigned, "self, assigned, generation_id"),
        (transport.ThreadDelegateConsumer._getmany, "self, active_partitions, timeout"),
        (transport.Consumer.getmany, "self, timeout"),
        (transport.Consumer.ack, "self, message"),
        (transport.Consumer._new_offset, "self, tp"),
        (transport.Consumer._add_gap, "self, tp, offset_from, offset_to"),
        (transport.ThreadDelegateConsumer.close, "self"),
        (driver.Consumer._new_consumer_thread, "self"),
        # called by ChunkConsumer
        (transport.Consumer._wait_next_records, "self, timeout"),
        (transport.Consumer.commit, "self, topics, start_new_transaction"),
        (transport.ThreadDelegateConsumer.assignment, "self"),
        (driver.AIOKafkaConsumerThread.seek_to_beginning, "self, partitions"),
        # the other subclasses
        (driver.AIOKafkaConsumerThread._create_worker_consumer, "self, transport"),
        (ServiceThread.on_crash, "self, msg, fmt, kwargs"),
        (WorkerThread.__init__, "self, service, kwargs"),
        (WorkerThread.run, "self"),
        (Transport.create_consumer, "self, callback, kwargs"),
        (Schema.compile, "self, app, on_key_decode_error, on_value_decode_error, default_propagate"),
        (App._create_directories, "self"),
        # called by the engine
        (App.create_event, "self, key, value, headers, message"),
        (Service.start, "self"),
        (Service.stop, "self"),
        (Service.crash, "self, reason"),
        (Service.wait_until_stopped, "self"),
        (Stream.noack, "self"),
        (Stream.events, "self"),
        (Stream.ack, "self, event"),
        (Event.ack, "self"),
        (Signal.connect, "self, fun, kwargs"),
    ],
)
def test_a_name_has_the_parameters_the_engine_gives_it(name: Callable[..., Any], parameters: str) -> None:
    assert ", ".join(inspect.signature(name).parameters) == parameters


def test_the_attributes_that_the_engine_reads_and_sets_are_there() -> None:
    consumer: Any = build_app("group", EngineSettings("127.0.0.1:9")).consumer
    for attribute in ("_acked", "_acked_index", "_unacked_messages", "_waiting_for_ack", "_thread"):
        assert hasattr(consumer, attribute), attribute
    for attribute in ("_isolation_level", "_fetch_max_wait_ms"):
        assert f"self.{attribute} = " in inspect.getsource(AIOKafkaConsumer.__init__)
        assert f"=self.{attribute}" in inspect.getsource(AIOKafkaConsumer.start)
    for attribute in ("enable_kafka_producer", "enable_web"):
        assert attribute in vars(BootStrategy)
    assert ServiceThread.Worker is WorkerThread
    consumer._thread.thread_loop.close()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (ChunkConsumer, driver.Consumer),
        (_ConsumerThread, driver.AIOKafkaConsumerThread),
        (ChunkTransport, driver.Transport),
        (ChunkSchema, Schema),
    ],
)
def test_the_stock_classes_are_extended(ours: type, theirs: type) -> None:
    assert issubclass(ours, theirs)


@pytest.mark.parametrize(
    ("function", "calls"),
    [
        # The gate: partitions, seek, clearing of the queues, flow. The hook is awaited before all of them.
        (
            Recovery._resume_streams,
            [
                "await app.on_rebalance_complete.send()",
                "consumer_generation_id != generation_id",
                "consumer.resume_partitions(",
                "consumer.perform_seek()",
                "app.flow_control.resume()",
                "consumer.resume_flow()",
                "_fetcher.maybe_start()",
            ],
        ),
        (
            Recovery.on_recovery_completed,
            [
                "await self.app.on_rebalance_complete.send()",
                "consumer.resume_partitions(",
                "consumer.perform_seek()",
                "app.flow_control.resume()",
                "consumer.resume_flow()",
            ],
        ),
        # Without tables nothing resumes the flow earlier.
        (Recovery._restart_recovery.fun, ["if not self.tables", "self._resume_streams", "continue", "resume_flow"]),
        (FlowControlEvent.resume, ["self._suspend.clear()", "self.clear()"]),
        # Why a revocation commits first.
        (transport.Consumer.on_partitions_revoked, ["self._acked.pop(", "self._acked_index.pop(", "_on_partitions_revoked"]),
        (App._on_partitions_revoked, ["stop_flow", "flow_control.suspend", "flow_control.clear", "_consumer_wait_empty"]),
        # What give_up() and a graceful end lean on.
        (transport.Consumer.wait_empty, ["while not self.should_stop and self._unacked_messages", "commit_and_end"]),
        (App._stop_consumer, ["consumer.stop_flow()", "flow_control.clear()", "_stop_fetcher", "_consumer_wait_empty"]),
        (transport.Consumer._drain_messages, ["getmany(timeout=1.0)", "callback(message), self.suspend_flow.wait()"]),
        (transport.Consumer._commit_tps, ["_filter_committable_offsets", "_commit_offsets"]),
        (transport.Consumer._filter_committable_offsets, ["self._new_offset(tp)", "self._should_commit(tp, offset)"]),
        # Why an uncommitted partition is rewound, why the fetch wait is short, why nothing may count as idle.
        (AIOKafkaConsumer.seek_to_committed, ["if offset and offset > 0", "seek_to(tp, offset)"]),
        (Fetcher._get_actions_per_node, ["elif node_id in self._in_flight", "continue"]),
        (GroupCoordinator.ensure_active_group, ["idle_time >= self._max_poll_interval", "return None"]),
        # A chunk is handed over under the generation that fetched it, and its message is counted from then on.
        (ConductorCompiler.build, ["await acquire_flow_control()", "chan.decode(message, propagate=True)", "put_nowait"]),
        (ProducerBuffer.flush_atmost, ['self.state != "running" and self.size', "return flushed_messages"]),
        (Agent._execute_actor, ["await coro", "aref.crash(exc)"]),
        (CrashingSupervisor.wakeup, ["self._stopped.set()"]),
    ],
    ids=lambda each: each.__qualname__ if callable(each) else "",
)
def test_the_source_still_does_it_in_this_order(function: Callable[..., Any], calls: list[str]) -> None:
    source, place = inspect.getsource(function), 0
    for call in calls:
        place = source.find(call, place)
        assert place >= 0, f"{call!r} is missing or has moved"


@pytest.mark.parametrize(
    ("function", "digest"),
    [
        (transport.Consumer.getmany, "4b168d84882a70d6"),  # replaced as a whole
        (driver.AIOKafkaConsumerThread._create_worker_consumer, "c2701bfc3e6f6cad"),  # two of its choices are changed after it
        (Recovery._wait, "ec7429b70176f8c6"),  # the timeout that is raised before it passes
    ],
)
def test_a_function_whose_whole_body_matters_is_unchanged(function: Callable[..., Any], digest: str) -> None:
    assert hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16] == digest


def test_the_compiled_streams_are_in_use() -> None:
    """The pure Python iterator acknowledges messages that it skips; the compiled one does not."""
    assert streams._CStreamIterator is StreamIterator


def test_stream_queues_are_cleared_when_the_flow_resumes() -> None:
    topic: Any = build_app("group", EngineSettings("127.0.0.1:9")).topic("records")
    assert topic.queue._clear_on_resume
