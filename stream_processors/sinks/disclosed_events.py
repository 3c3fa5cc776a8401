"""pso-events-anonymized and pso-events-nonidentified -> event_revisions of their own schemas.

Their rows have no time of loading and no entry position: a time of day tied to a date is a date element
(42 CFR 3.212(a)(2)(i)(C)), and an entry topic names an arrangement.
"""

import msgspec
from msgspec.structs import replace

from schemas import topics
from schemas.grades import Grade
from schemas.records import AnonymizedEvent, NonidentifiedEvent
from stream_processors.shapes import Arrival, Sink

KEY = ("event", "revision", "digest")
COLUMNS = (
    *KEY,
    "action",
    "contributor",
    "policy_version",
    "provider_type",
    "report_type",
    "categories",
    "harm",
    "record",
    "engine",
    "manifest",
    "test",
)


def row(record: AnonymizedEvent | NonidentifiedEvent, arrival: Arrival) -> tuple[object, ...]:
    """The record with what is asked of it most often beside it, and its manifest in a column of its own."""
    manifest = record.manifest
    return (
        record.event,
        record.revision,
        arrival.digest,
        str(record.action),
        record.contributor,
        record.policy_version,
        None if record.provider_type is None else str(record.provider_type),
        None if record.report_type is None else str(record.report_type),
        [str(category) for category in record.categories],
        None if record.harm is None else str(record.harm),
        msgspec.json.encode(replace(record, manifest=None)).decode(),
        None if manifest is None else manifest.engine,
        None if manifest is None else msgspec.json.encode(manifest).decode(),
        record.test,
    )


ANONYMIZED_EVENTS = Sink(
    name="anonymized-events",
    reads=(topics.EVENTS_ANONYMIZED,),
    table="event_revisions",
    grade=Grade.P1,
    key=KEY,
    columns=COLUMNS,
    row=row,
)

NONIDENTIFIED_EVENTS = Sink(
    name="nonidentified-events",
    reads=(topics.EVENTS_NONIDENTIFIED,),
    table="event_revisions",
    grade=Grade.P2,
    key=KEY,
    columns=COLUMNS,
    row=row,
)
