"""What the warehouse holds, asked in SQL as an analyst would."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

TABLES = (
    "protected.event_revisions",
    "protected.events_current",
    "protected.classifications",
    "protected.contributions",
    "protected.cells",
    "protected.signals",
    "protected.dead_letters",
    "anonymized.event_revisions",
    "nonidentified.event_revisions",
)

Database = psycopg.Connection[tuple[Any, ...]]


def rows(database: Database) -> dict[str, int]:
    """How many rows each table or view holds."""
    return {table: count(database, table) for table in TABLES}


def count(database: Database, table: str) -> int:
    """How many rows one table or view of ours holds."""
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(*table.split(".")))
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0


def dead_letters(database: Database) -> dict[str, int]:
    """How many dead letters there are, by reason."""
    found = database.execute("select reason, count(*) from protected.dead_letters group by 1 order by 2 desc, 1")
    return {reason: int(count) for reason, count in found.fetchall()}


def settled(database: Database, sent: int) -> bool:
    """True when every record that was sent has its end in every branch of the flow."""
    accepted = count(database, "protected.event_revisions")
    refused = _one(database, "select count(*) from protected.dead_letters where step = 'validate'")
    if accepted + refused < sent:
        return False
    ended = {
        "protected.classifications": ("classify", "classifications"),
        "anonymized.event_revisions": ("classify", "anonymize", "anonymized-events"),
        "nonidentified.event_revisions": ("classify", "nonidentify", "nonidentified-events"),
    }
    for table, steps in ended.items():
        dead = database.execute("select count(*) from protected.dead_letters where step = any(%s)", [list(steps)]).fetchone()
        if count(database, table) + int((dead or (0,))[0]) < accepted:
            return False
    counted = count(database, "protected.contributions")
    return counted >= count(database, "protected.events_current")


def largest_cells(database: Database, limit: int = 10) -> list[tuple[Any, ...]]:
    """The largest cells over all months: category, harm, report type, kind of provider, setting, events, contributors."""
    return database.execute(
        """
        select split_part(cell, '/', 1), split_part(cell, '/', 2), split_part(cell, '/', 3), split_part(cell, '/', 5),
               split_part(cell, '/', 6), sum(count)::int, count(distinct contributor) filter (where count > 0)
        from protected.cell_counts group by 1, 2, 3, 4, 5 order by 6 desc, 1, 2, 3, 4, 5 limit %s
        """,
        [limit],
    ).fetchall()


def signals(database: Database) -> list[tuple[Any, ...]]:
    """Patterns that hold now: category, harm, month, events, contributors."""
    return database.execute(
        "select category, harm, month, events, contributors from protected.signals where raised order by month, category, harm"
    ).fetchall()


def narrative_in_three_grades(database: Database) -> Mapping[str, str] | None:
    """One narrative as the provider wrote it, and after each disclosure; joined through the vault, as only P0 may."""
    found = database.execute(
        """
        select e.event -> 'narratives' -> 0 ->> 'text', a.record -> 'narratives' -> 0 ->> 'text',
               n.record -> 'narratives' -> 0 ->> 'text'
        from protected.events_current e
        join vault.surrogates one on one.kind = 'event' and one.grade = 'P1' and one.subject = e.provider || '|' || e.event_id
        join vault.surrogates two on two.kind = 'event' and two.grade = 'P2' and two.subject = one.subject
        join anonymized.events_current a on a.event = one.surrogate
        join nonidentified.events_current n on n.event = two.surrogate
        where e.action <> 'withdraw' and n.record -> 'narratives' -> 0 is not null
        order by length(e.event -> 'narratives' -> 0 ->> 'text') desc, e.provider, e.event_id
        limit 1
        """
    ).fetchone()
    return dict(zip(("as written (P0)", "anonymized (P1)", "nonidentified (P2)"), found, strict=True)) if found else None


def _one(database: Database, query: str) -> int:
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0
