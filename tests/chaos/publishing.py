"""The publisher under test: one `pso-produce send` after the other, begun again with the same file when it was killed."""

from collections.abc import Mapping
from pathlib import Path

from tests.chaos.processes import Process
from tests.chaos.workload import Provider

DONE = 0


class Publishing:
    """Sends every batch to its end. Sending a file twice adds nothing, so a killed `send` is simply run again."""

    def __init__(self, batches: list[tuple[Provider, Path]], folder: Path, environment: Mapping[str, str]) -> None:
        self._batches = list(batches)
        self._folder = folder
        self._environment = environment
        self.process = Process("publisher", (), environment, folder / "publisher.log")
        self._begin()

    @property
    def done(self) -> bool:
        """True when the last batch was sent to its end."""
        return not self._batches

    def tend(self) -> None:
        """Wake it, go on to the next batch when one is sent, begin again when one was killed."""
        process = self.process
        if process.paused_until is not None:
            process.wake_when_due()
        if self.done or process.alive:
            return
        if process.returncode == DONE:
            self._batches.pop(0)
        if not self.done:
            self._begin()

    def _begin(self) -> None:
        provider, path = self._batches[0]
        self.process.words = ("pso-produce", "send", str(path), "--format", "jsonl")
        self.process.environment = {
            **self._environment,
            "PSO_PRODUCE_ARRANGEMENT": provider.arrangement,
            "PSO_PRODUCE_PROVIDER": provider.provider,
            "PSO_PRODUCE_SOURCE_SYSTEM": "chaos",
            "PSO_PRODUCE_OUTBOX": str(self._folder / f"outbox-{provider.provider}.sqlite"),
        }
        self.process.start()
