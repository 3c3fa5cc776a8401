"""The judge of counting: every cell there is, in every place that counts it.

The source events say what the cells must hold, and so does the log of contributions, read again and counted as a whole.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from schemas import topics
from stream_processors.runtime.messages import Incoming
from tests.chaos.counting_load import Load
from tests.chaos.counting_records import Counts, counted, decoded, heard, latest, total
from tests.support.kafka import read_all

COUNTED = [topic.name for topic in topics.INTERNAL if {"cell", "contributor", "count"} <= set(topic.record.__struct_fields__)]
"""Topics of counts, whatever their cells are."""

_TABLES = """
select table_name from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_schema = 'protected' and table_type = 'BASE TABLE' and column_name in ('partition', 'cell', 'contributor', 'count')
group by table_name having count(*) = 4
"""

Memory = Mapping[str, Mapping[str, Any]]
"""By partition: `next`, the offset up to which its log is folded, and `counts`."""


@dataclass(frozen=True, slots=True)
class CountingOracle:
    """Compares; every answer is a number of differences, and 0 is the only good one."""

    load: Load
    database_url: str
    bootstrap: str
    namespace: str

    def verdict(self, memories: Iterable[Memory]) -> dict[str, int]:
        """Every difference that was looked for, by name. `memories` are what the workers hold."""
        log = self.records(topics.CONTRIBUTIONS.name)
        said = [decoded(message) for name in COUNTED for message in self.records(name)]
        winners = latest(map(decoded, log))
        every = counted(winners.values())
        parts = [part for memory in memories for part in memory.items()]
        ends = {message.partition: message.offset + 1 for message in log}
        events, stored = self._stored()
        wrong = {
            "events_wrong_in_log": (Counter((*event, record["revision"]) for event, record in winners.items()), self._events()),
            "events_wrong_in_postgresql": (events, self._events()),
            "cells_wrong_in_log": (every, self.load.counts()),
            "cells_wrong_in_memory": (total(row for _, part in parts for row in part["counts"]), every),
            "cells_wrong_on_topic": (heard(said, highest=True), every),
            "cells_wrong_as_last_written": (heard(said, highest=False), every),
            "cells_wrong_in_postgresql": (stored, every),
            "partitions_wrong_in_memory": (Counter((int(n), part["next"]) for n, part in parts), Counter(ends.items())),
        }
        return {name: _differences(found, truth) for name, (found, truth) in wrong.items()}

    def cells(self) -> int:
        """How many cells with their contributors the log counts."""
        return len(counted(latest(map(decoded, self.records(topics.CONTRIBUTIONS.name))).values()))

    def compacted_away(self) -> dict[str, int]:
        """Offsets of contributions and of counts that hold no record any more; of counts some held the ends of transactions."""
        return {name: _gone(self.records(name)) for name in (topics.CONTRIBUTIONS.name, *COUNTED)}

    def records(self, topic: str) -> list[Incoming]:
        """A topic, read again from its beginning."""
        return read_all(self.bootstrap, self.namespace + topic)

    def _events(self) -> Counter[Any]:
        return Counter((*event, told["revision"]) for event, told in self.load.latest.items())

    def _stored(self) -> tuple[Counter[Any], Counts]:
        with psycopg.connect(self.database_url) as database:
            events = database.execute("select provider, event_id, revision from protected.contributions").fetchall()
            tables = [sql.Identifier("protected", name) for (name,) in database.execute(_TABLES).fetchall()]
            query = sql.SQL("select cell, contributor, count from {}")
            return Counter(events), total(row for table in tables for row in database.execute(query.format(table)).fetchall())


def _differences(found: Counter[Any], truth: Counter[Any]) -> int:
    return sum(found[key] != truth[key] for key in found.keys() | truth.keys())


def _gone(records: list[Incoming]) -> int:
    ends = {record.partition: record.offset + 1 for record in records}
    return sum(ends.values()) - len(records)
