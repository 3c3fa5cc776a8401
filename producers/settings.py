"""The settings of pso-produce, read from the environment: all faults at once, secrets from files."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from producers.failure import ExitCode, Failure
from producers.readers.outcome import Origin
from schemas.connection import MECHANISMS, PROTOCOLS, KafkaConnection
from schemas.records.values import Id, Short
from schemas.topics import Topic, submitted

DEFAULT_OUTBOX = "pso-outbox.sqlite"
DEFAULT_CUSTODY_KEY = "pso-custody-key.pem"
TopicPart = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[A-Za-z0-9._-]+\Z")]
"""What Kafka takes in the name of a topic."""
IN_TOPIC_NAMES = "up to 100 letters, digits, '.', '_' and '-'"


@dataclass(frozen=True, slots=True)
class Destination:
    """The entry topic of the arrangement, its name on the wire, and how to reach it."""

    topic: Topic
    wire_name: str
    connection: KafkaConnection


def environment() -> Mapping[str, str]:
    """The environment of this process."""
    return os.environ


class Settings:
    """Reads settings from a mapping; `complete()` raises one Failure that names every fault met until then."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[str] = []

    def complete(self) -> None:
        """Raises Failure when a setting that was asked for is missing or wrong."""
        if self._faults:
            raise Failure("\n".join(self._faults), ExitCode.USAGE)

    def outbox(self) -> Path:
        """The outbox file, by default in the working directory."""
        return Path(self._get("PSO_PRODUCE_OUTBOX") or DEFAULT_OUTBOX)

    def origin(self) -> Origin:
        """Whose events a file holds. Neither has a default: event ids are made of the source system's name."""
        provider = self._required("PSO_PRODUCE_PROVIDER", "the id that the PSO gave this provider")
        system = self._required("PSO_PRODUCE_SOURCE_SYSTEM", "a lasting name for the incident system, like rl6-main")
        self._check("PSO_PRODUCE_PROVIDER", provider, Id, "1 to 128 visible characters without blanks and '|'")
        self._check("PSO_PRODUCE_SOURCE_SYSTEM", system, Short, "up to 200 characters")
        return Origin(provider, system)

    def pses_policy(self) -> str | None:
        """The version of the provider's PSES policy, which every entry into the register names."""
        return self._short("PSO_PRODUCE_PSES_POLICY")

    def pso(self) -> str | None:
        """The PSO to which these events are reported, as certificates name it: its name or listing number."""
        return self._short("PSO_PRODUCE_PSO")

    def custody_key(self) -> Path:
        """The file with the key that signs certificates, by default in the working directory."""
        return Path(self._get("PSO_PRODUCE_CUSTODY_KEY_FILE") or DEFAULT_CUSTODY_KEY)

    def destination(self) -> Destination:
        """Where events go. Nothing here has a default but the protocol, whose default is the protected one."""
        return self.destination_of(self._arrangement())

    def destination_of(self, arrangement: str) -> Destination:
        """Where the events of this arrangement go."""
        return Destination(*self._entry_topic(arrangement), self._connection())

    def entry_topic(self) -> tuple[Topic, str]:
        """The entry topic of the arrangement and its name on the wire, for what needs no broker."""
        return self._entry_topic(self._arrangement())

    def _arrangement(self) -> str:
        return self._required("PSO_PRODUCE_ARRANGEMENT", "the id that the PSO gave the arrangement")

    def _entry_topic(self, arrangement: str) -> tuple[Topic, str]:
        self._check("PSO_PRODUCE_ARRANGEMENT", arrangement, TopicPart, IN_TOPIC_NAMES)
        topic = submitted(arrangement)
        return topic, self.namespace() + topic.name

    def namespace(self) -> str:
        """The prefix of all topics."""
        namespace = self._get("PSO_NAMESPACE") or ""
        self._check("PSO_NAMESPACE", namespace, TopicPart, IN_TOPIC_NAMES)
        return namespace

    def is_dev(self) -> bool:
        """True where PSO_PROFILE=dev allows what tests need and nobody else should do."""
        return self._get("PSO_PROFILE") == "dev"

    def _connection(self) -> KafkaConnection:
        protocol = self._choice("PSO_KAFKA_SECURITY_PROTOCOL", PROTOCOLS, "SASL_SSL")
        if not protocol.endswith("SSL") and not self.is_dev():
            told = "would send events unencrypted: use SASL_SSL or SSL (PSO_PROFILE=dev allows it, for tests)"
            self._faults.append(f"PSO_KAFKA_SECURITY_PROTOCOL={protocol} {told}")
        with_password = protocol.startswith("SASL")
        certificate = self._file("PSO_KAFKA_CERTIFICATE_FILE")
        key = self._file("PSO_KAFKA_KEY_FILE")
        if (certificate is None) != (key is None):
            self._faults.append("PSO_KAFKA_CERTIFICATE_FILE and PSO_KAFKA_KEY_FILE go together: set both or none")
        return KafkaConnection(
            bootstrap_servers=self._required("PSO_KAFKA_BOOTSTRAP_SERVERS", "host:port of the PSO's brokers"),
            security_protocol=protocol,
            sasl_mechanism=self._choice("PSO_KAFKA_SASL_MECHANISM", MECHANISMS, "SCRAM-SHA-512"),
            username=self._required("PSO_KAFKA_USERNAME", "the user that the PSO gave") if with_password else None,
            password=self._secret("PSO_KAFKA_PASSWORD_FILE") if with_password else None,
            ca_file=self._file("PSO_KAFKA_CA_FILE"),
            certificate_file=certificate,
            key_file=key,
        )

    def _short(self, name: str) -> str | None:
        value = self._get(name)
        if value is not None:
            self._check(name, value, Short, "up to 200 characters")
        return value

    def _get(self, name: str) -> str | None:
        """An empty variable counts as absent."""
        return self._environ.get(name, "").strip() or None

    def _required(self, name: str, meaning: str) -> str:
        value = self._get(name)
        if value is None:
            self._faults.append(f"{name} is not set: {meaning}")
        return value or ""

    def _choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self._get(name) or default
        if value not in allowed:
            self._faults.append(f"{name} must be one of {', '.join(allowed)}")
        return value

    def _check(self, name: str, value: str, kind: object, expected: str) -> None:
        try:
            msgspec.convert(value or "-", kind)
        except msgspec.ValidationError:
            self._faults.append(f"{name} must be {expected}")

    def _file(self, name: str) -> str | None:
        path = self._get(name)
        if path is not None and not os.access(path, os.R_OK):
            self._faults.append(f"{name}: there is no file that this user may read at {path}")
        return path

    def _secret(self, name: str) -> str:
        path = self._required(name, "a file that holds the password and nothing else")
        try:
            secret = Path(path).read_text().rstrip("\r\n") if path else ""
        except (OSError, UnicodeDecodeError):
            self._faults.append(f"{name}: there is no text file that this user may read at {path}")
            return ""
        if path and not secret:
            self._faults.append(f"{name}: the file is empty")
        return secret
