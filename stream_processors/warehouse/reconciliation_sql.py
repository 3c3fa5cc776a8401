"""The statements of a reconciliation."""

TEMPORARY_TABLES = """
create temporary table submitted (
  topic text, partition integer, kafka_offset bigint, in_flight boolean, provider text, event_id text, revision bigint
);
create temporary table read_to (topic text, partition integer, ending bigint);
create temporary table refused (grade text, event text, revision bigint);
create temporary table live (cell text, contributor text, count bigint, in_flight boolean)
"""

TOTALS = """
select
  (select count(*) from submitted),
  (select count(*) from submitted where provider is null),
  (select count(*) from protected.event_revisions),
  (select count(*) from protected.dead_letters)
"""


def _summary(found: str) -> str:
    """Counts and examples of the places that a question finds."""
    return f"""
with found as ({found})
select
  count(*) filter (where not in_flight),
  count(*) filter (where in_flight),
  coalesce(
    (array_agg(topic || ':' || partition || ':' || kafka_offset order by topic, partition, kafka_offset)
      filter (where not in_flight))[1:%(examples)s], array[]::text[])
from found
"""  # noqa: S608 - built from the constants of this module alone


# By both positions of a dead letter: `died` is ours, while `origin` came with the record.
MISSING = _summary("""
  select s.topic, s.partition, s.kafka_offset, s.in_flight
  from submitted s
  where not exists (
    select from protected.event_revisions e
    where e.provider = s.provider and e.event_id = s.event_id and e.revision = s.revision
  ) and not exists (
    select from protected.dead_letters d
    where d.died_topic = s.topic and d.died_partition = s.partition and d.died_offset = s.kafka_offset
  ) and not exists (
    select from protected.dead_letters d
    where d.origin_topic = s.topic and d.origin_partition = s.partition and d.origin_offset = s.kafka_offset
  )
""")

EXTRA = """
with found as (
  select e.topic, e.partition, e.kafka_offset
  from protected.event_revisions e
  where not exists (
    select from submitted s
    where s.provider = e.provider and s.event_id = e.event_id and s.revision = e.revision
  ) and not exists (
    select from read_to r
    where r.topic = e.origin_topic and r.partition = e.origin_partition and r.ending <= e.origin_offset
  )
  union  -- a test event that counts: its arrangement became a test, or stopped being one
  select e.topic, e.partition, e.kafka_offset
  from protected.event_revisions e join protected.contributions c on c.provider = e.provider and c.event_id = e.event_id
  where e.test
)
select count(*), coalesce(
  (array_agg(topic || ':' || partition || ':' || kafka_offset order by topic, partition, kafka_offset))
    [1:%(examples)s], array[]::text[])
from found
"""


def _without(row: str, unless: str = "false") -> str:
    """Accepted events without the row that should have followed, and that did not die on the way to it."""
    return _summary(f"""
  select e.topic, e.partition, e.kafka_offset, e.loaded_at > now() - make_interval(secs => %(grace)s) as in_flight
  from protected.event_revisions e
  where not ({unless}) and not exists ({row})
  and not exists (
    select from protected.dead_letters d
    where d.origin_topic = e.origin_topic and d.origin_partition = e.origin_partition
      and d.origin_offset = e.origin_offset and d.step = any(%(steps)s)
  )
""")  # noqa: S608 - likewise


NO_CLASSIFICATION = _without("""
    select from protected.classifications c
    where c.provider = e.provider and c.event_id = e.event_id and c.revision = e.revision
""")

NO_CONTRIBUTION = _without(
    """
    select from protected.contributions c
    where c.provider = e.provider and c.event_id = e.event_id and c.revision >= e.revision
""",
    unless="e.test",
)


def _disclosed(schema: str, grade: str) -> str:
    return f"""
    select from vault.surrogates s
    where s.kind = 'event' and s.grade = '{grade}' and s.subject = e.provider || '|' || e.event_id
      and (
        exists (select from {schema}.event_revisions a where a.event = s.surrogate and a.revision = e.revision)
        or exists (
          select from refused r where r.grade = '{grade}' and r.event = s.surrogate and r.revision = e.revision
        )
      )
"""  # noqa: S608 - likewise


NO_ANONYMIZED = _without(_disclosed("anonymized", "P1"), unless="'P1' = any(e.closed_grades)")
NO_NONIDENTIFIED = _without(_disclosed("nonidentified", "P2"), unless="'P2' = any(e.closed_grades)")

_RECOMPUTED = """
recomputed as (
  select cell, provider as contributor, count(*) as count
  from protected.contributions, unnest(cells) as cell
  where not withdrawn
  group by cell, provider
)
"""

_COMPARED = """
compared as (
  select coalesce(t.cell, r.cell) as cell, bool_or(coalesce(t.count, 0) <> coalesce(r.count, 0)) as differs
  from told t full join recomputed r on t.cell = r.cell and t.contributor = r.contributor
  group by coalesce(t.cell, r.cell)
)
"""

STORED_COUNTS = f"""
with {_RECOMPUTED}, told as (
  select cell, contributor, sum(count) as count from protected.cell_counts group by cell, contributor
), {_COMPARED}
select
  count(*),
  count(*) filter (where differs),
  0::bigint,
  coalesce((array_agg(cell order by cell) filter (where differs))[1:%(examples)s], array[]::text[])
from compared
"""  # noqa: S608 - likewise

# A cell that either side changed within the grace may differ: the two folds are not at the same place of the log.
LIVE_COUNTS = f"""
with {_RECOMPUTED}, told as (
  select cell, contributor, sum(count) as count from live group by cell, contributor
), {_COMPARED}, young as (
  select cell from live where in_flight
  union
  select cell from protected.cell_counts where changed_at > now() - make_interval(secs => %(grace)s)
)
select
  count(*),
  count(*) filter (where differs and y.cell is null),
  count(*) filter (where differs and y.cell is not null),
  coalesce(
    (array_agg(c.cell order by c.cell) filter (where differs and y.cell is null))[1:%(examples)s], array[]::text[])
from compared c left join young y using (cell)
"""  # noqa: S608 - likewise
