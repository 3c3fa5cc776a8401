"""Three real Kafka brokers on 127.0.0.1, for tests that kill one of them."""

import contextlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.dev.broker import ADDRESSES_TRIED, NO_QUORUM_SECONDS, Broker, new_cluster_id, saved_ports
from deploy.dev.broker_settings import Membership, Ports, replicated
from deploy.dev.failure import AddressInUse, StackError
from deploy.dev.processes import free_ports

SIZE = 3


class Cluster:
    """Brokers that replicate to each other. Any one of them may be killed and started again while the others serve."""

    def __init__(self, home: Path | str, *, size: int = SIZE, settings: Mapping[str, object] | None = None) -> None:
        self.home = Path(home).resolve()
        self._size = size
        self._settings = {**replicated(size), **(settings or {})}
        self._address_may_change = any(saved_ports(home) is None for home in self._homes())
        self.brokers = self._members()

    @property
    def bootstrap(self) -> str:
        return ",".join(broker.bootstrap for broker in self.brokers)

    @property
    def running(self) -> bool:
        return all(broker.running for broker in self.brokers)

    def start(self) -> Self:
        """Starts those that do not run and waits until every broker serves. Raises StackError."""
        for _ in range(ADDRESSES_TRIED - 1):
            try:
                return self._start_here()
            except AddressInUse:
                if not self._address_may_change:
                    raise
                self.brokers = self._members()
        return self._start_here()

    def stop(self) -> None:
        """All at once: the last one alone would have no majority to record its farewell, and is killed after 8 s."""
        for broker in self.brokers:
            broker.terminate()
        for broker in self.brokers:
            broker.stop(NO_QUORUM_SECONDS)

    def kill(self) -> None:
        """SIGKILL to every broker."""
        for broker in self.brokers:
            broker.kill()

    def wipe(self) -> None:
        for broker in self.brokers:
            broker.wipe()
        (self.home / "cluster-id").unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.home.rmdir()

    def leader(self, topic: str, partition: int = 0) -> Broker:
        """The broker that leads a partition now. Raises StackError while there is none."""
        from confluent_kafka.admin import AdminClient  # a client of the product's, needed by tests alone

        metadata = AdminClient({"bootstrap.servers": self.bootstrap}).list_topics(topic, timeout=10)
        node = metadata.topics[topic].partitions[partition].leader
        for broker in self.brokers:
            if broker.node == node:
                return broker
        raise StackError(f"{topic}[{partition}] has no leader")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _start_here(self) -> Self:
        waiting = [broker for broker in self.brokers if not broker.running]
        try:
            with ThreadPoolExecutor(self._size) as pool:  # formatting takes a Java each; a quorum needs them all
                list(pool.map(Broker.launch, waiting))
            for broker in waiting:
                broker.wait()
        except BaseException:
            self.kill()
            raise
        self._address_may_change = False
        return self

    def _homes(self) -> Iterator[Path]:
        return (self.home / str(node) for node in range(1, self._size + 1))

    def _members(self) -> tuple[Broker, ...]:
        """Fresh addresses for all unless every one has served before: each is configured with all the others'."""
        saved = [pair for home in self._homes() if (pair := saved_ports(home)) is not None]
        ports = saved if len(saved) == self._size else self._fresh_ports()
        voters = ",".join(f"{node}@127.0.0.1:{pair.controller}" for node, pair in enumerate(ports, 1))
        cluster_id = self._cluster_id()
        return tuple(
            Broker(home, ports=pair, membership=Membership(cluster_id, node, voters), settings=self._settings)
            for node, (home, pair) in enumerate(zip(self._homes(), ports, strict=True), 1)
        )

    def _fresh_ports(self) -> list[Ports]:
        numbers = free_ports(2 * self._size)
        return [Ports(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]

    def _cluster_id(self) -> str:
        """Written before any node is formatted: a start that was cut short must not leave nodes of two clusters."""
        kept = self.home / "cluster-id"
        if not kept.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            unfinished = kept.with_suffix(".unfinished")
            unfinished.write_text(new_cluster_id())
            unfinished.rename(kept)
        return kept.read_text()
