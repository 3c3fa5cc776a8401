"""Damaged bodies for a running gateway: `python -m tests.support.fuzzed_gateway --bodies 100000 --seed 7 --state run.json`.

Body `n` of a seed is the same in every run. With --state the run is taken up where it was left, with a gateway of its own
on a new folder. Whatever the gateway is sent, it answers each line, keeps the good ones, and stays small; anything else
ends the run and names the body.
"""

import argparse
import json
import random
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.gateway_process import GatewayProcess

MOST_MEGABYTES = 300
MARK = "Hartwig Pavilion"
"""Stands in every body, and may stand in no answer."""
_OPTIONS, _SETTINGS = ("--no-publish",), {"PSO_GATEWAY_EVENTS_PER_SECOND": "1000000"}
_STEP = 1_000
_PUT_IN = (b"", b"\0", b"[" * 50, b'"', b"\xf0\x9f", b"1e999", b"\n", b"{", b"\\ud800", b"null", b"," * 3)


def damaged(seed: int, number: int) -> bytes:
    """A batch of three events of which some bytes were changed, taken out or put in."""
    chance = random.Random(f"{seed}-{number}")
    event = {"report_type": "incident", "harm": "mild", "narratives": [{"kind": "description", "text": MARK}]}
    body = bytearray(b"\n".join(json.dumps({"event_id": f"evt-{number}-{n}", **event}).encode() for n in range(3)))
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(body))
        body[place : place + chance.randrange(3)] = chance.choice((*_PUT_IN, bytes([chance.randrange(256)])))
    return bytes(body)


def posted(gateway: GatewayProcess, numbers: range, seed: int) -> Counter[str]:
    """How often each status was answered, and how many events were captured. Raises AssertionError for a wrong answer."""
    told: Counter[str] = Counter()
    line = HTTPConnection("127.0.0.1", gateway.port, timeout=60)
    for number in numbers:
        line.request("POST", "/v1/events", damaged(seed, number), {**gateway.headers, "Content-Type": "application/x-ndjson"})
        answer = line.getresponse()
        text = answer.read().decode()
        assert answer.status in (202, 422), f"body {number} of seed {seed}: {answer.status}"
        assert MARK not in text, f"body {number} of seed {seed}: the answer repeats what was sent"
        told[str(answer.status)] += 1
        if answer.status == 202:
            said = json.loads(text)
            assert said["captured"] + said["known"] + said["refused"] == len(said["results"]), f"body {number} of seed {seed}"
            told["captured"] += said["captured"]
    line.close()
    return told


def main() -> None:
    """Posts the bodies and writes down after each thousand how far it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--state", type=Path, required=True)
    given = parser.parse_args()
    state = json.loads(given.state.read_text()) if given.state.exists() else {"next": 0, "peak_mb": 0.0, "told": {}}
    with TemporaryDirectory() as folder:
        going_on(state, given.bodies, given.seed, given.state, GatewayProcess(Path(folder), *_OPTIONS, **_SETTINGS))
    print(json.dumps(state))


def going_on(state: dict[str, Any], bodies: int, seed: int, file: Path, gateway: GatewayProcess) -> None:
    """Posts what the state says is left, a thousand at a time."""
    told = Counter(state["told"])
    with gateway:
        for start in range(state["next"], bodies, _STEP):
            end = min(start + _STEP, bodies)
            told += posted(gateway, range(start, end), seed)
            assert gateway.answers()
            peak = max(state["peak_mb"], gateway.peak_megabytes())
            assert peak < MOST_MEGABYTES, f"{peak:.0f} MB behind body {end} of seed {seed}"
            state.update(next=end, peak_mb=peak, told=told)
            part = file.with_suffix(".part")
            part.write_text(json.dumps(state))
            part.replace(file)
        assert '"mistake"' not in gateway.log()
        assert MARK not in gateway.log()


if __name__ == "__main__":
    main()
