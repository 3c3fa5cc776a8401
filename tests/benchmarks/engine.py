"""(a) The engine against its peers: decode -> the same function -> encode -> produce, on the same broker, in turns."""

import json
import statistics
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from confluent_kafka import Producer

from tests.benchmarks.peers.work import example
from tests.support.kafka import create_plain_topic

PEERS = Path(__file__).parent / "peers"
ROOT = Path(__file__).parents[2]
QUIX = "quixstreams==3.28.1"
PARTITIONS = 4


def quix_python(work: Path) -> Path:
    """An environment of its own for Quix Streams: it installs `avro`, which would overwrite avro-python3."""
    home = work / "quix-streams"
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", QUIX, "fastavro", "msgspec"], check=True)
        (home / "ready").touch()
    return python


def compare(bootstrap: str, work: Path, runs: int, records: int) -> dict[str, Any]:
    """Medians of records per CPU second and per wall second, and the ratios."""
    source = f"bench-in-{records}"
    _fill(bootstrap, source, records)
    contenders = {
        "stock_faust": (Path(sys.executable), "stock_faust.py", records // 5),  # five times slower: a fifth of the records
        "quix_streams": (quix_python(work), "quix_app.py", records),
        "this_runtime": (Path(sys.executable), "this_runtime.py", records),
    }
    found: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
    for turn in range(runs):
        for name, (python, script, count) in contenders.items():
            out = f"bench-out-{name.replace('_', '-')}-{turn}-{records}"
            create_plain_topic(bootstrap, out, PARTITIONS)
            words = [python, PEERS / script, bootstrap, source, out, f"{out}-group", str(count), str(PARTITIONS)]
            done = subprocess.run(
                [str(w) for w in words], cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=300, check=False
            )
            if done.returncode or "records" not in done.stdout:
                raise SystemExit(f"{name} ended with {done.returncode}: {done.stdout[-300:]} {done.stderr[-800:]}")
            found[name].append(json.loads(done.stdout[done.stdout.index('{"records"') :]))
    per_cpu = {name: statistics.median(r["records"] / r["cpu_seconds"] for r in rows) for name, rows in found.items()}
    per_wall = {name: statistics.median(r["records"] / r["wall_seconds"] for r in rows) for name, rows in found.items()}
    return {
        "records": records,
        "runs": runs,
        "records_per_cpu_second": {name: round(value) for name, value in per_cpu.items()},
        "records_per_second": {name: round(value) for name, value in per_wall.items()},
        "times_stock_faust": round(per_cpu["this_runtime"] / per_cpu["stock_faust"], 2),
        "times_quix_streams": round(per_cpu["this_runtime"] / per_cpu["quix_streams"], 2),
    }


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": f"{ROOT}:{PEERS}", "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore", "HOME": str(Path.home())}


def _fill(bootstrap: str, topic: str, records: int) -> None:
    create_plain_topic(bootstrap, topic, PARTITIONS)
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20, "queue.buffering.max.messages": 1_000_000})
    for number in range(records):
        producer.produce(topic, example(number), f"k{number}".encode(), partition=number % PARTITIONS)
        if number % 1000 == 0:
            producer.poll(0)
    producer.flush(60)
