"""What becomes of the records that a sink read: rows, or dead letters. Plain functions, without Kafka or PostgreSQL."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.codec import Codec, Undecodable
from schemas.records import SafetyEvent
from stream_processors.domain.rejection import Reason
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Arrival, Sink

LOG = logging.getLogger("pso.sink")

Row = tuple[object, ...]
_FULL_DATE = len("YYYY-MM-DD")


@dataclass(frozen=True, slots=True)
class Burial:
    """A record that cannot become a row, and why."""

    incoming: Incoming
    reason: str
    path: str = ""


@dataclass(slots=True)
class SinkRows:
    """The rows of a batch, each with the record it came from, and the records that have none."""

    rows: list[Row] = field(default_factory=list)
    sources: list[Incoming] = field(default_factory=list)
    burials: list[Burial] = field(default_factory=list)
    newest_event: str = ""
    """The latest full event date (YYYY-MM-DD) among the records: how fresh the facts are, not the messages."""


def rows_of(sink: Sink, batch: Sequence[Incoming], codec: Codec, wire: Wire, limit: UnexpectedLimit) -> SinkRows:
    """Decode and convert a batch. Raises TooManyUnexpected when our own faults pass the limit."""
    made = SinkRows()
    for incoming in batch:
        topic = wire.topic(incoming.topic)
        try:
            record = None if topic.dead else codec.decode(incoming.value, topic.record)
            row = sink.row(record, _arrival(incoming))
        except Undecodable as error:
            made.burials.append(Burial(incoming, error.reason, error.path))
        except Exception as error:
            # The words of an exception may quote the record: only its type is logged.
            LOG.error("unexpected %s in sink %s at %s", type(error).__name__, sink.name, incoming.offset)
            limit.saw(incoming.partition, unexpected=True)
            made.burials.append(Burial(incoming, Reason.UNEXPECTED))
        else:
            limit.saw(incoming.partition, unexpected=False)
            made.rows.append((*row, incoming.topic, incoming.partition, incoming.offset))
            made.sources.append(incoming)
            made.newest_event = max(made.newest_event, _event_date(record))
    return made


def _event_date(record: object) -> str:
    event = getattr(record, "event", None)
    day = event.event_date if isinstance(event, SafetyEvent) else None
    return day if day is not None and len(day) == _FULL_DATE else ""


def _arrival(incoming: Incoming) -> Arrival:
    return Arrival(incoming.position, incoming.headers, hashlib.sha256(incoming.value or b"").digest())
