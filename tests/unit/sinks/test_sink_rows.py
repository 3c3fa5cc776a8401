"""A batch becomes rows and dead letters: no record is lost between the two, and our own faults have a limit."""

import pytest

from schemas import topics
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.headers import Position, Trail
from stream_processors.runtime.limits import TooManyUnexpected, UnexpectedLimit
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.sink_rows import SinkRows, rows_of
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Sink
from stream_processors.sinks.dead_letters import dead_letters
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from tests.support.builders import accepted, classified

ACCEPTED = topics.EVENTS_ACCEPTED
CODEC = Codec(bundled())
WIRE = Wire("test-", (ACCEPTED, ACCEPTED.dead_letters))
GOOD = CODEC.encode(accepted())


def incoming(value: bytes | None, offset: int, topic: str = "pso-events-accepted") -> Incoming:
    return Incoming(f"test-{topic}", 0, offset, 1, b"key", value, [])


def made(sink: Sink, *values: bytes | None, topic: str = "pso-events-accepted") -> SinkRows:
    batch = [incoming(value, offset, topic) for offset, value in enumerate(values)]
    return rows_of(sink, batch, CODEC, WIRE, UnexpectedLimit(3, 0.5))


def failing(_record: object, _arrival: object) -> tuple[object, ...]:
    raise ZeroDivisionError("quotes the record")


BROKEN = Sink("broken", (ACCEPTED,), "t", ACCEPTED.grade, ("a",), ("a",), failing)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty"),  # a tombstone
        (b"rubbish", "not_framed"),
        (GOOD[:-3], "not_avro"),
        (GOOD + b"x", "trailing_bytes"),
        (CODEC.encode(classified()), "unexpected_record"),
    ],
)
def test_what_is_no_record_is_set_aside_and_its_neighbours_become_rows(value: bytes | None, reason: str) -> None:
    found = made(EVENT_REVISIONS, GOOD, value, GOOD)
    assert [(burial.incoming.offset, burial.reason) for burial in found.burials] == [(1, reason)]
    assert [source.offset for source in found.sources] == [0, 2]
    assert [row[-3:] for row in found.rows] == [("test-pso-events-accepted", 0, 0), ("test-pso-events-accepted", 0, 2)]


def test_the_same_bytes_have_the_same_digest_and_other_bytes_another() -> None:
    rows = made(EVENT_REVISIONS, GOOD, GOOD, CODEC.encode(accepted(policy_version=4))).rows
    digests = [row[EVENT_REVISIONS.columns.index("digest")] for row in rows]
    assert digests[0] == digests[1] != digests[2]


def test_the_bytes_of_a_dead_letter_are_not_read() -> None:
    found = made(dead_letters([ACCEPTED.dead_letters]), b"any bytes", None, topic="pso-events-accepted-dead")
    assert (len(found.rows), found.burials) == (2, [])


def test_our_own_fault_is_a_dead_letter_and_then_stops_the_sink() -> None:
    assert [burial.reason for burial in made(BROKEN, GOOD, GOOD).burials] == ["unexpected", "unexpected"]
    with pytest.raises(TooManyUnexpected):
        made(BROKEN, GOOD, GOOD, GOOD)


def test_nothing_of_the_record_is_in_the_log_of_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    made(BROKEN, GOOD)
    assert "ZeroDivisionError" in caplog.text
    assert "quotes the record" not in caplog.text


def test_the_trail_reaches_the_row() -> None:
    pairs = Trail(Position("entry", 3, 8), 1).pairs()
    batch = [Incoming("test-pso-events-accepted", 0, 0, 1, b"key", GOOD, pairs)]
    row = rows_of(EVENT_REVISIONS, batch, CODEC, WIRE, UnexpectedLimit(3, 0.5)).rows[0]
    assert row[EVENT_REVISIONS.columns.index("origin_offset")] == 8
