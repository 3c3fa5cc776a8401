"""A batch of events enters as its events would one by one: the same verdicts, rows, entries and hashes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from producers.custody.acts import Custody
from producers.encoding import bundled_encoder
from producers.entrance import Entering
from producers.outbox import Outbox
from producers.revisions import Standing
from schemas.records import SafetyEvent
from schemas.taxonomy import Action
from tests.support.builders import safety_event

ENCODE = bundled_encoder()
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WAITING = Entering("policy 3", "PSO 17", send=False)

EVENTS = st.builds(
    lambda name, revision, unit, action, entered: safety_event(
        event_id=name, revision=revision, unit=unit, action=action, pses_entered_at=entered
    ),
    st.sampled_from(["evt-1", "evt-2", "evt-3"]),
    st.integers(1, 3),
    st.sampled_from(["ICU", "ED", None]),
    st.sampled_from([Action.REPORT, Action.REPORT, Action.CORRECT, Action.WITHDRAW]),
    st.sampled_from([None, "2024-05-17T14:03:00Z"]),
)


@contextmanager
def outbox_with(held: list[SafetyEvent], removed: bool) -> Iterator[Outbox]:
    """An outbox that holds these already, the first of them removed if so asked."""
    with tempfile.TemporaryDirectory() as folder, Outbox(Path(folder) / "outbox.sqlite", lambda: NOON) as outbox:
        outbox.capture(held, ENCODE, entering=WAITING)
        if removed and held:
            Custody(outbox).remove([held[0].event_id], "A. Person", "entered by mistake")
        yield outbox


def contents(outbox: Outbox) -> list[tuple[object, ...]]:
    tables = ("events ORDER BY sequence", "register ORDER BY number", "sqlite_sequence")
    return [row for table in tables for row in outbox.connection.execute(f"SELECT * FROM {table}")]


@given(
    held=st.lists(EVENTS, max_size=3), removed=st.booleans(), events=st.lists(EVENTS, max_size=12), corrections=st.booleans()
)
@settings(max_examples=60, deadline=None)
def test_a_batch_enters_as_its_events_do_one_by_one(
    held: list[SafetyEvent], removed: bool, events: list[SafetyEvent], corrections: bool
) -> None:
    with outbox_with(held, removed) as together, outbox_with(held, removed) as alone:
        batch = together.capture(events, ENCODE, corrections=corrections, entering=WAITING)
        single: list[Standing] = []
        for event in events:
            single += alone.capture([event], ENCODE, corrections=corrections, entering=WAITING)
        assert batch == single
        assert contents(together) == contents(alone)
