"""The outbox: nothing twice, nothing lost, nothing kept longer than needed, and a remedy in every failure."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from producers.encoding import bundled_encoder
from producers.failure import ExitCode, Failure
from producers.outbox import PAGE_BYTES, PAGE_EVENTS, Outbox, Receipt, Refusal, State
from producers.revisions import Verdict
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from schemas.records.parts import Narrative
from schemas.taxonomy import Action, NarrativeKind
from tests.support.builders import safety_event

ENCODE = bundled_encoder()
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def opened(path: Path, at: datetime = NOON, max_pages: int | None = None) -> Outbox:
    return Outbox(path, lambda: at, max_pages)


def numbered(count: int, **changes: object) -> list[SafetyEvent]:
    return [safety_event(event_id=f"evt-{number}", **changes) for number in range(count)]


def verdicts(outbox: Outbox, *events: SafetyEvent, corrections: bool = False) -> list[Verdict]:
    return [found.verdict for found in outbox.capture(events, ENCODE, corrections=corrections)]


def held_events(outbox: Outbox) -> list[SafetyEvent]:
    codec = Codec(bundled())
    return [codec.decode(item.value, SafetyEvent) for item in outbox.waiting(0)]


def receipt(sequence: int, offset: int = 0) -> Receipt:
    return Receipt(sequence, "pso-events", 0, offset, 1_772_366_400_000)


def test_the_same_events_again_add_nothing(path: Path) -> None:
    with opened(path) as outbox:
        assert verdicts(outbox, *numbered(3)) == [Verdict.NEW] * 3
    with opened(path, NOON + timedelta(days=1)) as outbox:
        assert verdicts(outbox, *numbered(4)) == [Verdict.KNOWN] * 3 + [Verdict.NEW]
        assert outbox.counts()[State.CAPTURED] == 4


def test_an_event_twice_in_one_batch_is_one_event(path: Path) -> None:
    with opened(path) as outbox:
        assert verdicts(outbox, safety_event(), safety_event()) == [Verdict.NEW, Verdict.KNOWN]


def test_capture_says_when_the_event_entered_the_pses_unless_the_source_does(path: Path) -> None:
    with opened(path) as outbox:
        outbox.capture([safety_event(pses_entered_at=None), *numbered(1)], ENCODE)
        first, second = held_events(outbox)
    assert first.pses_entered_at == "2026-03-01T12:00:00.000000Z"
    assert second.pses_entered_at == "2024-05-17T14:03:00Z"


def test_other_content_under_a_held_revision_is_not_taken(path: Path) -> None:
    with opened(path) as outbox:
        assert verdicts(outbox, safety_event(), safety_event(unit="ED")) == [Verdict.NEW, Verdict.REVISION_TAKEN]
        assert outbox.counts()[State.CAPTURED] == 1


def test_with_corrections_changed_content_is_the_next_revision_and_a_withdrawal_stays_one(path: Path) -> None:
    changed, gone = safety_event(unit="ED"), safety_event(action=Action.WITHDRAW)
    with opened(path) as outbox:
        assert verdicts(outbox, safety_event(), changed, changed, gone, corrections=True) == [
            Verdict.NEW, Verdict.CORRECTION, Verdict.KNOWN, Verdict.CORRECTION,
        ]  # fmt: skip
        assert [(event.revision, event.action) for event in held_events(outbox)] == [
            (1, "report"), (2, "correct"), (3, "withdraw"),
        ]  # fmt: skip


def test_an_event_leaves_on_its_receipt_and_the_receipt_stays(path: Path) -> None:
    with opened(path) as outbox:
        outbox.capture(numbered(2), ENCODE)
        first, second = outbox.waiting(0)
        outbox.settle([receipt(first.sequence, 41)], [])
        assert outbox.waiting(0) == [second]
        assert list(outbox.receipts()) == [("evt-0", 1, receipt(first.sequence, 41))]
        assert verdicts(outbox, *numbered(1)) == [Verdict.KNOWN]


def test_no_bytes_of_a_sent_event_stay_in_the_file(path: Path) -> None:
    words = (Narrative(NarrativeKind.DESCRIPTION, "Zebulon Quartermain fell"),)
    with opened(path) as outbox:
        outbox.capture([safety_event(narratives=words)], ENCODE)
    assert b"Quartermain" in path.read_bytes()
    with opened(path) as outbox:
        outbox.settle([receipt(outbox.waiting(0)[0].sequence)], [])
    assert b"Quartermain" not in path.read_bytes()
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_second_receipt_does_not_replace_the_first(path: Path) -> None:
    with opened(path) as outbox:
        outbox.capture(numbered(1), ENCODE)
        (item,) = outbox.waiting(0)
        outbox.settle([receipt(item.sequence, 1)], [])
        outbox.settle([receipt(item.sequence, 2)], [Refusal(item.sequence, "LATE")])
        assert [found.offset for _, _, found in outbox.receipts()] == [1]
        assert outbox.counts() == {State.CAPTURED: 0, State.SENT: 1, State.REFUSED: 0}


def test_a_refused_event_stands_aside_until_it_is_tried_again(path: Path) -> None:
    with opened(path) as outbox:
        outbox.capture(numbered(2), ENCODE)
        first, second = outbox.waiting(0)
        outbox.settle([], [Refusal(first.sequence, "MSG_SIZE_TOO_LARGE")])
        assert (outbox.waiting(0), outbox.refusals()) == ([second], {"MSG_SIZE_TOO_LARGE": 1})
        assert outbox.try_refused_again() == 1
        assert (outbox.waiting(0), outbox.refusals()) == ([first, second], {})


def test_pages_are_bounded_in_events_and_in_bytes_and_leave_none_out(path: Path) -> None:
    large = (Narrative(NarrativeKind.DESCRIPTION, "w" * 200_000),) * 5
    with opened(path) as outbox:
        outbox.capture(numbered(20, narratives=large) + numbered(PAGE_EVENTS + 1, revision=2), ENCODE)
        after, pages = 0, []
        while page := outbox.waiting(after):
            pages.append(page)
            after = page[-1].sequence
    assert [item.sequence for page in pages for item in page] == list(range(1, PAGE_EVENTS + 22))
    assert max(len(page) for page in pages) == PAGE_EVENTS
    assert max(sum(len(item.value) for item in page) for page in pages) < PAGE_BYTES + 1_048_576


def test_the_age_of_the_oldest_is_that_of_its_capture(path: Path) -> None:
    with opened(path) as outbox:
        assert outbox.oldest_waiting() is None
        outbox.capture(numbered(1), ENCODE)
    with opened(path, NOON + timedelta(hours=1)) as outbox:
        outbox.capture(numbered(2), ENCODE)
        assert outbox.oldest_waiting() == NOON


def test_an_outbox_belongs_to_one_topic(path: Path) -> None:
    with opened(path) as outbox:
        outbox.bind("topic-a").bind("topic-a")
        with pytest.raises(Failure, match="belongs to topic topic-a, not topic-b") as failed:
            outbox.bind("topic-b")
    assert failed.value.code is ExitCode.REFUSED


def test_only_its_owner_may_read_it(path: Path) -> None:
    with opened(path) as outbox:
        outbox.capture(numbered(1), ENCODE)
        modes = {found.name: found.stat().st_mode & 0o777 for found in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3


def failure_of(path: Path, *events: SafetyEvent, max_pages: int | None = None) -> Failure:
    with pytest.raises(Failure) as failed, opened(path, max_pages=max_pages) as outbox:
        outbox.capture(events, ENCODE)
    assert failed.value.code is ExitCode.FAILED
    assert len(str(failed.value).splitlines()) == 1
    return failed.value


def test_a_full_disk_stops_at_a_whole_batch_and_loses_nothing(path: Path) -> None:
    large = (Narrative(NarrativeKind.DESCRIPTION, "w" * 2_000),)
    with opened(path, max_pages=60) as outbox:
        stored, told = 0, ""
        while stored < 1_000 and not told:
            batch = [safety_event(event_id=f"evt-{stored + number}", narratives=large) for number in range(10)]
            try:
                stored += len(outbox.capture(batch, ENCODE))
            except Failure as failure:
                told = str(failure)
        assert "the disk (or its quota) is full: make room and run the command again" in told
        assert 0 < stored < 1_000
        assert outbox.counts()[State.CAPTURED] == stored
        assert [event.event_id for event in held_events(outbox)] == [f"evt-{number}" for number in range(stored)]
    with opened(path) as outbox:  # room was made: the same batch goes in
        assert verdicts(outbox, *batch) == [Verdict.NEW] * 10


def test_a_full_disk_lets_the_outbox_be_emptied(path: Path) -> None:
    with opened(path) as outbox:
        outbox.capture(numbered(50), ENCODE)
    with opened(path, max_pages=1) as outbox:
        outbox.settle([receipt(item.sequence) for item in outbox.waiting(0)], [])
        assert outbox.waiting(0) == []


def test_a_locked_outbox_says_who_to_close(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("producers.outbox_file._BUSY_MS", 50)
    opened(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert "another program holds it: close that program" in str(failure_of(path, safety_event()))
    other.close()
    with opened(path) as outbox:
        assert verdicts(outbox, safety_event()) == [Verdict.NEW]


@pytest.fixture
def public() -> Iterator[Path]:
    """A directory that every user may enter and none but its owner may change."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def test_an_outbox_that_cannot_be_written_says_which_right_is_missing(public: Path) -> None:
    path = public / "outbox.sqlite"
    opened(path).close()
    path.chmod(0o444)
    public.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)  # root may write everything
    try:
        told = str(failure_of(path, safety_event()))
    finally:
        os.seteuid(user)
        public.chmod(0o755)
    assert "give this user the right to write the file and its directory" in told


UNUSABLE = [
    (b"no database at all, but long enough to be read as one" * 100, "it is no outbox", "another kind of file"),
    (b"", "", "an empty file is a new outbox: a kill right after its creation leaves one"),
]


@pytest.mark.parametrize(("content", "told"), [row[:2] for row in UNUSABLE], ids=[row[2] for row in UNUSABLE])
def test_what_is_no_outbox_is_left_alone(path: Path, content: bytes, told: str) -> None:
    path.write_bytes(content)
    if told:
        assert told in str(failure_of(path, safety_event()))
        assert path.read_bytes() == content
    else:
        with opened(path) as outbox:
            assert verdicts(outbox, safety_event()) == [Verdict.NEW]


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "PSO_PRODUCE_OUTBOX" in str(failure_of(tmp_path / "missing" / "outbox.sqlite", safety_event()))


def test_an_outbox_of_another_version_is_not_touched(path: Path) -> None:
    opened(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 9")
    other.close()
    assert "written by another version (9)" in str(failure_of(path, safety_event()))
