-- Invented events of test arrangements (live canaries) take the whole way. What analysts read leaves them out; counts never
-- hold them, because they contribute nothing.
alter table protected.event_revisions add column test boolean not null default false;
alter table protected.classifications add column test boolean not null default false;
alter table anonymized.event_revisions add column test boolean not null default false;
alter table nonidentified.event_revisions add column test boolean not null default false;

create or replace view protected.events_current as
select distinct on (provider, event_id) *
from protected.event_revisions
where not test
order by provider, event_id, revision desc, policy_version desc, (action = 'withdraw') desc, digest desc;

create or replace view anonymized.events_current as
select distinct on (event)
  event, revision, action, contributor, policy_version, provider_type, report_type, categories, harm, record, engine, manifest
from anonymized.event_revisions
where not test
order by event, revision desc, policy_version desc, (action = 'withdraw') desc, kafka_offset desc, digest desc;

create or replace view nonidentified.events_current as
select distinct on (event)
  event, revision, action, contributor, policy_version, provider_type, report_type, categories, harm, record, engine, manifest
from nonidentified.event_revisions
where not test
order by event, revision desc, policy_version desc, (action = 'withdraw') desc, kafka_offset desc, digest desc;

-- What whoever checks the canaries may see of a record: it is about nobody.
create view anonymized.test_events as select event, revision, record from anonymized.event_revisions where test;
create view nonidentified.test_events as select event, revision, record from nonidentified.event_revisions where test;
