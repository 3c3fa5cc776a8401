"""(c) End to end, with everything on: events per second for a backlog, and latency at a steady rate."""

import statistics
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.running_system import Trickle, running_system, some_providers, write_events

WORKERS = 2
"""A worker is one process and uses one core: two share the partitions."""

TABLES = ("protected.event_revisions", "protected.classifications", "protected.contributions",
          "anonymized.event_revisions", "nonidentified.event_revisions")  # fmt: skip


def backlog(folder: Path, events: int) -> dict[str, Any]:
    """From the first `pso-produce send` to the last row of the last table."""
    providers = some_providers()
    with running_system(folder, providers, workers=WORKERS) as system:
        files = write_events(folder, providers, events)
        began = time.perf_counter()
        senders = [system.send_file(provider, path) for provider, path in files]
        with system.database() as database:
            while True:
                counts = [database.execute(f"select count(*) from {table}".encode()).fetchone() for table in TABLES]
                if all(count and int(str(count[0])) >= events for count in counts):
                    break
                for service in (*system.workers, system.sink):
                    service.check()
                time.sleep(0.2)
        seconds = time.perf_counter() - began
        codes = [sender.wait() for sender in senders]
    return {
        "events": events,
        "seconds": round(seconds, 2),
        "events_per_second": round(events / seconds),
        "sent": codes.count(0) == len(codes),
    }


def latency(folder: Path, rate: float, seconds: float) -> dict[str, Any]:
    """From `produce()` of the provider to the committed aggregate, at a steady rate."""
    (provider,) = some_providers(1)
    with running_system(folder, [provider]) as system, Trickle(system, provider, rate) as trickle:
        time.sleep(seconds)
        last = time.monotonic()
        trickle.seen_after(last, 30)
        ages = sorted(at - trickle.sent[name] for name, at in trickle.seen.items() if trickle.sent[name] < last)
    cuts = statistics.quantiles(ages[int(rate * 2) :], n=100)  # the first two seconds warm caches up
    return {
        "rate": rate,
        "events": len(ages),
        "p50": round(cuts[49], 3),
        "p95": round(cuts[94], 3),
        "p99": round(cuts[98], 3),
        "max": round(ages[-1], 3),
    }
