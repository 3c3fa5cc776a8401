"""The latest contribution of each event, and the counts of cells that follow from it, in one statement."""

from collections.abc import Sequence

from stream_processors.domain.rejection import Unavailable
from stream_processors.shapes import Sink
from stream_processors.warehouse.connections import Connection
from stream_processors.warehouse.tables import Row, transposed

_BETWEEN = " "  # no cell and no member holds one: they are codes and months
_LISTS = slice(6, 8)  # cells, members
_COLUMNS = 11


class Fold:
    """Retract what the former revision counted, add what the new one counts. Exact for duplicates, late revisions,
    withdrawals and revivals: the order (revision, policy version, withdrawn, cells) decides, not the order of arrival.
    Between two that count in the same cells the newer members decide.
    """

    def __init__(self, connection: Connection, _sink: Sink) -> None:
        self._connection = connection

    def put(self, rows: Sequence[Row]) -> int:
        """How many events changed. Raises Unavailable when a sink of another partition wrote the same event just now."""
        flat = [(*row[: _LISTS.start], *map(_BETWEEN.join, row[_LISTS]), *row[_LISTS.stop :]) for row in rows]  # type: ignore[arg-type]
        # Planned anew each time: a plan from when the table was small would read all of it.
        found = self._connection.execute(_FOLD, transposed(flat, _COLUMNS), prepare=False).fetchone()
        changed, overtaken = found or (0, 0)
        if overtaken:
            raise Unavailable("postgresql")
        return int(changed)

    put_new = put


# Portable to PostgreSQL 15 (RETURNING old and new exist since 18). `xmax = 0` tells an insert from an update: a row that
# `before` did not see and that was there all the same was written by somebody else meanwhile.
_FOLD = """
with given as (
  select provider, event_id, revision, policy_version, withdrawn, members_version,
    string_to_array(joined, ' ') collate "C" as cells, string_to_array(joined_members, ' ') collate "C" as members,
    topic, partition, kafka_offset
  from unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::boolean[], %s::bigint[], %s::text[], %s::text[],
    %s::text[], %s::integer[], %s::bigint[])
    as g (provider, event_id, revision, policy_version, withdrawn, members_version, joined, joined_members,
      topic, partition, kafka_offset)
), newest as (
  select distinct on (provider, event_id) * from given
  order by provider, event_id, revision desc, policy_version desc, withdrawn desc, cells desc, members_version desc,
    members desc
), before as (
  select c.provider, c.event_id, c.revision, c.policy_version, c.withdrawn, c.cells, c.members_version, c.members, c.loaded_at
  from newest n join protected.contributions c on c.provider = n.provider and c.event_id = n.event_id
  for update of c
), won as (
  select n.*, b.withdrawn as was_withdrawn, b.cells as former
  from newest n left join before b on b.provider = n.provider and b.event_id = n.event_id
  where b.provider is null
    or (n.revision, n.policy_version, n.withdrawn, n.cells, n.members_version, n.members)
      > (b.revision, b.policy_version, b.withdrawn, b.cells, b.members_version, b.members)
), superseded as (
  insert into protected.contributions_superseded
    (provider, event_id, revision, policy_version, withdrawn, cells, members_version, members, known_from, known_until)
  select provider, event_id, b.revision, b.policy_version, b.withdrawn, b.cells, b.members_version, b.members,
    b.loaded_at, greatest(now(), b.loaded_at)
  from won join before b using (provider, event_id)
), kept as (
  insert into protected.contributions
    (provider, event_id, revision, policy_version, withdrawn, members_version, cells, members, topic, partition, kafka_offset)
  select provider, event_id, revision, policy_version, withdrawn, members_version, cells, members, topic, partition,
    kafka_offset
  from won order by provider, event_id
  on conflict (provider, event_id) do update set
    revision = excluded.revision, policy_version = excluded.policy_version, withdrawn = excluded.withdrawn,
    cells = excluded.cells, members_version = excluded.members_version, members = excluded.members,
    topic = excluded.topic, partition = excluded.partition, kafka_offset = excluded.kafka_offset,
    loaded_at = greatest(now(), contributions.loaded_at)
  returning xmax = 0 as inserted
), change as (
  select partition, unnest(cells) as cell, provider, 1 as step from won where not withdrawn
  union all
  select partition, unnest(former), provider, -1 from won where not was_withdrawn
), counted as (
  insert into protected.cell_counts as held (partition, cell, contributor, count, version)
  select c.partition, c.cell, c.provider, sum(c.step), l.version
  from change c join (select partition, max(kafka_offset) as version from given group by partition) l using (partition)
  group by c.partition, c.cell, c.provider, l.version
  having sum(c.step) <> 0
  order by c.partition, c.cell, c.provider
  on conflict (partition, cell, contributor) do update set
    count = held.count + excluded.count, version = greatest(held.version, excluded.version), changed_at = now()
)
select
  (select count(*) from won),
  (select count(*) from won where former is null) - (select count(*) from kept where inserted)
"""
