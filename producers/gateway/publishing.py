"""Beside the gateway: every outbox of its folder is emptied into its topic, again and again, one thread for all."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from producers.clock import Clock
from producers.failure import Failure
from producers.gateway.ledger import outbox_path
from producers.metrics import Metrics
from producers.outbox import Outbox
from producers.progress import Progress
from producers.publisher import Publisher
from producers.settings import Destination

_LOOK = timedelta(seconds=10)


class Publishing:
    """What waits is sent; a broker that is away or refuses one arrangement stops neither the gateway nor the others."""

    def __init__(
        self,
        folder: Path,
        destination_of: Callable[[str], Destination],
        metrics: Metrics,
        talk: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._folder = folder
        self._destination_of = destination_of
        self._metrics = metrics
        self._talk = talk
        self._clock = clock
        self._told: set[str] = set()
        self._look_again = clock()

    def go_on(self, asked_to_stop: threading.Event, every: float, patience_seconds: float) -> None:
        """Looks again after each pause of `every` seconds, until asked to stop: the pass under way then ends."""
        while not asked_to_stop.is_set():
            try:
                self.once(patience_seconds)
            except Exception as error:  # a gateway that takes events in and sends none would be found out too late
                self._tell({f"a mistake in the program, please report it: {type(error).__name__} while sending"})
            asked_to_stop.wait(every)

    def once(self, patience_seconds: float) -> None:
        """One pass over all outboxes."""
        failures = set()
        for arrangement in self._arrangements():
            try:
                with Outbox(outbox_path(self._folder, arrangement), self._clock) as outbox:
                    self._empty(outbox, arrangement, patience_seconds)
            except Failure as failure:
                failures.add(str(failure))
        try:
            self._observe()
        except Failure as failure:
            failures.add(str(failure))
        self._tell(failures)

    def _empty(self, outbox: Outbox, arrangement: str, patience_seconds: float) -> None:
        if outbox.waiting(0, most=1):
            publisher = Publisher(self._destination_of(arrangement), patience_seconds)
            try:
                publisher.publish(outbox, _unwatched)
            finally:
                self._metrics.produced(publisher.progress)

    def _observe(self) -> None:
        """Not with every pass: it counts every row."""
        if self._clock() < self._look_again:
            return
        with ExitStack() as stack:
            paths = [outbox_path(self._folder, arrangement) for arrangement in self._arrangements()]
            outboxes = [stack.enter_context(Outbox(path, self._clock)) for path in paths]
            self._metrics.observe_together(outboxes, self._clock())
        self._look_again = self._clock() + _LOOK

    def _arrangements(self) -> list[str]:
        prefix, suffix = outbox_path(Path(), "|").name.split("|")
        return sorted(path.name[len(prefix) : -len(suffix)] for path in self._folder.glob(f"{prefix}*{suffix}"))

    def _tell(self, failures: set[str]) -> None:
        """Once, not with every pass."""
        for failure in sorted(failures - self._told):
            self._talk(failure)
        self._told = failures


def _unwatched(_progress: Progress) -> None:
    """Nobody looks on."""
