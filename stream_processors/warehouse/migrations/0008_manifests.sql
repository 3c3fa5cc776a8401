-- By which version of the de-identification a row was made. Null in rows that are older than this migration.
alter table anonymized.event_revisions add column engine text, add column manifest jsonb;
alter table nonidentified.event_revisions add column engine text, add column manifest jsonb;

-- A revision that was disclosed again by another version has a row for each. The one that was written last counts, as it does
-- for whoever reads the topic: a version has no order of its own (docs/decisions/0010-the-last-disclosure-counts.md).
create or replace view anonymized.events_current as
select distinct on (event)
  event, revision, action, contributor, policy_version, provider_type, report_type, categories, harm, record, engine, manifest
from anonymized.event_revisions
order by event, revision desc, policy_version desc, (action = 'withdraw') desc, kafka_offset desc, digest desc;

create or replace view nonidentified.events_current as
select distinct on (event)
  event, revision, action, contributor, policy_version, provider_type, report_type, categories, harm, record, engine, manifest
from nonidentified.event_revisions
order by event, revision desc, policy_version desc, (action = 'withdraw') desc, kafka_offset desc, digest desc;

-- Who read the narratives of stored events to compare two versions of the engine, and why. Written before they are read.
create table protected.narrative_readings (
  reading bigint generated always as identity primary key,
  read_by text not null check (read_by <> ''),
  reason text not null check (reason <> ''),
  grade text not null check (grade in ('P1', 'P2')),
  engine text not null,
  read_at timestamptz not null default now()
);
