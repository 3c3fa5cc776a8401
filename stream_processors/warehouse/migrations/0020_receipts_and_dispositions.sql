-- What a gateway may ask about an event: how it ended, and nothing else. The role that asks sees no table: it calls one function
-- with everything that a receipt knows, so nothing can be listed, and an event is told only to who names its own entry topic.
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
    where e.provider = of_provider and e.event_id = of_event and e.revision = of_revision and e.origin_topic = entry_topic
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

-- What becomes of work product at the end of its time or of its contract (42 CFR 3.108(b)(3), retention and exit terms). Destroyed
-- is what somebody can be known by: the event itself and its anonymized record. Keys, digests and codes stay: they show what was
-- there, keep a replay from bringing it back (its row is taken), and are what counts were made from.
alter table protected.event_revisions add column destroyed boolean not null default false;
alter table anonymized.event_revisions add column destroyed boolean not null default false;

create or replace view protected.events_current as
select distinct on (provider, event_id) *
from protected.event_revisions
where not test and not destroyed
order by provider, event_id, revision desc, policy_version desc, (action = 'withdraw') desc, digest desc;

create or replace view anonymized.events_current as
select distinct on (event)
  event, revision, action, contributor, policy_version, provider_type, report_type, categories, harm, record, engine, manifest
from anonymized.event_revisions
where not test and not destroyed
order by event, revision desc, policy_version desc, (action = 'withdraw') desc, kafka_offset desc, digest desc;

create table protected.dispositions (
  disposition bigint generated always as identity primary key,
  arrangement text not null,
  policy_version bigint not null,
  act text not null check (act in ('handed_over', 'destroyed')),
  grounds text not null check (grounds in ('retention', 'exit')),
  file_sha256 text check ((file_sha256 is not null) = (act = 'handed_over')),
  done_by text not null check (done_by <> ''),
  reason text not null check (reason <> ''),
  recorded_by text not null default session_user,
  done_at timestamptz not null default now()
);

create table protected.disposed_revisions (
  disposition bigint not null references protected.dispositions,
  provider text not null,
  event_id text not null,
  revision bigint not null,
  digest bytea not null,
  primary key (disposition, provider, event_id, revision, digest)
);

create index disposed_revisions_of_event on protected.disposed_revisions (provider, event_id, revision);

create table protected.feedback_given (
  arrangement text not null,
  period text not null,
  content_sha256 text not null,
  given_by text not null check (given_by <> ''),
  recorded_by text not null default session_user,
  given_at timestamptz not null default now(),
  primary key (arrangement, period, content_sha256)
);

create trigger never_changed before update or delete or truncate on protected.dispositions
  for each statement execute function published.refuse_change();
create trigger never_changed before update or delete or truncate on protected.disposed_revisions
  for each statement execute function published.refuse_change();
create trigger never_changed before update or delete or truncate on protected.feedback_given
  for each statement execute function published.refuse_change();

-- The events that are held under a contract. An event is as old as its newest revision. By provider, for the table has no index by
-- arrangement: sinks pay for every index, and this is asked once a day.
create function protected.held(of_arrangement text)
returns table (provider text, event_id text, reported_at timestamptz, handed_over boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select
    e.provider,
    e.event_id,
    max(coalesce(e.reported_at, e.loaded_at)),
    bool_and(exists (
      select from protected.disposed_revisions r join protected.dispositions d using (disposition)
      where d.arrangement = of_arrangement and d.act = 'handed_over'
        and r.provider = e.provider and r.event_id = e.event_id and r.revision = e.revision and r.digest = e.digest
    ))
  from protected.event_revisions e
  where e.arrangement = of_arrangement and not e.destroyed
    and e.provider in (select v.provider from protected.arrangement_versions v where v.arrangement = of_arrangement)
  group by e.provider, e.event_id
$$;

create function protected.not_handed_over(of_arrangement text) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select count(*) from protected.held(of_arrangement) where not handed_over
$$;

-- The version of a contract that is in effect: of the highest, the one that was there first.
create function protected.terms(of_arrangement text) returns table (policy_version bigint, document jsonb)
language sql stable set search_path = pg_catalog, pg_temp
as $$
  select v.policy_version, v.document
  from protected.arrangement_versions v
  where v.arrangement = of_arrangement and v.effective_at <= now()
  order by v.policy_version desc, v.kafka_offset
  limit 1
$$;

-- The judge: which events of a contract may be destroyed now, by the terms of its version in effect. At the end of a contract that
-- returns or transfers, only what was handed over, revision by revision.
create function protected.disposable(of_arrangement text, grounds text) returns table (provider text, event_id text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select h.provider, h.event_id
  from protected.held(of_arrangement) h cross join protected.terms(of_arrangement) t
  where case grounds
    when 'retention' then h.reported_at < now() - make_interval(years => (t.document #>> '{retention,years}')::integer)
    when 'exit' then (t.document #>> '{term,until}')::date < (now() at time zone 'UTC')::date
      and (t.document #>> '{exit,disposition}' = 'destroy' or h.handed_over)
    else false
  end
$$;

-- Notes that everything held of a contract was read into a file of this hash, in the transaction that reads it. Null where nothing is.
create function protected.hand_over(of_arrangement text, file_sha256 text, done_by text, why text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  made bigint;
begin
  if not exists (select from protected.held(of_arrangement)) then
    return null;
  end if;
  insert into protected.dispositions (arrangement, policy_version, act, grounds, file_sha256, done_by, reason)
  select of_arrangement, t.policy_version, 'handed_over', 'exit', file_sha256, done_by, why
  from protected.terms(of_arrangement) t
  returning disposition into strict made;
  insert into protected.disposed_revisions
  select made, e.provider, e.event_id, e.revision, e.digest
  from protected.event_revisions e join protected.held(of_arrangement) h
    on h.provider = e.provider and h.event_id = e.event_id
  where e.arrangement = of_arrangement and not e.destroyed;
  return made;
end
$$;

-- Destroys what the judge lets go, and notes each revision. Without anything to destroy it does nothing and returns null.
create function protected.destroy(of_arrangement text, because_of text, done_by text, why text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  made bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('pso_stream dispositions', 0)); -- two who destroy at once do it once
  if not exists (select from protected.disposable(of_arrangement, because_of)) then
    return null;
  end if;
  insert into protected.dispositions (arrangement, policy_version, act, grounds, done_by, reason)
  select of_arrangement, t.policy_version, 'destroyed', because_of, done_by, why
  from protected.terms(of_arrangement) t
  returning disposition into strict made;
  insert into protected.disposed_revisions
  select made, e.provider, e.event_id, e.revision, e.digest
  from protected.event_revisions e join protected.disposable(of_arrangement, because_of) d
    on d.provider = e.provider and d.event_id = e.event_id
  where e.arrangement = of_arrangement and not e.destroyed;
  update protected.event_revisions e set event = '{}', destroyed = true
  from protected.disposed_revisions r
  where r.disposition = made
    and e.provider = r.provider and e.event_id = r.event_id and e.revision = r.revision and e.digest = r.digest;
  update protected.classifications c set evidence = '[]', medication = null
  from protected.disposed_revisions r
  where r.disposition = made and c.provider = r.provider and c.event_id = r.event_id and c.revision = r.revision;
  update anonymized.event_revisions a set record = '{}', destroyed = true
  from protected.disposed_revisions r join vault.surrogates s
    on s.kind = 'event' and s.grade = 'P1' and s.subject = r.provider || '|' || r.event_id
  where r.disposition = made and a.event = s.surrogate and a.revision = r.revision;
  return made;
end
$$;
