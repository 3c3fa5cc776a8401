"""Posts while gateway, publisher and broker are killed (kill -9): every 202 arrives, none twice, no answer stays unknown.

GATEWAY_POSTS=10000 is the long run; by default a shorter one.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from deploy.dev.stack import Stack
from producers.clock import system_clock
from producers.gateway.ledger import outbox_path
from producers.outbox import Outbox
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from schemas.topics import submitted
from tests.support.deadline import eventually
from tests.support.gateway_process import GatewayProcess
from tests.support.kafka import create_plain_topic, read_all

POSTS = int(os.environ.get("GATEWAY_POSTS", "1500"))
SENDERS = 8
TOPIC = submitted("arr-7k2q")


class Publisher:
    """`pso-produce flush --every` on the gateway's outbox, started again when it ends."""

    def __init__(self, gateway: GatewayProcess) -> None:
        outbox = outbox_path(gateway.folder, "arr-7k2q")
        self._environment = {**gateway.environment, "PSO_PRODUCE_OUTBOX": str(outbox), "PSO_PRODUCE_ARRANGEMENT": "arr-7k2q"}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "producers", "flush", "--every", "0.2", "--timeout", "5"]
        self._process = subprocess.Popen(command, env=self._environment, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Sender:
    """Posts its share, each body with its own key until it is answered; remembers what it was told."""

    def __init__(self, gateway: GatewayProcess, numbers: range) -> None:
        self._gateway = gateway
        self._numbers = numbers
        self.receipts: dict[str, str] = {}
        self.unknown = 0

    def send(self) -> None:
        for number in self._numbers:
            event_id = f"evt-{number}"
            body = json.dumps({"event_id": event_id, "report_type": "incident"})
            headers = {**self._gateway.headers, "Content-Type": "application/json", "Idempotency-Key": f"key-{number}"}
            said = eventually(partial(self._post, body, headers), seconds=120, every=0.1)
            (result,) = said["results"]
            self.receipts[event_id] = result["receipt"]

    def _post(self, body: str, headers: dict[str, str]) -> dict[str, list[dict[str, str]]]:
        try:
            answer = httpx.post(f"{self._gateway.url}/v1/events", content=body, headers=headers, timeout=10)
        except httpx.TransportError:
            self.unknown += 1  # it may be on disk, or not: the same key will tell
            return {}
        assert answer.status_code in (202, 409, 503), answer.text
        return answer.json() if answer.status_code == 202 else {}


def disturb(done: threading.Event, kills: dict[str, Callable[[], None]], counted: Counter[str]) -> None:
    """Kills something now and then, in an order that the seed decides."""
    chance = random.Random(11)
    names = sorted(kills)
    while not done.wait(chance.uniform(0.3, 1.5)):
        name = names[counted.total() % len(names)] if counted.total() < len(names) else chance.choice(names)
        kills[name]()
        counted[name] += 1


def again(kill: Callable[[], object], start: Callable[[], object]) -> Callable[[], None]:
    """Kills, and starts again."""

    def kill_and_start() -> None:
        kill()
        time.sleep(0.2)
        start()

    return kill_and_start


def check(gateway: GatewayProcess, stack: Stack, senders: list[Sender]) -> None:
    """Every receipt says `sent`; the topic holds each event, and nothing that differs from itself."""
    receipts = {event_id: receipt for sender in senders for event_id, receipt in sender.receipts.items()}
    assert set(receipts) == {f"evt-{number}" for number in range(POSTS)}
    assert len(set(receipts.values())) == POSTS
    with httpx.Client(headers=gateway.headers) as client:
        for event_id, receipt in receipts.items():
            said = eventually(partial(sent, client, f"{gateway.url}/v1/receipts/{receipt}"), seconds=120)
            assert said["event_id"] == event_id
    codec, values = Codec(bundled()), defaultdict(set)
    for message in read_all(stack.bootstrap, TOPIC.name):
        values[codec.decode(message.value, SafetyEvent).event_id].add(message.value)
    assert set(values) == set(receipts)
    # What a killed publisher sends again is byte for byte the same: the warehouse's key makes it one.
    assert {len(different) for different in values.values()} == {1}
    with Outbox(outbox_path(gateway.folder, "arr-7k2q"), system_clock) as outbox:
        assert sum(outbox.counts().values()) == POSTS


def sent(client: httpx.Client, url: str) -> dict[str, str]:
    """The receipt's status once it is `sent`."""
    said: dict[str, str] = client.get(url).json()
    return said if said["state"] == "sent" else {}


@pytest.mark.timeout(3600)
def test_every_202_arrives_whatever_is_killed(own_stack: Stack, tmp_path: Path) -> None:
    create_plain_topic(own_stack.bootstrap, TOPIC.name)
    gateway = GatewayProcess(tmp_path, "--no-publish", PSO_GATEWAY_EVENTS_PER_SECOND="1000000", **own_stack.environment())
    publisher = Publisher(gateway)
    gateway.start()
    publisher.start()

    kills = {
        "gateway": again(gateway.kill, gateway.start),
        "publisher": again(publisher.kill, publisher.start),
        "broker": again(own_stack.kafka.kill, own_stack.kafka.start),
    }
    done, counted = threading.Event(), Counter[str]()
    senders = [Sender(gateway, range(number, POSTS, SENDERS)) for number in range(SENDERS)]
    disturbing = threading.Thread(target=disturb, args=(done, kills, counted))
    disturbing.start()
    try:
        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(Sender.send, senders))
    finally:
        done.set()
        disturbing.join()
    try:
        assert min(counted[name] for name in kills) >= 1, counted
        check(gateway, own_stack, senders)
    finally:
        publisher.kill()
        gateway.kill()
    print(f"\n{POSTS} posts, killed {dict(counted)}, unknown answers {sum(sender.unknown for sender in senders)}")
