"""Outputs out and acknowledged before the input is: an idempotent producer whose every delivery report is counted."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from schemas.connection import KafkaConnection
from stream_processors.runtime.messages import Outgoing

LOG = logging.getLogger("pso.delivery")
CLIENT_LOG = logging.getLogger("pso.librdkafka")
"""librdkafka's own lines, which would otherwise go to stderr as they are."""

FOR_EVER = 0
"""message.timeout.ms: a broker that is away is waited for; the watchdog and readiness say so."""

PRODUCER: dict[str, Any] = {
    "acks": "all",
    "enable.idempotence": True,
    "partitioner": "murmur2_random",  # as the Java client and aiokafka; librdkafka's default is CRC-32
    "compression.type": "zstd",
    "linger.ms": 5,
    "message.max.bytes": 2_097_152,
    "queue.buffering.max.messages": 500_000,
    "queue.buffering.max.kbytes": 262_144,
    "reconnect.backoff.max.ms": 500,
    "topic.metadata.refresh.fast.interval.ms": 100,
}
"""What every producer of the PSO's side has in common."""


class Undelivered(Exception):
    """Kafka refused a record for good; the message is Kafka's error name, which holds no value."""


class _Batch:
    """The records of one call, until the last of them is reported."""

    def __init__(self, size: int) -> None:
        self.future: Future[None] = Future()
        self.future.set_running_or_notify_cancel()
        self._open = size
        self._error: str | None = None
        self._lock = threading.Lock()
        if size == 0:
            self.future.set_result(None)

    def reported(self, error: KafkaError | None, _message: object) -> None:
        """The delivery report of one record."""
        with self._lock:
            self._open -= 1
            if error is not None:
                self._error = error.name()
            if self._open:
                return
        if self._error is None:
            self.future.set_result(None)
        else:
            self.future.set_exception(Undelivered(self._error))


class Delivery:
    """One idempotent producer for a process; `send` never blocks for the broker, `close` waits for what is under way."""

    def __init__(self, connection: KafkaConnection, client_id: str) -> None:
        self._failed: str | None = None
        settings = {**PRODUCER, "client.id": client_id, "message.timeout.ms": FOR_EVER, "error_cb": self._on_error}
        self._producer = Producer(connection.for_librdkafka() | settings, logger=CLIENT_LOG)
        self._closing = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="delivery-reports", daemon=True)
        self._poller.start()

    def send(self, records: Sequence[Outgoing]) -> "Future[None]":
        """A future that is done when every record is acknowledged; it raises Undelivered when one never will be."""
        batch = _Batch(len(records))
        for record in records:
            self._produce(record, batch)
        return batch.future

    def deliver(self, records: Sequence[Outgoing]) -> None:
        """Wait until every record is acknowledged. Raises Undelivered."""
        self.send(records).result()

    def close(self, timeout: float = 10.0) -> None:
        """Give what is under way `timeout` seconds; what is left was never acknowledged and will be replayed."""
        self._producer.flush(timeout)
        self._closing.set()
        self._poller.join(2.0)

    def _produce(self, record: Outgoing, batch: _Batch) -> None:
        if self._failed:
            raise Undelivered(self._failed)
        given: dict[str, Any] = {} if record.timestamp is None else {"timestamp": record.timestamp}
        if record.partition is not None:
            given["partition"] = record.partition
        while True:
            try:
                self._producer.produce(
                    record.topic, record.value, record.key, headers=record.headers, on_delivery=batch.reported, **given
                )
                return
            except BufferError:  # full: what is under way must leave first
                self._producer.poll(0.05)
            except KafkaException as error:
                raise Undelivered(error.args[0].name()) from None

    def _poll(self) -> None:
        while not self._closing.is_set():
            try:
                self._producer.poll(0.1)
            except (KafkaException, SystemError) as error:  # a fatal error comes out of poll, bare or wrapped by a callback
                self._failed = type(error).__name__
                LOG.error("the producer cannot go on: %s", self._failed)
                return

    def _on_error(self, error: KafkaError) -> None:
        if error.fatal():
            self._failed = error.name()
        LOG.warning("kafka: %s", error.name())
