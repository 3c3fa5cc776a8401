"""A direct connection: one topic to write, no password, no name, and nobody under somebody else's contract."""

import pytest

from schemas.topics import submitted
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.registry.direct_connection import NotConnectable, connection_of, refuse_stranger
from tests.support.builders import OTHER_PROVIDER, PROVIDER, arrangements
from tests.unit.domain.registry.test_registry import entry, known

ARRANGEMENT = arrangements().of(submitted("arr-7k2q"))


def test_it_may_write_and_describe_its_own_entry_topic_and_nothing_else() -> None:
    made = connection_of(ARRANGEMENT, "blue-", "kafka:9093", 1_000_000)
    assert made.topic == "blue-pso-events-submitted-arr-7k2q"
    assert {(one.principal, one.operation, one.topic, one.pattern, one.permission) for one in made.access} == {
        ("User:arr-7k2q", operation, made.topic, "LITERAL", "ALLOW") for operation in ("WRITE", "DESCRIBE")
    }
    assert made.quota.producer_byte_rate == 1_000_000
    assert made.environment["PSO_NAMESPACE"] == "blue-"
    assert made.client["security.protocol"] == made.environment["PSO_KAFKA_SECURITY_PROTOCOL"] == "SASL_SSL"
    assert "sasl.password" not in made.client
    assert sum(line.count(made.topic) for line in made.commands()) == 1


@pytest.mark.parametrize(
    ("provider", "arrangement", "retired", "places", "remark"),
    [
        (OTHER_PROVIDER, ARRANGEMENT, (), ["arrangement"], "somebody else's contract"),
        (PROVIDER, None, (), ["arrangement"], "no contract"),
        (PROVIDER, ARRANGEMENT, (PROVIDER,), ["provider"], "it reports no more"),
        ("prv-nobody", None, (), ["arrangement", "provider"], "nobody, under nothing"),
    ],
)
def test_a_stranger_is_refused(
    provider: str, arrangement: Arrangement | None, retired: tuple[str, ...], places: list[str], remark: str
) -> None:
    with pytest.raises(NotConnectable) as refused:
        refuse_stranger(provider, arrangement, known(entry(PROVIDER), entry(OTHER_PROVIDER), retired=retired))
    assert [fault.place for fault in refused.value.faults] == places, remark


def test_a_provider_under_its_own_contract_is_not_even_where_nobody_keeps_a_registry() -> None:
    assert refuse_stranger(PROVIDER, ARRANGEMENT, known(entry(PROVIDER))) is ARRANGEMENT
    assert refuse_stranger(PROVIDER, ARRANGEMENT, None) is ARRANGEMENT
