"""A gateway without a network: its application on real files, a clock that can be set, and keys for whoever is needed."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from prometheus_client import CollectorRegistry
from starlette.testclient import TestClient

from producers.gateway.application import application
from producers.gateway.desk import Desk
from producers.gateway.fates import Beyond, not_asked
from producers.gateway.keys import Caller, KeyRecord, Scope
from producers.gateway.ledger import outbox_path
from producers.gateway.metrics import GatewayMetrics
from producers.gateway.settings import Listening
from producers.outbox import Outbox

PROVIDER, ARRANGEMENT = "prv-8f3k2m", "arr-7k2q"
OTHER_PROVIDER, OTHER_ARRANGEMENT = "prv-q0z7hh", "arr-m9d0"
T = TypeVar("T")
NDJSON = "application/x-ndjson"


class Gateway:
    """What a test does with it."""

    def __init__(self, folder: Path, beyond: Beyond = not_asked, events_per_second: float = 1e6, free: int = 0) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        self.log: list[str] = []
        self.folder = folder
        self.registry = CollectorRegistry()
        self.desk = Desk(folder, lambda: self.now, free, self.log.append, beyond)
        self.desk.open("")
        listening = Listening("127.0.0.1", 0, None, None, events_per_second, free)
        self.app = application(self.desk, listening, GatewayMetrics(self.registry), self.log.append, lambda: self.now)
        self.client = TestClient(self.app, base_url="http://127.0.0.1")

    def key(
        self, provider: str = PROVIDER, arrangement: str = ARRANGEMENT, scopes: frozenset[Scope] = frozenset(Scope),
        lasting: timedelta = timedelta(days=1),
    ) -> tuple[str, KeyRecord]:  # fmt: skip
        caller = Caller(provider, arrangement, "rl6-main", scopes)
        return self.in_thread(self.desk.keys.new, caller, lasting)

    def revoke(self, key_id: str) -> None:
        self.in_thread(self.desk.keys.revoke, key_id, self.now)

    def in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        """Does something where the files are open."""
        return asyncio.run(self.desk.ask(work, *arguments))

    def outbox(self, arrangement: str = ARRANGEMENT) -> Outbox:
        """The outbox of an arrangement, by a connection of the test's own."""
        return Outbox(outbox_path(self.folder, arrangement), lambda: self.now)


@contextmanager
def gateway(folder: Path, **given: object) -> Iterator[Gateway]:
    """An open gateway on files in this folder."""
    made = Gateway(folder, **given)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        made.desk.close()


def bearer(key: str, **headers: str) -> dict[str, str]:
    """The headers of a request with this key; `_` in a name stands for `-`."""
    return {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
