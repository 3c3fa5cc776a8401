"""The outbox's events -> the entry topic, each until its delivery report. The only importer of confluent_kafka here."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from producers.delivery_errors import final, told
from producers.outbox import Outbox, Receipt, Refusal, Waiting
from producers.progress import Progress
from producers.settings import Destination
from schemas import headers
from schemas.topics import MAX_MESSAGE_BYTES

CONNECT_SECONDS = 10.0
IN_FLIGHT_EVENTS = 4_000
"""How many events the client may hold unanswered when it gets the next page.

A kill makes these be sent twice, with that page and the receipts that were not yet worth a transaction.
"""
_OFFERED_EVENTS = 2_000
_SETTLE_EVENTS = 1_000
_POLL_SECONDS = 0.2


class Publisher:
    """Sends what an outbox holds. `patience_seconds`: how long an event may wait for a broker that is away."""

    def __init__(self, destination: Destination, patience_seconds: float = 60.0) -> None:
        self.progress = Progress()
        self._destination = destination
        self._headers = [
            (headers.RECORD, headers.label(destination.topic.record)),
            (headers.GRADE, destination.topic.grade.encode()),
        ]
        self._receipts: list[Receipt] = []
        self._refusals: list[Refusal] = []
        self._suspects: list[int] = []
        self._alone = False
        self._failure: Any = None
        self._heard: set[str] = set()
        self._producer = self._connected(patience_seconds, min(patience_seconds, CONNECT_SECONDS))

    def publish(self, outbox: Outbox, watch: Callable[[Progress], None]) -> Progress:
        """Sends every waiting event. Raises Failure when the world is away; what has no receipt then stays."""
        try:
            self._send_all(outbox, watch)
            self._send_suspects(outbox, watch)
        finally:  # also on Ctrl-C: what was acknowledged need not be sent again
            self._settle(outbox, watch, at_least=1)
        if self._failure is not None:
            raise told(self._failure.name(), self._heard, self._destination)
        return self.progress

    def _send_all(self, outbox: Outbox, watch: Callable[[Progress], None]) -> None:
        after = 0
        while self._failure is None and (page := outbox.offer(after, most=_OFFERED_EVENTS)):
            for event in page:
                self._produce(event)
            after = page[-1].sequence
            self._await_reports(outbox, watch, all_but=IN_FLIGHT_EVENTS)
        self._await_reports(outbox, watch)

    def _send_suspects(self, outbox: Outbox, watch: Callable[[Progress], None]) -> None:
        """The broker refuses a whole batch for one of its events: each goes alone before it counts as refused."""
        self._alone = True
        for sequence in self._suspects:
            for event in outbox.waiting(sequence - 1, most=1):
                if event.sequence == sequence:  # still under the offer of its batch
                    self._produce(event)
                    self._await_reports(outbox, watch)

    def _await_reports(self, outbox: Outbox, watch: Callable[[Progress], None], all_but: int = 0) -> None:
        self._settle(outbox, watch, at_least=_SETTLE_EVENTS)
        while len(self._producer) > all_but and self._failure is None:
            self._poll(_POLL_SECONDS)
            self._settle(outbox, watch, at_least=_SETTLE_EVENTS)
        if self._failure is not None:
            self._producer.purge()
        self._poll(0)

    def _produce(self, event: Waiting) -> None:
        while self._failure is None:
            try:
                self._producer.produce(
                    self._destination.wire_name,
                    key=event.key,
                    value=event.value,
                    headers=self._headers,
                    on_delivery=partial(self._delivered, event.sequence),
                )
            except BufferError:  # the client's queue is full: make room
                self._poll(_POLL_SECONDS)
            except KafkaException as error:
                self._report(event.sequence, error.args[0])
                return
            else:  # its report is heard with those of its page: a call for each would take as long as sending
                return

    def _delivered(self, sequence: int, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._report(sequence, error)
            return
        place = (message.topic(), message.partition(), message.offset(), message.timestamp()[1])
        self._receipts.append(Receipt(sequence, *place))
        self.progress.delivered += 1

    def _report(self, sequence: int, error: Any) -> None:
        if final(error.name()) and not self._alone:
            self._suspects.append(sequence)
        elif final(error.name()):
            self._refusals.append(Refusal(sequence, error.name()))
            self.progress.refused += 1
        else:
            self.progress.failed += 1
            self._failure = self._failure or error

    def _settle(self, outbox: Outbox, watch: Callable[[Progress], None], at_least: int) -> None:
        if len(self._receipts) + len(self._refusals) >= at_least:
            receipts, self._receipts = self._receipts, []
            refusals, self._refusals = self._refusals, []
            outbox.settle(receipts, refusals)
            watch(self.progress)

    def _poll(self, seconds: float) -> None:
        """A fatal client error comes out of poll() as an exception, bare or as the cause of a SystemError."""
        try:
            self._producer.poll(seconds)
        except KafkaException as error:
            self._failure = error.args[0]
        except SystemError as error:
            if not isinstance(error.__cause__, KafkaException):
                raise
            self._failure = error.__cause__.args[0]

    def _connected(self, patience_seconds: float, connect_seconds: float) -> Any:
        """A producer that has seen the topic. Raises Failure within `connect_seconds` when it is not there or refused."""
        producer = self._new_producer(patience_seconds)
        metadata = self._first_metadata(producer, connect_seconds)
        # The list of all topics, not a question for this one: a question can create it where a broker allows that.
        if self._destination.wire_name not in metadata.topics:
            raise told("UNKNOWN_TOPIC_OR_PART", self._heard, self._destination)
        return producer

    def _new_producer(self, patience_seconds: float) -> Any:
        quiet = logging.Logger("librdkafka")
        quiet.addHandler(logging.NullHandler())
        try:
            return Producer(
                self._destination.connection.for_librdkafka(**_PRODUCER, message_timeout_ms=int(patience_seconds * 1000))
                # Log level 0: what goes wrong is said once, by delivery_errors.
                | {"error_cb": lambda error: self._heard.add(error.name()), "log_level": 0},
                logger=quiet,
            )
        except KafkaException as error:
            raise told(error.args[0].name(), self._heard, self._destination) from None

    def _first_metadata(self, producer: Any, connect_seconds: float) -> Any:
        last = "_TRANSPORT"
        for _ in range(max(1, round(connect_seconds))):
            try:
                return producer.list_topics(timeout=1.0)
            except KafkaException as error:
                last = error.args[0].name()
            producer.poll(0)
            if "_AUTHENTICATION" in self._heard or "_SSL" in self._heard:
                break
        raise told(last, self._heard, self._destination)


_PRODUCER: dict[str, object] = {
    "enable_idempotence": True,
    "acks": "all",
    "partitioner": "murmur2_random",
    "compression_type": "zstd",
    "linger_ms": 20,
    "message_max_bytes": MAX_MESSAGE_BYTES,
    "queue_buffering_max_kbytes": 65_536,
    "reconnect_backoff_max_ms": 1_000,
}
