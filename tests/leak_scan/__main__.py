"""`make leak-scan EVENTS=1000000 SEED=1 WORKERS=2`: no planted identifier in anything that comes out of the disclosures.

Prints how far it is, and at the end one line of JSON. Exit code 0: nothing was found. Exit code 3: something was; the lines
before the last say what. A run that was cut off goes on where it was, as long as the software is the same.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.deid.engine_state import engine_state
from tests.leak_scan.scan import CHUNK, Tally
from tests.leak_scan.workers import scanned
from tests.support import encodings

SHOWN = 20
"""Leaks that are printed; all of them stand in the file."""
EVERY = 10.0
"""Seconds between two lines of progress."""


class Checkpoint:
    """One line for each chunk that is done, of one seed and one state of the software."""

    def __init__(self, path: Path, state: str) -> None:
        self._path, self._state = path, state
        path.parent.mkdir(parents=True, exist_ok=True)

    def done(self) -> dict[int, Tally]:
        """What was done before. A line that was cut off is done again."""
        return dict(self._lines()) if self._path.exists() else {}

    def _lines(self) -> Iterator[tuple[int, Tally]]:
        for line in self._path.read_text().splitlines():
            try:
                said: dict[str, Any] = json.loads(line)
                if said.pop("state") == self._state:
                    yield said.pop("chunk"), Tally(**said)
            except (ValueError, KeyError, TypeError):
                continue

    def add(self, chunk: int, tally: Tally) -> None:
        """Note a chunk, behind a line break in case the last line has none."""
        with self._path.open("a") as file:
            file.write("\n" + json.dumps({"chunk": chunk, "state": self._state, **asdict(tally)}))


def main() -> int:
    """Scan and print the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--dir", type=Path, default=Path(".work/leak-scan"))
    given = parser.parse_args()
    began = time.monotonic()
    checkpoint = Checkpoint(given.dir / f"seed-{given.seed}.jsonl", f"{engine_state()}, scan {_scan_state()}")
    wanted = range(-(-given.events // CHUNK))
    before = {number: tally for number, tally in checkpoint.done().items() if number in wanted}
    total = sum(before.values(), start=Tally())
    missing = [number for number in wanted if number not in before]
    for number, tally in scanned(missing, given.seed, given.workers):
        checkpoint.add(number, tally)
        total += tally
        _say(total, len(wanted) * CHUNK)
    for leak in total.found[:SHOWN]:
        print(leak)
    verdict = asdict(total) | {"found": len(total.found), "resumed_events": len(before) * CHUNK}
    print(json.dumps({"seed": given.seed, **verdict, "seconds": round(time.monotonic() - began, 1)}), flush=True)
    return 3 if total.found else 0


def _scan_state() -> str:
    """Which scan it is: another one plants other things."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), Path(encodings.__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


_said_at = [0.0]


def _say(total: Tally, wanted: int) -> None:
    now = time.monotonic()
    if now - _said_at[0] > EVERY:
        _said_at[0] = now
        print(f"{total.events:,} of {wanted:,} events, {total.plants:,} plants, {len(total.found)} found", flush=True)


if __name__ == "__main__":
    sys.exit(main())
