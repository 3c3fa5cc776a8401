-- The aggregates of record (grade P0): a function of the latest contribution of each event.

-- One row per event. Arrays compare by code point, as the live fold does: the order between revisions must be one order.
create table protected.contributions (
  provider text not null,
  event_id text not null,
  revision bigint not null,
  policy_version bigint not null,
  withdrawn boolean not null,
  cells text[] collate "C" not null,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  loaded_at timestamptz not null default now(),
  primary key (provider, event_id)
);

-- By source partition, so that two sinks never wait for one row. A partition alone may be negative after a
-- repartitioning; the sum over partitions is the count.
create table protected.cell_counts (
  partition integer not null,
  cell text not null,
  contributor text not null,
  count bigint not null,
  version bigint not null,
  changed_at timestamptz not null default now(),
  primary key (partition, cell, contributor)
);

create view protected.cells as
select
  split_part(cell, '/', 1) as category,
  split_part(cell, '/', 2) as harm,
  split_part(cell, '/', 3) as report_type,
  split_part(cell, '/', 4) as month,
  split_part(cell, '/', 5) as provider_type,
  split_part(cell, '/', 6) as setting,
  sum(events)::bigint as count,
  count(*) as contributors
from (
  select cell, contributor, sum(count) as events from protected.cell_counts group by cell, contributor
) as by_contributor
where events <> 0
group by cell;

create table protected.signals (
  method text not null,
  category text not null,
  harm text not null,
  month text not null,
  counts_partition integer not null,
  version bigint not null,
  events bigint not null,
  contributors bigint not null,
  raised boolean not null,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  loaded_at timestamptz not null default now(),
  primary key (method, category, harm, month, counts_partition)
);
