"""The gateway as a process under bad clients: each is told clearly, nobody else waits, memory stays under 300 MB."""

import gzip
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from producers.gateway.limits import MAX_BODY_BYTES, MAX_LINES, MAX_UNPACKED_BYTES
from producers.gateway.protocol import HEAD_SECONDS
from tests.support.fuzzed_gateway import MOST_MEGABYTES, posted
from tests.support.gateway_process import GatewayProcess

FUZZED = 1_000
"""Of the long run, `python -m tests.support.fuzzed_gateway`, the beginning."""
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


def test_fuzzed_bodies_are_answered_line_by_line_and_their_good_lines_are_kept(gateway: GatewayProcess) -> None:
    told = posted(gateway, range(FUZZED), seed=7)
    assert told["202"] + told["422"] == FUZZED
    assert told["captured"] > FUZZED
