"""The judge of a chaos run: the plan against the warehouse and the topics, with its own SQL and its own Avro decoder."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
from fastavro import parse_schema, schemaless_reader

from tests.chaos.workload import Cell, Plan
from tests.support.kafka import read_all

AVRO = Path(__file__).parents[2] / "schemas" / "avro"
DIMENSIONS = ("category", "harm", "report_type", "month", "provider_type", "setting")


class Oracle:
    """Compares; every answer is a number of differences, and 0 is the only good one."""

    def __init__(self, plan: Plan, database_url: str, bootstrap: str, namespace: str) -> None:
        self._plan = plan
        self._database_url = database_url
        self._bootstrap = bootstrap
        self._namespace = namespace

    def settled(self) -> bool:
        """True when every accepted revision is in every table, or it never will be."""
        wanted = len(self._plan.accepted)
        tables = (
            "protected.event_revisions",
            "protected.classifications",
            "anonymized.event_revisions",
            "nonidentified.event_revisions",
        )
        with psycopg.connect(self._database_url) as database:
            counts = [_one(database, f"select count(*) from {table}") for table in tables]
            refused = _one(database, "select count(*) from protected.dead_letters")
        return all(count >= wanted for count in counts) and refused >= sum(self._plan.refused.values())

    def verdict(self) -> dict[str, Any]:
        """Every difference that was looked for, by name."""
        with psycopg.connect(self._database_url) as database:
            found = self._revisions(database) | self._disclosed(database) | self._dead_letters(database)
            found |= {"cells_wrong_in_warehouse": self._wrong(self._warehouse_cells(database))}
            found |= self._offsets(database)
        return found | {"cells_wrong_live": self._wrong(self._live_cells())}

    def _revisions(self, database: psycopg.Connection[Any]) -> dict[str, int]:
        rows = Counter(database.execute("select provider, event_id, revision from protected.event_revisions").fetchall())
        accepted = self._plan.accepted
        current = database.execute("select provider, event_id, revision, event from protected.events_current").fetchall()
        return {
            "missing": len(accepted - rows.keys()),
            "extra": len(rows.keys() - accepted),
            "doubled": sum(count - 1 for count in rows.values()),
            "current_wrong": sum(not self._is_latest(*row) for row in current) + abs(len(current) - len(self._plan.latest)),
        }

    def _is_latest(self, provider: str, event_id: str, revision: int, event: dict[str, Any]) -> bool:
        latest = self._plan.latest.get((provider, event_id))
        return (
            latest is not None
            and latest["revision"] == revision
            and all(event[name] == latest[name] for name in ("action", "categories", "harm", "event_date", "setting"))
        )

    def _disclosed(self, database: psycopg.Connection[Any]) -> dict[str, int]:
        """Each grade has one row per accepted revision, and one surrogate per event."""
        wrong = {}
        for grade in ("anonymized", "nonidentified"):
            rows = _one(database, f"select count(*) from {grade}.event_revisions")
            distinct = _one(database, f"select count(*) from (select distinct event, revision from {grade}.event_revisions)")
            events = _one(database, f"select count(distinct event) from {grade}.event_revisions")
            wrong[f"{grade}_rows_wrong"] = abs(rows - len(self._plan.accepted)) + abs(rows - distinct)
            wrong[f"{grade}_events_wrong"] = abs(events - len(self._plan.latest))
        return wrong

    def _dead_letters(self, database: psycopg.Connection[Any]) -> dict[str, int]:
        """The publisher may have sent a refused event twice, never less than once; no other reason may appear."""
        rows = dict(database.execute("select reason, count(*) from protected.dead_letters group by 1").fetchall())
        short = sum(max(0, count - rows.get(reason, 0)) for reason, count in self._plan.refused.items())
        return {
            "dead_letters_missing": short,
            "dead_letters_strange": sum(n for r, n in rows.items() if r not in self._plan.refused),
        }

    def _warehouse_cells(self, database: psycopg.Connection[Any]) -> Counter[tuple[Cell, str]]:
        rows = database.execute("select cell, contributor, sum(count) from protected.cell_counts group by 1, 2").fetchall()
        return Counter({(tuple(cell.split("/")), contributor): int(count) for cell, contributor, count in rows})

    def _live_cells(self) -> Counter[tuple[Cell, str]]:
        """Highest version per key, summed over partitions."""
        schema = parse_schema(json.loads((AVRO / "cell_count.v1.avsc").read_text()))
        best: dict[bytes | None, Any] = {}
        for message in read_all(self._bootstrap, f"{self._namespace}pso-counts-changed"):
            stream = io.BytesIO(message.value or b"")
            stream.seek(5)
            count: Any = schemaless_reader(stream, schema, None)
            if message.key not in best or best[message.key]["version"] <= count["version"]:
                best[message.key] = count
        counts: Counter[tuple[Cell, str]] = Counter()
        for count in best.values():
            cell: Any = tuple(count["cell"][name] for name in DIMENSIONS)
            counts[cell, count["contributor"]] += count["count"]
        return counts

    def _wrong(self, counts: Counter[tuple[Cell, str]]) -> int:
        truth = self._plan.cells()
        return sum(counts[key] != truth[key] for key in counts.keys() | truth.keys())

    def _offsets(self, database: psycopg.Connection[Any]) -> dict[str, int]:
        """Every sink stands at the end of its log: no offset was jumped over and none is left."""
        rows = database.execute(
            "select topic, partition, next_offset from operations.sink_positions where next_offset > 0"
        ).fetchall()
        ends: dict[tuple[str, int], int] = {}
        for topic in {row[0] for row in rows}:
            for message in read_all(self._bootstrap, topic):
                ends[topic, message.partition] = max(ends.get((topic, message.partition), 0), message.offset + 1)
        return {"offsets_wrong": sum(next_offset < ends.get((topic, part), 0) for topic, part, next_offset in rows)}


def _one(database: psycopg.Connection[Any], query: str) -> int:
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0
