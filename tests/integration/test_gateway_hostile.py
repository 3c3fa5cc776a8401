"""The gateway as a process under bad clients: each is told clearly, nobody else waits, memory stays under 300 MB."""

import gzip
import json
import os
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from producers.gateway.limits import MAX_BODY_BYTES, MAX_LINES, MAX_UNPACKED_BYTES
from producers.gateway.protocol import HEAD_SECONDS
from tests.support.gateway_process import GatewayProcess

MOST_MEGABYTES = 300
# GATEWAY_FUZZED_BODIES=100000 is the long run; by default a shorter one.
FUZZED = int(os.environ.get("GATEWAY_FUZZED_BODIES", "1000"))
GOOD = b'{"event_id": "evt-1", "report_type": "incident", "unit": "Hartwig Pavilion"}'
BATCH = {"Content-Type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    with GatewayProcess(folder, "--no-publish", PSO_GATEWAY_EVENTS_PER_SECOND="1000000") as started:
        yield started
        assert started.peak_megabytes() < MOST_MEGABYTES
        assert "Hartwig" not in started.log()
        assert '"mistake"' not in started.log()


def dribble(gateway: GatewayProcess, start: bytes) -> float:
    """Sends a beginning, then a byte now and then; after how many seconds the gateway ends the connection."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", gateway.port)) as line:
        line.sendall(start)
        line.settimeout(0.5)
        while time.monotonic() - began < 30:
            try:
                line.sendall(b"a")
                if line.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - began


def test_a_head_that_never_ends_is_cut_off_and_others_are_served_meanwhile(gateway: GatewayProcess) -> None:
    with ThreadPoolExecutor(100) as pool:
        slow = [pool.submit(dribble, gateway, b"POST /v1/events HTTP/1.1\r\nX: ") for _ in range(100)]
        time.sleep(1)
        began = time.monotonic()
        assert httpx.post(f"{gateway.url}/v1/events", content=GOOD, headers=gateway.headers | BATCH).status_code == 202
        assert time.monotonic() - began < 5
        assert max(future.result() for future in slow) < HEAD_SECONDS + 5


def test_a_head_without_bounds_is_refused(gateway: GatewayProcess) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port)) as line:
        line.settimeout(5)
        line.sendall(b"GET /livez HTTP/1.1\r\nX: " + b"a" * 600_000)
        assert line.recv(100).startswith(b"HTTP/1.1 400 ")


def test_what_is_no_http_is_refused(gateway: GatewayProcess) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port)) as line:
        line.settimeout(5)
        line.sendall(b"\x16\x03\x01Hartwig Pavilion\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400 ")


def test_many_bombs_and_large_bodies_at_once_stay_within_memory(gateway: GatewayProcess) -> None:
    bomb = gzip.compress(bytes(MAX_UNPACKED_BYTES * 10))
    packed = {"Content-Encoding": "gzip"}
    wide = b"[" + b"[]," * 340_000 + b"[]]\n"
    bodies: list[tuple[bytes, dict[str, str], set[int]]] = [
        (bomb, packed, {413, 503}),
        (b"x" * MAX_BODY_BYTES, {}, {422, 503}),
        (b"x" * (MAX_BODY_BYTES + 1), {}, {413}),
        (gzip.compress(wide * 15), packed, {422, 503}),
        (b"{}\n" * MAX_LINES, {}, {422, 503}),
        (b"[" * MAX_BODY_BYTES, {}, {422, 503}),
    ]

    def send(number: int) -> None:
        content, headers, allowed = bodies[number % len(bodies)]
        answer = httpx.post(f"{gateway.url}/v1/events", content=content, headers=gateway.headers | BATCH | headers, timeout=120)
        assert answer.status_code in allowed, answer.text[:500]
        assert answer.headers["content-type"] == "application/problem+json"

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(send, range(80)))
    assert gateway.peak_megabytes() < MOST_MEGABYTES
    assert gateway.answers()


def mutated(chance: random.Random, number: int) -> bytes:
    """A batch of three events of which some bytes were changed, taken out or put in."""
    event = {"report_type": "incident", "harm": "mild", "narratives": [{"kind": "description", "text": "Hartwig Pavilion"}]}
    lines = [json.dumps({"event_id": f"evt-{number}-{n}", **event}).encode() for n in range(3)]
    body = bytearray(b"\n".join(lines))
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(body))
        what = chance.choice((b"", bytes([chance.randrange(256)]), b"\0", b"[" * 50, b'"', b"\xf0\x9f", b"1e999", b"\n"))
        body[place : place + chance.randrange(3)] = what
    return bytes(body)


@pytest.mark.timeout(3600)
def test_fuzzed_bodies_are_answered_line_by_line_and_their_good_lines_are_kept(gateway: GatewayProcess) -> None:
    chance = random.Random(7)
    kept = 0
    with httpx.Client(headers=gateway.headers | BATCH) as client:
        for number in range(FUZZED):
            answer = client.post(f"{gateway.url}/v1/events", content=mutated(chance, number))
            assert answer.status_code in (202, 422), answer.text
            assert "Hartwig" not in answer.text
            if answer.status_code == 202:
                said = answer.json()
                assert said["captured"] + said["known"] + said["refused"] == len(said["results"])
                kept += said["captured"]
    assert kept > FUZZED
