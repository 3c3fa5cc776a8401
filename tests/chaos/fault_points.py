"""Named points inside a worker at which it can be told to die or to stand still, and a journal of what became of it.

A signal from outside hits an instant by chance, and these instants are too short for chance. An order is a file, so that it
outlives the process it is for: a worker that is killed now meets it in its next life.
"""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

TAKE_OVER = "take over"
"""The former owner is shut out, nothing is caught up: in the middle of a rebalance."""
CATCH_UP = "catch up"
"""A slice of the log below the committed offset is folded: the state is not yet what it must be."""
BEGIN = "begin"
"""A chunk is folded, nothing of it is said."""
COMMIT = "commit"
"""All of it is written in a transaction that is not committed."""
SAID = "said"
"""The transaction is committed, the offset is not."""

REBALANCING = (TAKE_OVER, CATCH_UP)
DELIVERING = (BEGIN, COMMIT, SAID)
KILL, PAUSE, SHUT_OUT, OWNS, FENCED = "kill", "pause", "shut out", "owns", "fenced"
_SIGNALS = {KILL: signal.SIGKILL, PAUSE: signal.SIGSTOP}

Line = dict[str, Any]
"""A line of a journal: `at` in seconds, `pid`, `what`, and `point`, `partition` or `partitions`."""


class FaultPoints:
    """The orders and the journal of one worker, in a folder. The worker's side and the test's side each open it by its name."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._journal = folder / f"{name}.journal"
        self.memory = folder / f"{name}.memory"

    # The test's side.

    def order(self, how: str, point: str) -> None:
        """The worker shall KILL or PAUSE itself when it next reaches the point."""
        self._put(self._order(point), how)

    def ordered(self, point: str) -> bool:
        """Whether an order for this point still waits to be obeyed."""
        return self._order(point).exists()

    def withdraw(self) -> None:
        """What was not obeyed is forgotten."""
        for point in (*REBALANCING, *DELIVERING):
            self._order(point).unlink(missing_ok=True)

    def journal(self) -> list[Line]:
        """What the worker did, in order, over all its lives; a line that a kill cut short is left out."""
        lines = self._journal.read_text().splitlines(keepends=True) if self._journal.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}\n")]

    def partitions_of(self, pid: int | None) -> list[int]:
        """What the worker took over last, in the life with this pid."""
        taken = [line["partitions"] for line in self.journal() if line["what"] == OWNS and line["pid"] == pid]
        return list(taken[-1]) if taken else []

    # The worker's side.

    def reached(self, point: str, partition: int | None = None) -> None:
        """Obey the order for this point, if there is one."""
        order = self._order(point)
        if not order.exists():
            return
        how = order.read_text()
        self._note(how, point=point, partition=partition)
        order.unlink()
        os.kill(os.getpid(), _SIGNALS[how])

    def owns(self, partitions: list[int]) -> None:
        """These and no others are this worker's, as it sees it; where the group moved on meanwhile it shut nobody out."""
        self._note(OWNS, partitions=partitions)

    def shut_out(self, partition: int) -> None:
        """Whoever had this partition can write nothing more."""
        self._note(SHUT_OUT, partition=partition)

    def said(self, partition: int) -> None:
        """A transaction was committed."""
        self._note(SAID, partition=partition)

    def fenced(self, partition: int) -> None:
        """A transaction was refused, for somebody else owns the partition."""
        self._note(FENCED, partition=partition)

    def remember(self, memory: str) -> None:
        """Write what this worker holds."""
        self._put(self.memory, memory)

    def _note(self, what: str, **more: object) -> None:
        line = json.dumps({"at": time.monotonic(), "pid": os.getpid(), "what": what, **more})
        with self._journal.open("a") as journal:
            journal.write(f"{line}\n")

    def _order(self, point: str) -> Path:
        return self._folder / f"{self._name}.{point}"

    def _put(self, path: Path, text: str) -> None:
        """Whole or not at all: the other side may look at any time."""
        fresh = path.with_suffix(".fresh")
        fresh.write_text(text)
        fresh.rename(path)
