"""Acts on what waits in the PSES: all or nothing, nothing in doubt removed, and bytes kept or overwritten as the act wants."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from producers.custody.acts import Custody
from producers.custody.reading import entries, entries_of, head
from producers.encoding import bundled_encoder
from producers.entrance import Entering
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox, Receipt, Refusal
from producers.pses.entries import GENESIS, entry_hash
from producers.pses.items import Act, Matter
from producers.revisions import Verdict
from schemas.records.parts import Narrative
from schemas.taxonomy import NarrativeKind
from tests.support.builders import safety_event

ENCODE = bundled_encoder()
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WAITING = Entering("policy 3", "PSO 17", send=False)
PARAGRAPH = r"42 CFR 3\.20, patient safety work product \(2\)\(ii\)\(A\)"


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite", lambda: NOON) as opened:
        yield opened


def entered(outbox: Outbox, *names: str, entering: Entering = WAITING, **changes: object) -> Custody:
    outbox.capture([safety_event(event_id=name, pses_entered_at=None, **changes) for name in names], ENCODE, entering=entering)
    return Custody(outbox)


def acts_on(outbox: Outbox, event: str) -> list[Act]:
    return [entry.act for entry, _ in entries(outbox) if entry.event == event]


def remove(custody: Custody, *names: str) -> int:
    return custody.remove(names, "quality office", "entered by mistake")


def test_an_event_that_only_entered_is_not_sent_until_it_is_to_be_reported(outbox: Outbox) -> None:
    custody = entered(outbox, "evt-1", "evt-2")
    assert (outbox.waiting(0), outbox.offer(0)) == ([], [])
    assert custody.queue(["evt-1"]) == 1
    assert [waiting.sequence for waiting in outbox.waiting(0)] == [1]
    assert custody.queue_all() == 1
    assert custody.counts() == {"in_pses": 2, "offered": 0, "reported": 0, "functionally_reported": 0, "removed": 0}


def test_an_entry_says_when_under_which_policy_and_for_which_pso(outbox: Outbox) -> None:
    entered(outbox, "evt-1")
    outbox.capture([safety_event(event_id="evt-2", pses_policy="policy 2")], ENCODE, entering=WAITING)
    (first, _), (second, _) = entries(outbox)
    assert (first.at, first.policy, first.pso, first.claimed_at) == ("2026-03-01T12:00:00.000000Z", "policy 3", "PSO 17", None)
    assert (second.at, second.policy, second.claimed_at) == (first.at, "policy 2", "2024-05-17T14:03:00Z")


def test_the_first_entry_follows_nothing_and_each_other_the_one_before(outbox: Outbox) -> None:
    assert head(outbox) == (0, GENESIS)
    entered(outbox, "evt-1", "evt-2")
    (first, first_hash), (second, second_hash) = entries(outbox)
    assert (first.previous, second.previous) == (GENESIS.hex(), first_hash.hex())
    assert [first_hash, second_hash] == [entry_hash(first), entry_hash(second)]
    assert head(outbox) == (2, second_hash)


def test_a_removed_event_leaves_its_digest_and_no_bytes(outbox: Outbox) -> None:
    words = (Narrative(NarrativeKind.DESCRIPTION, "Zebulon Quartermain fell"),)
    custody = entered(outbox, "evt-1", narratives=words)
    assert remove(custody, "evt-1") == 1
    (held,) = custody.held(["evt-1"])
    _, (last, _) = entries_of(outbox, [held.sequence])
    assert (last.act, last.actor, last.reason, last.at) == (
        Act.REMOVE, "quality office", "entered by mistake", "2026-03-01T12:00:00.000000Z",
    )  # fmt: skip
    path = outbox.path
    outbox.close()
    assert b"Quartermain" not in path.read_bytes()


def test_a_removed_event_does_not_come_back_by_a_correction(outbox: Outbox) -> None:
    remove(entered(outbox, "evt-1"), "evt-1")
    again = safety_event(event_id="evt-1", pses_entered_at=None)
    changed = safety_event(event_id="evt-1", unit="ED")
    for corrections in (False, True):
        found = outbox.capture([again, changed, safety_event(event_id="evt-1", revision=2)], ENCODE, corrections=corrections)
        assert found[0].verdict is Verdict.KNOWN
        assert not any(standing.stores for standing in found)
    assert outbox.waiting(0) == []


def test_a_functional_report_keeps_the_bytes_where_the_pso_has_access_and_is_never_sent(outbox: Outbox) -> None:
    custody = entered(outbox, "evt-1", "evt-2", entering=Entering())
    assert custody.report_functionally(["evt-1", "evt-2"], "clause 4.2") == 2
    assert outbox.offer(0) == []
    kept = "SELECT count(*) FROM events WHERE state = 'functional' AND value IS NOT NULL"
    assert outbox.connection.execute(kept).fetchone() == (2,)
    told = [entry for entry, _ in entries(outbox)][2:]
    assert {(entry.clause, entry.items, entry.list_sha256) for entry in told} == {("clause 4.2", 2, told[0].list_sha256)}


def test_what_may_have_been_reported_is_not_removed(outbox: Outbox) -> None:
    custody = entered(outbox, "evt-1", entering=Entering())
    (waiting,) = outbox.offer(0)  # and here the process is killed
    with pytest.raises(Failure, match="handed to the broker") as failed:
        remove(custody, "evt-1")
    assert failed.value.code is ExitCode.REFUSED
    with pytest.raises(Failure, match="handed to the broker"):
        custody.report_functionally(["evt-1"], "clause 4.2")
    assert custody.counts()["offered"] == 1
    outbox.settle([Receipt(waiting.sequence, "topic", 0, 7, 1_772_366_400_000)], [])
    assert custody.counts() == {"in_pses": 0, "offered": 0, "reported": 1, "functionally_reported": 0, "removed": 0}
    with pytest.raises(Failure, match=PARAGRAPH):
        remove(custody, "evt-1")


def test_what_the_broker_refused_each_time_was_not_reported_and_may_be_removed(outbox: Outbox) -> None:
    custody = entered(outbox, "evt-1", entering=Entering())
    (waiting,) = outbox.offer(0)
    outbox.settle([], [Refusal(waiting.sequence, "MSG_SIZE_TOO_LARGE")])
    assert remove(custody, "evt-1") == 1


def test_a_refusal_does_not_answer_an_earlier_offer_that_was_never_answered(outbox: Outbox) -> None:
    custody = entered(outbox, "evt-1", entering=Entering())
    outbox.offer(0)  # killed before the answer: the broker may have taken it
    (waiting,) = outbox.offer(0)
    outbox.settle([], [Refusal(waiting.sequence, "POLICY_VIOLATION")])
    with pytest.raises(Failure, match=PARAGRAPH):
        remove(custody, "evt-1")


def test_deliberations_are_reported_but_never_removed(outbox: Outbox) -> None:
    custody = entered(outbox, "evt-1", entering=Entering(matter=Matter.DELIBERATION, send=False))
    with pytest.raises(Failure, match=r"patient safety work product \(1\)\(ii\)"):
        remove(custody, "evt-1")
    assert custody.queue(["evt-1"]) == 1


def test_an_act_is_done_to_all_events_or_to_none(outbox: Outbox) -> None:
    custody = entered(outbox, "evt-1", "evt-2", "evt-3")
    remove(custody, "evt-2")
    with pytest.raises(Failure, match="nothing was done") as failed:
        remove(custody, "evt-1", "evt-2", "evt-3")
    assert failed.value.code is ExitCode.REFUSED
    with pytest.raises(Failure, match="holds no event evt-9: nothing was done"):
        custody.queue(["evt-1", "evt-9"])
    assert [acts_on(outbox, name) for name in ("evt-1", "evt-3")] == [[Act.ENTER]] * 2


def test_many_refusals_are_told_in_a_few_lines(outbox: Outbox) -> None:
    names = [f"evt-{number}" for number in range(100)]
    custody = entered(outbox, *names)
    remove(custody, *names)
    with pytest.raises(Failure, match="80 more are refused") as failed:
        remove(custody, *names)
    assert len(str(failed.value).splitlines()) == 22


def test_two_providers_with_one_event_id_are_told_apart(outbox: Outbox) -> None:
    custody = entered(outbox, "evt-1")
    entered(outbox, "evt-1", provider="prv-q0z7hh")
    with pytest.raises(Failure, match=r"several providers: name it as prv-8f3k2m\|evt-1 or prv-q0z7hh\|evt-1"):
        remove(custody, "evt-1")
    assert remove(custody, "prv-q0z7hh|evt-1") == 1
    assert custody.queue(["prv-8f3k2m|evt-1"]) == 1


def test_a_correction_names_what_it_corrects_and_a_second_receipt_writes_no_second_report(outbox: Outbox) -> None:
    entered(outbox, "evt-1", entering=Entering())
    outbox.capture([safety_event(event_id="evt-1", unit="ED")], ENCODE, corrections=True)
    for offset in (1, 2):
        outbox.settle([Receipt(1, "topic", 0, offset, 1_772_366_400_000)], [])
    told = [entry for entry, _ in entries(outbox)]
    assert [(entry.act, entry.revision, entry.corrects, entry.offset) for entry in told] == [
        (Act.ENTER, 1, None, None), (Act.ENTER, 2, 1, None), (Act.REPORT, 1, None, 1),
    ]  # fmt: skip
