"""A provider's outbox -> its entry topic on the embedded broker: every event acknowledged and every receipt on disk."""

import statistics
import tempfile
import time
from pathlib import Path

from msgspec.structs import replace

from producers.capturing import BATCH_EVENTS
from producers.clock import system_clock
from producers.encoding import bundled_encoder
from producers.outbox import Outbox
from producers.progress import Progress
from producers.publisher import Publisher
from producers.settings import Destination
from schemas.connection import KafkaConnection
from schemas.topics import submitted
from tests.benchmarks.domain import reported
from tests.support.kafka import create_plain_topic

EVENTS, PARTITIONS = 100_000, 6
TOPIC = submitted("arr-bench1")


def sending(bootstrap: str, runs: int) -> dict[str, float]:
    """Events per second of the wall and of this process's CPU, the client's own threads included; medians of the runs."""
    found = [_run(bootstrap, f"run-{number}-") for number in range(runs)]
    walls, cpus = zip(*found, strict=True)
    return {
        "events": EVENTS,
        "event_bytes": len(bundled_encoder()(reported())),
        "per_second": round(statistics.median(walls)),
        "per_cpu_second": round(statistics.median(cpus)),
    }


def _run(bootstrap: str, namespace: str) -> tuple[float, float]:
    destination = Destination(TOPIC, namespace + TOPIC.name, KafkaConnection(bootstrap))
    create_plain_topic(bootstrap, destination.wire_name, PARTITIONS)
    with tempfile.TemporaryDirectory() as folder, Outbox(Path(folder) / "outbox.sqlite", system_clock) as outbox:
        encode, event = bundled_encoder(), reported()
        for start in range(0, EVENTS, BATCH_EVENTS):
            names = (f"evt-{number}" for number in range(start, start + BATCH_EVENTS))
            outbox.capture([replace(event, event_id=name) for name in names], encode)
        publisher = Publisher(destination)
        began, worked = time.perf_counter(), time.process_time()
        progress = publisher.publish(outbox, lambda _progress: None)
        found = EVENTS / (time.perf_counter() - began), EVENTS / (time.process_time() - worked)
        assert progress == Progress(delivered=EVENTS)
        return found
