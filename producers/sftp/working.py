"""Beside the server: every folder is worked as `pso-produce watch` works one, each into the outbox of its arrangement."""

import threading
from collections.abc import Callable
from pathlib import Path

from producers.clock import Clock
from producers.drops import DropFolder, Dropped, Reading
from producers.encoding import bundled_encoder
from producers.failure import Failure
from producers.gateway.keys import Caller
from producers.gateway.ledger import outbox_path
from producers.outbox import Outbox
from producers.sftp.folders import drop_folders
from schemas.topics import submitted


class Working:
    """Takes the drops of all providers, one after the other; the fault of one folder does not hold up the others."""

    def __init__(
        self,
        folder: Path,
        namespace: str,
        reading_of: Callable[[Caller], Reading],
        dropped: Callable[[Dropped], None],
        talk: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._namespace = namespace
        self._reading_of = reading_of
        self._dropped = dropped
        self._talk = talk
        self._encode = bundled_encoder()
        self._told: set[str] = set()

    def go_on(self, asked_to_stop: threading.Event, every: float, clock: Clock) -> None:
        """Looks again after each pause of `every` seconds, until asked to stop: the pass under way then ends."""
        while not asked_to_stop.is_set():
            self.once(clock)
            asked_to_stop.wait(every)

    def once(self, clock: Clock) -> None:
        """One pass over all folders."""
        failures = set()
        for caller, path in drop_folders(self._folder):
            try:
                self._work(caller, path, clock)
            except Failure as failure:
                failures.add(str(failure))
            except Exception as error:  # its words may hold a value: only its kind is told
                failures.add(f"a mistake in the program, please report it: {type(error).__name__} while reading a drop")
        for told in sorted(failures - self._told):  # once, not with every pass
            self._talk(told)
        self._told = failures

    def _work(self, caller: Caller, path: Path, clock: Clock) -> None:
        drops = DropFolder(path)
        if not drops.waits():
            return
        reading = self._reading_of(caller)
        with Outbox(outbox_path(self._folder, caller.arrangement), clock) as outbox:
            outbox.bind(self._namespace + submitted(caller.arrangement).name)
            for dropped in drops.work(outbox, self._encode, reading):
                self._dropped(dropped)
