-- What a person decided about a quarantined record, and why: a release of withheld words is a disclosure that somebody made.
create table protected.quarantine_decisions (
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  decision text not null check (decision in ('released_without_narratives')),
  decided_by text not null check (decided_by <> ''),
  reason text not null check (reason <> ''),
  decided_at timestamptz not null default now(),
  primary key (topic, partition, kafka_offset)
);
