"""What a provider with a Kafka client of its own is given: one topic to write, a quota, and the settings of its client.

Its principal is named after the arrangement, which is random: a list of users or rights tells nobody who reports.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from schemas.topics import MAX_MESSAGE_BYTES
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.faults import Fault, Faulty
from stream_processors.domain.registry.provider import Revision

OPERATIONS = ("WRITE", "DESCRIBE")
"""On its own entry topic, by its literal name. An idempotent producer needs no more; nobody may read what was submitted."""


class NotConnectable(Faulty):
    """This provider gets no connection under this arrangement."""


class Access(msgspec.Struct, frozen=True):
    """One line of the broker's access list."""

    principal: str
    operation: str
    topic: str
    pattern: str = "LITERAL"
    permission: str = "ALLOW"
    host: str = "*"


class Quota(msgspec.Struct, frozen=True):
    """What the broker lets the principal have: bytes a second of writing and reading, and per cent of a request thread."""

    producer_byte_rate: int
    consumer_byte_rate: int = 65_536
    request_percentage: int = 50


class DirectConnection(msgspec.Struct, frozen=True):
    """Everything that is set up for one provider, and everything that it sets. No password is in it."""

    provider: str
    arrangement: str
    topic: str
    principal: str
    access: tuple[Access, ...]
    quota: Quota
    environment: dict[str, str]
    """For `pso-produce`."""
    client: dict[str, Any]
    """For another client on librdkafka; records are framed and keyed as docs/guides/connect-a-provider.md says."""

    @property
    def username(self) -> str:
        """The name by which it logs in."""
        return self.principal.removeprefix("User:")

    def commands(self) -> Iterator[str]:
        """What a person types into Kafka's own tools. The last one reads the password from a file: arguments can be seen."""
        operations = " ".join(f"--operation {one.operation}" for one in self.access)
        allow = f"--add --allow-principal {self.principal} {operations}"
        yield f"kafka-acls {allow} --topic {self.topic} --resource-pattern-type literal"
        quotas = ",".join(f"{name}={value}" for name, value in msgspec.structs.asdict(self.quota).items())
        entity = f"--entity-type users --entity-name {self.username}"
        yield f"kafka-configs --alter --add-config '{quotas}' {entity}"
        yield f"kafka-configs --alter --add-config-file scram.properties {entity}"


def connection_of(arrangement: Arrangement, namespace: str, bootstrap: str, byte_rate: int) -> DirectConnection:
    """The connection of the provider of an arrangement. `byte_rate` bounds its writing, in bytes a second and broker."""
    topic = namespace + arrangement.entry.name
    principal = f"User:{arrangement.id}"
    return DirectConnection(
        provider=arrangement.provider,
        arrangement=arrangement.id,
        topic=topic,
        principal=principal,
        access=tuple(Access(principal, operation, topic) for operation in OPERATIONS),
        quota=Quota(byte_rate),
        environment=_environment(arrangement, namespace, bootstrap),
        client={
            "bootstrap.servers": bootstrap,
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": arrangement.id,
            "acks": "all",
            "enable.idempotence": True,
            "partitioner": "murmur2_random",
            "compression.type": "zstd",
            "message.max.bytes": MAX_MESSAGE_BYTES,
        },
    )


def _environment(arrangement: Arrangement, namespace: str, bootstrap: str) -> dict[str, str]:
    given = {
        "PSO_PRODUCE_PROVIDER": arrangement.provider,
        "PSO_PRODUCE_ARRANGEMENT": arrangement.id,
        "PSO_KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        "PSO_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "PSO_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
        "PSO_KAFKA_USERNAME": arrangement.id,
    }
    return given | ({"PSO_NAMESPACE": namespace} if namespace else {})


def refuse_stranger(provider: str, arrangement: Arrangement | None, known: Mapping[str, Revision] | None) -> Arrangement:
    """The arrangement, where it is this provider's and the registry, if it is asked, knows a provider that still reports.

    Raises NotConnectable with every reason.
    """
    faults = []
    if arrangement is None:
        faults.append(Fault("arrangement", "there is none of this id: add or activate it first"))
    elif arrangement.provider != provider:
        faults.append(Fault("arrangement", "is with another provider (42 CFR 3.206(e))"))
    if known is not None and provider not in known:
        faults.append(Fault("provider", "is not in the registry: `pso provider add` it first"))
    elif known is not None and known[provider].retired:
        faults.append(Fault("provider", "is retired"))
    if arrangement is None or faults:
        raise NotConnectable(faults)
    return arrangement
