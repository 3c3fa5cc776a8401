"""Topics on the broker against topics in the table: create what is missing, say what differs. Never changes or deletes."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

from schemas.connection import KafkaConnection
from schemas.topics import Cleanup, Topic, submitted
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.wire import Wire

SECONDS = 30.0
TRIES, TRY_SECONDS = 5, 2.0


@dataclass(frozen=True, slots=True)
class TopicFault:
    """Where the broker differs from the table, and what to do."""

    topic: str
    fault: str


def configuration(topic: Topic, replication_factor: int) -> dict[str, str]:
    """The broker's configuration of a topic."""
    settings = {
        "cleanup.policy": str(topic.cleanup),
        "max.message.bytes": str(topic.max_message_bytes),
        "min.insync.replicas": str(2 if replication_factor >= 3 else 1),
        # When a record came in from outside the flow is for the broker to say, not for its writer's clock.
        "message.timestamp.type": "LogAppendTime" if topic.entry or topic.commanded else "CreateTime",
    }
    if topic.cleanup is Cleanup.DELETE:
        settings["retention.ms"] = str(topic.retention_ms)
    else:
        settings["min.compaction.lag.ms"] = str(topic.min_compaction_lag_ms)
    return settings


class TopicAdmin:
    """Creates and verifies the topics of one namespace."""

    def __init__(self, connection: KafkaConnection, wire: Wire, partitions: int, replication_factor: int) -> None:
        self._errors: list[KafkaError] = []
        self._admin = AdminClient(
            connection.for_librdkafka()
            | {"log_level": 0, "socket.connection.setup.timeout.ms": 5000, "error_cb": self._errors.append}
        )
        self._wire = wire
        self._partitions = partitions
        self._replication_factor = replication_factor

    def create(self, topics: Iterable[Topic]) -> list[str]:
        """Create what is missing; the names that were created. Running it twice changes nothing."""
        existing = self._existing()
        wanted = [topic for topic in topics if self._wire.name(topic) not in existing]
        if not wanted:
            return []
        futures = self._admin.create_topics([self._new(topic) for topic in wanted], operation_timeout=SECONDS)
        created = []
        for name, future in futures.items():
            try:
                future.result(SECONDS)
                created.append(name)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # somebody else ran it at the same time
                    raise
        self._await_visible(futures)
        return created

    def _await_visible(self, names: Collection[str]) -> None:
        """A topic is created in the controller's log before every broker knows it; who asks too soon finds it missing."""
        end = monotonic() + SECONDS
        while (unseen := set(names) - self._existing().keys()) and monotonic() < end:
            time.sleep(0.1)
        if unseen:
            raise Unavailable("kafka (it has created the topics and does not show them)")

    def missing(self, topics: Iterable[Topic]) -> list[str]:
        """The wire names of those that are not there."""
        existing = self._existing()
        return [name for name in map(self._wire.name, topics) if name not in existing]

    def verify(self, topics: Iterable[Topic]) -> list[TopicFault]:
        """Every difference between the broker and the table, with what to do."""
        wanted = list(topics)
        existing = self._existing()
        present = [topic for topic in wanted if self._wire.name(topic) in existing]
        faults = self._retired(wanted, existing) + [
            TopicFault(self._wire.name(topic), "missing: run `pso topics create`")
            for topic in wanted
            if self._wire.name(topic) not in existing
        ]
        for topic in present:
            count = existing[self._wire.name(topic)]
            if count != self._partitions:
                text = f"has {count} partitions, PSO_PARTITIONS is {self._partitions}: every topic must have the same count"
                faults.append(TopicFault(self._wire.name(topic), text))
        return faults + self._configuration_faults(present)

    def _retired(self, wanted: list[Topic], existing: Iterable[str]) -> list[TopicFault]:
        """Entry topics that nobody reads: what is sent there waits unseen."""
        entries = self._wire.name(submitted(""))
        declared = {self._wire.name(topic) for topic in wanted}
        strays = sorted(name for name in existing if name.startswith(entries) and name not in declared)
        return [TopicFault(name, "no arrangement reads it: bring the arrangement back, or delete the topic") for name in strays]

    def _configuration_faults(self, topics: list[Topic]) -> list[TopicFault]:
        if not topics:
            return []
        resources = {self._wire.name(t): ConfigResource(ResourceType.TOPIC, self._wire.name(t)) for t in topics}
        answers = self._admin.describe_configs(list(resources.values()), request_timeout=SECONDS)
        faults = []
        for topic in topics:
            name = self._wire.name(topic)
            actual = answers[resources[name]].result(SECONDS)
            for key, value in configuration(topic, self._replication_factor).items():
                if actual[key].value != value:
                    text = f"{key} is {actual[key].value}, should be {value}: alter it with your Kafka tools"
                    faults.append(TopicFault(name, text))
        return faults

    def _existing(self) -> Mapping[str, int]:
        for patience in reversed(range(TRIES)):
            try:
                found = self._admin.list_topics(timeout=TRY_SECONDS).topics
            except KafkaException as error:
                if not patience or self._login_was_refused():
                    raise Unavailable(self._why(error.args[0])) from None
            else:
                return {name: len(topic.partitions) for name, topic in found.items()}
        raise AssertionError("the last try returns or raises")

    def _login_was_refused(self) -> bool:
        self._admin.poll(0)  # the callback that hears of it is called from here
        return any(seen.code() == KafkaError._AUTHENTICATION for seen in self._errors)

    def _why(self, error: KafkaError) -> str:
        """What a person can do about it; the client itself only says that no broker answered."""
        if self._login_was_refused():
            return "kafka (it refused user or password: check PSO_KAFKA_USERNAME and PSO_KAFKA_PASSWORD_FILE)"
        return f"kafka ({error.name()}: check PSO_KAFKA_BOOTSTRAP_SERVERS and PSO_KAFKA_SECURITY_PROTOCOL)"

    def _new(self, topic: Topic) -> NewTopic:
        return NewTopic(
            self._wire.name(topic),
            self._partitions,
            self._replication_factor,
            config=configuration(topic, self._replication_factor),
        )
