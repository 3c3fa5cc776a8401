"""Events per second through the gateway into the outbox on disk: batches, and single posts one after the other."""

import json
import statistics
import time
from pathlib import Path

import httpx

from tests.support.gateway_process import GatewayProcess

BATCHES, BATCH, SINGLES = 20, 1_000, 300
WORDS = "The pump was set to the wrong rate and the alarm was off. " * 8


def gateway(folder: Path, runs: int) -> dict[str, float]:
    """Medians of the runs. Events have a narrative of about 460 characters; each 202 is on disk."""
    with (
        GatewayProcess(folder, "--no-publish", PSO_GATEWAY_EVENTS_PER_SECOND="1000000") as process,
        httpx.Client(headers=process.headers, timeout=60) as client,
    ):
        found = [_run(process, client, number) for number in range(runs)]
        peak = process.peak_megabytes()
    return {name: round(statistics.median(run[name] for run in found), 1) for name in found[0]} | {
        "peak_megabytes": round(peak)
    }


def _run(process: GatewayProcess, client: httpx.Client, run: int) -> dict[str, float]:
    batches = [_batch(f"run-{run}-{number}") for number in range(BATCHES)]
    began, cpu = time.perf_counter(), process.cpu_seconds()
    for body in batches:
        _post(process, client, body, BATCH)
    seconds, cpu = time.perf_counter() - began, process.cpu_seconds() - cpu
    began = time.perf_counter()
    for number in range(SINGLES):
        _post(process, client, _event(f"single-{run}-{number}"), 1)
    return {
        "events_per_second": BATCHES * BATCH / seconds,
        "events_per_cpu_second": BATCHES * BATCH / cpu,
        "single_posts_per_second": SINGLES / (time.perf_counter() - began),
    }


def _post(process: GatewayProcess, client: httpx.Client, body: bytes, events: int) -> None:
    answer = client.post(f"{process.url}/v1/events", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert answer.json()["captured"] == events


def _batch(name: str) -> bytes:
    return b"\n".join(_event(f"{name}-{number}") for number in range(BATCH))


def _event(event_id: str) -> bytes:
    narrative = {"kind": "description", "text": WORDS}
    return json.dumps({"event_id": event_id, "report_type": "incident", "harm": "mild", "narratives": [narrative]}).encode()
