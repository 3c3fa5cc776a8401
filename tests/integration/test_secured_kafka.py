"""The PSO's processes against a Kafka that asks who they are: the right password works in every client, a wrong one is said."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.running import BIN, Service
from deploy.dev.broker import Broker
from deploy.dev.stack import Stack

LISTENER = {
    "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
    "sasl.enabled.mechanisms": "PLAIN",
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "listener.name.client.plain.sasl.jaas.config": "org.apache.kafka.common.security.plain.PlainLoginModule required"
    ' username="broker" password="b" user_broker="b" user_pso="right";',
}


@pytest.fixture
def environment(stack: Stack, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A broker with a lock on the door, and the PSO's key to it."""
    (tmp_path / "password").write_text("right\n")
    arrangements = Path(__file__).parents[1] / "support" / "arrangements.toml"
    with Broker(tmp_path / "secured", settings=LISTENER) as broker:
        yield {
            "PATH": "/usr/bin:/bin",
            "PSO_PROFILE": "dev",
            "PSO_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap,
            "PSO_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "PSO_KAFKA_SASL_MECHANISM": "PLAIN",
            "PSO_KAFKA_USERNAME": "pso",
            "PSO_KAFKA_PASSWORD_FILE": str(tmp_path / "password"),
            "PSO_DATABASE_URL": stack.database_url,
            "PSO_ARRANGEMENTS_FILE": str(arrangements),
            "PSO_PARTITIONS": "1",
            "PSO_REPLICATION_FACTOR": "1",
        }


def pso(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BIN / "pso", *words], env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_worker_and_the_sink_log_in_and_become_ready(environment: dict[str, str], tmp_path: Path) -> None:
    assert pso(environment, "warehouse", "migrate").returncode == 0
    assert pso(environment, "topics", "create").returncode == 0
    services = [Service(name, environment, tmp_path / f"{name}.log") for name in ("worker", "sink")]
    try:
        for service in services:
            service.start()
        for service in services:
            service.await_ready()
    finally:
        for service in services:
            service.stop()
    assert "right" not in "".join(service.log.read_text() for service in services)


def test_a_wrong_password_is_said_in_one_line_with_its_remedy(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "password").write_text("mistyped\n")
    for words in (("topics", "create"), ("worker",), ("sink",)):
        done = pso(environment, *words)
        assert done.returncode == 4
        assert "PSO_KAFKA_PASSWORD_FILE" in done.stderr
        assert "mistyped" not in done.stderr
        assert "Traceback" not in done.stderr
