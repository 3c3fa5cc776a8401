"""Whatever is done to an outbox in whatever order: no item is in an unlawful state, and its register tells the truth."""

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from producers.custody.acts import Custody
from producers.custody.reading import entries
from producers.custody.verify import Register
from producers.encoding import bundled_encoder
from producers.entrance import Entering
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox, Receipt, Refusal
from producers.pses.entries import export_line
from producers.pses.items import Act, Matter
from tests.support.builders import safety_event

ENCODE = bundled_encoder()
NAMES = st.sampled_from(["evt-1", "evt-2", "evt-3"])


class Pses(RuleBasedStateMachine):
    """The model knows what a lawyer would want to know: what the broker was given, what it took, and when things entered."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.open()
        self.entered: dict[tuple[str, int], str] = {}
        self.in_flight: set[int] = set()
        self.ever_given: dict[int, str] = {}
        self.taken: set[str] = set()
        self.removed: set[str] = set()
        self.counter = 0
        for name, send, matter in (("evt-1", True, "for_reporting"), ("evt-2", False, "deliberation")):
            self.enter(name, send, Matter(matter), fresh=False)

    def open(self) -> None:
        self.outbox = Outbox(Path(self.folder.name) / "outbox.sqlite", lambda: self.now)
        self.custody = Custody(self.outbox)

    def teardown(self) -> None:
        if hasattr(self, "outbox"):
            self.outbox.close()
            self.folder.cleanup()

    @rule(name=NAMES, send=st.booleans(), matter=st.sampled_from(Matter), fresh=st.booleans())
    def enter(self, name: str, send: bool, matter: Matter, fresh: bool) -> None:
        self.now += timedelta(seconds=1)
        self.counter += fresh
        event = safety_event(event_id=name, unit=f"unit {self.counter}", pses_entered_at=None)
        entering = Entering("policy 3", "PSO 17", matter, send)
        (found,) = self.outbox.capture([event], ENCODE, corrections=True, entering=entering)
        assert not (found.stores and name in self.removed)

    @rule(seconds=st.integers(-3_600, 86_400))
    def time_passes_or_the_clock_is_set_back(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(name=NAMES)
    def report(self, name: str) -> None:
        self.attempt(lambda: self.custody.queue([name]))

    @precondition(lambda self: self.outbox.waiting(0))
    @rule(most=st.integers(1, 3))
    def hand_to_the_broker(self, most: int) -> None:
        for waiting in self.outbox.offer(0, most):
            name = waiting.key.decode().partition("|")[2]
            assert name not in self.removed
            self.in_flight.add(waiting.sequence)
            self.ever_given[waiting.sequence] = name

    @precondition(lambda self: self.in_flight)
    @rule(data=st.data())
    def the_broker_takes_one(self, data: st.DataObject) -> None:
        sequence = data.draw(st.sampled_from(sorted(self.in_flight)))
        self.in_flight.discard(sequence)
        self.taken.add(self.ever_given[sequence])
        self.outbox.settle([Receipt(sequence, "topic", 0, sequence, 1_772_366_400_000)], [])

    @precondition(lambda self: self.in_flight)
    @rule(data=st.data())
    def the_broker_takes_one_and_we_are_killed_before_its_receipt(self, data: st.DataObject) -> None:
        sequence = data.draw(st.sampled_from(sorted(self.in_flight)))
        self.taken.add(self.ever_given[sequence])
        self.killed()

    @precondition(lambda self: self.in_flight)
    @rule(data=st.data())
    def the_broker_refuses_one(self, data: st.DataObject) -> None:
        sequence = data.draw(st.sampled_from(sorted(self.in_flight)))
        self.in_flight.discard(sequence)
        self.outbox.settle([], [Refusal(sequence, "POLICY_VIOLATION")])

    @rule()
    def killed(self) -> None:
        self.in_flight.clear()
        self.outbox.close()
        self.open()

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        if self.attempt(lambda: self.custody.remove([name], "quality office", "entered by mistake")):
            assert name not in self.taken
            assert name not in {self.ever_given[sequence] for sequence in self.in_flight}
            self.removed.add(name)

    @rule(name=NAMES)
    def report_functionally(self, name: str) -> None:
        self.attempt(lambda: self.custody.report_functionally([name], "clause 4.2"))

    def attempt(self, act: Callable[[], int]) -> bool:
        """True where it was lawful. An unknown event fails; everything else that is not lawful is refused by a paragraph."""
        failure = None
        try:
            act()
        except Failure as failed:
            failure = failed
        assert failure is None or (failure.code is ExitCode.REFUSED) == ("42 CFR 3.20" in str(failure))
        return failure is None

    @invariant()
    def the_register_is_whole_and_agrees_with_the_outbox(self) -> None:
        if not hasattr(self, "outbox"):
            return
        told = list(entries(self.outbox))
        assert Register(export_line(entry, sealed) for entry, sealed in told).faults == []
        states: dict[tuple[str, int], list[Act]] = {}
        for entry, _ in told:
            states.setdefault((entry.event, entry.revision), []).append(entry.act)
            if entry.act is Act.ENTER:
                assert self.entered.setdefault((entry.event, entry.revision), entry.at) == entry.at
        assert set(self.entered) == set(states)
        for acts in states.values():
            assert acts[0] is Act.ENTER
            assert acts[1:] in ([], [Act.REMOVE], [Act.REPORT], [Act.REPORT_FUNCTIONALLY])
        ended = {"sent": Act.REPORT, "functional": Act.REPORT_FUNCTIONALLY, "removed": Act.REMOVE}
        for event_id, revision, state in self.outbox.connection.execute("SELECT event_id, revision, state FROM events"):
            assert states[event_id, revision][-1] is ended.get(state, Act.ENTER)

    @invariant()
    def what_was_removed_is_not_waiting_and_keeps_no_bytes(self) -> None:
        if hasattr(self, "outbox"):
            names = {waiting.key.decode().partition("|")[2] for waiting in self.outbox.waiting(0)}
            assert not names & self.removed
            left = "SELECT count(*) FROM events WHERE state = 'removed' AND value IS NOT NULL"
            assert self.outbox.connection.execute(left).fetchone() == (0,)


TestPses = Pses.TestCase
TestPses.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)

FORBIDDEN = [
    ("UPDATE register SET at = '2020-01-01T00:00:00.000000Z'", "the register only grows"),
    ("DELETE FROM register", "the register only grows"),
    (
        "UPDATE events SET entered_at = '2020-01-01T00:00:00.000000Z' WHERE ended_entry IS NULL",
        "an entry into the PSES is never edited",
    ),
    ("UPDATE events SET matter = 'deliberation' WHERE ended_entry IS NULL", "an entry into the PSES is never edited"),
    ("UPDATE events SET state = 'captured', ended_entry = NULL", "what was reported or removed stays so"),
    ("DELETE FROM events", "removal is an act, not a deletion"),
]


@pytest.mark.parametrize(("statement", "told"), FORBIDDEN, ids=[row[0] for row in FORBIDDEN])
def test_the_file_itself_lets_no_program_edit_what_is_documented(tmp_path: Path, statement: str, told: str) -> None:
    with Outbox(tmp_path / "outbox.sqlite", lambda: datetime(2026, 3, 1, tzinfo=UTC)) as outbox:
        outbox.capture([safety_event(event_id="evt-1"), safety_event(event_id="evt-2")], ENCODE)
        Custody(outbox).remove(["evt-1"], "quality office", "entered by mistake")
        with pytest.raises(sqlite3.IntegrityError, match=told):
            outbox.connection.execute(statement)
