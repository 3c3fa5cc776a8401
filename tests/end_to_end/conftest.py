"""The whole system as processes, started once: what a PSO would run, fed as a provider would feed it."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from confluent_kafka import Producer

from deploy.demo.running import BIN, Service
from deploy.dev.stack import Stack
from tests.support.deadline import eventually

ARRANGEMENTS = Path(__file__).parents[1] / "support" / "arrangements.toml"
NAMESPACE = "e2e-"


@dataclass
class System:
    """A running system: two long-lived processes, and the commands a person would type."""

    environment: Mapping[str, str]
    bootstrap: str
    database_url: str
    folder: Path
    services: Mapping[str, Service]

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `pso` or `pso-produce` to its end, whatever its exit code."""
        environment = {"PATH": "/usr/bin:/bin", **self.environment, **more}
        return subprocess.run(
            [BIN / words[0], *words[1:]], env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def send(
        self, provider: str, arrangement: str, events: Sequence[Mapping[str, Any]], name: str = "events"
    ) -> Mapping[str, Any]:
        """Send events as a JSON-lines file through an outbox; the summary."""
        file = self.folder / f"{name}.jsonl"
        file.write_text("".join(json.dumps(event) + "\n" for event in events))
        done = self.run("pso-produce", "send", str(file), "--format", "jsonl", "--json", **self.producer(provider, arrangement))
        assert done.returncode in (0, 3), done.stderr
        summary: Mapping[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return summary

    def producer(self, provider: str, arrangement: str) -> dict[str, str]:
        """The environment of a provider's own process."""
        return {
            "PSO_PRODUCE_PROVIDER": provider,
            "PSO_PRODUCE_ARRANGEMENT": arrangement,
            "PSO_PRODUCE_SOURCE_SYSTEM": "tests",
            "PSO_PRODUCE_OUTBOX": str(self.folder / f"outbox-{provider}.sqlite"),
        }

    def put_raw(self, topic: str, values: Sequence[bytes | None]) -> None:
        """Write bytes to a topic, as no client of ours would."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "message.max.bytes": 4_000_000})
        for value in values:
            producer.produce(NAMESPACE + topic, value, b"raw", partition=0)
        assert producer.flush(30) == 0

    def rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        """Ask the warehouse as its owner."""
        with psycopg.connect(self.database_url) as database:
            return database.execute(query.encode(), given or None).fetchall()

    def await_rows(self, query: str, *given: object, count: int = 1, seconds: float = 60) -> list[tuple[Any, ...]]:
        """Wait until a query has so many rows."""
        return eventually(lambda: found if len(found := self.rows(query, *given)) >= count else None, seconds) or []

    def logs(self) -> str:
        """Everything that the long-lived processes said."""
        return "".join(service.log.read_text(errors="replace") for service in self.services.values())


@pytest.fixture(scope="session")
def system(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The system under test, ready."""
    folder = tmp_path_factory.mktemp("system")
    environment = stack.environment() | {
        "PSO_NAMESPACE": NAMESPACE,
        "PSO_PARTITIONS": "2",
        "PSO_ARRANGEMENTS_FILE": str(ARRANGEMENTS),
        "PSO_SESSION_TIMEOUT_SECONDS": "6",
        "PSO_LOG_LEVEL": "debug",
    }
    with running(environment, stack, folder) as started:
        yield started


@contextmanager
def running(environment: Mapping[str, str], stack: Stack, folder: Path) -> Iterator[System]:
    """A worker and a sink of this environment, with topics and tables, ready; stopped at the end."""
    services = {name: Service(name, environment, folder / f"{name}.log") for name in ("worker", "sink")}
    system = System(environment, stack.bootstrap, environment["PSO_DATABASE_URL"], folder, services)
    for words in (("pso", "topics", "create"), ("pso", "warehouse", "migrate")):
        done = system.run(*words)
        assert done.returncode == 0, done.stderr
    try:
        for service in services.values():
            service.start()
        for service in services.values():
            service.await_ready()
        yield system
    finally:
        for service in services.values():
            service.stop()
