"""What one step does with one chunk, without Faust and without Kafka."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.headers import Death, Position, Trail
from schemas.records import Acceptance, AcceptedEvent, NonidentifiedEvent, Record, SafetyEvent
from schemas.taxonomy import Action, NarrativeRelease, ProviderType, ReportType
from schemas.topics import EVENTS_ACCEPTED, EVENTS_NONIDENTIFIED, Topic, submitted
from stream_processors.domain.rejection import Reason, Rejected
from stream_processors.runtime.limits import TooManyUnexpected, UnexpectedLimit
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.outlet import TIMELESS, Outlet
from stream_processors.runtime.shared_decoding import SharedDecoding
from stream_processors.runtime.step import Outcome, ProcessorRun
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Disclosure, Given, Processor

ENTRY = submitted("arr-1")
CODEC = Codec(bundled())
WIRE = Wire("x-", [ENTRY, EVENTS_ACCEPTED, EVENTS_NONIDENTIFIED])
EVENT = SafetyEvent("evt-1", 1, Action.REPORT, "prv-1", ReportType.INCIDENT)


def accepted(event: SafetyEvent, _given: Given) -> Iterable[Record]:
    yield AcceptedEvent(event, Acceptance("arr-1", 1, ProviderType.HOSPITAL, NarrativeRelease.NONE))


def nonidentified(_event: SafetyEvent, _given: Given) -> Iterable[Record]:
    yield NonidentifiedEvent("sur-1", 1, Action.REPORT, "con-1", 1)


def incoming(value: bytes | None, offset: int = 0, partition: int = 2, headers: Any = ()) -> Incoming:
    return Incoming("x-" + ENTRY.name, partition, offset, 1_700_000_000_000, b"key", value, list(headers))


def run_of(
    function: Callable[..., Any], writes: Topic = EVENTS_ACCEPTED, disclosure: bool = False, consecutive: int = 3
) -> ProcessorRun:
    step = (
        Disclosure("release", (ENTRY,), function, writes, permitted_by="42 CFR 3.206(b)(5)")
        if disclosure
        else Processor("validate", (ENTRY,), function, writes)
    )
    outlet = Outlet(writes, WIRE.name(writes), CODEC, 4)
    return ProcessorRun(step, WIRE, SharedDecoding(CODEC), outlet, UnexpectedLimit(consecutive, 0.1))


def outcome_of(run: ProcessorRun, *chunk: Incoming) -> Outcome:
    return run.apply(run.decode(chunk), {})


def test_an_output_keeps_the_partition_and_begins_a_trail_at_the_entry() -> None:
    (output,) = outcome_of(run_of(accepted), incoming(CODEC.encode(EVENT), offset=7)).outputs
    assert (output.topic, output.partition, output.key) == ("x-pso-events-accepted", 2, b"prv-1|evt-1")
    assert Trail.of(output.headers) == Trail(Position("x-" + ENTRY.name, 2, 7), 1_700_000_000_000)


def test_an_entry_record_cannot_bring_a_trail_of_its_own() -> None:
    forged = Trail(Position("x-pso-events-submitted-other", 0, 99), 5).pairs()
    (output,) = outcome_of(run_of(accepted), incoming(CODEC.encode(EVENT), offset=7, headers=forged)).outputs
    assert Trail.of(output.headers) == Trail(Position("x-" + ENTRY.name, 2, 7), 1_700_000_000_000)


def test_the_same_input_gives_the_same_bytes() -> None:
    run, record = run_of(accepted), incoming(CODEC.encode(EVENT))
    assert outcome_of(run, record) == outcome_of(run, record)


def test_a_disclosure_carries_neither_origin_nor_time() -> None:
    run = run_of(nonidentified, EVENTS_NONIDENTIFIED, disclosure=True)
    (output,) = outcome_of(run, incoming(CODEC.encode(EVENT))).outputs
    assert {name for name, _ in output.headers} == {"pso-record", "pso-grade"}
    assert (output.timestamp, output.key) == (TIMELESS, b"sur-1")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty"),  # a tombstone is no event
        (b"", "empty"),
        (b"\x00\x00\x00", "empty"),  # shorter than a frame
        (b'{"event_id": 1}', "not_framed"),  # JSON sent where Avro belongs
        (b"\x00\x00\x00\x27\x0fxyz", "unknown_schema"),
        (b"\x00\x00\x00\x00\x02", "unexpected_record"),  # a known record, on the wrong topic
        (CODEC.encode(EVENT)[:-3], "not_avro"),  # truncated
        (CODEC.encode(EVENT) + b"\x00", "trailing_bytes"),
    ],
)
def test_bytes_that_are_no_record_become_a_dead_letter_unchanged(value: bytes | None, reason: str) -> None:
    outcome = outcome_of(run_of(accepted), incoming(value, offset=5, headers=[("theirs", b"1")]))
    (letter,) = outcome.dead
    assert (outcome.outputs, outcome.reasons) == ([], [reason])
    assert (letter.topic, letter.partition, letter.key, letter.value) == ("x-" + ENTRY.name + "-dead", 2, b"key", value)
    death = Death.of(letter.headers)
    assert death is not None
    assert (death.reason, death.step, death.position) == (reason, "validate", Position("x-" + ENTRY.name, 2, 5))
    assert letter.headers[0] == ("theirs", b"1")


def test_a_label_that_disagrees_with_the_topic_makes_a_dead_letter() -> None:
    labelled = [("pso-record", b"Contribution.v1")]
    assert outcome_of(run_of(accepted), incoming(CODEC.encode(EVENT), headers=labelled)).reasons == ["unexpected_record"]
    agreeing = [("pso-record", b"SafetyEvent.v1")]
    assert outcome_of(run_of(accepted), incoming(CODEC.encode(EVENT), headers=agreeing)).reasons == []


def test_a_rejected_record_does_not_stop_its_neighbours() -> None:
    def picky(event: SafetyEvent, given: Given) -> Iterable[Record]:
        if event.revision == 2:
            raise Rejected(Reason.OUT_OF_SCOPE, "report_type")
        return accepted(event, given)

    values = [CODEC.encode(SafetyEvent("e", n, Action.REPORT, "p", ReportType.INCIDENT)) for n in (1, 2, 3)]
    outcome = outcome_of(run_of(picky), *(incoming(value, offset) for offset, value in enumerate(values)))
    assert (len(outcome.outputs), outcome.reasons) == (2, ["out_of_scope"])


def test_a_fault_of_ours_is_a_dead_letter_without_its_words_until_the_limit() -> None:
    def broken(_event: SafetyEvent, _given: Given) -> Iterable[Record]:
        raise ValueError("Jane Roe")

    run = run_of(broken)
    outcome = outcome_of(run, incoming(CODEC.encode(EVENT)), incoming(CODEC.encode(EVENT), 1))
    assert outcome.reasons == ["unexpected", "unexpected"]
    assert b"Roe" not in b"".join(value for letter in outcome.dead for _, value in letter.headers)
    with pytest.raises(TooManyUnexpected):
        outcome_of(run, incoming(CODEC.encode(EVENT), 2))
