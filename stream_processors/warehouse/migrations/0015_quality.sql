-- When the PSO's broker had the event: reported, in the words of 42 CFR 3.20. Null in rows that are older than this migration.
alter table protected.event_revisions add column reported_at timestamptz;

create or replace view protected.events_current as
select distinct on (provider, event_id) *
from protected.event_revisions
where not test
order by provider, event_id, revision desc, policy_version desc, (action = 'withdraw') desc, digest desc;

-- What `pso quality` measured, run after run: added, never changed. Names providers, and is P0 for that.
create table protected.quality_runs (
  run bigint generated always as identity primary key,
  software text not null,
  since date,
  only_provider text,
  near_copies boolean not null,
  measured_by text not null default session_user,
  measured_at timestamptz not null default now()
);

-- A share is `part` of `whole`; a delay is `part` days or seconds, of `whole` events. `subject`: a field, a reason or a quantile,
-- empty for the whole. Empty names of a batch: everything of the provider.
create table protected.quality_measures (
  run bigint not null references protected.quality_runs,
  provider text not null,
  source_system text not null,
  source_format text not null,
  mapping text not null,
  measure text not null,
  subject text not null,
  part bigint not null,
  whole bigint not null check (whole > 0),
  primary key (run, provider, source_system, source_format, mapping, measure, subject)
);
