"""Kafka and PostgreSQL together, and the environment in which the product uses them."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.dev.broker import Broker
from deploy.dev.cluster import Cluster
from deploy.dev.failure import StackError
from deploy.dev.postgres import Postgres


class Stack:
    """The servers of one directory. `with Stack(directory) as stack:` has both serving; data stays until `wipe`."""

    def __init__(self, directory: Path | str, *, brokers: int = 1) -> None:
        """`brokers` is 1 or 3. Raises StackError when the directory already holds the other number."""
        if brokers not in (1, 3):
            raise StackError(f"a stack has 1 or 3 brokers, not {brokers}")
        self.directory = Path(directory).resolve()
        self.replication_factor = brokers
        held = self.directory / "brokers"
        if held.exists() and held.read_text() != str(brokers):
            raise StackError(f"{self.directory} holds a stack of {held.read_text()} broker(s): wipe it or take another")
        kafka = self.directory / "kafka"
        self.kafka: Broker | Cluster = Broker(kafka / "1") if brokers == 1 else Cluster(kafka, size=brokers)
        self.postgres = Postgres(self.directory / "postgres")

    @classmethod
    def existing(cls, directory: Path | str) -> Self:
        """The stack that was started in this directory. Raises StackError when none was."""
        held = Path(directory) / "brokers"
        if not held.exists():
            raise StackError(f"no stack in {Path(directory).resolve()}")
        return cls(directory, brokers=int(held.read_text()))

    @property
    def brokers(self) -> tuple[Broker, ...]:
        return (self.kafka,) if isinstance(self.kafka, Broker) else self.kafka.brokers

    @property
    def bootstrap(self) -> str:
        return self.kafka.bootstrap

    @property
    def database_url(self) -> str:
        """The owner's connection string."""
        return self.postgres.url

    @property
    def running(self) -> bool:
        return self.kafka.running and self.postgres.running

    def leader(self, topic: str, partition: int = 0) -> Broker:
        """The broker that leads a partition now. Raises StackError while there is none."""
        return self.kafka if isinstance(self.kafka, Broker) else self.kafka.leader(topic, partition)

    def environment(self) -> dict[str, str]:
        """What a process of the product needs to find and use these servers."""
        return {
            "PSO_PROFILE": "dev",
            "PSO_KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "PSO_KAFKA_SECURITY_PROTOCOL": "PLAINTEXT",
            "PSO_REPLICATION_FACTOR": str(self.replication_factor),
            "PSO_DATABASE_URL": self.database_url,
        }

    def start(self) -> Self:
        """Starts both at the same time; when one fails the other is stopped. Raises StackError."""
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "brokers").write_text(str(self.replication_factor))
        starts: tuple[Callable[[], object], ...] = (self.kafka.start, self.postgres.start)
        try:
            with ThreadPoolExecutor(len(starts)) as pool:
                for started in [pool.submit(start) for start in starts]:
                    started.result()
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        """Kafka first: nothing arrives any more while the database closes."""
        self.kafka.stop()
        self.postgres.stop()

    def kill(self) -> None:
        """Crashes every server at once."""
        self.kafka.kill()
        self.postgres.kill()

    def wipe(self) -> None:
        """Ends what runs here and removes the directory with all data."""
        self.kafka.wipe()
        self.postgres.wipe()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
