-- What a gateway may ask about an event: how it ended, and nothing else. The role that asks sees no table: it calls one function
-- with everything that a receipt knows, so nothing can be listed and nobody else's event be tried without its place in Kafka.
create schema receipts;

-- `accepted`: stored, and the steps behind it are at work. `in_warehouse`: stored, classified and counted (a test event is not
-- counted). `quarantined`: stored, and its de-identification could not be vouched for, so it leaves in no further grade until a
-- person decides. No row: the PSO has nothing of it yet.
-- That an event was `rare` is not told: it says something about the events of others.
create function receipts.end_of(
  of_provider text, of_event text, of_revision bigint, entry_topic text, entry_partition integer, entry_offset bigint
) returns table (state text, reason text, path text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  with held as (
    select
      bool_or(e.test) as test,
      exists (
        select from protected.classifications c
        where c.provider = of_provider and c.event_id = of_event and c.revision = of_revision
      ) as classified,
      exists (
        select from protected.contributions c
        where c.provider = of_provider and c.event_id = of_event and c.revision >= of_revision
      ) as counted
    from protected.event_revisions e
    where e.provider = of_provider and e.event_id = of_event and e.revision = of_revision
    having count(*) > 0
  ),
  died_at_entry as (  -- by the place that our own step wrote: a header that came with the record could name another's
    select d.reason, d.path
    from protected.dead_letters d
    where d.died_topic = entry_topic and d.died_partition = entry_partition and d.died_offset = entry_offset
    order by d.loaded_at desc, d.kafka_offset desc
    limit 1
  ),
  died_later as (
    select d.reason, d.path
    from protected.dead_letters d
    where d.origin_topic = entry_topic and d.origin_partition = entry_partition and d.origin_offset = entry_offset
      and d.step <> 'validate' and d.reason <> 'rare' and d.replayed_at is null
      and not exists (
        select from protected.quarantine_decisions q
        where q.topic = d.topic and q.partition = d.partition and q.kafka_offset = d.kafka_offset
      )
    order by (d.reason = 'quarantined'), d.loaded_at desc, d.kafka_offset desc
    limit 1
  )
  select case when d.reason = 'quarantined' then 'quarantined' else 'dead_letter' end, d.reason, d.path
  from died_later d
  union all
  select case when h.classified and (h.counted or h.test) then 'in_warehouse' else 'accepted' end, '', ''
  from held h
  where not exists (select from died_later)
  union all
  select 'dead_letter', d.reason, d.path
  from died_at_entry d
  where not exists (select from held) and not exists (select from died_later)
$$;
