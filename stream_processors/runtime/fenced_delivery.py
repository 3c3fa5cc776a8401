"""The outputs of one source partition, all or nothing, and only from its rightful owner.

Version = source offset makes a zombie's outputs harmless to a reader who keeps the highest version, but compaction keeps
the last written. So every source partition has a transactional producer of its own: `init_transactions` of the new owner
shuts out every older one.
"""

from collections.abc import Sequence

from confluent_kafka import KafkaError, KafkaException, Producer

from schemas.connection import KafkaConnection
from stream_processors.runtime.delivery import CLIENT_LOG, PRODUCER
from stream_processors.runtime.messages import Outgoing

INIT_SECONDS = 30.0
COMMIT_SECONDS = 30.0
TRANSACTION_MS = 60_000


class Fenced(Exception):
    """Another worker owns the partition now, or the transaction cannot be saved: start again from the committed offset."""


class FencedDelivery:
    """The transactional producer of one source partition."""

    def __init__(self, connection: KafkaConnection, transactional_id: str) -> None:
        settings = {
            **PRODUCER,
            "transactional.id": transactional_id,
            "transaction.timeout.ms": TRANSACTION_MS,
            "message.timeout.ms": TRANSACTION_MS,
            "log_level": 0,
        }
        self._producer = Producer(connection.for_librdkafka() | settings, logger=CLIENT_LOG)
        try:
            self._producer.init_transactions(INIT_SECONDS)
        except KafkaException as error:
            raise Fenced(_name(error)) from None

    def deliver(self, records: Sequence[Outgoing]) -> None:
        """One transaction. Blocks until it is committed; raises Fenced when it never will be."""
        while records:
            try:
                self._transact(records)
                return
            except KafkaException as error:
                if not _error(error).txn_requires_abort():
                    raise Fenced(_name(error)) from None
                self._abort()

    def _transact(self, records: Sequence[Outgoing]) -> None:
        self._producer.begin_transaction()
        for record in records:
            while True:
                try:
                    self._producer.produce(
                        record.topic, record.value, record.key, partition=record.partition, headers=record.headers
                    )
                    break
                except BufferError:
                    self._producer.poll(0.05)
        self._commit()

    def _commit(self) -> None:
        while True:
            try:
                self._producer.commit_transaction(COMMIT_SECONDS)
                return
            except KafkaException as error:
                if not _error(error).retriable():
                    raise

    def _abort(self) -> None:
        try:
            self._producer.abort_transaction(COMMIT_SECONDS)
        except KafkaException as error:
            raise Fenced(_name(error)) from None


def _error(error: KafkaException) -> KafkaError:
    found: KafkaError = error.args[0]
    return found


def _name(error: KafkaException) -> str:
    return str(_error(error).name())
