"""A broker that asks everybody who they are (SCRAM over TLS) and lets nobody do what no list allows (StandardAuthorizer)."""

import ipaddress
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from deploy.dev.broker import Broker

ADMINISTRATOR, PASSWORD = "administrator", "of-this-test-alone"


@dataclass(frozen=True, slots=True)
class LockedKafka:
    """The broker, its certificate, and what an administrator may do."""

    bootstrap: str
    certificate: Path

    def client(self, user: str, password: str, mechanism: str = "SCRAM-SHA-512") -> dict[str, Any]:
        """How somebody logs in."""
        return {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": "SASL_SSL",
            "ssl.ca.location": str(self.certificate),
            "sasl.mechanism": mechanism,
            "sasl.username": user,
            "sasl.password": password,
            "log_level": 0,
        }

    @property
    def administrator(self) -> dict[str, Any]:
        return self.client(ADMINISTRATOR, PASSWORD, "PLAIN")

    def user(self, name: str, password: str) -> None:
        """Somebody who may log in and do nothing."""
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        admin = AdminClient(self.administrator)
        for done in admin.alter_user_scram_credentials([_credential(name, info, password)]).values():
            done.result(20)

    def allow(self, access: Sequence[dict[str, str]]) -> None:
        """What `pso provider connect --json` lists."""
        admin = AdminClient(self.administrator)
        for done in admin.create_acls([_binding(one) for one in access]).values():
            done.result(20)


def _credential(name: str, info: ScramCredentialInfo, password: str) -> UserScramCredentialUpsertion:
    return UserScramCredentialUpsertion(name, info, password.encode())


def _binding(one: dict[str, str]) -> AclBinding:
    return AclBinding(
        ResourceType.TOPIC,
        one["topic"],
        ResourcePatternType[one["pattern"]],
        one["principal"],
        one["host"],
        AclOperation[one["operation"]],
        AclPermissionType[one["permission"]],
    )


@contextmanager
def locked_kafka(folder: Path) -> Iterator[LockedKafka]:
    """A broker of its own, with certificates of an hour."""
    certificate = _certificates(folder)
    plain = (
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
        f' username="broker" password="{PASSWORD}" user_broker="{PASSWORD}" user_{ADMINISTRATOR}="{PASSWORD}";'
    )
    settings = {
        "listener.security.protocol.map": "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.client.plain.sasl.jaas.config": plain,
        "listener.name.client.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": folder / "server.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": certificate,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": f"User:broker;User:{ADMINISTRATOR};User:ANONYMOUS",  # anonymous: the controller's own listener
    }
    with Broker(folder / "broker", settings=settings) as broker:
        yield LockedKafka(broker.bootstrap, certificate)


def _certificates(folder: Path) -> Path:
    """One certificate for 127.0.0.1 that vouches for itself; the file that clients trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted = folder / "ca.pem"
    trusted.write_bytes(made.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(secret + trusted.read_bytes())
    return trusted
