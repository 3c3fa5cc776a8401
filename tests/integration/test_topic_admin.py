"""The topics of the table on a real broker."""

import pytest

from deploy.dev.stack import Stack
from schemas.connection import KafkaConnection
from schemas.topics import all_topics
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.topic_admin import TopicAdmin
from stream_processors.runtime.wire import Wire

TOPICS = all_topics(["arr-1"])


def admin(bootstrap: str, namespace: str, partitions: int = 2) -> TopicAdmin:
    return TopicAdmin(KafkaConnection(bootstrap), Wire(namespace, TOPICS), partitions, 1)


def test_what_was_created_verifies_and_a_second_run_creates_nothing(stack: Stack, namespace: str) -> None:
    desk = admin(stack.bootstrap, namespace)
    assert len(desk.create(TOPICS)) == len(TOPICS)
    assert desk.create(TOPICS) == []
    assert desk.verify(TOPICS) == []


def test_a_missing_topic_is_named_with_its_remedy(stack: Stack, namespace: str) -> None:
    desk = admin(stack.bootstrap, namespace)
    desk.create(TOPICS[1:])
    (fault,) = desk.verify(TOPICS)
    assert (fault.topic, "pso topics create" in fault.fault) == (namespace + TOPICS[0].name, True)


def test_an_entry_topic_that_no_arrangement_reads_is_a_fault(stack: Stack, namespace: str) -> None:
    topics = all_topics(["arr-1", "arr-2"])
    TopicAdmin(KafkaConnection(stack.bootstrap), Wire(namespace, topics), 2, 1).create(topics)
    faults = admin(stack.bootstrap, namespace).verify(TOPICS)
    assert [fault.topic for fault in faults] == [f"{namespace}{topic.name}" for topic in topics[2:4]]


def test_another_partition_count_is_a_fault_of_every_topic(stack: Stack, namespace: str) -> None:
    admin(stack.bootstrap, namespace).create(TOPICS)
    faults = admin(stack.bootstrap, namespace, partitions=3).verify(TOPICS)
    assert len(faults) == len(TOPICS)
    assert "PSO_PARTITIONS is 3" in faults[0].fault


def test_a_kafka_that_does_not_answer_is_unavailable(namespace: str) -> None:
    with pytest.raises(Unavailable, match="kafka"):
        admin("127.0.0.1:1", namespace).create(TOPICS)
