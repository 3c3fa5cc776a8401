-- What left identified use. No table here has an entry position or a time of loading: an entry topic names an
-- arrangement, and a time of day tied to a date is a date element (42 CFR 3.212(a)(2)(i)(C)).
create schema anonymized; -- grade P1, 42 CFR 3.206(b)(4)(iv)
create schema nonidentified; -- grade P2, 42 CFR 3.206(b)(5) and 3.212(a)(2)
create schema published; -- grade A, aggregates under suppression

create table anonymized.event_revisions (
  event text not null,
  revision bigint not null,
  digest bytea not null,
  action text not null,
  contributor text not null,
  policy_version bigint not null,
  provider_type text,
  report_type text,
  categories text[] not null,
  harm text,
  record jsonb not null,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  primary key (event, revision, digest)
);

create view anonymized.events_current as
select distinct on (event)
  event, revision, action, contributor, policy_version, provider_type, report_type, categories, harm, record
from anonymized.event_revisions
order by event, revision desc, policy_version desc, (action = 'withdraw') desc, digest desc;

create table nonidentified.event_revisions (
  event text not null,
  revision bigint not null,
  digest bytea not null,
  action text not null,
  contributor text not null,
  policy_version bigint not null,
  provider_type text,
  report_type text,
  categories text[] not null,
  harm text,
  record jsonb not null,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  primary key (event, revision, digest)
);

-- Without the position: the order of arrival is for those who run the system.
create view nonidentified.events_current as
select distinct on (event)
  event, revision, action, contributor, policy_version, provider_type, report_type, categories, harm, record
from nonidentified.event_revisions
order by event, revision desc, policy_version desc, (action = 'withdraw') desc, digest desc;
