"""The whole system as processes, for measuring: one worker per core and one sink."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from confluent_kafka import Producer

from deploy.demo.running import BIN, Service, command
from deploy.dev.stack import Stack
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from schemas.records.parts import Narrative
from schemas.taxonomy import Action, Category, Harm, NarrativeKind, ReportType, Setting
from schemas.topics import submitted
from tests.chaos.workload import Provider, arrangements_toml

CODEC = Codec(bundled())
POLL_SECONDS = 0.01
TEXT = "Invented for a benchmark: the pump alarmed, the line was found disconnected, and the dose was given again at once. " * 4


@dataclass
class RunningSystem:
    """A stack, workers and a sink with these providers."""

    stack: Stack
    environment: dict[str, str]
    workers: Sequence[Service]
    sink: Service
    folder: Path

    @property
    def worker(self) -> Service:
        """The worker, or the first of them."""
        return self.workers[0]

    def database(self) -> psycopg.Connection[tuple[object, ...]]:
        """An autocommit connection of the owner."""
        return psycopg.connect(self.stack.database_url, autocommit=True)

    def send_file(self, provider: Provider, path: Path) -> subprocess.Popen[bytes]:
        """Begin to send a file as its provider would."""
        environment = self.environment | {
            "PSO_PRODUCE_ARRANGEMENT": provider.arrangement,
            "PSO_PRODUCE_PROVIDER": provider.provider,
            "PSO_PRODUCE_SOURCE_SYSTEM": "bench",
            "PSO_PRODUCE_OUTBOX": str(self.folder / f"{provider.provider}.sqlite"),
        }
        words = [str(BIN / "pso-produce"), "send", str(path), "--format", "jsonl", "--json"]
        return subprocess.Popen(words, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def running_system(folder: Path, providers: Sequence[Provider], workers: int = 1) -> Iterator[RunningSystem]:
    """Start everything, wait until it is ready, stop it all afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "arrangements.toml").write_text(arrangements_toml(list(providers)))
    with Stack(folder / "stack") as stack:
        environment = stack.environment() | {
            "PSO_PARTITIONS": "4",
            "PSO_ARRANGEMENTS_FILE": str(folder / "arrangements.toml"),
            "PSO_SESSION_TIMEOUT_SECONDS": "6",
            "PSO_LOG_LEVEL": "warning",
        }
        command(environment, "pso", "topics", "create")
        command(environment, "pso", "warehouse", "migrate")
        names = ["worker"] * workers + ["sink"]
        services = [Service(name, environment, folder / f"{name}-{i}.log") for i, name in enumerate(names)]
        try:
            for service in services:
                service.start()
            for service in services:
                service.await_ready()
            yield RunningSystem(stack, environment, services[:-1], services[-1], folder)
        finally:
            for service in services:
                service.stop()
    stack.wipe()


def some_providers(count: int = 6) -> list[Provider]:
    """Invented providers."""
    return [Provider(f"arr-b{i:03d}", f"prv-b{i:03d}", "hospital") for i in range(count)]


def write_events(folder: Path, providers: Sequence[Provider], events: int) -> list[tuple[Provider, Path]]:
    """One JSON-lines file per provider, events of about 700 bytes."""
    files = []
    for place, provider in enumerate(providers):
        path = folder / f"{provider.provider}.jsonl"
        with path.open("w") as out:
            for number in range(place, events, len(providers)):
                out.write(json.dumps(_event(provider, number)) + "\n")
        files.append((provider, path))
    return files


def _event(provider: Provider, number: int) -> dict[str, object]:
    return {
        "event_id": f"b{number:08d}", "revision": 1, "action": "report", "provider": provider.provider,
        "report_type": "incident", "categories": [("fall", "medication", "device", "hai")[number % 4]],
        "harm": ("none", "mild", "moderate")[number % 3], "event_date": f"2026-{1 + number % 9:02d}-15",
        "report_date": "2026-10-01", "setting": "inpatient_unit",
        "patient": {"given": "Ann", "family": "Example", "age_years": 70},
        "narratives": [{"kind": "description", "text": TEXT}],
    }  # fmt: skip


@dataclass
class Trickle:
    """A steady stream of events, and when each was seen in the warehouse's aggregates."""

    system: RunningSystem
    provider: Provider
    rate: float
    sent: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Trickle":
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._send, self._watch)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def seen_after(self, moment: float, timeout: float) -> float:
        """Seconds from a moment until an event that was sent after it is counted."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            fresh = [at for name, at in list(self.seen.items()) if self.sent[name] > moment]
            if fresh:
                return min(fresh) - moment
            time.sleep(POLL_SECONDS)
        return float("inf")

    def _send(self) -> None:
        producer = Producer({"bootstrap.servers": self.system.stack.bootstrap, "linger.ms": 1, "enable.idempotence": True,
                             "reconnect.backoff.max.ms": 500, "log_level": 0})  # fmt: skip
        topic, number, began = submitted(self.provider.arrangement), 0, time.monotonic()
        while not self._stop.is_set():
            name = f"t{time.monotonic_ns()}"
            event = SafetyEvent(
                name, 1, Action.REPORT, self.provider.provider, ReportType.INCIDENT, (Category.FALL,), harm=Harm.NONE,
                event_date="2026-05-05", report_date="2026-05-06", setting=Setting.INPATIENT_UNIT,
                narratives=(Narrative(NarrativeKind.DESCRIPTION, TEXT),),
            )  # fmt: skip
            self.sent[name] = time.monotonic()
            producer.produce(topic.name, CODEC.encode(event), topic.key(event).encode())
            producer.poll(0)
            number += 1
            time.sleep(max(0.0, began + number / self.rate - time.monotonic()))
        producer.flush(30)

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                with self.system.database() as database:
                    self._look(database)
            except psycopg.Error:
                time.sleep(0.05)

    def _look(self, database: psycopg.Connection[tuple[object, ...]]) -> None:
        while not self._stop.is_set():
            waiting = [name for name in list(self.sent) if name not in self.seen]
            query = "select event_id from protected.contributions where provider = %s and event_id = any(%s)"
            found = database.execute(query, [self.provider.provider, waiting]).fetchall()
            now = time.monotonic()
            self.seen |= {str(name): now for (name,) in found}
            time.sleep(POLL_SECONDS)
