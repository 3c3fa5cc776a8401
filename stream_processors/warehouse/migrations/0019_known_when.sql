-- What was known when: beside the month of an event stands the time at which the warehouse knew where it counts.

-- The former contributions of events, each with the time from which and until which it counted; the present one is in
-- protected.contributions since its loaded_at. No key: the cells may be longer than an entry of an index, and the order of
-- contributions lets none come back.
create table protected.contributions_superseded (
  provider text not null,
  event_id text not null,
  revision bigint not null,
  policy_version bigint not null,
  withdrawn boolean not null,
  cubes_version bigint not null,
  cells text[] collate "C" not null,
  cube_cells text[] collate "C" not null,
  known_from timestamptz not null,
  known_until timestamptz not null
);
create index on protected.contributions_superseded (provider, event_id);

-- The contributions that counted at a time, withdrawals left out. What was superseded before this migration is not known.
create function protected.contributions_known(at timestamptz)
returns table (provider text, event_id text, revision bigint, cells text[], cube_cells text[])
language sql stable
begin atomic
  select c.provider, c.event_id, c.revision, c.cells, c.cube_cells from protected.contributions c
  where c.loaded_at <= at and not c.withdrawn
  union all
  select s.provider, s.event_id, s.revision, s.cells, s.cube_cells from protected.contributions_superseded s
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

-- protected.cube_counts, likewise.
create function protected.cube_counts_known(at timestamptz)
returns table (cell text, contributor text, count bigint)
language sql stable
begin atomic
  select each.cell, c.provider, count(*)
  from protected.contributions_known(at) c, unnest(c.cube_cells) as each (cell) group by each.cell, c.provider;
end;

-- protected.denominators_current, likewise.
create function protected.denominators_known(at timestamptz)
returns table (provider text, month text, kind text, revision bigint, quantity bigint)
language sql stable
begin atomic
  select newest.provider, newest.month, newest.kind, newest.revision, newest.quantity
  from (
    select distinct on (d.provider, d.month, d.kind) d.provider, d.month, d.kind, d.revision, d.quantity
    from protected.denominators d where d.loaded_at <= at
    order by d.provider, d.month, d.kind, d.revision desc
  ) as newest
  where newest.quantity is not null;
end;
