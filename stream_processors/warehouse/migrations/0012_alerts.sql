-- Events that a person should look at now (grade P0).
create table protected.alerts (
  provider text not null,
  event_id text not null,
  revision bigint not null,
  digest bytea not null,
  harm text not null,
  categories text[] not null,
  never_events text[] not null,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  loaded_at timestamptz not null default now(),
  primary key (provider, event_id, revision, digest)
);

-- An alert is open until a later revision of its event counts, which raises its own, or a withdrawal.
create view protected.open_alerts as
select a.provider, a.event_id, a.revision, a.harm, a.categories, a.never_events, a.loaded_at
from protected.alerts a
where not exists (
  select from protected.contributions c
  where c.provider = a.provider and c.event_id = a.event_id
    and (c.revision > a.revision or (c.revision = a.revision and c.withdrawn))
);
