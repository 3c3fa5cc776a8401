"""`make bench`: every figure of the README's claims, medians of runs in one go on one stack, as text and as JSON."""

import argparse
import json
import os
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.dev.stack import Stack
from tests.benchmarks import (
    codec,
    domain,
    end_to_end,
    engine,
    folded_state,
    gateway,
    idle,
    intake,
    narratives,
    outbox,
    recovery,
    sending,
    signals,
    sink,
)

GOALS = {
    "engine": "5 x stock Faust, 1.3 x Quix Streams, per CPU second",
    "sink": "0.8 of plain COPY of the same rows",
    "backlog": "1,500 events/s",
    "latency": "P99 under 1 s at 50 events/s",
    "recovery": "worker and sink 15 s, broker 30 s, PostgreSQL 5 s",
    "folded-state": "1,000,000 contributions back in 30 s and 350 MB",
    "idle": "no goal",
    "intake": "CSV to outbox 20,000 rows per CPU second",
    "codec": "records per second and core, no goal",
    "domain": "records per second and core, no goal",
    "narratives": "dense ones of 500 characters with their records 5,000 per CPU second, P99 of each sort under 2 ms",
    "gateway": "2,000 events/s in NDJSON batches of 1,000",
    "outbox": "per CPU second: 50,000 receipts settled, no goal for entering",
    "sending": "outbox to topic 50,000 events/s end to end on the embedded broker",
    "signals": "CPU: fit of 17,189 pairs 1 s, of 100,000 5 s; 10,000 changed pairs in detect 0.1 s; 25,000 contributions/s",
}


def main() -> None:
    """Run the chosen parts and write bench-results.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=list(GOALS), help="only this part; may be repeated")
    parser.add_argument("--runs", type=int, default=3, help="runs of engine and sink; the median counts (%(default)s)")
    parser.add_argument("--events", type=int, default=100_000, help="events of the backlog (%(default)s)")
    parser.add_argument("--out", type=Path, default=Path("bench-results.json"))
    given = parser.parse_args()
    work = Path(".work/bench").absolute()
    results: dict[str, Any] = {"machine": _machine()}
    for name, part in _parts(work, given).items():
        if given.only and name not in given.only:
            continue
        results[name] = {"goal": GOALS[name], "result": part()}
        print(json.dumps({name: results[name]}, indent=2), flush=True)
    given.out.write_text(json.dumps(results, indent=2) + "\n")
    print(f"written to {given.out}")


def _parts(work: Path, given: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    return {
        "codec": codec.codec,
        "intake": intake.intake,
        "domain": domain.domain,
        "narratives": narratives.narratives,
        "outbox": outbox.outbox,
        "sending": lambda: _on_a_stack(work, lambda s: sending.sending(s.bootstrap, given.runs)),
        "signals": lambda: signals.signals(work / "signals"),
        "gateway": lambda: gateway.gateway(_fresh(work / "gateway"), given.runs),
        "engine": lambda: _on_a_stack(work, lambda s: engine.compare(s.bootstrap, work, given.runs, 200_000)),
        "sink": lambda: _on_a_stack(work, lambda s: sink.against_copy(s.database_url, given.runs, 40_000)),
        "backlog": lambda: end_to_end.backlog(_fresh(work / "backlog"), given.events),
        "latency": lambda: end_to_end.latency(_fresh(work / "latency"), rate=50, seconds=60),
        "recovery": lambda: recovery.recovery(_fresh(work / "recovery")),
        "folded-state": lambda: _on_a_stack(work, lambda s: folded_state.folded_state(s.bootstrap)),
        "idle": lambda: idle.idle(_fresh(work / "idle")),
    }


def _on_a_stack(work: Path, measure: Callable[[Stack], Any]) -> Any:
    with Stack(_fresh(work / "stack")) as stack:
        result = measure(stack)
    stack.wipe()
    return result


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": os.getloadavg()[0]}


if __name__ == "__main__":
    main()
