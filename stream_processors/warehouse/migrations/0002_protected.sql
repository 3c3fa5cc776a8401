-- Grade P0: identified patient safety work product (42 CFR 3.206(b)(4)(i)).
create schema protected;

-- Append-only. The digest is in the key: when two contents claim one revision, both are kept.
create table protected.event_revisions (
  provider text not null,
  event_id text not null,
  revision bigint not null,
  digest bytea not null,
  action text not null,
  policy_version bigint not null,
  arrangement text not null,
  provider_type text not null,
  report_type text not null,
  pses_entered_at timestamptz,
  event jsonb not null,
  origin_topic text,
  origin_partition integer,
  origin_offset bigint,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  loaded_at timestamptz not null default now(),
  primary key (provider, event_id, revision, digest)
);

create view protected.events_current as
select distinct on (provider, event_id) *
from protected.event_revisions
order by provider, event_id, revision desc, policy_version desc, (action = 'withdraw') desc, digest desc;

create table protected.classifications (
  provider text not null,
  event_id text not null,
  revision bigint not null,
  digest bytea not null,
  policy_version bigint not null,
  classifier text not null,
  report_type text,
  categories text[] not null,
  harm text,
  needs_review boolean not null,
  confidence jsonb,
  evidence jsonb not null,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  loaded_at timestamptz not null default now(),
  primary key (provider, event_id, revision, digest)
);

-- Where every dead letter lies and why. Its bytes stay in Kafka. `died_*`: the record that died; `origin_*`: its entry
-- record, where the trail led to one.
create table protected.dead_letters (
  reason text not null,
  path text not null,
  step text not null,
  software text not null,
  died_topic text,
  died_partition integer,
  died_offset bigint,
  origin_topic text,
  origin_partition integer,
  origin_offset bigint,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  loaded_at timestamptz not null default now(),
  replayed_at timestamptz,
  primary key (topic, partition, kafka_offset)
);
create index dead_letters_origin on protected.dead_letters (origin_topic, origin_partition, origin_offset);
create index dead_letters_died on protected.dead_letters (died_topic, died_partition, died_offset);
