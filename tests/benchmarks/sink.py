"""(b) The sink's transaction against plain COPY of the same rows into the same table, in turns."""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import psycopg
from psycopg import sql

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import AcceptedEvent, ClassifiedEvent, Contribution, Record
from schemas.topics import Topic
from stream_processors.domain.aggregation import contribution
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.sink_rows import Row, rows_of
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Sink
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.contributions import CONTRIBUTIONS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.migration import migrate
from stream_processors.warehouse.positions import Advance
from stream_processors.warehouse.tables import PLACE
from tests.support.builders import accepted, crowded_event
from tests.support.classifiers import SHIPPED

CODEC = Codec(bundled())
BATCH = 2_000
Made = Callable[[int], Record]


def _accepted(number: int) -> AcceptedEvent:
    return accepted(crowded_event(event_id=f"bench-{number:09d}"))


def _classified(number: int) -> ClassifiedEvent:
    return SHIPPED.classify(_accepted(number))


def _contribution(number: int) -> Contribution:
    return contribution(_classified(number))


SINKS: dict[str, tuple[Sink, Made]] = {
    "event_revisions": (EVENT_REVISIONS, _accepted),
    "classifications": (CLASSIFICATIONS, _classified),
    "contributions (fold)": (CONTRIBUTIONS, _contribution),
}


def against_copy(database_url: str, runs: int, rows: int) -> dict[str, Any]:
    """Rows per second of both, medians, and the ratio; decoding is not part of either."""
    migrate(database_url)
    return {name: _one(database_url, sink, made, runs, rows) for name, (sink, made) in SINKS.items()}


def _one(database_url: str, sink: Sink, made: Made, runs: int, count: int) -> dict[str, Any]:
    ours, plain = [], []
    for run in range(runs):
        rows = _rows(sink, made, run * count, count)
        ours.append(count / _timed(partial(_load, database_url, sink, rows)))
        plain.append(count / _timed(partial(_copy, database_url, sink, rows)))
    return {
        "rows_per_second": round(statistics.median(ours)),
        "plain_copy_rows_per_second": round(statistics.median(plain)),
        "ratio": round(statistics.median(o / p for o, p in zip(ours, plain, strict=True)), 2),
    }


def _rows(sink: Sink, made: Made, first: int, count: int) -> list[Row]:
    (topic,) = sink.reads
    batch = [_incoming(topic, made(first + n), first + n) for n in range(count)]
    return rows_of(sink, batch, CODEC, Wire("", sink.reads), UnexpectedLimit(1, 0)).rows


def _incoming(topic: Topic, record: Record, offset: int) -> Incoming:
    return Incoming(topic.name, 0, offset, 1_700_000_000_000, topic.key(record).encode(), CODEC.encode(record), [])


def _load(database_url: str, sink: Sink, rows: Sequence[Row]) -> None:
    loader = Loader(sink, database_url)
    (topic,) = sink.reads
    place = (topic.name, 0)
    at = loader.positions([place])[place]
    for begin in range(0, len(rows), BATCH):
        batch = rows[begin : begin + BATCH]
        loader.load(batch, [Advance(*place, at, at + len(batch))], lambda _refused: None)
        at += len(batch)
    loader.close()


def _copy(database_url: str, sink: Sink, rows: Sequence[Row]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, (*sink.columns, *PLACE)))
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute("create schema if not exists bench")
        table = sql.Identifier("bench", sink.name)
        database.execute(sql.SQL("drop table if exists {}").format(table))
        like = sql.SQL("create table {} (like {} including all)")
        database.execute(like.format(table, sql.Identifier(*sink.relation.split("."))))
        for begin in range(0, len(rows), BATCH):
            copy_into = sql.SQL("copy {} ({}) from stdin").format(table, names)
            with database.transaction(), database.cursor().copy(copy_into) as copy:
                for row in rows[begin : begin + BATCH]:
                    copy.write_row(row)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
