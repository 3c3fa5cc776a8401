"""The work that every contender does on each record: decode, one decision, encode. Needs only fastavro and msgspec."""

import json
import os
import resource
import time
from io import BytesIO
from pathlib import Path

from fastavro import parse_schema, schemaless_reader, schemaless_writer

SCHEMA = parse_schema(json.loads((Path(__file__).parents[3] / "schemas/avro/contribution.v1.avsc").read_text()))
HEAD = b"\x00\x00\x00\x00\x06"


def transform(value: bytes) -> bytes:
    """A contribution in, the same contribution under the next policy version out."""
    stream = BytesIO(value)
    stream.seek(5)
    record = schemaless_reader(stream, SCHEMA, None)
    record["policy_version"] += 1
    out = BytesIO()
    out.write(HEAD)
    schemaless_writer(out, SCHEMA, record)
    return out.getvalue()


def example(number: int) -> bytes:
    """The bytes of an invented contribution."""
    cell = {"category": "fall", "harm": "mild", "report_type": "incident", "month": "2026-03"}
    cell |= {"provider_type": "hospital", "setting": "inpatient_unit"}
    record = {"provider": f"prv-{number % 40:03d}", "event_id": f"e{number:08d}", "revision": 1, "policy_version": 1}
    record |= {"withdrawn": False, "cells": [cell]}
    out = BytesIO()
    out.write(HEAD)
    schemaless_writer(out, SCHEMA, record)
    return out.getvalue()


class Stopwatch:
    """Wall and CPU seconds of this process, all threads, from the first record to the last acknowledged output."""

    def __init__(self) -> None:
        self.started = False

    def first(self) -> None:
        """Call at every record; only the first counts."""
        if not self.started:
            self.started = True
            self._wall, self._cpu = time.perf_counter(), _cpu()

    def report(self, records: int) -> None:
        """Print the result as one JSON line."""
        wall, cpu = time.perf_counter() - self._wall, _cpu() - self._cpu
        line = json.dumps({"records": records, "wall_seconds": wall, "cpu_seconds": cpu}) + "\n"
        os.write(1, line.encode())  # Faust makes log lines of what is printed


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
