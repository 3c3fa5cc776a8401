"""`pso WORDS` with fault points and a memory that can be read: python -m tests.chaos.counting_worker FOLDER NAME WORDS

Nothing of the product is replaced: subclasses go through what they extend. SIGUSR1 writes what the accumulator holds.
"""

import json
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from confluent_kafka import Producer

from stream_processors.cli import program
from stream_processors.runtime import app, fenced_delivery
from stream_processors.runtime.accumulation import Accumulation
from stream_processors.runtime.fenced_delivery import Fenced
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.step import Outcome
from stream_processors.shapes import Accumulator
from tests.chaos.fault_points import BEGIN, CATCH_UP, COMMIT, SAID, TAKE_OVER, FaultPoints

Fold = Callable[[Any, Sequence[Any]], set[Any]]


class WatchedProducer(Producer):  # type: ignore[misc]  # the client is untyped
    """The transactions of one source partition, with the points before, within and after them."""

    points: FaultPoints

    def __init__(self, settings: dict[str, Any], **more: Any) -> None:
        super().__init__(settings, **more)
        self._partition = int(settings["transactional.id"].rpartition("-")[2])

    def init_transactions(self, timeout: float) -> None:
        super().init_transactions(timeout)
        self.points.shut_out(self._partition)
        self.points.reached(TAKE_OVER, self._partition)

    def begin_transaction(self) -> None:
        self.points.reached(BEGIN, self._partition)
        super().begin_transaction()

    def commit_transaction(self, timeout: float) -> None:
        self.points.reached(COMMIT, self._partition)
        super().commit_transaction(timeout)
        self.points.said(self._partition)
        self.points.reached(SAID, self._partition)


class WatchedAccumulation(Accumulation):
    """The state of one worker, with the point between two slices of a catch-up."""

    points: FaultPoints

    def __init__(self, step: Accumulator[Any], *rest: Any) -> None:
        self._taking_over = False
        super().__init__(replace(step, fold=self._pausing(step.fold)), *rest)
        signal.signal(signal.SIGUSR1, lambda *_: self.points.remember(json.dumps(self._memory())))

    def take_over(self, mine: Iterable[int], still_ours: Callable[[], bool]) -> None:
        owned, self._taking_over = sorted(mine), True
        try:
            super().take_over(owned, still_ours)
        finally:
            self._taking_over = False
        self.points.owns(owned)

    def fold(self, chunk: Sequence[Incoming], generation: int) -> Outcome:
        try:
            return super().fold(chunk, generation)
        except Fenced:
            self.points.fenced(chunk[0].partition)
            raise

    def _pausing(self, fold: Fold) -> Fold:
        def folded(state: Any, records: Sequence[Any]) -> set[Any]:
            touched = fold(state, records)
            if self._taking_over:
                self.points.reached(CATCH_UP)
            return touched

        return folded

    def _memory(self) -> dict[int, Any]:
        return {
            number: {"next": part.next, "counts": [(t.key, t.contributor, t.count) for t in part.state.tallies()]}
            for number, part in self._parts.items()
        }


def main() -> None:
    """Put the points into the product, then be the product."""
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # who asks before there is a memory must not end this process
    folder, name, *words = sys.argv[1:]
    WatchedProducer.points = WatchedAccumulation.points = FaultPoints(Path(folder), name)
    fenced_delivery.Producer = WatchedProducer  # type: ignore[attr-defined]
    app.Accumulation = WatchedAccumulation  # type: ignore[assignment, attr-defined]
    program.main(words)


if __name__ == "__main__":
    main()
