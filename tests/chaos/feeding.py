"""Sends a load to its entry topics, evenly over a time, as a provider with a Kafka client of its own would."""

import io
import struct
import threading
import time
from typing import Any

from confluent_kafka import KafkaError, Message, Producer
from fastavro import schemaless_writer

from tests.chaos.counting_load import Event, Load
from tests.chaos.counting_records import CATALOGUE, schema

SAFETY_EVENT = max(number for number, file in CATALOGUE.items() if file.startswith("safety_event."))
SETTINGS: dict[str, Any] = {
    "enable.idempotence": True,
    "partitioner": "murmur2_random",
    "linger.ms": 5,
    "reconnect.backoff.max.ms": 300,
    "log_level": 0,
}
BURST = 50
"""Lines that are sent at once."""
SLOWER = 20
"""So many times slower than planned is a trickle."""
PATIENCE = 120.0


class Feeding(threading.Thread):
    """A thread that sends every line once, in order, over `seconds`. A broker that is away is waited for.

    What lies beyond `share` of the lines only trickles, so that whoever is slower than planned meets records to the end.
    """

    def __init__(self, load: Load, bootstrap: str, namespace: str, seconds: float) -> None:
        super().__init__(name="feeding", daemon=True)
        self._load = load
        self._namespace = namespace
        self._pause = seconds * BURST / len(load.lines)
        self._producer = Producer({**SETTINGS, "bootstrap.servers": bootstrap})
        self._failed = 0
        self.share = 0.0

    @property
    def lost(self) -> int:
        """Lines that Kafka never acknowledged."""
        return self._failed + len(self._producer)

    def run(self) -> None:
        """Send all of it."""
        due = time.monotonic()
        for number, (provider, event) in enumerate(self._load.lines):
            if number % BURST == 0:
                slow = number > self.share * len(self._load.lines)
                due = max(due, time.monotonic() - self._pause) + self._pause * (SLOWER if slow else 1)
                time.sleep(max(0.0, due - time.monotonic()))
                self._producer.poll(0)
            topic = f"{self._namespace}pso-events-submitted-{provider.arrangement}"
            key = f"{provider.provider}|{event['event_id']}"
            self._producer.produce(topic, _framed(event), key, on_delivery=self._delivered)
        self._producer.flush(PATIENCE)

    def _delivered(self, error: KafkaError | None, _message: Message) -> None:
        self._failed += error is not None


def _framed(event: Event) -> bytes:
    out = io.BytesIO(struct.pack(">bI", 0, SAFETY_EVENT))
    out.seek(0, io.SEEK_END)
    schemaless_writer(out, schema(SAFETY_EVENT), event)
    return out.getvalue()
