"""What `pso provider connect` prints, carried out on a broker with SCRAM over TLS: the provider writes its events, no more."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from schemas.catalogue import bundled
from schemas.codec import Codec
from stream_processors.cli import exit_codes
from tests.integration.locked_kafka import ADMINISTRATOR, PASSWORD, LockedKafka, locked_kafka
from tests.support.builders import ARRANGEMENTS_FILE, safety_event
from tests.support.deadline import eventually
from tests.unit.cli.running import ran

OWN, ELSE = "pso-events-submitted-arr-7k2q", "pso-events-submitted-arr-c41x"
SECRET = "of-the-provider"


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LockedKafka]:
    folder = tmp_path_factory.mktemp("locked")
    with locked_kafka(folder) as broker, pytest.MonkeyPatch.context() as environment:
        (folder / "password").write_text(PASSWORD)
        for name, value in {
            "PSO_PROFILE": "dev",
            "PSO_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap,
            "PSO_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "PSO_KAFKA_SASL_MECHANISM": "PLAIN",
            "PSO_KAFKA_USERNAME": ADMINISTRATOR,
            "PSO_KAFKA_PASSWORD_FILE": str(folder / "password"),
            "PSO_KAFKA_CA_FILE": str(broker.certificate),
            "PSO_ARRANGEMENTS_FILE": str(ARRANGEMENTS_FILE),
            "PSO_PARTITIONS": "1",
            "PSO_REPLICATION_FACTOR": "1",
        }.items():
            environment.setenv(name, value)
        assert ran("topics create").code == exit_codes.OK
        yield broker


@pytest.fixture(scope="module")
def connection(kafka: LockedKafka) -> dict[str, Any]:
    """What the command printed, carried out; the client settings with the password that the provider was given."""
    printed = ran("provider connect prv-8f3k2m --arrangement arr-7k2q --json")
    assert printed.code == exit_codes.OK, printed.err
    made: dict[str, Any] = json.loads(printed.out)
    assert SECRET not in printed.out
    kafka.user(made["principal"].removeprefix("User:"), SECRET)
    kafka.allow(made["access"])
    client: dict[str, Any] = made["client"] | {
        "sasl.password": SECRET,
        "ssl.ca.location": str(kafka.certificate),
        "log_level": 0,
    }
    eventually(lambda: written(client, OWN) is None)  # rights reach the broker through its metadata log
    return client


def login_of(client: dict[str, Any]) -> dict[str, Any]:
    """The settings by which it logs in, for a client that produces nothing."""
    return {name: value for name, value in client.items() if name.startswith(("sasl", "ssl", "security", "bootstrap"))}


def written(client: dict[str, Any], topic: str) -> str | None:
    """Kafka's word for why a record was not written, or None."""
    producer = Producer(client | {"message.timeout.ms": 4_000})
    said: list[str | None] = []
    try:
        value = Codec(bundled()).encode(safety_event())
        producer.produce(topic, value, b"prv-8f3k2m|e", on_delivery=lambda error, _: said.append(error and error.name()))
        producer.flush(10)
    except (KafkaException, SystemError) as error:  # a fatal error comes out of flush, bare or wrapped by the callback
        cause = error if isinstance(error, KafkaException) else error.__cause__
        assert isinstance(cause, KafkaException)
        said.append(cause.args[0].name())
    assert said
    return said[0]


def test_the_provider_writes_to_its_own_entry_topic_as_an_idempotent_producer(
    connection: dict[str, Any], kafka: LockedKafka
) -> None:
    assert connection["enable.idempotence"] is True
    assert written(connection, OWN) is None
    consumer = Consumer(kafka.administrator | {"group.id": "look", "auto.offset.reset": "earliest"})
    consumer.assign([TopicPartition(OWN, 0, 0)])
    found = consumer.consume(1, 20)
    consumer.close()
    assert [message.value() for message in found] == [Codec(bundled()).encode(safety_event())]


@pytest.mark.parametrize("topic", [ELSE, f"{OWN}-dead", "pso-events-accepted", "pso-arrangements-activated", "not-there"])
def test_it_writes_to_no_other_topic(connection: dict[str, Any], topic: str) -> None:
    assert written(connection, topic) == "TOPIC_AUTHORIZATION_FAILED"


def test_it_does_not_even_read_what_it_wrote(connection: dict[str, Any]) -> None:
    login = login_of(connection)
    consumer = Consumer(login | {"group.id": "pso-curious", "auto.offset.reset": "earliest", "enable.auto.commit": False})
    refused: set[int] = set()

    def hears_that_it_may_not() -> bool:
        for message in consumer.consume(5, 0.5):
            assert message.error() is not None, "it read a record"
            refused.add(message.error().code())
        return KafkaError.TOPIC_AUTHORIZATION_FAILED in refused

    try:
        consumer.assign([TopicPartition(OWN, 0, 0)])
        eventually(hears_that_it_may_not)
    finally:
        consumer.close()
    assert refused <= {KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED}


@pytest.mark.parametrize("topic", [ELSE, "pso-events-nonidentified", "pso-arrangements-activated"])
def test_it_does_not_hear_whether_another_topic_exists(connection: dict[str, Any], topic: str) -> None:
    found = AdminClient(login_of(connection)).list_topics(topic, timeout=10).topics[topic]
    assert found.error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    assert not found.partitions


def refused_by(act: Callable[[], Any]) -> str:
    """Kafka's word for why an act was refused."""
    with pytest.raises(KafkaException) as error:
        act()
    return str(error.value.args[0].name())


def test_it_sees_its_own_topic_alone_and_administers_nothing(connection: dict[str, Any]) -> None:
    login = login_of(connection)
    admin = AdminClient(login)
    assert set(admin.list_topics(timeout=10).topics) == {OWN}, "the list of topics would say who else reports"
    (created,) = admin.create_topics([NewTopic("mine", 1, 1)]).values()
    assert refused_by(lambda: created.result(10)) == "TOPIC_AUTHORIZATION_FAILED"
    (deleted,) = admin.delete_topics([OWN]).values()
    assert refused_by(lambda: deleted.result(10)) == "TOPIC_AUTHORIZATION_FAILED"
    assert admin.list_consumer_groups().result(10).valid == []


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        ({"sasl.password": "mistyped"}, "a wrong password"),
        ({"sasl.username": "arr-c41x"}, "the name of another"),
        ({"security.protocol": "PLAINTEXT"}, "without TLS"),
        ({"ssl.ca.location": ""}, "a server that nobody vouches for"),
    ],
)
def test_whoever_is_not_who_they_say_writes_nothing(connection: dict[str, Any], change: dict[str, Any], remark: str) -> None:
    assert written(connection | change, OWN) == "_MSG_TIMED_OUT", remark


def test_a_provider_under_the_contract_of_another_is_refused(kafka: LockedKafka, tmp_path: Path) -> None:
    ended = ran("provider connect prv-8f3k2m --arrangement arr-c41x")
    assert (ended.code, ended.out) == (exit_codes.REFUSED, "")
    assert "3.206(e)" in ended.err
    assert ran("provider connect prv-8f3k2m --arrangement arr-none").code == exit_codes.REFUSED


def test_the_text_for_people_names_the_same_rights(connection: dict[str, Any]) -> None:
    told = ran("provider connect prv-8f3k2m --arrangement arr-7k2q").out
    assert f"ALLOW WRITE on topic {OWN} (literal)" in told
    assert f"ALLOW DESCRIBE on topic {OWN} (literal)" in told
    assert "kafka-acls --add --allow-principal User:arr-7k2q --operation WRITE --operation DESCRIBE" in told
    assert "PSO_KAFKA_USERNAME=arr-7k2q" in told
