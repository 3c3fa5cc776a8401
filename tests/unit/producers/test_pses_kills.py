"""kill -9 before every single statement to SQLite: outbox, register and broker end in a truth that the register states."""

import os
import signal
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from producers.custody.acts import Custody
from producers.custody.reading import entries
from producers.custody.verify import Register
from producers.encoding import bundled_encoder
from producers.entrance import Entering
from producers.failure import Failure
from producers.outbox import Outbox, Receipt
from producers.pses.entries import export_line
from producers.pses.items import Act
from tests.support.builders import safety_event

ENCODE = bundled_encoder()
REMOVAL = ("quality office", "entered by mistake")


def opened(folder: Path) -> Outbox:
    return Outbox(folder / "outbox.sqlite", lambda: datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


def work(outbox: Outbox, broker: Path) -> None:
    """A day's work, which somebody does again from the start after a kill. `broker`: the ids that it took, one a line."""
    custody = Custody(outbox)
    outbox.capture([safety_event(event_id=f"evt-{number}") for number in (1, 2, 3)], ENCODE)
    outbox.capture([safety_event(event_id="evt-4")], ENCODE, entering=Entering(send=False))
    with suppress(Failure):
        custody.remove(["evt-1"], *REMOVAL)
    with suppress(Failure):
        custody.report_functionally(["evt-2"], "clause 4.2")
    for waiting in outbox.offer(0):
        with broker.open("a") as log:
            log.write(waiting.key.decode().partition("|")[2] + "\n")
        outbox.settle([Receipt(waiting.sequence, "topic", 0, waiting.sequence, 1_772_366_400_000)], [])
    with suppress(Failure):
        custody.remove(["evt-3"], *REMOVAL)  # refused: it was reported
    with suppress(Failure):
        custody.queue(["evt-4"])
    outbox.offer(0)  # handed over, and the answer never comes
    with suppress(Failure):
        custody.remove(["evt-4"], *REMOVAL)


def killed_before(statement: int, folder: Path) -> bool:
    """Does the work in a process that is killed before this statement to SQLite; False where it came to its end before."""
    child = os.fork()
    if child == 0:
        left = statement

        def count(_statement: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        outbox = opened(folder)
        outbox.connection.set_trace_callback(count)
        work(outbox, folder / "broker")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
    return status != 0


def truth(folder: Path) -> dict[str, Act]:
    """The last act on each event, after it was checked that register and outbox say the same."""
    ended = {"sent": Act.REPORT, "functional": Act.REPORT_FUNCTIONALLY, "removed": Act.REMOVE}
    with opened(folder) as outbox:
        told = list(entries(outbox))
        assert Register(export_line(entry, sealed) for entry, sealed in told).faults == []
        last = {entry.event: entry.act for entry, _ in told}
        held = dict(outbox.connection.execute("SELECT event_id, state FROM events").fetchall())
        assert {event: ended.get(state, Act.ENTER) for event, state in held.items()} == last
        assert len(told) == len(held) + sum(act is not Act.ENTER for act in last.values())
    return last


def test_killed_before_any_statement_the_register_tells_the_truth_and_the_work_can_be_done_again(tmp_path: Path) -> None:
    statement, kills = 1, 0
    while True:
        folder = tmp_path / str(statement)
        folder.mkdir()
        (folder / "broker").touch()
        opened(folder).close()
        if not killed_before(statement, folder):
            break
        kills += 1
        taken = set((folder / "broker").read_text().split())
        after_kill = truth(folder)
        assert not {event for event, act in after_kill.items() if act is Act.REMOVE} & taken
        with opened(folder) as outbox:
            for event in taken:  # on the topic, whether or not its receipt came to disk
                with suppress(Failure):
                    Custody(outbox).remove([event], *REMOVAL)
                    raise AssertionError(f"{event} was taken by the broker and removed")
            work(outbox, folder / "broker")
        assert truth(folder) == {
            "evt-1": Act.REMOVE, "evt-2": Act.REPORT_FUNCTIONALLY, "evt-3": Act.REPORT, "evt-4": truth(folder)["evt-4"],
        }  # fmt: skip
        assert truth(folder)["evt-4"] is not Act.REMOVE
        assert set((folder / "broker").read_text().split()) <= {"evt-3", "evt-4"}
        statement += 1
    assert kills > 50
