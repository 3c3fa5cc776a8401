-- What else events are counted by (domain/members.py), and what was known when: beside the month of an event stands the time at
-- which the warehouse knew where it counts.

alter table protected.contributions
  add column members_version bigint not null default 0,
  add column members text[] collate "C" not null default '{}';

-- The former contributions of events, each with the time from which and until which it counted; the present one is in
-- protected.contributions since its loaded_at. No key: the cells may be longer than an entry of an index, and the order of
-- contributions lets none come back.
create table protected.contributions_superseded (
  provider text not null,
  event_id text not null,
  revision bigint not null,
  policy_version bigint not null,
  withdrawn boolean not null,
  cells text[] collate "C" not null,
  members_version bigint not null,
  members text[] collate "C" not null,
  known_from timestamptz not null,
  known_until timestamptz not null
);
create index on protected.contributions_superseded (provider, event_id);

-- The contributions that counted at a time, withdrawals left out; 'infinity' is now. What was superseded before this migration
-- is not known.
create function protected.contributions_known(at timestamptz)
returns table (provider text, event_id text, revision bigint, cells text[], members text[])
language sql stable
begin atomic
  select c.provider, c.event_id, c.revision, c.cells, c.members from protected.contributions c
  where c.loaded_at <= at and not c.withdrawn
  union all
  select s.provider, s.event_id, s.revision, s.cells, s.members from protected.contributions_superseded s
  where s.known_from <= at and at < s.known_until and not s.withdrawn;
end;

-- protected.cell_counts as it was known at a time, the partitions added up.
create function protected.cell_counts_known(at timestamptz)
returns table (cell text, contributor text, count bigint)
language sql stable
begin atomic
  select each.cell, c.provider, count(*)
  from protected.contributions_known(at) c, unnest(c.cells) as each (cell) group by each.cell, c.provider;
end;
