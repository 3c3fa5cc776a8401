"""Posts while gateway, publisher, broker and warehouse are killed (kill -9): every 202 ends in the warehouse or as a dead
letter, as its own receipt says; none twice; no answer stays unknown.

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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import psycopg
import pytest

from deploy.demo.running import Service
from deploy.dev.stack import Stack
from producers.clock import system_clock
from producers.gateway.ledger import outbox_path
from producers.outbox import Outbox
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from schemas.topics import all_topics, submitted
from stream_processors.domain.arrangements import parse_arrangements
from stream_processors.runtime.wire import Wire
from stream_processors.warehouse.migration import migrate
from tests.integration.fresh_warehouse import rows
from tests.support.deadline import eventually
from tests.support.gateway_process import ROOT, GatewayProcess
from tests.support.kafka import create_topics, read_all

POSTS = int(os.environ.get("GATEWAY_POSTS", "800"))
SENDERS = 8
ARRANGEMENTS = ROOT / "tests" / "support" / "arrangements.toml"
TOPIC = submitted("arr-7k2q")
ENDED = {"in_warehouse", "dead_letter"}


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
        self.unknown: Counter[int] = Counter()
        """How often the number of an event had no answer."""
        self.beyond: Counter[str] = Counter()
        """What receipts said of the PSO while everything was being killed."""

    def send(self) -> None:
        for number in self._numbers:
            self.receipts[f"evt-{number}"] = eventually(partial(self.post, number), seconds=120, every=0.1)
            if number % 7 == 0:
                self._follow(self.receipts[f"evt-{number}"])

    def post(self, number: int) -> str:
        """The receipt; empty without an answer: it may be on disk, or not, and the same key will tell."""
        event = {"event_id": f"evt-{number}", "report_type": "incident", "categories": [] if is_bad(number) else ["fall"]}
        headers = {**self._gateway.headers, "Content-Type": "application/json", "Idempotency-Key": f"key-{number}"}
        try:
            answer = httpx.post(f"{self._gateway.url}/v1/events", content=json.dumps(event), headers=headers, timeout=10)
        except httpx.TransportError:
            self.unknown[number] += 1
            return ""
        assert answer.status_code in (202, 409, 503), answer.text
        return str(answer.json()["results"][0]["receipt"]) if answer.status_code == 202 else ""

    def _follow(self, receipt: str) -> None:
        try:
            answer = httpx.get(f"{self._gateway.url}/v1/receipts/{receipt}", headers=self._gateway.headers, timeout=10)
        except httpx.TransportError:
            return
        assert answer.status_code == 200, answer.text
        said = answer.json()
        self.beyond[said.get("beyond", said["state"])] += 1


def is_bad(number: int) -> bool:
    """Every tenth says nothing of what happened: the PSO refuses it."""
    return number % 10 == 0


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
    """Every receipt comes to its end; topic and warehouse hold each event once, and nothing that differs from itself."""
    receipts = {event_id: receipt for sender in senders for event_id, receipt in sender.receipts.items()}
    assert set(receipts) == {f"evt-{number}" for number in range(POSTS)}
    assert len(set(receipts.values())) == POSTS
    refused = {f"evt-{number}" for number in range(POSTS) if is_bad(number)}
    with httpx.Client(headers=gateway.headers, timeout=10) as client:
        for event_id, receipt in receipts.items():
            said = eventually(partial(ended, client, f"{gateway.url}/v1/receipts/{receipt}"), seconds=120)
            end = ("dead_letter", "incomplete") if event_id in refused else ("in_warehouse", None)
            assert (said["event_id"], said["state"], said.get("reason")) == (event_id, *end)
    stored = rows(stack.database_url, "select event_id, count(*) from protected.event_revisions group by event_id")
    assert {str(event_id): count for event_id, count in stored} == dict.fromkeys(receipts.keys() - refused, 1)
    check_bytes(gateway, stack, set(receipts))
    for sender in senders:
        for number in sender.unknown:
            assert sender.post(number) == receipts[f"evt-{number}"]


def check_bytes(gateway: GatewayProcess, stack: Stack, events: set[str]) -> None:
    """What a killed publisher sends again is byte for byte the same: the warehouse's key makes it one."""
    codec, values = Codec(bundled()), defaultdict(set)
    for message in read_all(stack.bootstrap, TOPIC.name):
        values[codec.decode(message.value, SafetyEvent).event_id].add(message.value)
    assert set(values) == events
    assert {len(different) for different in values.values()} == {1}
    with Outbox(outbox_path(gateway.folder, "arr-7k2q"), system_clock) as outbox:
        assert sum(outbox.counts().values()) == POSTS


def ended(client: httpx.Client, url: str) -> dict[str, str]:
    """The receipt's status once it has come to an end."""
    said: dict[str, str] = client.get(url).json()
    return said if said["state"] in ENDED else {}


@contextmanager
def pso(stack: Stack, folder: Path) -> Iterator[None]:
    """A worker and a sink, which nobody kills: they wait while what they need is away."""
    environment = stack.environment() | {"PYTHONPATH": str(ROOT), "PSO_ARRANGEMENTS_FILE": str(ARRANGEMENTS)}
    environment |= {"PSO_PARTITIONS": "4", "PSO_UNIQUENESS_SNAPSHOT": "off"}
    migrate(stack.database_url)
    declared = all_topics(parse_arrangements(ARRANGEMENTS.read_text()).ids)
    create_topics(stack.bootstrap, Wire("", declared), declared)
    services = [Service(name, environment, folder / f"{name}.log") for name in ("worker", "sink")]
    try:
        for service in services:
            service.start()
        for service in services:
            service.await_ready()
        yield
    finally:
        for service in services:
            service.stop()


def login_for_receipts(stack: Stack) -> str:
    """Somebody who may ask how an event ended, and nothing else. The stack is thrown away with it."""
    with psycopg.connect(stack.database_url, autocommit=True) as owner:
        owner.execute("create role receipts_login login password 'k2' in role pso_receipts")
    return f"postgresql://receipts_login:k2@{stack.database_url.rpartition('@')[2]}"


@pytest.mark.timeout(3600)
def test_every_202_comes_to_its_end_whatever_is_killed(own_stack: Stack, tmp_path: Path) -> None:
    with pso(own_stack, tmp_path):
        environment = own_stack.environment() | {"PSO_GATEWAY_DATABASE_URL": login_for_receipts(own_stack)}
        gateway = GatewayProcess(tmp_path, "--no-publish", PSO_GATEWAY_EVENTS_PER_SECOND="1000000", **environment)
        publisher = Publisher(gateway)
        gateway.start()
        publisher.start()
        kills = {
            "gateway": again(gateway.kill, gateway.start),
            "publisher": again(publisher.kill, publisher.start),
            "broker": again(own_stack.kafka.kill, own_stack.kafka.start),
            "warehouse": again(own_stack.postgres.kill, own_stack.postgres.start),
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
    beyond = dict(sum((sender.beyond for sender in senders), Counter[str]()))
    unknown = sum(sender.unknown.total() for sender in senders)
    print(f"\n{POSTS} posts, killed {dict(counted)}, unknown answers {unknown}, meanwhile receipts said {beyond}")
