"""Kafka's errors in words: the setting to look at, and the exit code that scripts can rely on."""

import pytest
from confluent_kafka import KafkaError

from producers.delivery_errors import final, told
from producers.failure import ExitCode
from producers.settings import Destination
from schemas.connection import KafkaConnection
from schemas.topics import submitted

TOPIC = submitted("arr-7k2q")
DESTINATION = Destination(TOPIC, TOPIC.name, KafkaConnection("kafka.example:9093", username="prv", password="hunter-2"))

TABLE = [
    # error, heard before, in the line, exit code, remark
    (KafkaError._MSG_TIMED_OUT, [KafkaError._AUTHENTICATION], "PSO_KAFKA_PASSWORD_FILE", ExitCode.UNAVAILABLE, "login"),
    (KafkaError._TRANSPORT, [KafkaError._SSL], "PSO_KAFKA_CA_FILE", ExitCode.UNAVAILABLE, "certificate"),
    (KafkaError._TRANSPORT, [KafkaError._RESOLVE], "no such host in kafka.example:9093", ExitCode.UNAVAILABLE, "name"),
    (KafkaError._TRANSPORT, [], "PSO_KAFKA_BOOTSTRAP_SERVERS", ExitCode.UNAVAILABLE, "nobody there"),
    (KafkaError._MSG_TIMED_OUT, [], "no answer from kafka.example:9093", ExitCode.UNAVAILABLE, "gone meanwhile"),
    (KafkaError.UNKNOWN_TOPIC_OR_PART, [], "PSO_PRODUCE_ARRANGEMENT", ExitCode.UNAVAILABLE, "no topic"),
    (KafkaError.TOPIC_AUTHORIZATION_FAILED, [], "does not let PSO_KAFKA_USERNAME", ExitCode.REFUSED, "no right"),
    (KafkaError._FATAL, [KafkaError.CLUSTER_AUTHORIZATION_FAILED], "ask the PSO", ExitCode.REFUSED, "no right at all"),
    (KafkaError._INVALID_ARG, [], "a certificate, key or address is not usable", ExitCode.UNAVAILABLE, "bad file"),
    (KafkaError.NOT_ENOUGH_REPLICAS, [], "answered NOT_ENOUGH_REPLICAS", ExitCode.UNAVAILABLE, "anything else"),
]


@pytest.mark.parametrize(("error", "heard", "line", "code"), [row[:4] for row in TABLE], ids=[row[4] for row in TABLE])
def test_an_error_names_the_setting_and_the_remedy(error: int, heard: list[int], line: str, code: ExitCode) -> None:
    failure = told(KafkaError(error).name(), [KafkaError(other).name() for other in heard], DESTINATION)
    assert line in str(failure)
    assert str(failure).endswith("events stay in the outbox")
    assert failure.code is code
    assert "hunter" not in str(failure)


def test_only_what_is_wrong_with_one_message_is_final() -> None:
    assert final(KafkaError(KafkaError.MSG_SIZE_TOO_LARGE).name())
    assert not final(KafkaError(KafkaError._MSG_TIMED_OUT).name())
    assert not final(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED).name())
