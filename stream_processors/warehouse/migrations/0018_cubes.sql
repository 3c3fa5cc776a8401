-- Cubes: events counted by other dimensions than those of a cell, computed from the latest contribution of each event whenever
-- somebody asks (docs/decisions/0015). `cube_state` is now, `cube_state_known(at)` what it was known to be.

-- Every event that counts, once: what any other combination of dimensions is counted from.
-- A cell is category/harm/report_type/month/provider_type/setting, and those of one event differ in their category alone.
create function protected.events_counted_known(at timestamptz)
returns table (provider text, event_id text, categories text[], harm text, report_type text, month text, provider_type text,
  setting text, state text, members text[])
language sql stable
begin atomic
  select
    c.provider, c.event_id, array(select split_part(each.cell, '/', 1) from unnest(c.cells) as each (cell)),
    split_part(c.cells[1], '/', 2), split_part(c.cells[1], '/', 3), split_part(c.cells[1], '/', 4),
    split_part(c.cells[1], '/', 5), split_part(c.cells[1], '/', 6),
    coalesce((select substr(each.member, 7) from unnest(c.members) as each (member) where each.member like 'state/%'), 'unknown'),
    c.members
  from protected.contributions_known(at) c;
end;

-- What the cubes count. Each is grouped by provider first, which is far cheaper than count(distinct provider).
create function protected.cube_event_known(at timestamptz)
returns table (harm text, report_type text, state text, month text, count bigint, contributors bigint)
language sql stable
begin atomic
  select harm, report_type, state, month, sum(events)::bigint, count(*)
  from (
    select e.harm, e.report_type, e.state, e.month, count(*) as events
    from protected.events_counted_known(at) e group by e.harm, e.report_type, e.state, e.month, e.provider
  ) as by_provider
  group by harm, report_type, state, month;
end;

create function protected.cube_state_known(at timestamptz)
returns table (category text, harm text, state text, month text, count bigint, contributors bigint)
language sql stable
begin atomic
  select category, harm, state, month, sum(events)::bigint, count(*)
  from (
    select category, e.harm, e.state, e.month, count(*) as events
    from protected.events_counted_known(at) e, unnest(e.categories) as category
    group by category, e.harm, e.state, e.month, e.provider
  ) as by_provider
  group by category, harm, state, month;
end;

create function protected.cube_medication_known(at timestamptz)
returns table (stage text, incorrect_action text, harm text, month text, count bigint, contributors bigint)
language sql stable
begin atomic
  select split_part(member, '/', 2), split_part(member, '/', 3), harm, month, sum(events)::bigint, count(*)
  from (
    select member, e.harm, e.month, count(*) as events
    from protected.events_counted_known(at) e, unnest(e.members) as member
    where member like 'medication/%'
    group by member, e.harm, e.month, e.provider
  ) as by_provider
  group by member, harm, month;
end;

-- Events by the members of one dimension, category, harm and month.
create function protected.members_counted_known(dimension text, at timestamptz)
returns table (member text, category text, harm text, month text, count bigint, contributors bigint)
language sql stable
begin atomic
  select split_part(named, '/', 2), category, harm, month, sum(events)::bigint, count(*)
  from (
    select named, category, e.harm, e.month, count(*) as events
    from protected.events_counted_known(at) e, unnest(e.members) as named, unnest(e.categories) as category
    where starts_with(named, dimension || '/')
    group by named, category, e.harm, e.month, e.provider
  ) as by_provider
  group by named, category, harm, month;
end;

create function protected.cube_device_known(at timestamptz)
returns table (device_kind text, category text, harm text, month text, count bigint, contributors bigint)
language sql stable
begin atomic
  select * from protected.members_counted_known('device', at);
end;

create function protected.cube_factor_known(at timestamptz)
returns table (contributing_factor text, category text, harm text, month text, count bigint, contributors bigint)
language sql stable
begin atomic
  select * from protected.members_counted_known('factor', at);
end;

create view protected.events_counted as select * from protected.events_counted_known('infinity');
create view protected.cube_event as select * from protected.cube_event_known('infinity');
create view protected.cube_state as select * from protected.cube_state_known('infinity');
create view protected.cube_medication as select * from protected.cube_medication_known('infinity');
create view protected.cube_device as select * from protected.cube_device_known('infinity');
create view protected.cube_factor as select * from protected.cube_factor_known('infinity');
