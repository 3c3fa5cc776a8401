"""The outbox into a real Kafka: receipts are true, nothing is lost when the broker dies, every failure has its remedy."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from deploy.dev.broker import Broker
from deploy.dev.stack import Stack
from producers.encoding import MAX_EVENT_BYTES, bundled_encoder
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox, State
from producers.progress import Progress
from producers.publisher import Publisher
from producers.settings import Destination
from schemas import headers
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.records import SafetyEvent
from schemas.records.parts import Narrative
from schemas.taxonomy import NarrativeKind
from schemas.topics import MAX_MESSAGE_BYTES, submitted
from tests.support.builders import safety_event
from tests.support.kafka import create_plain_topic, read_all

TOPIC = submitted("arr-7k2q")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def destination(bootstrap: str, namespace: str, **security: str) -> Destination:
    return Destination(TOPIC, namespace + TOPIC.name, KafkaConnection(bootstrap, **security))


def filled(path: Path, count: int, words: str = "The pump was set to the wrong rate.") -> Outbox:
    """An outbox with this many captured events."""
    outbox = Outbox(path / "outbox.sqlite", lambda: NOON)
    narratives = (Narrative(NarrativeKind.DESCRIPTION, words),)
    events = [safety_event(event_id=f"evt-{number}", narratives=narratives) for number in range(count)]
    for start in range(0, count, 1_000):
        outbox.capture(events[start : start + 1_000], bundled_encoder())
    return outbox


def unwatched(_progress: Progress) -> None:
    """Nobody looks on."""


def sent_ids(bootstrap: str, topic: str) -> list[str]:
    codec = Codec(bundled())
    return [codec.decode(message.value, SafetyEvent).event_id for message in read_all(bootstrap, topic)]


def test_receipts_say_where_each_event_is(stack: Stack, namespace: str, tmp_path: Path) -> None:
    to = destination(stack.bootstrap, namespace)
    create_plain_topic(stack.bootstrap, to.wire_name)
    with filled(tmp_path, 1_200) as outbox:
        assert Publisher(to).publish(outbox, unwatched) == Progress(delivered=1_200)
        receipts = list(outbox.receipts())
        assert outbox.counts() == {State.CAPTURED: 0, State.SENT: 1_200, State.REFUSED: 0}
    found = {(m.partition, m.offset): m for m in read_all(stack.bootstrap, to.wire_name)}
    assert len(found) == len(receipts) == 1_200
    codec = Codec(bundled())
    for event_id, revision, receipt in receipts:
        message = found[receipt.partition, receipt.offset]
        event = codec.decode(message.value, SafetyEvent)
        assert (event.event_id, event.revision) == (event_id, revision)
        assert (message.topic, message.timestamp) == (receipt.topic, receipt.timestamp)
        assert message.key == TOPIC.key(event).encode()
    assert {m.partition for m in found.values()} == {0, 1, 2, 3}


def test_headers_name_the_record_and_its_grade_and_nothing_else(stack: Stack, namespace: str, tmp_path: Path) -> None:
    to = destination(stack.bootstrap, namespace)
    create_plain_topic(stack.bootstrap, to.wire_name)
    with filled(tmp_path, 1) as outbox:
        Publisher(to).publish(outbox, unwatched)
    (message,) = read_all(stack.bootstrap, to.wire_name)
    assert message.headers == [(headers.RECORD, b"SafetyEvent.v1"), (headers.GRADE, b"P0")]


def test_revisions_of_an_event_keep_their_order(stack: Stack, namespace: str, tmp_path: Path) -> None:
    to = destination(stack.bootstrap, namespace)
    create_plain_topic(stack.bootstrap, to.wire_name)
    with Outbox(tmp_path / "outbox.sqlite", lambda: NOON) as outbox:
        outbox.capture([safety_event(revision=number) for number in range(1, 301)], bundled_encoder())
        Publisher(to).publish(outbox, unwatched)
    codec = Codec(bundled())
    messages = read_all(stack.bootstrap, to.wire_name)
    assert [codec.decode(message.value, SafetyEvent).revision for message in messages] == list(range(1, 301))


def test_a_broker_that_is_killed_and_comes_back_during_sending_loses_nothing(own_stack: Stack, tmp_path: Path) -> None:
    count = 20_000
    to = destination(own_stack.bootstrap, "")
    create_plain_topic(own_stack.bootstrap, to.wire_name)
    killed = threading.Event()

    def kill_once(progress: Progress) -> None:
        if not killed.is_set():
            assert progress.delivered <= count // 2  # the rest still has to go
            own_stack.kafka.kill()
            killed.set()
            threading.Thread(target=own_stack.kafka.start).start()

    with filled(tmp_path, count) as outbox:
        progress = Publisher(to).publish(outbox, kill_once)
        assert killed.is_set()
        assert (progress, outbox.counts()[State.SENT]) == (Progress(delivered=count), count)
    assert sorted(sent_ids(own_stack.bootstrap, to.wire_name)) == sorted(f"evt-{number}" for number in range(count))


def test_a_broker_that_stays_away_leaves_the_rest_in_the_outbox(own_stack: Stack, tmp_path: Path) -> None:
    count = 20_000
    to = destination(own_stack.bootstrap, "")
    create_plain_topic(own_stack.bootstrap, to.wire_name)
    with filled(tmp_path, count) as outbox:
        publisher = Publisher(to, patience_seconds=3)
        with pytest.raises(Failure, match=r"no answer from .* events stay in the outbox") as failed:
            publisher.publish(outbox, lambda _: own_stack.kafka.kill())
        assert failed.value.code is ExitCode.UNAVAILABLE
        counts = outbox.counts()
        assert 0 < counts[State.SENT] < count
        assert counts[State.CAPTURED] == count - counts[State.SENT]
        own_stack.kafka.start()
        Publisher(to).publish(outbox, unwatched)
        assert outbox.counts()[State.SENT] == count
    assert set(sent_ids(own_stack.bootstrap, to.wire_name)) == {f"evt-{number}" for number in range(count)}


def test_the_largest_event_that_passes_the_check_passes_the_broker(stack: Stack, namespace: str, tmp_path: Path) -> None:
    to = destination(stack.bootstrap, namespace)
    create_plain_topic(stack.bootstrap, to.wire_name, max_message_bytes=str(MAX_MESSAGE_BYTES))
    event = safety_event()
    spare = MAX_EVENT_BYTES - len(bundled_encoder()(event)) - len(TOPIC.key(event)) - 64
    # Noise does not compress: what counts at the broker is the size on the wire.
    noise = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(spare // 3))
    parts = tuple(Narrative(NarrativeKind.OTHER, noise[at : at + 200_000]) for at in range(0, len(noise), 200_000))
    with Outbox(tmp_path / "outbox.sqlite", lambda: NOON) as outbox:
        outbox.capture([safety_event(narratives=parts)], bundled_encoder())
        assert Publisher(to).publish(outbox, unwatched) == Progress(delivered=1)


def test_an_event_that_the_broker_will_never_take_stands_aside_alone(stack: Stack, namespace: str, tmp_path: Path) -> None:
    to = destination(stack.bootstrap, namespace)
    create_plain_topic(stack.bootstrap, to.wire_name, max_message_bytes="2000")
    noise = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(3_000))
    with filled(tmp_path, 1, noise) as outbox:
        small = [safety_event(event_id=f"small-{number}") for number in range(30)]
        outbox.capture(small, bundled_encoder())
        assert Publisher(to).publish(outbox, unwatched) == Progress(delivered=30, refused=1)
        assert outbox.refusals() == {"MSG_SIZE_TOO_LARGE": 1}
    assert len(sent_ids(stack.bootstrap, to.wire_name)) == 30


def test_a_missing_topic_is_told_at_once_and_not_created(stack: Stack, namespace: str) -> None:
    to = destination(stack.bootstrap, namespace)
    for _ in range(2):
        with pytest.raises(
            Failure, match="does not exist or is hidden from this user: check PSO_PRODUCE_ARRANGEMENT"
        ) as failed:
            Publisher(to)
        assert failed.value.code is ExitCode.UNAVAILABLE


USERS = 'user_broker="b" user_writer="w" user_reader="r"'
SECURED = {
    "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
    "sasl.enabled.mechanisms": "PLAIN",
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "listener.name.client.plain.sasl.jaas.config": "org.apache.kafka.common.security.plain.PlainLoginModule required"
    f' username="broker" password="b" {USERS};',
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:broker;User:ANONYMOUS",
}


def as_user(broker: Broker, user: str, password: str) -> Destination:
    security = {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN", "username": user, "password": password}
    return destination(broker.bootstrap, "", **security)


def test_a_broker_with_a_lock_on_the_door_is_told_apart_from_one_that_is_away(tmp_path: Path) -> None:
    with Broker(tmp_path / "secured", settings=SECURED) as broker, filled(tmp_path, 3) as outbox:
        with pytest.raises(Failure, match="refused the login: check PSO_KAFKA_USERNAME and PSO_KAFKA_PASSWORD_FILE") as wrong:
            Publisher(as_user(broker, "writer", "mistyped"))
        assert wrong.value.code is ExitCode.UNAVAILABLE
        create_secured_topic(broker)
        with pytest.raises(Failure, match=r"does not let PSO_KAFKA_USERNAME .* write") as forbidden:
            Publisher(as_user(broker, "reader", "r")).publish(outbox, unwatched)
        assert forbidden.value.code is ExitCode.REFUSED
        assert outbox.counts()[State.CAPTURED] == 3
        assert Publisher(as_user(broker, "writer", "w")).publish(outbox, unwatched) == Progress(delivered=3)


def create_secured_topic(broker: Broker) -> None:
    """The entry topic, which `writer` may write and `reader` may only see."""
    admin = AdminClient(as_user(broker, "broker", "b").connection.for_librdkafka())
    admin.create_topics([NewTopic(TOPIC.name, 1, 1)])[TOPIC.name].result(20)
    rights = {"writer": AclOperation.WRITE, "reader": AclOperation.DESCRIBE}
    bindings = [
        AclBinding(
            ResourceType.TOPIC, TOPIC.name, ResourcePatternType.LITERAL, f"User:{user}", "*", right, AclPermissionType.ALLOW
        )
        for user, right in rights.items()
    ]
    for created in admin.create_acls(bindings).values():
        created.result(20)
