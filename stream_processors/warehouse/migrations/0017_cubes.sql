-- Cubes (schemas/cubes.py): the same fold of the latest contribution of each event, into cells of other dimensions.

alter table protected.contributions
  add column cubes_version bigint not null default 0,
  add column cube_cells text[] collate "C" not null default '{}';

-- As protected.cell_counts: by source partition, and the sum over partitions is the count.
create table protected.cube_counts (
  partition integer not null,
  cell text not null,
  contributor text not null,
  count bigint not null,
  version bigint not null,
  changed_at timestamptz not null default now(),
  primary key (partition, cell, contributor)
);

-- Every cell of every cube: its members in the order of the cube's dimensions, its events, its contributors.
create view protected.cube_cells as
select
  split_part(cell, '/', 1) as cube,
  (string_to_array(cell, '/'))[2:] as members,
  sum(events)::bigint as count,
  count(*) as contributors
from (
  select cell, contributor, sum(count) as events from protected.cube_counts group by cell, contributor
) as by_contributor
where events <> 0
group by cell;

create view protected.cube_event as
select members[1] as harm, members[2] as report_type, members[3] as state, members[4] as month, count, contributors
from protected.cube_cells where cube = 'event';

create view protected.cube_state as
select members[1] as category, members[2] as harm, members[3] as state, members[4] as month, count, contributors
from protected.cube_cells where cube = 'state';

create view protected.cube_medication as
select members[1] as stage, members[2] as incorrect_action, members[3] as harm, members[4] as month, count, contributors
from protected.cube_cells where cube = 'medication';

create view protected.cube_device as
select members[1] as device_kind, members[2] as category, members[3] as harm, members[4] as month, count, contributors
from protected.cube_cells where cube = 'device';

create view protected.cube_factor as
select members[1] as contributing_factor, members[2] as category, members[3] as harm, members[4] as month, count, contributors
from protected.cube_cells where cube = 'factor';
