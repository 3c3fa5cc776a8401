"""The provider's outbox without its readers and its broker: events entered, and receipts settled, with their register."""

import statistics
import tempfile
import time
from pathlib import Path

from msgspec.structs import replace

from producers.capturing import BATCH_EVENTS
from producers.clock import system_clock
from producers.encoding import bundled_encoder
from producers.outbox import Outbox, Receipt
from tests.benchmarks.domain import reported

EVENTS = 20_000
RUNS = 3


def outbox() -> dict[str, float]:
    """Events per CPU second of each half, medians of three runs; `event_bytes`: one event as it is sent."""
    runs = [_run() for _ in range(RUNS)]
    entered, settled = (round(statistics.median(half)) for half in zip(*runs, strict=True))
    return {"events": EVENTS, "event_bytes": len(bundled_encoder()(reported())), "entered": entered, "settled": settled}


def _run() -> tuple[float, float]:
    encode, event = bundled_encoder(), reported()
    events = [replace(event, event_id=f"evt-{number}") for number in range(EVENTS)]
    with tempfile.TemporaryDirectory() as folder, Outbox(Path(folder) / "outbox.sqlite", system_clock) as box:
        began = time.process_time()
        for start in range(0, EVENTS, BATCH_EVENTS):
            box.capture(events[start : start + BATCH_EVENTS], encode)
        entered = time.process_time()
        after = 0
        while page := box.offer(after):
            after = page[-1].sequence
            box.settle([Receipt(waiting.sequence, "topic", 0, waiting.sequence, 0) for waiting in page], [])
        return EVENTS / (entered - began), EVENTS / (time.process_time() - entered)
