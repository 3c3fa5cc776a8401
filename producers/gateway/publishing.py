"""Beside the gateway: every outbox of its folder is emptied into its topic, again and again, one thread for all."""

import threading
from collections.abc import Callable
from pathlib import Path

from producers.clock import Clock
from producers.failure import Failure
from producers.gateway.intake import outbox_path
from producers.metrics import Metrics
from producers.outbox import Outbox
from producers.progress import Progress
from producers.publisher import Publisher
from producers.settings import Destination


class Publishing:
    """What waits is sent; a broker that is away or refuses one arrangement stops neither the gateway nor the others."""

    def __init__(
        self, folder: Path, destination_of: Callable[[str], Destination], metrics: Metrics, talk: Callable[[str], None],
        clock: Clock,
    ) -> None:  # fmt: skip
        self._folder = folder
        self._destination_of = destination_of
        self._metrics = metrics
        self._talk = talk
        self._clock = clock
        self._last = ""

    def go_on(self, asked_to_stop: threading.Event, every: float, patience_seconds: float) -> None:
        """Looks again after each pause of `every` seconds, until asked to stop: the pass under way then ends."""
        while not asked_to_stop.is_set():
            self.once(patience_seconds)
            asked_to_stop.wait(every)

    def once(self, patience_seconds: float) -> Progress:
        """One pass over all outboxes."""
        together = Progress()
        failures = []
        for arrangement in self._arrangements():
            with Outbox(outbox_path(self._folder, arrangement), self._clock) as outbox:
                try:
                    progress = self._emptied(outbox, arrangement, patience_seconds)
                except Failure as failure:
                    failures.append(str(failure))
                    continue
            together.delivered += progress.delivered
            together.refused += progress.refused
        self._tell("\n".join(failures))
        return together

    def _emptied(self, outbox: Outbox, arrangement: str, patience_seconds: float) -> Progress:
        if not outbox.waiting(0, most=1):
            return Progress()
        publisher = Publisher(self._destination_of(arrangement), patience_seconds)
        try:
            return publisher.publish(outbox, _unwatched)
        finally:
            self._metrics.produced(publisher.progress)

    def _arrangements(self) -> list[str]:
        prefix, suffix = outbox_path(Path(), "|").name.split("|")
        return sorted(path.name[len(prefix) : -len(suffix)] for path in self._folder.glob(f"{prefix}*{suffix}"))

    def _tell(self, failures: str) -> None:
        """Once, not with every pass."""
        if failures and failures != self._last:
            self._talk(failures)
        self._last = failures


def _unwatched(_progress: Progress) -> None:
    """Nobody looks on."""
